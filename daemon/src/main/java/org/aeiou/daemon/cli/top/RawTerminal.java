package org.aeiou.daemon.cli.top;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The terminal while it shows a screen and takes single keys. It is as before when this is closed,
 * and also when the program ends by a signal. By {@code stty}, which every Linux has: the library
 * that has the same calls takes longer to load than that to run.
 */
final class RawTerminal implements AutoCloseable {
  private static final String ENTER = "\033[?1049h\033[?25l";
  private static final String LEAVE = "\033[?25h\033[?1049l";
  private static final int STANDARD_COLUMNS = 80;
  private static final int STANDARD_ROWS = 24;

  private final PrintWriter out;
  private final String before;
  private final AtomicBoolean isLeft = new AtomicBoolean();
  private final Thread restorer = new Thread(this::leave, "aeiou-restore");

  private RawTerminal(PrintWriter out, String before) {
    this.out = out;
    this.before = before;
  }

  /** Shows an empty screen. */
  static RawTerminal open(PrintWriter out) throws IOException {
    RawTerminal terminal = new RawTerminal(out, stty("-g").strip());
    Runtime.getRuntime().addShutdownHook(terminal.restorer);
    var unused = stty("-icanon", "-echo", "min", "1", "time", "0", "susp", "undef");
    out.print(ENTER);
    out.flush();
    return terminal;
  }

  /** Shows lines, in place of those before. */
  void show(List<String> lines) {
    StringBuilder screen = new StringBuilder("\033[H");
    for (int i = 0; i < lines.size(); i++) {
      screen.append(i == 0 ? "" : "\r\n").append(lines.get(i)).append("\033[K");
    }
    synchronized (isLeft) {
      if (!isLeft.get()) {
        out.print(screen.append("\033[J"));
        out.flush();
      }
    }
  }

  /** How many rows and columns there are now. */
  static int[] size() {
    try {
      String[] words = stty("size").strip().split(" ", -1);
      int rows = Integer.parseInt(words[0]);
      int columns = Integer.parseInt(words[1]);
      if (rows > 0 && columns > 0) {
        return new int[] {rows, columns};
      }
    } catch (IOException | RuntimeException e) {
      // Not to be told, as on a serial line.
    }
    return new int[] {STANDARD_ROWS, STANDARD_COLUMNS};
  }

  private void leave() {
    synchronized (isLeft) {
      if (!isLeft.compareAndSet(false, true)) {
        return;
      }
      out.print(LEAVE);
      out.flush();
    }
    try {
      var unused = stty(before);
    } catch (IOException e) {
      out.println("aeiou: the terminal could not be restored; type 'reset'");
    }
  }

  @Override
  public void close() {
    leave();
    try {
      Runtime.getRuntime().removeShutdownHook(restorer);
    } catch (IllegalStateException e) {
      leave(); // the end has begun
    }
  }

  private static String stty(String... arguments) throws IOException {
    String[] command = new String[arguments.length + 1];
    command[0] = "stty";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Process process =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/tty"))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("stty: the terminal does not let itself be set");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("stty: interrupted", e);
    }
    return said;
  }
}
