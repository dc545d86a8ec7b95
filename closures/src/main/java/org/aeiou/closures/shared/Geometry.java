package org.aeiou.closures.shared;

/**
 * How much room a client has, and where it is.
 *
 * @param pages how many requests it may have at once
 * @param pageBytes of each: 64, the path, and the requester's context; a multiple of 64
 * @param outcomeBytes of each: 64, and the value; a multiple of 64
 * @param arenaBytes for values that are longer; a multiple of 64
 */
public record Geometry(int pages, int pageBytes, int outcomeBytes, int arenaBytes) {
  /** Neither file may be longer. */
  private static final long LONGEST_FILE = 1L << 30;

  private static final int LEAST_BYTES = 128;
  private static final int MOST_BYTES = 64 * 1024;

  /** Says what is wrong with it; null if nothing. */
  public String problem(int mostPages, int mostArenaBytes) {
    if (pages < 1 || pages > mostPages) {
      return "pages: " + Integer.toUnsignedString(pages) + " is not from 1 to " + mostPages;
    }
    if (isNoSize(pageBytes)) {
      return "bytes of a page: "
          + Integer.toUnsignedString(pageBytes)
          + " is not a multiple of 64 from 128 to 65536";
    }
    if (isNoSize(outcomeBytes)) {
      return "bytes of an outcome: "
          + Integer.toUnsignedString(outcomeBytes)
          + " is not a multiple of 64 from 128 to 65536";
    }
    if (arenaBytes < 0 || arenaBytes > mostArenaBytes || arenaBytes % 64 != 0) {
      return "bytes of the arena: "
          + Integer.toUnsignedString(arenaBytes)
          + " is not a multiple of 64 from 0 to "
          + mostArenaBytes;
    }
    long submissions = FileDescriptor.ALIGNMENT * 3L + 4L * entries() + (long) pages * pageBytes;
    long completions =
        FileDescriptor.ALIGNMENT * 4L + 16L * entries() + (long) pages * outcomeBytes + arenaBytes;
    return submissions > LONGEST_FILE || completions > LONGEST_FILE
        ? pages + " pages of that size are more than a client may have"
        : null;
  }

  private static boolean isNoSize(int bytes) {
    return bytes < LEAST_BYTES || bytes > MOST_BYTES || bytes % 64 != 0;
  }

  /**
   * Entries of either ring: a power of two, and at least two for each page: a watch may end before
   * the client has taken its last change.
   */
  public int entries() {
    return Integer.highestOneBit(2 * pages - 1) << 1;
  }

  /** How long a path may be, in bytes. */
  public int longestPath() {
    return Math.min(SubmissionDescriptor.LONGEST_PATH, pageBytes - SubmissionDescriptor.PATH);
  }

  /** How long what a write says may be, in bytes: all of a page. */
  public int longestWrite() {
    return pageBytes - SubmissionDescriptor.PATH;
  }

  /** Of both files of a client. */
  public long bytes() {
    return (long) submissionBytes() + completionBytes();
  }

  public int pagesAt() {
    return FileDescriptor.aligned(SubmissionDescriptor.RING + Integer.BYTES * entries());
  }

  public int page(int page) {
    return pagesAt() + page * pageBytes;
  }

  public int submissionBytes() {
    return FileDescriptor.aligned(page(pages));
  }

  public int outcomesAt() {
    return FileDescriptor.aligned(
        CompletionDescriptor.RING + CompletionDescriptor.ENTRY_BYTES * entries());
  }

  public int outcome(int page) {
    return outcomesAt() + page * outcomeBytes;
  }

  public int arenaAt() {
    return FileDescriptor.aligned(outcome(pages));
  }

  public int completionBytes() {
    return FileDescriptor.aligned(arenaAt() + arenaBytes);
  }
}
