package org.aeiou.closures.attached;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.group.Source;
import org.aeiou.closures.scheduler.Burst;
import org.aeiou.closures.shared.CompletionDescriptor;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.closures.shared.Kind;
import org.aeiou.closures.shared.Memory;
import org.aeiou.closures.shared.Operation;
import org.aeiou.closures.shared.Posix;
import org.aeiou.closures.shared.Reasons;
import org.aeiou.closures.shared.SubmissionDescriptor;
import org.aeiou.closures.shared.ValueTable;

/**
 * A hold on a network that a daemon in another process serves: paths in, values out.
 *
 * <p>A hit is found in the value table, inside the call: no system call. A miss goes into the ring;
 * its closure runs delayed, on this attachment's thread, which it must not hold up; what it throws
 * is logged. Any thread may call any method.
 *
 * <p>Submissions are put into the ring one at a time: whoever comes while another one is putting
 * spins for the tens of nanoseconds that takes.
 */
public final class Attachment implements Source<String, byte[]>, AutoCloseable {
  /** Room for most programs. */
  public static final Geometry STANDARD = new Geometry(16384, 256, 256, 8 << 20);

  private static final System.Logger LOG = System.getLogger(Attachment.class.getPackageName());
  private static final Posix POSIX = Posix.INSTANCE;
  private static final int POLL_BYTES = 8;
  private static final int FOR_EVER = -1;
  private static final ByteBuffer ONE = Posix.buffer(1);
  private static final int MOST_RINGS = 64;

  /** How often an outcome is read before it is taken as it is: its daemon may have died. */
  private static final int TRIES = 1000;

  private final Greeting greeting;
  private final Geometry geometry;
  private final Memory submissions;
  private final Memory completions;
  private final ValueTable.Reader table;

  /** What was found of paths: good as long as its slot has the same sequence. */
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  private final ConcurrentLinkedQueue<Integer> free = new ConcurrentLinkedQueue<>();

  /** Pages of requests that nobody is told of, in the order of their submission. */
  private final ConcurrentLinkedQueue<Quiet> quiet = new ConcurrentLinkedQueue<>();

  private final AtomicReferenceArray<Waiting<?>> waiting;
  private final AtomicBoolean putting = new AtomicBoolean();
  private final Thread thread;
  private final Ticker ticker;
  private final InstantSource clock;

  // Only who has set putting.
  private long tail;
  private long numbers;
  private boolean hungUp;

  private volatile boolean gone;
  private volatile boolean closed;

  private record Quiet(int page, long number) {}

  private record Known(ValueTable.Reader.Place place, Reading<byte[]> reading) {}

