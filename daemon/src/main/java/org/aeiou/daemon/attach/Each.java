package org.aeiou.daemon.attach;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Fatal;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A step that reads for each name of a listing: a slice at a time, on the server's thread, so that
 * nobody waits for a long one, and no further once it is withdrawn.
 */
final class Each implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Each.class);
  private static final int SLICE = 128;

  private final Pending step;
  private final Chains.Reader reader;
  private final Completion listing;
  private final List<String> names;
  private final byte[][] values;

  /** One more, so that it does not come to its end before everything was asked for. */
  private final AtomicInteger left;

  private int next;

  Each(Pending step, Completion listing, Chains.Reader reader) {
    this.step = step;
    this.reader = reader;
    this.listing = listing;
    names = Splitter.on('\0').omitEmptyStrings().splitToList(new String(listing.value(), UTF_8));
    values = new byte[names.size()][];
    left = new AtomicInteger(values.length + 1);
  }

  @Override
  public void run() {
    try {
      goOn();
    } catch (RuntimeException | Error e) {
      Fatal.rethrow(e);
      LOG.error("A step for {} failed", step.path, e);
      step.client.fail(
          step, new Failure<>(Failure.Reason.BAD_ANSWER, "the daemon failed; see its log"));
    }
  }

  private void goOn() {
    int end = Math.min(values.length, next + SLICE);
    for (; next < end; next++) {
      read(next);
    }
    if (step.isDone()) {
      return;
    }
    if (next < values.length) {
      step.client.later(this);
    } else {
      finish();
    }
  }

  private void read(int index) {
    String path = Chains.expanded(step.path, name(names.get(index)));
    if (path == null) {
      finish();
      return;
    }
    reader.read(
        step,
        path,
        value -> {
          values[index] = value;
          finish();
        });
  }

  private static String name(String listed) {
    return listed.endsWith("/") ? listed.substring(0, listed.length() - 1) : listed;
  }

  private void finish() {
    // What was written to values before each count is seen after the last one.
    if (left.decrementAndGet() != 0) {
      return;
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < values.length; i++) {
      all.writeBytes(name(names.get(i)).getBytes(UTF_8));
      all.write(0);
      all.writeBytes(values[i] == null ? new byte[0] : values[i]);
      all.write(0);
    }
    step.client.end(
        step,
        new Completion(
            Kind.READING,
            0,
            all.toByteArray(),
            listing.takenMillis(),
            listing.changedMillis(),
            0,
            0));
  }
}
