package org.aeiou.closures.attached;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.aeiou.closures.Burst;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.group.Source;
import org.aeiou.closures.shared.CancelAnswer;
import org.aeiou.closures.shared.CompletionReader;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.closures.shared.Operation;
import org.aeiou.closures.shared.WriteDescriptor;
import org.aeiou.closures.shared.table.TableReader;

/**
 * A hold on a network that a daemon in another process serves: paths in, values out.
 *
 * <p>A hit is found in the value table, inside the call: no system call. A miss goes into the ring;
 * its closure runs delayed, on this attachment's thread, which it must not hold up; what it throws
 * is logged. Any thread may call any method.
 *
 * <p>Whatever asks returns null if there is no page for it now, or the daemon is gone, which {@link
 * #ended} tells apart; and throws {@link IllegalArgumentException} if its path does not fit a page.
 * Every request that was accepted has exactly one outcome, whatever happens: when the daemon goes,
 * or this is closed, {@link Failure.Reason#STOPPED}.
 *
 * <p>A burst says more of what is asked with it: {@link #begin(RequestOptions)}. Null is a burst of
 * one, which is sent off at once. All that a program calls is here, and done elsewhere in this
 * room.
 */
public final class Attachment implements Source<String, byte[]>, AutoCloseable {
  /** Room for most programs; one page is kept for cancels, and some for what is stale. */
  public static final Geometry STANDARD = new Geometry(16384, 256, 256, 8 << 20);

  /** How long attaching may take. */
  public static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Since this version of the daemon there are options of requests, and some flags of steps. */
  private static final int OPTIONS_MINOR = 3;

  /** Since this one attributes can be written. */
  private static final int WRITE_MINOR = 4;

  private final long epoch;
  private final int minor;

  /** What ids of its requests begin with. */
  private final long identity;

  private final Submitter submitter;
  private final Receiver receiver;
  private final Waits waits = new Waits();
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private final CachedAnswers cached;
  private final Ticker ticker;
  private final Thread thread;

  private Attachment(
      ClientHandshake daemon, Geometry geometry, Ticker ticker, InstantSource clock) {
    this.epoch = daemon.epoch;
    this.minor = daemon.minor;
    this.identity = RequestId.attachment(daemon.epoch, daemon.connection);
    this.ticker = ticker;
    CompletionReader outcomes =
        new CompletionReader(daemon.completions, daemon.submissions, geometry);
    submitter = new Submitter(daemon, geometry, outcomes);
    receiver = new Receiver(daemon, geometry, outcomes, submitter, waits, ticker, clock);
    cached = new CachedAnswers(new TableReader(daemon.table), ticker, clock);
    thread = new Thread(this::receive, "aeiou-attached");
    thread.setDaemon(true);
    thread.start();
  }

  private void receive() {
    try {
      receiver.run();
    } finally {
      over.complete(null);
    }
  }

  /** Sends off what was asked for. */
  void ring() {
    submitter.ring();
  }

  /** Whether nothing can be asked any more, and all has ended. */
  boolean isOver() {
    return over.isDone();
  }

  /**
   * Does something when nothing can be asked any more and all has ended; at once, if that is so.
   */
  void whenEnded(Runnable what) {
    var unused = over.thenRun(what);
  }

  /**
   * Attaches, in {@link #PATIENCE}.
   *
   * @param place a mount point, or the daemon's socket
   * @param ticker must be CLOCK_MONOTONIC, as the system's is: the daemon's times are by that
   * @param clock for the ages of readings
   * @throws IOException if that is not possible, with the reason
   */
  public static Attachment attach(Path place, Geometry geometry, Ticker ticker, InstantSource clock)
      throws IOException {
    return attach(place, geometry, PATIENCE, ticker, clock);
  }

  /**
   * Attaches.
   *
   * @param patience how long that may take, also at a mount whose daemon hangs
   * @throws IOException if that is not possible, or not in that time, with the reason
   */
  public static Attachment attach(
      Path place, Geometry geometry, Duration patience, Ticker ticker, InstantSource clock)
      throws IOException {
    ClientHandshake daemon =
        ClientHandshake.at(place, geometry, ticker.read() + patience.toNanos(), ticker);
    return new Attachment(daemon, geometry, ticker, clock);
  }

  /** Another number for each start of the daemon. */
  public long epoch() {
    return epoch;
  }

  /**
   * Why nothing can be asked any more: the daemon is gone, it has ended this attachment (and says
   * why), or this was closed. Null as long as something can.
   */
  public String ended() {
    return receiver.ended();
  }

  @Override
  public boolean mayWait() {
    return Thread.currentThread() != thread;
  }