  private Attachment(Greeting greeting, Geometry geometry, Ticker ticker, InstantSource clock) {
    this.greeting = greeting;
    this.ticker = ticker;
    this.clock = clock;
    this.geometry = geometry;
    submissions = greeting.submissions;
    completions = greeting.completions;
    table = new ValueTable.Reader(greeting.table);
    waiting = new AtomicReferenceArray<>(geometry.pages());
    for (int page = 0; page < geometry.pages(); page++) {
      free.add(page);
    }
    thread = new Thread(this::run, "aeiou-attached");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Attaches.
   *
   * @param place a mount point, or the daemon's socket
   * @param ticker must be CLOCK_MONOTONIC, as the system's is: the daemon's times are by that
   * @param clock for the ages of readings
   * @throws IOException if that is not possible, with the reason
   */
  public static Attachment attach(Path place, Geometry geometry, Ticker ticker, InstantSource clock)
      throws IOException {
    return new Attachment(Greeting.at(Greeting.socket(place), geometry), geometry, ticker, clock);
  }

  /** Another number for each start of the daemon. */
  public long epoch() {
    return greeting.epoch;
  }

  /** One request that the daemon has. */
  private final class Waiting<C> implements Request {
    private final Closure<byte[], C> closure;
    private final C context;
    private final String path;
    private volatile boolean done;
    private volatile long number;

    Waiting(String path, Closure<byte[], C> closure, C context) {
      this.path = path;
      this.closure = closure;
      this.context = context;
    }

    /** One outcome of a watch. */
    void tell(Outcome<byte[]> outcome) {
      try {
        closure.run(context, outcome, true);
      } catch (Throwable e) {
        LOG.log(Level.ERROR, path + ": a closure threw", e);
      }
    }

    void end(Outcome<byte[]> outcome) {
      done = true;
      tell(outcome);
    }

    @Override
    public void cancel() {
      if (!done) {
        if (put(Operation.CANCEL, 0, nobody(""), number)) {
          ring();
        }
      }
    }

    @Override
    public boolean isDone() {
      return done;
    }
  }

  @Override
  public Burst begin() {
    return this::ring;
  }

  @Override
  public <C> Request submit(String path, Burst burst, Closure<byte[], C> closure, C context) {
    Reading<byte[]> hit = cached(path);
    if (hit != null) {
      closure.run(context, hit, false);
      return Request.IMMEDIATE;
    }
    return ask(Operation.READ, 0, path, burst, closure, context);
  }

  /** Asks for the value as it is now, whatever is cached; always delayed. */
  public <C> Request fetch(String path, Burst burst, Closure<byte[], C> closure, C context) {
    return ask(Operation.READ, Operation.FORCE_MISS, path, burst, closure, context);
  }

  /** Asks for the names in a directory, each with a NUL behind it; always delayed. */
  public <C> Request list(String path, Burst burst, Closure<byte[], C> closure, C context) {
    return ask(Operation.LIST, 0, path, burst, closure, context);
  }

  /**
   * Asks for what stat shows, which fetches nothing: mode, uid, gid, size, taken, changed and
   * links, eight bytes each; always delayed.
   */
  public <C> Request stat(String path, Burst burst, Closure<byte[], C> closure, C context) {
    return ask(Operation.STAT, 0, path, burst, closure, context);
  }

  /** Asks to write; nothing can be written yet, so that it ends as not writable. Delayed. */
  public <C> Request write(String path, Burst burst, Closure<byte[], C> closure, C context) {
    return ask(Operation.WRITE, 0, path, burst, closure, context);
  }

  /** Asks for a value, and again whenever it changes, until the request is cancelled. */
  public <C> Request watch(String path, Burst burst, Closure<byte[], C> closure, C context) {
    return ask(Operation.WATCH, 0, path, burst, closure, context);
  }

  /**
   * Asks for an attribute so that it is cached; nobody is told when it is.
   *
   * @return whether there was room to ask
   */
  public boolean prefetch(String path, Burst burst) {
    boolean isPut = put(Operation.READ, Operation.NO_COMPLETION, nobody(path), 0);
    if (isPut && burst == null) {
      ring();
    }
    return isPut;
  }

  /**
   * Asks for one thing after another, in the daemon: nothing comes back here between two of them.
   * The closure runs for each step, in their order; always delayed.
   *
   * @return the request for all of them; null if there is no room for them
   * @throws IllegalArgumentException if there are none, or more than {@link Operation#MOST_STEPS}
   */
  public <C> Request chain(List<Step> steps, Burst burst, Closure<byte[], C> closure, C context) {
    if (steps.isEmpty() || steps.size() > Operation.MOST_STEPS) {
      throw new IllegalArgumentException(
          "a chain has 1 to " + Operation.MOST_STEPS + " steps, not " + steps.size());
    }
    List<Waiting<?>> requests = new ArrayList<>();
    steps.forEach(step -> requests.add(new Waiting<>(step.path, closure, context)));
    if (!put(steps, requests, 0)) {
      return null;
    }
    if (burst == null) {
      ring();
    }
    return new Chain(requests);
  }

  private record Chain(List<Waiting<?>> steps) implements Request {
    @Override
    public void cancel() {
      steps.forEach(Request::cancel);
    }

    @Override
    public boolean isDone() {
      return steps.stream().allMatch(Request::isDone);
    }
  }

  private <C> Request ask(
      int operation, int flags, String path, Burst burst, Closure<byte[], C> closure, C context) {
    Waiting<C> request = new Waiting<>(path, closure, context);
    if (!put(operation, flags, request, 0)) {
      return null;
    }
    if (burst == null) {
      ring();
    }
    return request;
  }

  /** What is cached of an attribute, fresh or stale; null if nothing usable. Asks nobody. */
  public Reading<byte[]> cached(String path) {
    Known found = known.get(path);
    if (found == null || table.sequence(found.place.at()) != found.place.sequence()) {
      found = look(path);
    }
    if (found == null) {
      return null;
    }
    long now = ticker.read();
    ValueTable.Entry entry = found.place.entry();
    if (now - entry.freshUntilNanos() >= 0) {
      if (now - entry.usableUntilNanos() >= 0) {
        return null;
      }
      refresh(path, found);
    }
    return found.reading;
  }

  private Known look(String path) {
    ValueTable.Reader.Place place = table.locate(path);
    if (place == null || place.entry().kind() != Kind.READING) {
      known.remove(path);
      return null;
    }
    ValueTable.Entry entry = place.entry();
    Known found =
        new Known(place, reading(entry.value(), entry.takenMillis(), entry.changedMillis()));
    known.put(path, found);
    return found;
  }

  /** A stale reading is served, and asked for once behind the back of whoever gets it. */
  private void refresh(String path, Known stale) {
    ValueTable.Entry entry = stale.place.entry();
    ValueTable.Entry asked =
        new ValueTable.Entry(
            entry.kind(),
            entry.value(),
            entry.usableUntilNanos(),
            entry.usableUntilNanos(),
            entry.takenMillis(),
            entry.changedMillis());
    Known once =
        new Known(
            new ValueTable.Reader.Place(asked, stale.place.at(), stale.place.sequence()),
            stale.reading);
    if (known.replace(path, stale, once)) {
      prefetch(path, null);
    }
  }

  private Waiting<Void> nobody(String path) {
    return new Waiting<>(path, (none, outcome, delayed) -> {}, null);
  }

  private Reading<byte[]> reading(byte[] value, long takenMillis, long changedMillis) {
    long age = Math.max(0, clock.millis() - takenMillis);
    return new Reading<>(
        value, ticker.read() - age * 1_000_000, takenMillis, Math.min(changedMillis, takenMillis));
  }

  private boolean put(int operation, int flags, Waiting<?> request, long target) {
    return put(List.of(new Step(operation, flags, request.path)), List.of(request), target);
  }

  /** Puts the steps into the ring; false if there is no room for them, or the daemon is gone. */
  private boolean put(List<Step> steps, List<? extends Waiting<?>> requests, long target) {
    int[] pages = gone ? null : pages(steps);
    if (pages == null) {
      return false;
    }
    begin(putting);
    try {
      for (int i = 0; i < pages.length; i++) {
        int next = i + 1 < pages.length ? pages[i + 1] + 1 : 0;
        write(pages[i], steps.get(i), requests.get(i), target, next);
      }
      int entry = (int) tail & (geometry.entries() - 1);
      submissions.setInt(SubmissionDescriptor.RING + Integer.BYTES * entry, pages[0]);
      tail++;
    } finally {
      putting.set(false);
    }
    if (gone) {
      // It went meanwhile: whoever gets the request first, this or the thread, ends it.
      for (int page : pages) {
        stop(page);
      }
    }
    return true;
  }

  /** A page for each step; null if one does not fit, or there are not so many. */
  private int[] pages(List<Step> steps) {
    int[] pages = new int[steps.size()];
    for (int i = 0; i < pages.length; i++) {
      boolean fits =
          steps.get(i).path.getBytes(UTF_8).length
              <= geometry.pageBytes() - SubmissionDescriptor.PATH;
      Integer page = fits ? page() : null;
      if (page == null) {
        for (int k = 0; k < i; k++) {
          free.add(pages[k]);
        }
        return null;
      }
      pages[i] = page;
    }
    return pages;
  }

  private Integer page() {
    Integer page = free.poll();
    if (page != null) {
      return page;
    }
    // Those that nobody is told of are free when their outcome is there.
    for (Quiet each = quiet.poll(); each != null; each = quiet.poll()) {
      int at = geometry.outcome(each.page) + CompletionDescriptor.NUMBER;
      if (completions.getAcquire(at) != each.number) {
        quiet.add(each);
        return free.poll();
      }
      free.add(each.page);
    }
    return free.poll();
  }

  /** Writes a page; only who has set putting. */
  private void write(int page, Step step, Waiting<?> request, long target, int next) {
    byte[] name = step.path.getBytes(UTF_8);
    int at = geometry.page(page);
    request.number = ++numbers;
    if ((step.flags & Operation.NO_COMPLETION) == 0) {
      waiting.set(page, request);
    } else {
      quiet.add(new Quiet(page, request.number));
    }
    submissions.setInt(at + SubmissionDescriptor.OPERATION, step.operation);
    submissions.setInt(
        at + SubmissionDescriptor.FLAGS, step.flags | (next == 0 ? 0 : Operation.CHAINED));
    submissions.set(at + SubmissionDescriptor.COOKIE, page + 1L);
    submissions.set(at + SubmissionDescriptor.NUMBER, request.number);
    submissions.set(at + SubmissionDescriptor.TARGET, target);
    submissions.set(at + SubmissionDescriptor.GROUP, 0);
    submissions.setShort(at + SubmissionDescriptor.PATH_LENGTH, name.length);
    submissions.setInt(at + SubmissionDescriptor.NEXT, next);
    submissions.setBytes(at + SubmissionDescriptor.PATH, name, 0, name.length);
  }

  /** Hands over what was submitted, all at once, and wakes the daemon if it sleeps. */
  private void ring() {
    begin(putting);
    try {
      // Release pairs with the daemon's acquire: it publishes pages and ring.
      submissions.setRelease(SubmissionDescriptor.TAIL, tail);
      // Between publishing the tail and looking whether the daemon sleeps; pairs with its fence.
      VarHandle.fullFence();
      if (!hungUp && completions.get(CompletionDescriptor.ASLEEP) != 0) {
        // If there is no room for the byte, the daemon has bells enough to hear.
        int flags = Posix.MSG_DONTWAIT | Posix.MSG_NOSIGNAL;
        var unused = POSIX.send(greeting.socket, Posix.address(ONE), ONE.capacity(), flags);
      }
    } finally {
      putting.set(false);
    }
  }

  private static void begin(AtomicBoolean putting) {
    while (!putting.compareAndSet(false, true)) {
      Thread.onSpinWait();
    }
  }

  private void run() {
    long head = 0;
    ByteBuffer polled = Posix.buffer(2 * POLL_BYTES);
    polled.putInt(0, greeting.bell).putShort(4, Posix.POLLIN);
    polled.putInt(POLL_BYTES, greeting.socket).putShort(POLL_BYTES + 4, Posix.POLLIN);
    ByteBuffer rung = Posix.buffer(MOST_RINGS);
    while (!closed) {
      head = drain(head);
      submissions.set(SubmissionDescriptor.WAKE_AT, head);
      // Between asking for the bell and looking; pairs with the daemon's fence.
      VarHandle.fullFence();
      if (completions.getAcquire(CompletionDescriptor.TAIL) != head) {
        continue;
      }
      var unused = POSIX.poll(Posix.address(polled), 2, FOR_EVER);
      if (polled.getShort(6) != 0) {
        unused = (int) POSIX.read(greeting.bell, Posix.address(rung), MOST_RINGS);
      }
      if (polled.getShort(POLL_BYTES + 6) != 0) {
        break;
      }
    }
    gone = true;
    drain(head);
    for (int page = 0; page < geometry.pages(); page++) {
      stop(page);
    }
    begin(putting);
    hungUp = true;
    POSIX.close(greeting.bell);
    POSIX.close(greeting.socket);
    putting.set(false);
  }

  private void stop(int page) {
    Waiting<?> request = waiting.getAndSet(page, null);
    if (request != null) {
      request.end(new Failure<>(Failure.Reason.STOPPED, "the daemon is gone"));
    }
  }

  private long drain(long from) {
    long head = from;
    // Acquire pairs with the daemon's release: it publishes entries and outcomes.
    long tail = completions.getAcquire(CompletionDescriptor.TAIL);
    while (head != tail) {
      int entry = (int) head & (geometry.entries() - 1);
      long word =
          completions.get(CompletionDescriptor.RING + CompletionDescriptor.ENTRY_BYTES * entry);
      head++;
      submissions.setRelease(SubmissionDescriptor.COMPLETION_HEAD, head);
      int page = (int) word;
      if (page >= 0 && page < geometry.pages()) {
        deliver(page, (word >>> 48 & CompletionDescriptor.MORE) != 0);
      }
    }
    return head;
  }

  private void deliver(int page, boolean more) {
    Waiting<?> request = more ? waiting.get(page) : waiting.getAndSet(page, null);
    if (request == null) {
      return;
    }
    Outcome<byte[]> outcome = outcome(page);
    if (more) {
      if (goesOn(page)) {
        request.tell(outcome);
      }
    } else {
      free.add(page);
      request.end(outcome);
    }
  }

  /** Whether what was read is not its end yet, which comes with a completion of its own. */
  private boolean goesOn(int page) {
    int at = geometry.outcome(page) + CompletionDescriptor.OUTCOME_FLAGS;
    return (completions.getShort(at) & CompletionDescriptor.MORE) != 0;
  }

  /** What a page's outcome is; a watch's may be written anew meanwhile, and is read once more. */
  private Outcome<byte[]> outcome(int page) {
    int at = geometry.outcome(page);
    // Between taking the entry and reading; pairs with the daemon's when it writes one anew.
    VarHandle.fullFence();
    Outcome<byte[]> outcome = null;
    for (int i = 0; i < TRIES; i++) {
      long number = completions.getAcquire(at + CompletionDescriptor.NUMBER);
      long times = completions.get(at + CompletionDescriptor.TIMES);
      outcome = copy(at);
      VarHandle.acquireFence();
      if (number != 0
          && completions.get(at + CompletionDescriptor.NUMBER) == number
          && completions.get(at + CompletionDescriptor.TIMES) == times) {
        break;
      }
    }
    return outcome;
  }

  private Outcome<byte[]> copy(int at) {
    int kind = completions.getShort(at + CompletionDescriptor.KIND);
    long taken = completions.get(at + CompletionDescriptor.TAKEN);
    if (kind == Kind.ABSENT) {
      return new Absent<>(ticker.read(), taken);
    }
    byte[] value = value(at);
    return kind == Kind.READING
        ? reading(value, taken, completions.get(at + CompletionDescriptor.CHANGED))
        : new Failure<>(
            Reasons.of(completions.getInt(at + CompletionDescriptor.REASON)),
            new String(value, UTF_8));
  }

  private byte[] value(int at) {
    int length = completions.getInt(at + CompletionDescriptor.LENGTH);
    // While it is written anew, length and place may not belong together.
    byte[] value = new byte[Math.max(0, Math.min(length, completions.size()))];
    int unit = completions.getInt(at + CompletionDescriptor.UNIT);
    int from =
        unit == 0
            ? at + CompletionDescriptor.VALUE
            : geometry.arenaAt() + (unit - 1) * CompletionDescriptor.UNIT_BYTES;
    if (from >= 0 && from <= completions.size() - value.length) {
      completions.getBytes(from, value, 0, value.length);
    }
    return value;
  }

  /** Detaches; what is pending ends with {@link Failure.Reason#STOPPED}, on the thread. */
  @Override
  public void close() {
    closed = true;
    begin(putting);
    if (!hungUp) {
      // Wakes the thread, which finds the end of the socket.
      var unused = POSIX.shutdown(greeting.socket, Posix.SHUT_RDWR);
    }
    putting.set(false);
    try {
      if (thread != Thread.currentThread()) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
