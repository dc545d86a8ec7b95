package org.aeiou.closures.shared;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;

/**
 * The daemon's end of the ring that a client puts its requests in; the other end is {@link
 * SubmissionWriter}. One thread at a time.
 *
 * <p>The client may write anything at any time. So the head has a private copy, a tail outside its
 * window is the client's end, and of a page every word is read once.
 */
public final class SubmissionRing {
  private final Memory submissions;
  private final Memory completions;
  private final Geometry geometry;
  private long head;

  /** The octets of the path that is being read; longer ones make it longer. */
  private byte[] copied = new byte[256];

  /** A ring in files that are all zeroes; the client's file is ready after this. */
  public SubmissionRing(Memory submissions, Memory completions, Geometry geometry, long epoch) {
    this.submissions = submissions;
    this.completions = completions;
    this.geometry = geometry;
    FileDescriptor.begin(submissions, SubmissionDescriptor.MAGIC, epoch);
  }

  /** A client that does not keep to the layouts. */
  public static final class BrokenClient extends Exception {
    private static final long serialVersionUID = 1L;

    /** What it did. */
    public BrokenClient(String message) {
      super(message);
    }
  }

  /**
   * A request, copied out of its page.
   *
   * @param next the page of the next step of a chain, plus 1; 0 if there is none
   * @param path null if it is too long, or not UTF-8
   * @param isPathTooLong whether it is longer than a path may be, or than its page
   */
  public record Submission(
      int page,
      int operation,
      int flags,
      long cookie,
      long number,
      long target,
      long group,
      int next,
      String path,
      boolean isPathTooLong) {}

  /** How many submissions there are that were not taken. */
  public int waiting() throws BrokenClient {
    // Acquire pairs with the release in SubmissionWriter.publish: it publishes ring and pages.
    long tail = submissions.getAcquire(SubmissionDescriptor.TAIL);
    long waiting = tail - head;
    if (waiting < 0 || waiting > geometry.entries()) {
      throw new BrokenClient(
          "its submission tail is "
              + tail
              + ", but "
              + head
              + " were taken of a ring of "
              + geometry.entries());
    }
    return (int) waiting;
  }

  /** Takes the next submission; there must be one waiting. */
  public Submission take() throws BrokenClient {
    int entry = (int) head & (geometry.entries() - 1);
    int page = submissions.getInt(SubmissionDescriptor.RING + Integer.BYTES * entry);
    Submission submission = read(page);
    head++;
    return submission;
  }

  /** Reads a page: that of a submission, or one that the step before it in a chain names. */
  public Submission read(int page) throws BrokenClient {
    if (page < 0 || page >= geometry.pages()) {
      throw new BrokenClient(
          "it submits page " + Integer.toUnsignedString(page) + " of " + geometry.pages());
    }
    int at = geometry.page(page);
    int length = submissions.getShort(at + SubmissionDescriptor.PATH_LENGTH);
    int operation = submissions.getInt(at + SubmissionDescriptor.OPERATION);
    int most = operation == Operation.WRITE ? geometry.longestWrite() : geometry.longestPath();
    boolean isTooLong = length > most;
    return new Submission(
        page,
        operation,
        submissions.getInt(at + SubmissionDescriptor.FLAGS),
        submissions.get(at + SubmissionDescriptor.COOKIE),
        submissions.get(at + SubmissionDescriptor.NUMBER),
        submissions.get(at + SubmissionDescriptor.TARGET),
        submissions.get(at + SubmissionDescriptor.GROUP),
        submissions.getInt(at + SubmissionDescriptor.NEXT),
        isTooLong ? null : path(at, length),
        isTooLong);
  }

  private String path(int at, int length) {
    if (copied.length < length) {
      copied = new byte[Math.max(length, 2 * copied.length)];
    }
    submissions.getBytes(at + SubmissionDescriptor.PATH, copied, 0, length);
    if (isAscii(copied, length)) {
      return new String(copied, 0, length, ISO_8859_1);
    }
    try {
      return UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(copied, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** As most paths are; their characters are their octets. */
  private static boolean isAscii(byte[] bytes, int length) {
    int all = 0;
    for (int i = 0; i < length; i++) {
      all |= bytes[i];
    }
    return all >= 0;
  }

  /** Lets the client know how far the ring is taken. */
  public void taken() {
    // Release pairs with the client's acquire: entries before it may be written again.
    completions.setRelease(CompletionDescriptor.SUBMISSION_HEAD, head);
  }

  /**
   * Says whether the next submission takes a byte on the socket. A thread that goes to sleep says
   * so, then has a full fence, and then looks once more: that pairs with the fence in
   * SubmissionWriter.publish.
   */
  public void asleep(boolean asleep) {
    completions.setRelease(CompletionDescriptor.ASLEEP, asleep ? 1 : 0);
  }
}
