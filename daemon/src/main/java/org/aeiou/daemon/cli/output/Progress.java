package org.aeiou.daemon.cli.output;

import com.google.common.base.Ticker;
import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;

/**
 * A line on a terminal that says how far a command is; nothing if it is done at once. It is gone
 * when the command has ended, however that ends. Any thread.
 */
public final class Progress implements AutoCloseable {
  private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
  private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final String ERASE = "\r\033[K";

  /** Many terminals are no wider: a line that wraps cannot be erased. */
  private static final int COLUMNS = 79;

  private final PrintWriter err;
  private final boolean shows;
  private final Ticker ticker;
  private final Thread eraser = new Thread(this::erase, "aeiou-erase");
  private long nextNanos;
  private boolean isShown;

  /**
   * Shows nothing yet.
   *
   * @param terminal what {@code err} is shown on
   */
  public Progress(PrintWriter err, Terminal terminal, Ticker ticker) {
    this.err = err;
    this.shows = terminal.isTerminal();
    this.ticker = ticker;
    this.nextNanos = ticker.read() + FIRST_NANOS;
    if (shows) {
      // A signal ends the command without more of it.
      Runtime.getRuntime().addShutdownHook(eraser);
    }
  }

  /** Says how far it is, if that is due. */
  public synchronized void show(String text) {
    long nowNanos = ticker.read();
    if (shows && nowNanos - nextNanos >= 0) {
      nextNanos = nowNanos + AGAIN_NANOS;
      isShown = true;
      err.print(ERASE + Terminal.cut(Terminal.escaped(text), COLUMNS));
      err.flush();
    }
  }

  /** Takes the line away; it may be shown again. */
  public synchronized void erase() {
    if (isShown) {
      isShown = false;
      err.print(ERASE);
      err.flush();
    }
  }

  @Override
  public void close() {
    erase();
    if (shows) {
      try {
        Runtime.getRuntime().removeShutdownHook(eraser);
      } catch (IllegalStateException e) {
        erase(); // the end has begun
      }
    }
  }
}
