package org.aeiou.daemon.attach.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.Kind;
import org.aeiou.closures.shared.table.TableDescriptor;

/**
 * A step that reads for each name of a listing: a slice at a time, in turns of its client, so that
 * a long listing holds up no other client; and no further once it is withdrawn.
 */
final class ForEachStep implements Runnable {
  private static final String PLACE = "{}";
  private static final int SLICE = 128;

  /** Reads a value. */
  interface Reader {
    /** Tells the value exactly once, or null if there is none; as the flags of the step say. */
    void read(ClientRequest step, String path, Consumer<byte[]> then);
  }

  private final ClientRequest step;
  private final Reader reader;
  private final Executor turns;
  private final Completion listing;
  private final List<String> names;
  private final byte[][] values;

  /** One more, so that it does not come to its end before everything was asked for. */
  private final AtomicInteger left;

  private int next;

  ForEachStep(ClientRequest step, Completion listing, Reader reader, Executor turns) {
    this.step = step;
    this.reader = reader;
    this.turns = turns;
    this.listing = listing;
    names = Splitter.on('\0').omitEmptyStrings().splitToList(new String(listing.value(), UTF_8));
    values = new byte[names.size()][];
    left = new AtomicInteger(values.length + 1);
  }

  static boolean hasPlace(String path) {
    return path.contains(PLACE);
  }

  /** A path with a value in its places; null if that is longer than a path may be. */
  static String expanded(String path, String value) {
    int places = 0;
    for (int at = path.indexOf(PLACE); at >= 0; at = path.indexOf(PLACE, at + PLACE.length())) {
      places++;
    }
    long length = path.length() + (long) places * (value.length() - PLACE.length());
    return length > TableDescriptor.LONGEST_PATH ? null : path.replace(PLACE, value);
  }

  @Override
  public void run() {
    try {
      readSlice();
    } catch (RuntimeException | Error e) {
      step.client.fault(step, e);
    }
  }

  private void readSlice() {
    int end = Math.min(values.length, next + SLICE);
    for (; next < end; next++) {
      read(next);
    }
    if (step.isDone()) {
      return;
    }
    if (next < values.length) {
      turns.execute(this);
    } else {
      finish();
    }
  }

  private void read(int index) {
    String path = expanded(step.path, name(names.get(index)));
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
    ByteArrayOutputStream pairs = new ByteArrayOutputStream();
    for (int i = 0; i < values.length; i++) {
      byte[] value = values[i] == null ? new byte[0] : values[i];
      Completions.addPair(pairs, name(names.get(i)), value);
    }
    step.end(
        new Completion(
            Kind.READING,
            0,
            pairs.toByteArray(),
            listing.takenMillis(),
            listing.changedMillis(),
            0,
            0));
  }
}
