package org.aeiou.closures.posix;

import java.nio.ByteBuffer;

/**
 * Memory for a structure that system calls read or write, and where it is. Made once and used
 * again: what is allocated for a call is only freed when it is found to be garbage.
 */
public final class Structure {
  public final ByteBuffer bytes;
  public final long address;

  public Structure(int length) {
    bytes = Posix.buffer(length);
    address = Posix.address(bytes);
  }

  public int length() {
    return bytes.capacity();
  }
}