  @Override
  public Burst begin() {
    return begin(RequestOptions.NONE);
  }

  /**
   * Begins a burst, for the calling thread, whose requests have options.
   *
   * @throws UnsupportedOperationException if the daemon is too old for them
   */
  public Burst begin(RequestOptions options) {
    return burst(options);
  }

  AttachedBurst burst(RequestOptions options) {
    needs(options.isAny(), "deadlines and no background");
    return new AttachedBurst(submitter, submitter.anotherGroup(), options);
  }

  private void needs(boolean isNewer, String what) {
    needs(OPTIONS_MINOR, isNewer, what);
  }

  private void needs(int since, boolean isNewer, String what) {
    if (isNewer && minor < since) {
      throw new UnsupportedOperationException(
          "the daemon speaks version 1."
              + minor
              + " of the attach protocol, which has no "
              + what
              + "; it takes 1."
              + since);
    }
  }

  /**
   * This attachment with options, for a {@link org.aeiou.closures.group.Group} of requests that
   * have them.
   *
   * @throws UnsupportedOperationException if the daemon is too old for them
   */
  public Source<String, byte[]> with(RequestOptions options) {
    needs(options.isAny(), "deadlines and no background");
    return new SourceWithOptions(this, options);
  }

  @Override
  public boolean withdraw(Burst burst) {
    var unused = cancel(burst);
    return true;
  }

  @Override
  public <C> Request submit(String path, Burst burst, Closure<byte[], C> closure, C context) {
    long now = ticker.read();
    CachedAnswers.Known hit = cached.find(path, now);
    if (hit != null && hit.read != null) {
      refresh(hit, Operation.READ, path, now);
      closure.run(context, hit.read, false);
      return Request.IMMEDIATE;
    }
    return ask(Operation.READ, 0, path, burst, closure, context);
  }

  /** What is stale is served, and asked for behind the back of the program. */
  private void refresh(CachedAnswers.Known hit, int operation, String path, long nowNanos) {
    int asked = CachedAnswers.refresh(hit, operation, nowNanos);
    if (asked != 0) {
      submitter.refresh(asked, path);
    }
  }

  /** What is cached of an attribute, fresh or stale; null if nothing usable. Asks no system. */
  public Reading<byte[]> cached(String path) {
    CachedAnswers.Known found = cached.find(path, ticker.read());
    return found != null && found.read instanceof Reading<byte[]> reading ? reading : null;
  }

  /**
   * Asks for what is cached, here or in the daemon; the network is left alone. Without anything
   * cached it fails, delayed, as {@link Failure.Reason#NOT_CACHED}. Otherwise as {@link #submit}.
   */
  public <C> Request cached(String path, Burst burst, Closure<byte[], C> closure, C context) {
    CachedAnswers.Known hit = cached.find(path, ticker.read());
    if (hit != null && hit.read != null) {
      closure.run(context, hit.read, false);
      return Request.IMMEDIATE;
    }
    return ask(Operation.READ, Operation.HIT_ONLY, path, burst, closure, context);
  }

  /** Asks for the value as it is now, whatever is cached; always delayed. */
  public <C> Request fetch(String path, Burst burst, Closure<byte[], C> closure, C context) {
    return ask(Operation.READ, Operation.FORCE_MISS, path, burst, closure, context);
  }

  /**
   * Asks for the names in a directory, each with a NUL behind it, and a slash before that if it is
   * a directory's. A hit is found inside the call, as of {@link #submit}: the array is the same for
   * as long as the names are, and must not be changed.
   */
  public <C> Request list(String path, Burst burst, Closure<byte[], C> closure, C context) {
    long now = ticker.read();
    CachedAnswers.Known hit = cached.find(path, now);
    Outcome<byte[]> outcome = hit == null ? null : hit.list();
    if (outcome != null) {
      refresh(hit, Operation.LIST, path, now);
      closure.run(context, outcome, false);
      return Request.IMMEDIATE;
    }
    return ask(Operation.LIST, 0, path, burst, closure, context);
  }

  /**
   * Asks for what stat shows, which fetches nothing: the value is a {@link
   * org.aeiou.closures.shared.Stat}. A hit is found inside the call, as of {@link #submit}; also of
   * a file of which nothing was read, if its directory was listed.
   */
  public <C> Request stat(String path, Burst burst, Closure<byte[], C> closure, C context) {
    Outcome<byte[]> hit = cached.stat(path, ticker.read());
    if (hit != null) {
      closure.run(context, hit, false);
      return Request.IMMEDIATE;
    }
    return ask(Operation.STAT, 0, path, burst, closure, context);
  }

