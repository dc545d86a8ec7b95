import com.google.common.base.Ticker;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.aeiou.closures.Closure;
import org.aeiou.closures.attached.Attachment;
import org.aeiou.closures.group.Group;

/**
 * Asks for what is cached again and again: 'Attached SOCKET ATTRIBUTE [DIRECTORY ABSENT UNREAD]'. Prints a few times what
 * was asked, the nanoseconds for each, and the bytes that the thread allocated for each.
 */
final class Attached {
  private static final int TIMES = 3_000_000;
  private static final int ROUNDS = 9;
  private static final Closure<byte[], long[]> COUNT = (counter, outcome, delayed) -> counter[delayed ? 1 : 0]++;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  public static void main(String[] arguments) throws Exception {
    try (Attachment net =
        Attachment.attach(
            Path.of(arguments[0]), Attachment.STANDARD, Ticker.systemTicker(), InstantSource.system())) {
      Group<String, byte[]> group = Group.begin(net);
      Map<String, Consumer<long[]>> asks = new TreeMap<>();
      asks.put("read", ran -> group.submit(arguments[1], COUNT, ran));
      if (arguments.length > 2) {
        asks.put("stat", ran -> net.stat(arguments[1], null, COUNT, ran));
        asks.put("list", ran -> net.list(arguments[2], null, COUNT, ran));
        asks.put("absent", ran -> net.submit(arguments[3], null, COUNT, ran));
        asks.put("unread", ran -> net.stat(arguments[4], null, COUNT, ran));
        asks.put("describe", ran -> net.describe(arguments[1], null, COUNT, ran));
        list(net, arguments[4].substring(0, arguments[4].lastIndexOf('/')));
      }
      for (Map.Entry<String, Consumer<long[]>> ask : asks.entrySet()) {
        measure(ask.getKey(), ask.getValue());
      }
      group.end();
    }
  }

  private static void list(Attachment net, String directory) throws InterruptedException {
    CountDownLatch listed = new CountDownLatch(1);
    net.list(directory, null, (to, outcome, delayed) -> to.countDown(), listed);
    listed.await();
  }

  private static void measure(String what, Consumer<long[]> ask) throws InterruptedException {
    long[] ran = {0, 0};
    ask.accept(ran);
    for (int i = 0; i < 1000 && ran[0] == 0; i++) {
      Thread.sleep(5);
      ask.accept(ran); // by now it is cached
    }
    long thread = Thread.currentThread().getId();
    for (int round = 0; round < ROUNDS + 2; round++) {
      long before = ran[0];
      long bytes = THREADS.getThreadAllocatedBytes(thread);
      long start = System.nanoTime();
      for (int i = 0; i < TIMES; i++) {
        ask.accept(ran);
      }
      long nanos = System.nanoTime() - start;
      bytes = THREADS.getThreadAllocatedBytes(thread) - bytes;
      if (round >= 2) {
        System.out.printf("%s %.1f %.3f%n", what, (double) nanos / TIMES, (double) bytes / TIMES);
        if (ran[0] - before < TIMES * 0.999) {
          throw new IllegalStateException(what + ": only " + (ran[0] - before) + " ran inside the call");
        }
      }
    }
  }
}
