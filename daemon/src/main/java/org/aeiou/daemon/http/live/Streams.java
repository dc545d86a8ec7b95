package org.aeiou.daemon.http.live;

import com.google.common.base.Ticker;
import com.google.common.io.BaseEncoding;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.service.Delays;

/**
 * All streams: which there are, what each shows, and when it is written to. Everything here happens
 * on the stream thread; {@link #run} gets something there. It is one class as it is one state: a
 * stream that breaks off, lingers, comes back or is forgotten goes through all of it.
 */
final class Streams {
  /** For so long after a break what was shown is kept fresh; browsers come back sooner. */
  static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** For so long it is known what was shown. */
  static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** What changes within so long goes together. */
  static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

  /** How often it is looked what else is to be done; what may wait is sent then. */
  static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Map<String, Stream> streams = new HashMap<>();
  private final StreamLimits limits;
  private final Delays thread;
  private final Ticker ticker;
  private final StreamCounters counters;
  private final Function<String, Requester> requesters;
  private final Consumer<byte[]> random;
  private final Greeting greeting;
  private final CellMail mail;
  private final Cells cells;
  private final LiveEvents events;
  private final LiveSystems systems;
  private final StreamWriter writer;
  private int subscriptions;
  private boolean isSweeping;
  private boolean isClosed;

  /**
   * No stream yet.
   *
   * @param source where cells come from
   * @param events what happens
   * @param systems how systems are
   * @param thread runs everything here, one after another
   * @param requesters on whose behalf an owner's cells are asked for
   * @param random fills ids, so that they cannot be guessed
   */
  Streams(
      CellSource source,
      LiveEvents events,
      LiveSystems systems,
      StreamLimits limits,
      Delays thread,
      Function<String, Requester> requesters,
      Consumer<byte[]> random,
      Greeting greeting,
      StreamCounters counters,
      Ticker ticker,
      InstantSource clock) {
    this.events = events;
    this.systems = systems;
    this.limits = limits;
    this.thread = thread;
    this.requesters = requesters;
    this.random = random;
    this.counters = counters;
    this.ticker = ticker;
    this.greeting = greeting;
    this.mail = new CellMail(() -> thread.after(GATHER_NANOS, this::gather));
    this.cells = new Cells(source, mail, counters, ticker, clock);
    this.writer =
        new StreamWriter(
            cells, events, systems, greeting.epoch(), counters, this::run, this::gone, ticker);
    source.observe(mail);
    counters.gauges(streams::size, cells::size, () -> subscriptions);
  }

  /** Does something on the stream thread. Any thread. */
  void run(Runnable what) {
    thread.after(0, what);
  }

  /**
   * Opens a stream, or goes on with one after a break.
   *
   * @param last how far the browser got before; null if it says nothing of it
   * @param list what it shows; null if it says so later
   */
  void open(StreamCaller caller, StreamId last, WatchList list) {
    if (isClosed) {
      caller.refuse(503, "the daemon is stopping");
      return;
    }
    Stream before =
        last == null || !last.epoch().equals(greeting.epoch()) ? null : own(caller, last.stream());
    if (before != null && (list == null || before.isFixed)) {
      resume(before, caller, last);
      return;
    }
    String refusal = refusal(caller.owner());
    if (refusal == null && list != null) {
      refusal = refusal(null, list);
    }
    if (refusal != null) {
      refuse(caller, refusal);
      return;
    }
    byte[] unguessable = new byte[16];
    random.accept(unguessable);
    Stream stream =
        new Stream(
            BaseEncoding.base16().lowerCase().encode(unguessable),
            caller.owner(),
            requesters.apply(caller.owner()));
    streams.put(stream.id, stream);
    counters.opened.increment();
    stream.hello = greeting.hello(stream.id, false);
    if (last != null && list == null) {
      stream.reset = greeting.reset(last);
    }
    if (list != null) {
      stream.isFixed = true;
      show(stream, list);
    }
    connect(stream, caller);
    sweepOn();
  }

  private void refuse(StreamCaller caller, String why) {
    counters.refused.increment();
    caller.refuse(429, why);
  }

  private Stream own(StreamCaller caller, String id) {
    Stream stream = streams.get(id);
    return stream != null && stream.owner.equals(caller.owner()) ? stream : null;
  }

  /** Streams that may come back make room for those that are here. */
  private String refusal(String owner) {
    if (limits.refuseStream(streams.size(), owner, ownedBy(owner)) != null) {
      boolean isFull = streams.size() >= limits.streams();
      for (Stream stream : List.copyOf(streams.values())) {
        if (!stream.isConnected() && (isFull || stream.owner.equals(owner))) {
          remove(stream);
        }
      }
    }
    return limits.refuseStream(streams.size(), owner, ownedBy(owner));
  }

  private long ownedBy(String owner) {
    return streams.values().stream().filter(of -> of.owner.equals(owner)).count();
  }

  private String refusal(Stream stream, WatchList list) {
    int own = stream == null ? 0 : stream.paths.size();
    long more = list.cells().stream().filter(path -> !cells.has(path)).count();
    return limits.refuseCells(subscriptions - own + list.cells().size(), cells.size() + more);
  }