  /**
   * Asks for what is known of an attribute: pairs of name and value, with a NUL behind each, the
   * {@code value} first; see closures/ABI.md. Fetches what is not cached. A hit, of what was
   * described before, is found inside the call, as of {@link #submit}.
   */
  public <C> Request describe(String path, Burst burst, Closure<byte[], C> closure, C context) {
    long now = ticker.read();
    CachedAnswers.Known hit = cached.description(path, now);
    Outcome<byte[]> outcome = hit == null ? null : cached.described(hit, now);
    if (outcome == null) {
      hit = cached.find(path, now);
      outcome = hit != null && hit.read instanceof Failure<byte[]> ? hit.read : null;
    }
    if (outcome != null) {
      refresh(hit, Operation.DESCRIBE, path, now);
      closure.run(context, outcome, false);
      return Request.IMMEDIATE;
    }
    return ask(Operation.DESCRIBE, 0, path, burst, closure, context);
  }

  /**
   * Asks for many attributes as one request: those of a directory, as <code>core1/system</code>, a
   * row, a table; or columns of all rows, as <code>core1/interfaces/&#42;/ifInOctets</code>; or
   * some, as <code>core1/system/{sysName,sysUpTime}</code>. The value is a {@link
   * org.aeiou.closures.shared.GroupValues}, where each has an outcome of its own. What is cached
   * will do; always delayed. All of it has to fit the arena.
   */
  public <C> Request readGroup(String path, Burst burst, Closure<byte[], C> closure, C context) {
    return ask(Operation.READ_GROUP, 0, path, burst, closure, context);
  }

  /**
   * Writes an attribute: a text as it is read, with a newline at its end or without. As {@link
   * #write(List, Burst, Closure, Object)}.
   */
  public <C> Request write(
      String path, String text, Burst burst, Closure<byte[], C> closure, C context) {
    return write(List.of(new WriteDescriptor.Assignment(path, text)), burst, closure, context);
  }

  /**
   * Writes attributes of one row, or of one group, in one question to their system: all of them or
   * none. The value is of {@link WriteDescriptor#changes}: what was there before, and what was read
   * back. Always delayed, and never sent twice: {@link Failure.Reason#TIMEOUT} says that it may
   * have happened, and so it may if it was withdrawn, or its deadline passed.
   *
   * @throws IllegalArgumentException if they do not lie in one directory, or do not fit a page
   * @throws UnsupportedOperationException if the daemon is too old for it
   */
  public <C> Request write(
      List<WriteDescriptor.Assignment> together,
      Burst burst,
      Closure<byte[], C> closure,
      C context) {
    needs(WRITE_MINOR, true, "writing");
    return ask(Operation.WRITE, 0, WriteDescriptor.asked(together), burst, closure, context);
  }

  /** Asks for a value, and again whenever it changes, until the request is cancelled. */
  public <C> Request watch(String path, Burst burst, Closure<byte[], C> closure, C context) {
    return ask(Operation.WATCH, 0, path, burst, closure, context);
  }

  /**
   * Asks for an attribute so that it is cached; no closure runs when it is.
   *
   * @return whether there was room to ask: half of the pages may be in use for this
   */
  public boolean prefetch(String path, Burst burst) {
    boolean isPut = submitter.putSilently(path);
    if (isPut && burst == null) {
      submitter.ring();
    }
    return isPut;
  }

  /**
   * Asks for one thing after another, in the daemon: nothing comes back here between two of them.
   * The closure runs for each step, in their order; always delayed.
   *
   * @return the request for all of them; null if there is no room for them
   * @throws IllegalArgumentException if there are none, or more than {@link Operation#MOST_STEPS},
   *     or more than there are pages
   * @throws UnsupportedOperationException if the daemon is too old for one of them
   */
  public <C> Request chain(List<Step> steps, Burst burst, Closure<byte[], C> closure, C context) {
    if (steps.isEmpty() || steps.size() > Operation.MOST_STEPS) {
      throw new IllegalArgumentException(
          "a chain has 1 to " + Operation.MOST_STEPS + " steps, not " + steps.size());
    }
    needs(steps.stream().anyMatch(Step::isNewer), "such steps");
    List<AttachedRequest<?>> requests = new ArrayList<>();
    steps.forEach(
        step -> requests.add(new AttachedRequest<>(step.path, submitter, closure, context)));
    return put(steps, requests, burst) ? new AttachedChain(requests) : null;
  }

