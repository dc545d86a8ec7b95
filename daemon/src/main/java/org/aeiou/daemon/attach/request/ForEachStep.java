package org.aeiou.daemon.attach.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.aeiou.closures.Request;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.Operation;
import org.aeiou.closures.shared.table.TableDescriptor;
import org.aeiou.daemon.attach.completion.Completions;

/**
 * A step that reads for each name of a listing: a slice at a time, in turns of its client, so that
 * a long listing holds up no other client; and no further once it has ended.
 */
final class ForEachStep implements Runnable, Request {
  private static final String PLACE = "{}";
  private static final int SLICE = 128;

  /** Reads a value. */
  interface Reader {
    /** Ends {@code then} exactly once; as the flags of the step say. */
    void read(ClientRequest step, String path, Name then);
  }

  /** One name, and what is read for it. */
  final class Name {
    final String name;

    /** Null until there is one; published by the count of those that are left. */
    Completion outcome;

    /** What is fetched for it; null while nothing is. */
    private volatile Request awaited;

    private Name(String listed) {
      name = listed.endsWith("/") ? listed.substring(0, listed.length() - 1) : listed;
    }

    /** Remembers what it waits for. */
    void await(Request fetch) {
      if (fetch == Request.IMMEDIATE) {
        return;
      }
      awaited = fetch;
      // Volatile: written before this looks, as the step is done before cancel looks for it.
      if (step.isDone()) {
        fetch.cancel();
      }
    }

    void end(Completion what) {
      outcome = what;
      finishOne();
    }
  }

  private final ClientRequest step;
  private final Reader reader;
  private final Executor turns;
  private final Completion listing;
  private final List<Name> names = new ArrayList<>();

  /** One more, so that it does not come to its end before everything was asked for. */
  private final AtomicInteger left;

  private int next;

  ForEachStep(ClientRequest step, Completion listing, Reader reader, Executor turns) {
    this.step = step;
    this.reader = reader;
    this.turns = turns;
    this.listing = listing;
    String listed = new String(listing.value(), UTF_8);
    Splitter.on('\0').omitEmptyStrings().split(listed).forEach(each -> names.add(new Name(each)));
    left = new AtomicInteger(names.size() + 1);
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
      if (next == 0) {
        step.await(this);
      }
      readSlice();
    } catch (RuntimeException | Error e) {
      step.client.fault(step, e);
    }
  }

  private void readSlice() {
    int end = Math.min(names.size(), next + SLICE);
    for (; next < end && !step.isDone(); next++) {
      read(names.get(next));
    }
    if (step.isDone()) {
      return;
    }
    if (next < names.size()) {
      turns.execute(this);
    } else {
      finishOne();
    }
  }

  private void read(Name name) {
    String path = expanded(step.path, name.name);
    if (path == null) {
      name.end(Completions.failure(RequestCheck.tooLong(step)));
    } else {
      reader.read(step, path, name);
    }
  }

  private void finishOne() {
    // What was written to names before each count is seen after the last one.
    if (left.decrementAndGet() == 0) {
      try {
        step.end(
            step.has(Operation.EACH_AS_GROUP)
                ? NamedOutcomes.group(names)
                : NamedOutcomes.pairs(names, listing));
      } catch (RuntimeException | Error e) {
        step.client.fault(step, e);
      }
    }
  }

  /** The step has ended before its time: what was not sent for it need not be. */
  @Override
  public void cancel() {
    for (Name name : names) {
      Request fetch = name.awaited;
      if (fetch != null) {
        fetch.cancel();
      }
    }
  }

  @Override
  public boolean isDone() {
    return left.get() == 0;
  }
}
