package org.aeiou.closures;

/**
 * Errors that a thread must not survive. Code that lets one request fail so that the others go on
 * catches what it throws, and gives it to {@link #rethrow} first.
 */
public final class Fatal {
  private Fatal() {}

  /** Whether nothing in this process can be relied on after {@code e}. */
  public static boolean is(Throwable e) {
    return e instanceof VirtualMachineError && !(e instanceof StackOverflowError);
  }

  /**
   * Throws {@code e} again if nothing in this process can be relied on after it: memory has run
   * out, or the JVM itself is broken. A stack that was too deep is unwound, and harms nothing else.
   */
  public static void rethrow(Throwable e) {
    if (is(e)) {
      throw (VirtualMachineError) e;
    }
  }

  /** As {@link #rethrow}, where what is thrown gets lost: the thread's handler gets it instead. */
  public static void handOver(Throwable e) {
    if (is(e)) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }
}
