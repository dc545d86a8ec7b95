package org.aeiou.closures.attached;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.aeiou.closures.posix.Posix;
import org.aeiou.closures.shared.CancelAnswer;
import org.aeiou.closures.shared.CompletionReader;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.closures.shared.Operation;
import org.aeiou.closures.shared.SubmissionWriter;

/**
 * Where requests go out: which pages are free, what is pending in the others, the doorbell. Any
 * thread may call any method, one at a time: a thread that comes while another one writes spins for
 * the tens of nanoseconds that takes, or the microseconds of looking for pages.
 *
 * <p>Of several pages one is kept for cancels, so that there always is one, or will be: more of
 * them wait, and go out as pages come back. Some are kept for what is stale in the value table,
 * which is asked for in none of the program's pages.
 */
final class Submitter {
  private static final Posix POSIX = Posix.INSTANCE;
  private static final ByteBuffer ONE = Posix.buffer(1);
  private static final byte[] NO_NAME = {};
  private static final int SPINS = 1000;
  private static final long PAUSE_NANOS = 10_000;

  /** One of so many pages is spared for what is stale; a program with fewer has none for that. */
  private static final int FEW = 16;

  private static final int MOST_SPARE = 64;

  private final ClientHandshake daemon;
  private final Geometry geometry;
  private final SubmissionWriter ring;
  private final CompletionReader outcomes;

  /** By page: what waits for its outcome. The receiver takes them out. */
  final AtomicReferenceArray<AttachedRequest<?>> waiting;

  private final AtomicBoolean busy = new AtomicBoolean();

  // Only for the thread that has set busy.
  private final int[] free;
  private int freeCount;
  private final int kept;

  /** Pages of requests without a completion, and their numbers. */
  private final int[] silent;

  private final long[] silentNumbers;
  private int silentCount;

  /** Pages for what is stale, none of the program's, and the numbers of the requests in them. */
  private final int[] spare;

  private final long[] spareNumbers;
  private int nextSpare;

  /** Cancels that wait for a page. */
  private final Deque<AttachedCancel> cancels = new ArrayDeque<>();

  private final AtomicLong groups = new AtomicLong();
  private long numbers;
  private boolean hungUp;

  private boolean gone;

  /**
   * With all pages free.
   *
   * @param outcomes where the outcome of a request without a completion is seen
   */
  Submitter(ClientHandshake daemon, Geometry geometry, CompletionReader outcomes) {
    this.daemon = daemon;
    this.geometry = geometry;
    this.outcomes = outcomes;
    ring = new SubmissionWriter(daemon.submissions, daemon.completions, geometry);
    waiting = new AtomicReferenceArray<>(geometry.pages());
    kept = geometry.pages() > 1 ? 1 : 0;
    spare = new int[Math.min(geometry.pages() / FEW, MOST_SPARE)];
    spareNumbers = new long[spare.length];
    // No completion tells when such a page is free again, so that some are left for other requests.
    silent = new int[(geometry.pages() - kept - spare.length) / 2];
    silentNumbers = new long[silent.length];
    free = new int[geometry.pages()];
    for (int page = geometry.pages() - 1; page >= 0; page--) {
      free[freeCount++] = page;
    }
    for (int i = 0; i < spare.length; i++) {
      spare[i] = free[--freeCount];
    }
  }

  /**
   * Puts a request, or a chain, into the ring.
   *
   * @param deadline by when it must have ended, by the ticker; 0 for never
   * @param group what the daemon knows its burst by; 0 if it has none
   * @return false if there is no room for it, or the daemon is gone
   * @throws IllegalArgumentException if there can never be room for it
   */
  boolean put(
      List<Step> steps,
      List<? extends AttachedRequest<?>> requests,
      RequestOptions options,
      long deadline,
      long group) {
    if (steps.size() > geometry.pages() - kept - spare.length) {
      throw new IllegalArgumentException(
          "a chain of "
              + steps.size()
              + " steps needs as many pages, of "
              + (geometry.pages() - kept - spare.length)
              + "; attach with more");
    }
    byte[][] names = new byte[steps.size()][];
    for (int i = 0; i < names.length; i++) {
      names[i] = name(steps.get(i).path);
    }
    int[] pages = new int[names.length];
    begin();
    try {
      if (gone || !has(pages.length + kept)) {
        return false;
      }
      for (int i = 0; i < pages.length; i++) {
        pages[i] = free[--freeCount];
      }
      for (int i = 0; i < pages.length; i++) {
        int next = i + 1 < pages.length ? pages[i + 1] + 1 : 0;
        Step step = steps.get(i);
        AttachedRequest<?> request = requests.get(i);
        request.number(++numbers);
        waiting.set(pages[i], request);
        int flags = step.flags | options.flags | (next == 0 ? 0 : Operation.CHAINED);
        ring.write(pages[i], step.operation, flags, names[i], numbers, deadline, group, next);
      }
      ring.enter(pages[0]);
    } finally {
      busy.set(false);
    }
    return true;
  }

  /** The number of a group that no other one has. */
  long anotherGroup() {
    return groups.incrementAndGet();
  }

  /** Whether a request has had this number. */
  boolean wasAsked(long number) {
    begin();
    try {
      return number > 0 && number <= numbers;
    } finally {
      busy.set(false);
    }
  }

