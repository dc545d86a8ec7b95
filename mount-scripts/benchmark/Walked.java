import com.google.common.base.Ticker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import org.aeiou.closures.Burst;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.attached.Attachment;

/**
 * Walks everything by closures: 'Walked SOCKET ROUNDS', with a stat of each file, and with 'names' behind that, without.
 * Prints for each round milliseconds, files, and closures that were delayed; the first round is cold.
 */
final class Walked {
  private final Attachment net;
  private final boolean withStat;
  private final AtomicLong pending = new AtomicLong();
  private final AtomicLong files = new AtomicLong();
  private final AtomicLong delayedClosures = new AtomicLong();

  /** Directories that wait for a page. */
  private final Deque<String> later = new ArrayDeque<>();

  private Walked(Attachment net, boolean withStat) {
    this.net = net;
    this.withStat = withStat;
  }

  public static void main(String[] arguments) throws Exception {
    try (Attachment net =
        Attachment.attach(
            Path.of(arguments[0]), Attachment.STANDARD, Ticker.systemTicker(), InstantSource.system())) {
      for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
        Walked walk = new Walked(net, arguments.length == 2);
        long start = System.nanoTime();
        walk.list("");
        walk.await();
        System.out.printf(
            "%.1f %d %d%n", (System.nanoTime() - start) / 1e6, walk.files.get(), walk.delayedClosures.get());
      }
    }
  }

  private void await() throws InterruptedException {
    while (pending.get() > 0) {
      String next;
      synchronized (later) {
        next = later.poll();
      }
      if (next == null) {
        Thread.sleep(0, 100_000);
      } else {
        pending.decrementAndGet();
        ask(next);
      }
    }
  }

  private void ask(String path) {
    if (path.endsWith("/")) {
      list(path.substring(0, path.length() - 1));
    } else {
      stat(path);
    }
  }

  private void list(String directory) {
    pending.incrementAndGet();
    if (net.list(directory, null, this::listed, directory) == null) {
      putOff(directory + "/");
    }
  }

  private void putOff(String path) {
    synchronized (later) {
      later.add(path);
    }
  }

  private void listed(String directory, Outcome<byte[]> outcome, boolean delayed) {
    delayedClosures.addAndGet(delayed ? 1 : 0);
    if (outcome instanceof Reading<byte[]> reading) {
      byte[] names = reading.value();
      int from = 0;
      for (int i = 0; i < names.length; i++) {
        if (names[i] == 0) {
          String name = new String(names, from, i - from, StandardCharsets.UTF_8);
          from = i + 1;
          if (name.charAt(0) == '.') {
            continue; // made anew at each look
          }
          String path = directory.isEmpty() ? name : directory + "/" + name;
          if (!withStat && !name.endsWith("/")) {
            files.incrementAndGet();
          } else if (delayed || name.endsWith("/")) {
            pending.incrementAndGet();
            putOff(path);
          } else {
            stat(path);
          }
        }
      }
    }
    pending.decrementAndGet();
  }

  private void stat(String path) {
    pending.incrementAndGet();
    if (net.stat(path, null, this::seen, path) == null) {
      putOff(path);
    }
  }

  private void seen(String path, Outcome<byte[]> outcome, boolean delayed) {
    delayedClosures.addAndGet(delayed ? 1 : 0);
    files.addAndGet(outcome instanceof Reading<byte[]> ? 1 : 0);
    pending.decrementAndGet();
  }
}
