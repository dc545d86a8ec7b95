package org.aeiou.daemon.portable;

import java.util.Arrays;
import org.aeiou.daemon.tree.Node;
import org.aeiou.daemon.tree.TextFile;

/** A file as one program has it open. Any thread may call any method. */
final class OpenFile {
  /** {@code O_APPEND}, as on every machine this runs on. */
  private static final int APPEND = 02000;

  final Node node;
  private final int flags;

  /** Where a file that grows began when it was opened. */
  private final long start;

  /** What is read; null of a file that grows, and where that is to be fetched. */
  volatile byte[] bytes;

  /** What the last write ended in, as an error number. */
  volatile int verdict;

  /**
   * An open file.
   *
   * @param flags as of open(2)
   * @param bytes null if it was opened only to be written, or grows
   */
  OpenFile(Node node, int flags, byte[] bytes) {
    this.node = node;
    this.flags = flags;
    this.bytes = bytes;
    this.start = node instanceof TextFile.Growing growing ? growing.events().start() : 0;
  }

  boolean appends() {
    return (flags & APPEND) != 0;
  }

  boolean grows() {
    return node instanceof TextFile.Growing;
  }

  /** How long what is read is; -1 if that is not known. */
  long size() {
    byte[] now = bytes;
    return node instanceof TextFile.Growing growing
        ? growing.events().end() - start
        : now == null ? -1 : now.length;
  }

  /** Part of what a file that grows holds. */
  byte[] grown(long offset, int most) {
    return ((TextFile.Growing) node).events().read(start + offset, most);
  }

  /** Part of some bytes. */
  static byte[] part(byte[] bytes, long offset, int most) {
    int from = (int) Math.min(offset, bytes.length);
    return Arrays.copyOfRange(bytes, from, from + Math.min(most, bytes.length - from));
  }
}
