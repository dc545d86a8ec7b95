package org.aeiou.daemon.kernel.coherence;

import java.util.Arrays;
import org.aeiou.daemon.service.FileSystem.Content;

/**
 * The content that goes with the size that the kernel was told. The next read is served from it. So
 * size and content belong to the same reading, and so do the first and the last byte that one
 * reader gets.
 *
 * <p>It is <em>valid</em> for as long as the reading is fresh. It <em>endures</em> for longer:
 * until a newer one has superseded it for a {@linkplain Times#MOMENT moment}, or the reading is
 * past its use. A program that opens the file then does not get it, because the look-up finds
 * another inode. A program that has the file open already, and may be in the middle of it, does.
 */
final class CachedContent implements KernelCached {
  /** This, the content, its attributes and the head of its array. */
  private static final int OBJECTS_BYTES = 200;

  final Content content;

  private final int edition;
  private final long sinceNanos;
  private final long firstNanos;

  /**
   * Whether newer content is known, and since when. Written once, the time first: a thread that
   * sees the flag (volatile) sees the time.
   */
  private volatile boolean superseded;

  private long supersededNanos;

  /** Whether the inode never had another content. */
  final boolean only;

  /** Whether no guess of before can reach the kernel any more. Guarded by the inode. */
  boolean settled;

  /** Whether a read of it was refused, so that each that comes now was asked for later. */
  volatile boolean refused;

  /** Whether its attributes were told: then the size that the kernel goes by is its own. */
  volatile boolean announced;

  /** Whether the kernel has read it: then it has taken in the attributes that go with it. */
  volatile boolean read;

  /**
   * A content.
   *
   * @param sinceNanos when the reading was seen, from which its validity counts
   * @param firstNanos since when the inode has this content, in whatever reading
   * @param only whether the inode never had another content
   */
  CachedContent(Content content, int edition, long sinceNanos, long firstNanos, boolean only) {
    this.content = content;
    this.edition = edition;
    this.sinceNanos = sinceNanos;
    this.firstNanos = firstNanos;
    this.only = only;
  }

  /**
   * What follows it when the same file was read again.
   *
   * @param same whether it holds the same
   * @param lasting whether this is what the file is for programs that have it open
   */
  CachedContent successor(Content next, boolean same, boolean lasting, long nowNanos) {
    boolean seen = next.attributes().changedMillis() > content.attributes().changedMillis();
    int then = same || seen ? edition : KernelCached.after(edition);
    boolean goesOn = same && lasting;
    CachedContent successor =
        new CachedContent(next, then, nowNanos, goesOn ? firstNanos : nowNanos, same && only);
    successor.settled = goesOn && settled;
    successor.read = same && read;
    successor.announced = same && announced;
    successor.refused = same && refused;
    return successor;
  }

  @Override
  public int bytes() {
    return OBJECTS_BYTES + content.bytes().length;
  }

  @Override
  public int edition() {
    return edition;
  }

  /**
   * Says that there is newer content.
   *
   * @param grantNanos for how long a program that is in the middle of it may go on
   * @return whether the kernel may go by what it was told
   */
  synchronized boolean supersede(long nowNanos, long grantNanos) {
    boolean believed = isBelieved(nowNanos);
    long since = nowNanos - Times.MOMENT + grantNanos;
    if (!superseded || since - supersededNanos < 0) {
      supersededNanos = since;
      superseded = true;
    }
    return believed;
  }

  /** Whether there was newer content, which may be past its use by now. */
  boolean isSuperseded() {
    return superseded;
  }

  /**
   * Whether the kernel may go by what it was told of it. What it was never to keep it asks for
   * anyhow; a notification on top would make it throw away attributes that are under way to it.
   */
  boolean isBelieved(long nowNanos) {
    return !superseded && mayBeValid(nowNanos);
  }

  /** Whether the time may not be over that the kernel was told to keep it for. */
  boolean mayBeValid(long nowNanos) {
    long valid = content.attributes().validNanos();
    return valid > 0 && valid - (nowNanos - sinceNanos) > -Times.CLOCK;
  }

  /** Says that the kernel was told other attributes: no read is answered from it any more. */
  void end(long nowNanos) {
    supersede(nowNanos, -2 * Times.MOMENT);
  }

  long firstNanos() {
    return firstNanos;
  }

  boolean isSame(Content other) {
    return Arrays.equals(content.bytes(), other.bytes());
  }

  /** For how long the kernel may keep it, in nanoseconds; nothing if not positive. */
  long remaining(long nowNanos) {
    return superseded ? 0 : content.attributes().validNanos() - (nowNanos - sinceNanos);
  }

  /** Whether it is what the file is, for programs that have it open. */
  boolean endures(long nowNanos) {
    return lasts(nowNanos, 0);
  }

  /** Whether it may go on past its time, for a program that was told of it at the last moment. */
  boolean lingers(long nowNanos) {
    return lasts(nowNanos, Times.PATIENCE);
  }

  /** Whether a read now is answered from it: a size told at the last moment has its content. */
  boolean serves(long nowNanos) {
    return lasts(nowNanos, Times.MOMENT);
  }

  private boolean lasts(long nowNanos, long moreNanos) {
    // The kernel may begin to serve it as long as it is valid, also where there is no grace.
    long least = Math.max(0, content.attributes().validNanos()) + Times.LEAST;
    return nowNanos - sinceNanos < Math.max(content.usableNanos(), least) + moreNanos
        && !(superseded && nowNanos - supersededNanos >= Times.MOMENT + moreNanos);
  }
}
