package org.aeiou.closures.shared;

import java.lang.invoke.VarHandle;

/**
 * The client's end of the ring that its requests go into, with their pages; the other end is {@link
 * SubmissionRing}. One thread at a time. Which pages are free is for its owner to know: a page is
 * written while no request has it.
 */
public final class SubmissionWriter {
  private final Memory submissions;
  private final Memory completions;
  private final Geometry geometry;
  private long tail;

  /** The end of a client, in files that the daemon has made ready. */
  public SubmissionWriter(Memory submissions, Memory completions, Geometry geometry) {
    this.submissions = submissions;
    this.completions = completions;
    this.geometry = geometry;
  }

  /** How many bytes of a path a page has room for. */
  public int room() {
    return geometry.pageBytes() - SubmissionDescriptor.PATH;
  }

  /**
   * Writes a request into a page. Its cookie is the number of the page, plus 1.
   *
   * @param flags as in {@link Operation}
   * @param path no more than {@link #room} bytes
   * @param number another one than any pending request has, and higher than those before
   * @param target of a cancel, the number that it is about; of any other but a watch, its deadline
   *     by CLOCK_MONOTONIC, or 0
   * @param group the number of the group it belongs to; 0 for none
   * @param next the page of the next step of a chain, plus 1; 0 if there is none
   */
  public void write(
      int page,
      int operation,
      int flags,
      byte[] path,
      long number,
      long target,
      long group,
      int next) {
    int at = geometry.page(page);
    submissions.setInt(at + SubmissionDescriptor.OPERATION, operation);
    submissions.setInt(at + SubmissionDescriptor.FLAGS, flags);
    submissions.set(at + SubmissionDescriptor.COOKIE, page + 1L);
    submissions.set(at + SubmissionDescriptor.NUMBER, number);
    submissions.set(at + SubmissionDescriptor.TARGET, target);
    submissions.set(at + SubmissionDescriptor.GROUP, group);
    submissions.setShort(at + SubmissionDescriptor.PATH_LENGTH, path.length);
    submissions.setInt(at + SubmissionDescriptor.NEXT, next);
    submissions.setBytes(at + SubmissionDescriptor.PATH, path, 0, path.length);
  }

  /** Puts a page into the ring; for a chain, that of its first step. */
  public void enter(int page) {
    int entry = (int) tail & (geometry.entries() - 1);
    submissions.setInt(SubmissionDescriptor.RING + Integer.BYTES * entry, page);
    tail++;
  }

  /**
   * Hands over what was entered, all at once.
   *
   * @return whether the daemon sleeps, and wants a byte on the socket
   */
  public boolean publish() {
    // Release pairs with the acquire in SubmissionRing.waiting: it publishes pages and ring.
    submissions.setRelease(SubmissionDescriptor.TAIL, tail);
    // Between publishing the tail and looking whether the daemon sleeps; pairs with the daemon's
    // fence between saying so (SubmissionRing.asleep) and looking at the tail once more.
    VarHandle.fullFence();
    return completions.get(CompletionDescriptor.ASLEEP) != 0;
  }
}
