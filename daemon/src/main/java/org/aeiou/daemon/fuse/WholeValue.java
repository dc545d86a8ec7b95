package org.aeiou.daemon.fuse;

/** What a write(2) must be to be one whole value, for every channel. */
public enum WholeValue {
  /** It is one. */
  YES(0, null),

  NOT_FROM_THE_START(
      Errno.EINVAL,
      "a value is written whole, in one write from the start of the file: with '>', not with '>>'"),

  MAPPED(Errno.EINVAL, "a value is written whole, by write(2), not through a memory mapping"),

  TOO_LONG(
      Errno.EFBIG,
      "a value is written whole, in one write of less than " + WriteDescriptor.MOST + " bytes");

  public final int errno;

  /** What is wrong, and what to do; null if nothing is. */
  public final String why;

  WholeValue(int errno, String why) {
    this.errno = errno;
    this.why = why;
  }

  /**
   * Whether what is written is a whole value.
   *
   * @param appends whether the file was opened to be appended to
   */
  public static WholeValue of(long offset, int length, boolean appends) {
    if (offset != 0 || appends) {
      return NOT_FROM_THE_START;
    }
    // As long as one request can be, it may go on in another.
    return length < WriteDescriptor.MOST ? YES : TOO_LONG;
  }
}