  /**
   * Withdraws a request, as {@link Request#cancel} does, and says what came of it: it has ended as
   * cancelled, or had its outcome before; or it is no request of this attachment. The answer comes
   * once the closure has run, on this attachment's thread; that is also where what depends on it
   * runs. A cancel is never refused: if all pages are in use it waits for one.
   */
  public CompletableFuture<CancelAnswer> cancel(Request request) {
    if (request == Request.IMMEDIATE) {
      return CompletableFuture.completedFuture(CancelAnswer.TOO_LATE);
    }
    if (!isOwn(request)) {
      return CompletableFuture.completedFuture(CancelAnswer.UNKNOWN);
    }
    return request instanceof AttachedChain chain
        ? chain.withdraw()
        : ((AttachedRequest<?>) request).withdraw();
  }

  /**
   * Withdraws the request with an id, which may come from anywhere; otherwise as {@link
   * #cancel(Request)}. One of another attachment, or another start of the daemon, is unknown.
   */
  public CompletableFuture<CancelAnswer> cancel(RequestId id) {
    return id.attachment() == identity && submitter.wasAsked(id.number())
        ? submitter.cancel(Operation.CANCEL, id.number())
        : CompletableFuture.completedFuture(CancelAnswer.UNKNOWN);
  }

  /**
   * Withdraws, as one request, whatever of a burst is pending: cancelled if anything was, too late
   * if all of it had ended just then, unknown if nothing of it was pending. What is asked for with
   * the burst later is not affected.
   */
  public CompletableFuture<CancelAnswer> cancel(Burst burst) {
    return burst instanceof AttachedBurst own && own.isOf(submitter)
        ? submitter.cancel(Operation.CANCEL_GROUP, own.group)
        : CompletableFuture.completedFuture(CancelAnswer.UNKNOWN);
  }

  private boolean isOwn(Request request) {
    return request instanceof AttachedChain chain
        ? chain.steps().get(0).isOf(submitter)
        : request instanceof AttachedRequest<?> own && own.isOf(submitter);
  }

  /**
   * What names a request, also where the object is not known.
   *
   * @return the id; of a chain that of its first step, with which the others end; null of one that
   *     was {@linkplain Request#IMMEDIATE immediate}
   * @throws IllegalArgumentException if it is a request of another attachment
   */
  public RequestId id(Request request) {
    if (request == Request.IMMEDIATE) {
      return null;
    }
    checkOwn(request);
    AttachedRequest<?> named =
        request instanceof AttachedChain chain
            ? chain.steps().get(0)
            : (AttachedRequest<?>) request;
    return new RequestId(identity, named.number());
  }

  private void checkOwn(Request request) {
    if (!isOwn(request)) {
      throw new IllegalArgumentException("a request of another attachment, expected one of this");
    }
  }

  /**
   * Waits on the calling thread until so many of the requests have ended and their closures have
   * returned; a watch counts when it has had an event since the call. What is to come must have
   * been sent off. Any thread, but this attachment's; an interrupt ends the wait, and nothing else.
   *
   * @param some how many; all of them, if there are not so many
   * @return whether that is so; not if it takes longer
   * @throws IllegalStateException on this attachment's thread, as in a delayed closure
   * @throws IllegalArgumentException if one is a request of another attachment
   */
  public boolean await(Collection<? extends Request> requests, int some, Duration patience)
      throws InterruptedException {
    if (!mayWait()) {
      throw new IllegalStateException(
          "a closure waits for outcomes on the thread that they come on; wait on another one");
    }
    for (Request each : requests) {
      if (each != Request.IMMEDIATE) {
        checkOwn(each);
      }
    }
    return waits.await(requests, some, patience);
  }

  private <C> Request ask(
      int operation, int flags, String path, Burst burst, Closure<byte[], C> closure, C context) {
    AttachedRequest<C> request = new AttachedRequest<>(path, submitter, closure, context);
    return put(List.of(new Step(operation, flags, path)), List.of(request), burst) ? request : null;
  }

  private boolean put(List<Step> steps, List<? extends AttachedRequest<?>> requests, Burst burst) {
    AttachedBurst own = burst instanceof AttachedBurst given ? given : null;
    RequestOptions options = own == null ? RequestOptions.NONE : own.options;
    int operation = steps.get(0).operation;
    boolean mayEnd = options.timeoutNanos != 0 && operation != Operation.WATCH;
    long deadline = mayEnd ? options.deadline(ticker.read()) : 0;
    long group = own == null ? 0 : own.group;
    boolean isPut = submitter.put(steps, requests, options, deadline, group);
    if (isPut && burst == null) {
      submitter.ring();
    }
    return isPut;
  }

  /**
   * Detaches; what is pending ends with {@link Failure.Reason#STOPPED}, on the thread, before this
   * returns; if this is called in a closure, after that has returned. Once is enough.
   */
  @Override
  public void close() {
    receiver.close();
    try {
      if (thread != Thread.currentThread()) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
