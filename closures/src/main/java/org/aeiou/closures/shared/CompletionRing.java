package org.aeiou.closures.shared;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The daemon's end of the ring that a client finds its outcomes in, with the outcomes and the arena
 * behind it; the other end is {@link CompletionReader}. One thread at a time.
 *
 * <p>Of each page the client has at most one change and the end not taken, and there are twice as
 * many entries as pages: it cannot overflow.
 */
public final class CompletionRing {
  private static final int FEW_PAGES = 64;

  private final Memory completions;
  private final Memory submissions;
  private final Geometry geometry;

  /** By page: where in the arena its outcome is, plus 1; 0 if it is not there. */
  private int[] unitOf;

  private int[] unitsOf;

  private final Arena arena;

  /**
   * Pages whose last outcome is in the arena, each with the number of its completion; in the order
   * of those. A page that is given back, or asked with again, is not here.
   */
  private final Map<Integer, Long> ended = new LinkedHashMap<>();

  /** By page: where its last completion is in the ring. */
  private long[] postedAt;

  private long[] times;
  private long tail;

  /** The tail when it was looked last whether the client waits. */
  private long looked;

  private long completed;
  private long bells;

  /** A ring in files that are all zeroes; the daemon's file is ready after this. */
  public CompletionRing(Memory completions, Memory submissions, Geometry geometry, long epoch) {
    this.completions = completions;
    this.submissions = submissions;
    this.geometry = geometry;
    // They grow with the pages that are used: of the many that it may use, a program that comes and
    // goes uses one.
    int few = Math.min(FEW_PAGES, geometry.pages());
    unitOf = new int[few];
    unitsOf = new int[few];
    postedAt = new long[few];
    times = new long[few];
    arena = new Arena(geometry.arenaBytes() / CompletionDescriptor.UNIT_BYTES);
    FileDescriptor.begin(completions, CompletionDescriptor.MAGIC, epoch);
  }

  /** An outcome as clients see it; times as in {@link CompletionDescriptor}. */
  public record Completion(
      int kind,
      int reason,
      byte[] value,
      long takenMillis,
      long changedMillis,
      long freshUntilNanos,
      long usableUntilNanos) {}

  /** A request was taken: its page's last outcome has been read, and its place is free. */
  public void accepted(int page) {
    if (page >= unitOf.length) {
      grow(Math.min(geometry.pages(), Math.max(page + 1, 2 * unitOf.length)));
    }
    giveBack(page);
    postedAt[page] = -1;
    times[page] = 0;
  }

  private void grow(int length) {
    unitOf = Arrays.copyOf(unitOf, length);
    unitsOf = Arrays.copyOf(unitsOf, length);
    postedAt = Arrays.copyOf(postedAt, length);
    times = Arrays.copyOf(times, length);
  }

  /** Whether there is room for a value of this length. */
  public boolean fits(int page, int length) {
    int units = unitsOf(length);
    if (length <= room() || units <= held(page) || arena.has(units)) {
      return true;
    }
    takeBack();
    return arena.has(units);
  }

  /** Takes back what the client needs no longer. */
  private void takeBack() {
    // Acquire pairs with the release in CompletionReader.done: it has read what it is done with. If
    // that is
    // not so, it finds other values of its own there, and nothing else.
    long done = submissions.getAcquire(SubmissionDescriptor.DONE);
    Iterator<Map.Entry<Integer, Long>> oldest = ended.entrySet().iterator();
    while (oldest.hasNext()) {
      Map.Entry<Integer, Long> next = oldest.next();
      if (next.getValue() - done >= 0) {
        return;
      }
      oldest.remove();
      free(next.getKey());
    }
  }

  private void giveBack(int page) {
    if (unitOf[page] != 0) {
      ended.remove(page);
      free(page);
    }
  }

  private void free(int page) {
    arena.giveBack(unitOf[page] - 1, unitsOf[page]);
    unitOf[page] = 0;
  }

  private int held(int page) {
    return unitOf[page] == 0 ? 0 : unitsOf[page];
  }

  private int room() {
    return geometry.outcomeBytes() - CompletionDescriptor.VALUE;
  }

  /**
   * Posts an outcome. What does not {@linkplain #fits fit} is cut: good enough for a sentence.
   *
   * @param more whether the request goes on
   * @return whether the bell is to be rung
   */
  public boolean post(int page, long number, long cookie, Completion completion, boolean more) {
    put(page, number, cookie, completion, more);
    return isToBeWoken();
  }