  /** Asks for something without a completion; whether there was room to ask. */
  boolean putSilently(String path) {
    byte[] name = name(path);
    begin();
    try {
      if (silentCount == silent.length) {
        reclaim();
      }
      if (gone || silentCount == silent.length || !has(1 + kept)) {
        return false;
      }
      int page = free[--freeCount];
      silent[silentCount] = page;
      silentNumbers[silentCount++] = ++numbers;
      ring.write(page, Operation.READ, Operation.NO_COMPLETION, name, numbers, 0, 0, 0);
      ring.enter(page);
    } finally {
      busy.set(false);
    }
    return true;
  }

  /** Asks for something that is stale, without a completion; not if all spare pages are in use. */
  void refresh(int operation, String path) {
    byte[] name = name(path);
    begin();
    try {
      for (int i = 0; i < spare.length && !gone; i++) {
        int next = (nextSpare + i) % spare.length;
        if (spareNumbers[next] == 0 || outcomes.has(spare[next], spareNumbers[next])) {
          nextSpare = next + 1;
          spareNumbers[next] = ++numbers;
          ring.write(spare[next], operation, Operation.NO_COMPLETION, name, numbers, 0, 0, 0);
          ring.enter(spare[next]);
          publish();
          return;
        }
      }
    } finally {
      busy.set(false);
    }
  }

  /** Withdraws a request or a group, at once or as soon as there is a page. */
  CompletableFuture<CancelAnswer> cancel(int operation, long target) {
    AttachedCancel cancel = new AttachedCancel(operation, target);
    boolean isTooLate;
    begin();
    try {
      isTooLate = gone;
      if (!gone) {
        cancels.add(cancel);
        sendCancels();
      }
    } finally {
      busy.set(false);
    }
    if (isTooLate) {
      cancel.answer.complete(CancelAnswer.TOO_LATE);
    }
    return cancel.answer;
  }

  /** The page of a request that has ended may be used again. */
  void free(int page) {
    begin();
    try {
      free[freeCount++] = page;
      sendCancels();
    } finally {
      busy.set(false);
    }
  }

  private void sendCancels() {
    boolean sent = false;
    while (!gone && !cancels.isEmpty() && has(1)) {
      int page = free[--freeCount];
      AttachedCancel cancel = cancels.remove();
      waiting.set(page, cancel);
      ring.write(page, cancel.operation, 0, NO_NAME, ++numbers, cancel.target, 0, 0);
      ring.enter(page);
      sent = true;
    }
    if (sent) {
      publish();
    }
  }

  /** Whether so many pages are free; looks for those of requests without a completion. */
  private boolean has(int pages) {
    if (freeCount < pages) {
      reclaim();
    }
    return freeCount >= pages;
  }

  private void reclaim() {
    int left = 0;
    for (int i = 0; i < silentCount; i++) {
      if (outcomes.has(silent[i], silentNumbers[i])) {
        free[freeCount++] = silent[i];
      } else {
        silent[left] = silent[i];
        silentNumbers[left++] = silentNumbers[i];
      }
    }
    silentCount = left;
  }

  private byte[] name(String path) {
    byte[] name = path.getBytes(UTF_8);
    if (name.length > ring.room()) {
      throw new IllegalArgumentException(
          path.substring(0, Math.min(path.length(), 80))
              + "…: is "
              + name.length
              + " bytes long; a page has room for "
              + ring.room()
              + ": attach with larger pages");
    }
    return name;
  }

  /** Hands over what was submitted, all at once, and wakes the daemon if it sleeps. */
  void ring() {
    begin();
    try {
      publish();
    } finally {
      busy.set(false);
    }
  }

  private void publish() {
    if (ring.publish() && !hungUp) {
      // If there is no room for the byte, the daemon has bells enough to hear.
      int flags = Posix.MSG_DONTWAIT | Posix.MSG_NOSIGNAL;
      var unused = POSIX.send(daemon.socket, Posix.address(ONE), ONE.capacity(), flags);
    }
  }

  private void begin() {
    for (int i = 0; !busy.compareAndSet(false, true); i++) {
      if (i < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(PAUSE_NANOS); // there may be no processor for the thread that has it
      }
    }
  }

  /** Nothing can be asked any more: what is in {@link #waiting} after this is all there was. */
  void stop() {
    List<AttachedCancel> unsent;
    begin();
    try {
      gone = true;
      unsent = List.copyOf(cancels);
      cancels.clear();
    } finally {
      busy.set(false);
    }
    unsent.forEach(cancel -> cancel.answer.complete(CancelAnswer.TOO_LATE));
  }

  /** Lets the thread that reads the socket find its end. */
  void shutDown() {
    begin();
    try {
      if (!hungUp) {
        var unused = POSIX.shutdown(daemon.socket, Posix.SHUT_RDWR);
      }
    } finally {
      busy.set(false);
    }
  }

  /** Gives the descriptors up; others may have their numbers after this. */
  void hangUp() {
    begin();
    try {
      hungUp = true;
      POSIX.close(daemon.bell);
      POSIX.close(daemon.socket);
    } finally {
      busy.set(false);
    }
  }
}