  private void resume(Stream stream, StreamCaller caller, StreamId last) {
    counters.resumed.increment();
    if (stream.isConnected()) {
      // It came back before it was seen to be gone.
      stream.outlet.abort();
      stream.outlet = null;
    }
    stream.hello = greeting.hello(stream.id, true);
    stream.systemsChange = Math.min(stream.systemsChange, last.change());
    stream.eventPosition = Math.min(stream.eventPosition, last.eventPosition());
    if (stream.size() == 0) {
      subscribe(stream); // it was parked, or showed nothing
    } else {
      stream.resume(last.change());
    }
    connect(stream, caller);
  }

  private void connect(Stream stream, StreamCaller caller) {
    int connection = ++stream.connection;
    stream.isWriting = false;
    stream.outlet = caller.accept();
    stream.outlet.whenGone(() -> run(() -> gone(stream, connection)));
    writer.write(stream);
  }

  /** Sets what a stream shows from now on. */
  void show(StreamCaller caller, String id, WatchList list) {
    Stream stream = own(caller, id);
    if (stream == null) {
      counters.bad.increment();
      caller.refuse(404, "there is no such stream; open one with GET /api/v1/stream");
      return;
    }
    String refusal = refusal(stream, list);
    if (refusal != null) {
      refuse(caller, refusal);
      return;
    }
    show(stream, list);
    caller.done();
    writer.write(stream);
  }

  private void show(Stream stream, WatchList list) {
    Subscription[] before = stream.cells();
    subscriptions += list.cells().size() - stream.paths.size();
    stream.paths = list.cells();
    // What it shows already it is told of when it changes.
    if (list.systems() && !stream.showsSystems) {
      stream.systemsChange = 0;
      systems.look(cells::nextChange);
    }
    stream.showsSystems = list.systems();
    if (list.events() && !stream.showsEvents) {
      stream.eventPosition = events.first();
    }
    stream.showsEvents = list.events();
    subscribe(stream);
    for (Subscription ended : before) {
      cells.unsubscribe(ended); // after: what is shown again is not given up
    }
  }

  private void subscribe(Stream stream) {
    List<String> paths = stream.paths;
    Subscription[] shown = new Subscription[paths.size()];
    for (int i = 0; i < shown.length; i++) {
      shown[i] = cells.subscribe(paths.get(i), stream, i);
    }
    stream.show(shown);
    begin();
  }

  /** Begins what was subscribed to, in turns. */
  private void begin() {
    if (cells.begin()) {
      run(this::begin);
    }
    pumpUrgent();
  }

  /** Ends a stream at its browser's word. */
  void close(StreamCaller caller, String id) {
    Stream stream = own(caller, id);
    if (stream == null) {
      caller.refuse(404, "there is no such stream");
      return;
    }
    remove(stream);
    caller.done();
  }

  private void gone(Stream stream, int connection) {
    if (stream.connection == connection && stream.isConnected()) {
      counters.ended.increment();
      broken(stream);
    }
  }

  private void broken(Stream stream) {
    stream.outlet.abort();
    stream.outlet = null;
    stream.brokenNanos = ticker.read();
  }

  /** Shows nothing for it any more, but knows what it showed. */
  private void park(Stream stream) {
    Subscription[] before = stream.cells();
    stream.showNothing();
    for (Subscription ended : before) {
      cells.unsubscribe(ended);
    }
  }

  private void remove(Stream stream) {
    streams.remove(stream.id);
    if (stream.isConnected()) {
      stream.outlet.end();
      stream.outlet = null;
    }
    park(stream);
    subscriptions -= stream.paths.size();
    stream.paths = List.of();
  }

  private void gather() {
    mail.take(cells);
    cells.looked();
    pumpUrgent();
  }

  private void pumpUrgent() {
    for (Stream stream : streams.values()) {
      if (stream.isUrgent()) {
        writer.write(stream);
      }
    }
  }

  private void sweepOn() {
    if (!isSweeping && !isClosed) {
      isSweeping = true;
      thread.after(SWEEP_NANOS, this::sweep);
    }
  }

  private void sweep() {
    isSweeping = false;
    cells.sweep(mail.takeNames());
    if (streams.values().stream().anyMatch(of -> of.showsSystems)) {
      systems.look(cells::nextChange);
    }
    long now = ticker.read();
    for (Stream stream : List.copyOf(streams.values())) {
      sweep(stream, now);
    }
    if (!streams.isEmpty()) {
      sweepOn();
    }
  }

  private void sweep(Stream stream, long now) {
    if (!stream.isConnected()) {
      long since = now - stream.brokenNanos;
      if (since >= KEPT_NANOS) {
        remove(stream);
      } else if (since >= LINGER_NANOS && stream.size() > 0) {
        park(stream);
      }
      return;
    }
    if (writer.isStuck(stream)) {
      counters.slow.increment();
      broken(stream);
    } else {
      writer.writeNowAndThen(stream);
    }
  }

  /** Ends all of them. On the stream thread, as everything here. */
  void closeAll() {
    isClosed = true;
    List.copyOf(streams.values()).forEach(this::remove);
  }
}
