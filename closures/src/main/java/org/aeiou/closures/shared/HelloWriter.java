package org.aeiou.closures.shared;

import java.nio.ByteBuffer;

/** What a client says first. */
public final class HelloWriter {
  private HelloWriter() {}

  /**
   * Writes a hello that asks for so much room.
   *
   * @param hello {@link HelloDescriptor#BYTES} zeroes, in the order of the machine
   */
  public static void write(ByteBuffer hello, Geometry geometry) {
    hello.putLong(0, HelloDescriptor.MAGIC);
    hello.putLong(HelloDescriptor.VERSION, FileDescriptor.VERSION);
    hello.putInt(HelloDescriptor.PAGES, geometry.pages());
    hello.putInt(HelloDescriptor.PAGE_BYTES, geometry.pageBytes());
    hello.putInt(HelloDescriptor.OUTCOME_BYTES, geometry.outcomeBytes());
    hello.putInt(HelloDescriptor.ARENA_BYTES, geometry.arenaBytes());
  }
}
