import com.google.common.base.Ticker;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import org.aeiou.closures.attached.Attachment;
import org.aeiou.closures.group.Group;

/** Looks a cached attribute up again and again: 'Attached SOCKET PATH'; prints nanoseconds for each, a few times. */
final class Attached {
  private static final int TIMES = 5_000_000;
  private static final int ROUNDS = 9;

  public static void main(String[] arguments) throws Exception {
    try (Attachment net =
        Attachment.attach(
            Path.of(arguments[0]), Attachment.STANDARD, Ticker.systemTicker(), InstantSource.system())) {
      Group<String, byte[]> group = Group.begin(net);
      CountDownLatch cached = new CountDownLatch(1);
      group.submit(arguments[1], (context, outcome, delayed) -> cached.countDown(), null);
      group.end();
      cached.await();
      long[] ran = {0};
      for (int round = 0; round < ROUNDS + 2; round++) {
        long start = System.nanoTime();
        for (int i = 0; i < TIMES; i++) {
          group.submit(arguments[1], (counter, outcome, delayed) -> counter[0]++, ran);
        }
        if (round >= 2) {
          System.out.printf("%.1f%n", (double) (System.nanoTime() - start) / TIMES);
        }
      }
      if (ran[0] < (long) TIMES * ROUNDS) {
        throw new IllegalStateException("only " + ran[0] + " ran inside the call");
      }
    }
  }
}
