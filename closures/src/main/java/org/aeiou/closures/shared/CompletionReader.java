package org.aeiou.closures.shared;

import java.lang.invoke.VarHandle;
import org.aeiou.closures.shared.CompletionRing.Completion;

/**
 * The client's end of the ring that its outcomes come in, with the outcomes and the arena behind
 * it; the other end is {@link CompletionRing}. One thread at a time, but for {@link #has}.
 */
public final class CompletionReader {
  /** How often an outcome is read before it is given up: its daemon may have died. */
  private static final int TRIES = 1000;

  private final Memory completions;
  private final Memory submissions;
  private final Geometry geometry;
  private long head;

  /** The first word of the completion that was taken last. */
  private long taken;

  /** The end of a client, in files that the daemon has made ready. */
  public CompletionReader(Memory completions, Memory submissions, Geometry geometry) {
    this.completions = completions;
    this.submissions = submissions;
    this.geometry = geometry;
  }

  /** How many completions there are that were not taken. */
  public int waiting() {
    // Acquire pairs with the release in CompletionRing.post: it publishes entries and outcomes.
    return (int) (completions.getAcquire(CompletionDescriptor.TAIL) - head);
  }

  /**
   * Takes the next completion, which page and outcome are about then; there must be one waiting.
   */
  public void take() {
    int entry = (int) head & (geometry.entries() - 1);
    taken = completions.get(CompletionDescriptor.RING + CompletionDescriptor.ENTRY_BYTES * entry);
    head++;
    submissions.setRelease(SubmissionDescriptor.COMPLETION_HEAD, head);
  }

  /** The page that it is about; -1 if there is no such page. */
  public int page() {
    int page = (int) taken;
    return page >= 0 && page < geometry.pages() ? page : -1;
  }

  /** Whether more will come for the request. */
  public boolean goesOn() {
    return (taken >>> 48 & CompletionDescriptor.MORE) != 0;
  }

  /**
   * An outcome as it was read.
   *
   * @param goesOn whether the request does: it may have ended since its completion was posted
   */
  public record Copy(Completion completion, boolean goesOn) {}

  /**
   * The outcome of its page; a watch's may be written anew meanwhile, and is read once more. Null
   * if it never was whole.
   */
  public Copy outcome() {
    int at = geometry.outcome(page());
    // Between taking the entry and reading; pairs with the fence in CompletionRing.post between
    // writing an outcome anew and looking whether the entry was taken.
    VarHandle.fullFence();
    for (int i = 0; i < TRIES; i++) {
      // Acquire pairs with the release of the number, which is written last.
      long number = completions.getAcquire(at + CompletionDescriptor.NUMBER);
      long times = completions.get(at + CompletionDescriptor.TIMES);
      int flags = completions.getShort(at + CompletionDescriptor.OUTCOME_FLAGS);
      Completion completion = copy(at);
      // Pairs with the release fence behind the number's being 0: what was copied of a new outcome
      // comes with another number, or another count.
      VarHandle.acquireFence();
      if (number != 0
          && completions.get(at + CompletionDescriptor.NUMBER) == number
          && completions.get(at + CompletionDescriptor.TIMES) == times) {
        return new Copy(completion, (flags & CompletionDescriptor.MORE) != 0);
      }
    }
    return null;
  }

  private Completion copy(int at) {
    return new Completion(
        completions.getShort(at + CompletionDescriptor.KIND),
        completions.getInt(at + CompletionDescriptor.REASON),
        value(at),
        completions.get(at + CompletionDescriptor.TAKEN),
        completions.get(at + CompletionDescriptor.CHANGED),
        completions.get(at + CompletionDescriptor.FRESH_UNTIL),
        completions.get(at + CompletionDescriptor.USABLE_UNTIL));
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

  /** Says that nothing is needed any more of what was taken until now. */
  public void done() {
    // Release pairs with the acquire in CompletionRing.takeBack: what was in the arena has been
    // read before, and may be written over.
    submissions.setRelease(SubmissionDescriptor.DONE, head);
  }

  /** Asks for the bell at the next completion; false if there is one already. */
  public boolean sleeps() {
    submissions.set(SubmissionDescriptor.WAKE_AT, head);
    // Between asking for the bell and looking; pairs with the fence in CompletionRing.post between
    // publishing the tail and looking at this.
    VarHandle.fullFence();
    return waiting() == 0;
  }

  /** Whether a page has the outcome of the request with this number. Any thread. */
  public boolean has(int page, long number) {
    return completions.getAcquire(geometry.outcome(page) + CompletionDescriptor.NUMBER) == number;
  }
}