  /**
   * As {@link #post}, but leaves it to the caller to ask {@link #isToBeWoken} afterwards, once for
   * several.
   */
  public void put(int page, long number, long cookie, Completion completion, boolean more) {
    int flags = more ? CompletionDescriptor.MORE : 0;
    write(page, number, completion, flags, place(page, completion.value.length));
    if (more && postedAt[page] >= 0 && isUntaken(postedAt[page])) {
      // A watch whose last completion was not taken: a client that takes it finds this outcome.
      return;
    }
    long entry = tail & (geometry.entries() - 1);
    int at = CompletionDescriptor.RING + (int) entry * CompletionDescriptor.ENTRY_BYTES;
    completions.set(at, page | (long) completion.kind << 32 | (long) flags << 48);
    completions.set(at + Long.BYTES, cookie);
    postedAt[page] = tail;
    if (!more && unitOf[page] != 0) {
      ended.put(page, tail);
    }
    completions.set(CompletionDescriptor.COMPLETED, ++completed);
    tail++;
    // Release pairs with the acquire in CompletionReader.waiting: it publishes entry and outcome.
    completions.setRelease(CompletionDescriptor.TAIL, tail);
  }

  /**
   * Leaves the outcome of a request without a completion: its page is free when it is there. A
   * value that needs the arena is left out, since no completion says when it is read.
   */
  public void leave(int page, long number, Completion completion) {
    write(page, number, completion, 0, 0);
  }

  private boolean isUntaken(long position) {
    // Between writing the outcome and looking: either the client has not taken the entry and will
    // see this outcome, or it has, and another entry tells it. Pairs with the fence in
    // CompletionReader.outcome between taking and reading.
    VarHandle.fullFence();
    return submissions.get(SubmissionDescriptor.COMPLETION_HEAD) - position <= 0;
  }

  /** Whether the client waits for one of those that were put since this was asked last. */
  public boolean isToBeWoken() {
    if (looked == tail) {
      return false;
    }
    // Between publishing the tail and looking at what the client waits for; pairs with the fence in
    // CompletionReader.sleeps between saying so and looking at the tail once more.
    VarHandle.fullFence();
    long wakeAt = submissions.get(SubmissionDescriptor.WAKE_AT);
    boolean isWaitedFor = wakeAt - looked >= 0 && wakeAt - tail < 0;
    looked = tail;
    if (!isWaitedFor) {
      return false;
    }
    completions.set(CompletionDescriptor.BELLS, ++bells);
    return true;
  }

  private void write(int page, long number, Completion completion, int flags, int unit) {
    int at = geometry.outcome(page);
    completions.set(at + CompletionDescriptor.NUMBER, 0);
    VarHandle.releaseFence(); // a client that sees what follows sees that it is being written
    byte[] value = completion.value;
    int target =
        unit == 0
            ? at + CompletionDescriptor.VALUE
            : geometry.arenaAt() + (unit - 1) * CompletionDescriptor.UNIT_BYTES;
    int length = unit != 0 || value.length <= room() ? value.length : cut(completion);
    completions.setBytes(target, value, 0, length);
    completions.setShort(at + CompletionDescriptor.KIND, completion.kind);
    completions.setShort(at + CompletionDescriptor.OUTCOME_FLAGS, flags);
    completions.setInt(at + CompletionDescriptor.REASON, completion.reason);
    completions.set(at + CompletionDescriptor.TAKEN, completion.takenMillis);
    completions.set(at + CompletionDescriptor.CHANGED, completion.changedMillis);
    completions.set(at + CompletionDescriptor.FRESH_UNTIL, completion.freshUntilNanos);
    completions.set(at + CompletionDescriptor.USABLE_UNTIL, completion.usableUntilNanos);
    completions.setInt(at + CompletionDescriptor.LENGTH, length);
    completions.setInt(at + CompletionDescriptor.UNIT, unit);
    completions.set(at + CompletionDescriptor.TIMES, ++times[page]);
    completions.setRelease(at + CompletionDescriptor.NUMBER, number); // publishes the outcome
  }

  /** How much is left of what has no room: of a sentence its beginning, of a value nothing. */
  private int cut(Completion completion) {
    if (completion.kind != Kind.FAILURE) {
      return 0;
    }
    int length = room();
    while (length > 0 && (completion.value[length] & 0xC0) == 0x80) {
      length--; // not in the middle of a character of UTF-8
    }
    return length;
  }

  /** Returns a unit of the arena, plus 1, for a value; 0 if it has room in the outcome, or none. */
  private int place(int page, int bytes) {
    int units = bytes <= room() ? 0 : unitsOf(bytes);
    if (units != 0 && held(page) >= units) {
      return unitOf[page];
    }
    giveBack(page);
    int begin = units == 0 ? -1 : arena.take(units);
    if (begin >= 0) {
      unitOf[page] = begin + 1;
      unitsOf[page] = units;
    }
    return begin + 1;
  }

  private static int unitsOf(int length) {
    return (length + CompletionDescriptor.UNIT_BYTES - 1) / CompletionDescriptor.UNIT_BYTES;
  }

  /** Counts for the client to see: what it submitted and the daemon took, and what it refused. */
  public void count(long accepted, long refused) {
    completions.set(CompletionDescriptor.ACCEPTED, accepted);
    completions.set(CompletionDescriptor.REFUSED, refused);
  }
}
