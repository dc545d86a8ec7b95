package org.aeiou.daemon.portable;

/** A file call that ends in an error number. Has no stack trace: it is an answer, not a fault. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1;

  /** Positive, as in {@link org.aeiou.daemon.fuse.Errno}. */
  final int errno;

  Refused(int errno) {
    super("errno " + errno, null, false, false);
    this.errno = errno;
  }
}
