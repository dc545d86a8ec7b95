package org.aeiou.daemon.attach;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.aeiou.closures.posix.Posix;
import org.aeiou.closures.posix.Structure;
import org.aeiou.closures.shared.FileDescriptor;
import org.aeiou.closures.shared.WelcomeDescriptor;

/**
 * The answer to a hello, with the descriptors that go with it. Its memory is used again for the
 * next answer. Used by one thread.
 */
final class WelcomeMessage {
  private static final Posix POSIX = Posix.INSTANCE;
  private static final int LONGEST_SENTENCE = WelcomeDescriptor.BYTES - WelcomeDescriptor.SENTENCE;

  // struct iovec, msghdr and cmsghdr, as on 64-bit Linux.
  private static final int VECTOR_BYTES = 16;
  private static final int VECTOR_LENGTH = 8;
  private static final int HEADER_BYTES = 56;
  private static final int HEADER_VECTOR = 16;
  private static final int HEADER_VECTORS = 24;
  private static final int HEADER_CONTROL = 32;
  private static final int HEADER_CONTROL_LENGTH = 40;
  private static final int CONTROL_LEVEL = 8;
  private static final int CONTROL_TYPE = 12;
  private static final int CONTROL_DATA = 16;

  /** Welcomes have four descriptors. */
  private static final int CONTROL_BYTES = CONTROL_DATA + 4 * Integer.BYTES;

  private final Structure message = new Structure(WelcomeDescriptor.BYTES);
  private final Structure vector = new Structure(VECTOR_BYTES);
  private final Structure control = new Structure(CONTROL_BYTES);
  private final Structure header = new Structure(HEADER_BYTES);

  WelcomeMessage() {
    vector.bytes.putLong(0, message.address).putLong(VECTOR_LENGTH, message.length());
    control.bytes.putInt(CONTROL_LEVEL, Posix.SOL_SOCKET).putInt(CONTROL_TYPE, Posix.SCM_RIGHTS);
    header.bytes.putLong(HEADER_VECTOR, vector.address).putLong(HEADER_VECTORS, 1);
  }

  /** Begins one: magic, version, and zeroes. */
  ByteBuffer begin() {
    ByteBuffer bytes = message.bytes;
    for (int at = 0; at < bytes.capacity(); at += Long.BYTES) {
      bytes.putLong(at, 0);
    }
    bytes.putLong(0, WelcomeDescriptor.MAGIC);
    return bytes.putLong(WelcomeDescriptor.VERSION, FileDescriptor.VERSION);
  }

  /** Sends what was begun; false if it was not taken whole. */
  boolean send(int socket, int... descriptors) {
    int controlBytes = CONTROL_DATA + Integer.BYTES * descriptors.length;
    control.bytes.putLong(0, controlBytes);
    for (int i = 0; i < descriptors.length; i++) {
      control.bytes.putInt(CONTROL_DATA + Integer.BYTES * i, descriptors[i]);
    }
    boolean isEmpty = descriptors.length == 0;
    header.bytes.putLong(HEADER_CONTROL, isEmpty ? 0 : control.address);
    header.bytes.putLong(HEADER_CONTROL_LENGTH, isEmpty ? 0 : controlBytes);
    return POSIX.sendmsg(socket, header.address, Posix.MSG_NOSIGNAL) == message.length();
  }

  /** Refuses, and says why. */
  void refuse(int socket, int errno, String why) {
    byte[] sentence = why.getBytes(UTF_8);
    byte[] fitting = Arrays.copyOf(sentence, Math.min(sentence.length, LONGEST_SENTENCE));
    begin()
        .putInt(WelcomeDescriptor.ERROR, errno)
        .putInt(WelcomeDescriptor.SENTENCE_LENGTH, fitting.length)
        .put(WelcomeDescriptor.SENTENCE, fitting);
    var unused = send(socket);
  }
}
