package org.aeiou.closures.shared;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/** What the daemon says of a hello, and once more when it ends a connection. */
public final class WelcomeReader {
  private final ByteBuffer welcome;

  /** Reads what is in a buffer of {@link WelcomeDescriptor#BYTES}, in the order of the machine. */
  public WelcomeReader(ByteBuffer welcome) {
    this.welcome = welcome;
  }

  /** Whether it is a welcome, of whatever version. */
  public boolean isWelcome() {
    return welcome.getLong(0) == WelcomeDescriptor.MAGIC;
  }

  /** Whether it is a welcome of a version that this code knows. */
  public boolean isKnown() {
    return isWelcome()
        && welcome.getLong(WelcomeDescriptor.VERSION) >>> Integer.SIZE == FileDescriptor.MAJOR;
  }

  /** Whether the client may come in. */
  public boolean isGranted() {
    return welcome.getInt(WelcomeDescriptor.ERROR) == 0;
  }

  /** What the daemon has of what was added to the protocol. */
  public int minor() {
    return (int) welcome.getLong(WelcomeDescriptor.VERSION);
  }

  /** Another one for each connection of the daemon. */
  public long connection() {
    return welcome.getLong(WelcomeDescriptor.CONNECTION);
  }

  /** Another one for each start of the daemon. */
  public long epoch() {
    return welcome.getLong(WelcomeDescriptor.EPOCH);
  }

  /** Why not, in words. */
  public String sentence() {
    int length = welcome.getInt(WelcomeDescriptor.SENTENCE_LENGTH);
    int longest = WelcomeDescriptor.BYTES - WelcomeDescriptor.SENTENCE;
    byte[] text = new byte[Math.max(0, Math.min(length, longest))];
    welcome.get(WelcomeDescriptor.SENTENCE, text);
    return new String(text, UTF_8);
  }
}
