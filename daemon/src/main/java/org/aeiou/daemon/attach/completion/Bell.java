package org.aeiou.daemon.attach.completion;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;
import org.aeiou.closures.posix.Posix;

/**
 * Wakes a program that waits for completions. It is rung without the client's monitor, since that
 * may take long as the program then runs: other threads go on with the client meanwhile. Any thread
 * may call any method.
 */
public final class Bell {
  private static final Posix POSIX = Posix.INSTANCE;
  private static final ByteBuffer ONE = Posix.buffer(1);
  private static final long ONE_AT = Posix.address(ONE);

  private final int descriptor;
  private final LongAdder times;

  /** Whether the program waits for it. Set with the client's monitor held, and with this one. */
  private volatile boolean isDue;

  /** Whether the descriptor may be closed. Guarded by this. */
  private boolean isGone;

  /**
   * A bell that is not due.
   *
   * @param descriptor of its writing end
   * @param times counts how often it is rung
   */
  public Bell(int descriptor, LongAdder times) {
    this.descriptor = descriptor;
    this.times = times;
  }

  /** The program waits, and something was posted for it. */
  public void isDue() {
    isDue = true;
  }

  /** Rings, if that is due. */
  public void ring() {
    if (!isDue) {
      return;
    }
    synchronized (this) {
      if (isDue && !isGone) {
        isDue = false; // before it rings: what is posted from here on rings anew
        times.increment();
        var unused = POSIX.write(descriptor, ONE_AT, 1);
      }
    }
  }

  /** It is not rung after this. */
  public synchronized void leave() {
    isGone = true;
  }
}
