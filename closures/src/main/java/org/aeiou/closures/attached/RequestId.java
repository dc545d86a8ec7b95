package org.aeiou.closures.attached;

/**
 * What names a request in 128 bits, over all attachments and starts of daemons. It is a value: it
 * can be kept and sent elsewhere, and says nothing of whether the request still waits.
 *
 * @param attachment another one for each attachment
 * @param number of the request in there
 */
public record RequestId(long attachment, long number) {
  /** The connections of a daemon have small numbers, its epoch changes in its low bits. */
  static long attachment(long epoch, long connection) {
    return epoch ^ Long.rotateRight(connection, 16);
  }

  /** In 32 hexadecimal digits. */
  @Override
  public String toString() {
    return String.format("%016x%016x", attachment, number);
  }
}
