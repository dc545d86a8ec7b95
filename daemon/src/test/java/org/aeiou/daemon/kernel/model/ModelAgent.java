package org.aeiou.daemon.kernel.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Learned;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.closures.scheduler.SystemQueue;
import org.aeiou.closures.scheduler.pace.Budget;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.ReadingCache;

/**
 * A system that answers when chance will have it, and sometimes not at all. Each of its values says
 * its file, and its place in the sequence; it remembers when each was last handed out.
 */
final class ModelAgent implements SystemQueue<Question, Value> {
  static final Oid LOCATION = Oid.parse("1.3.6.1.2.1.1.6.0");
  private static final Oid IF_NAME = Oid.parse("1.3.6.1.2.1.31.1.1.1.1");
  private static final Oid IF_ALIAS = Oid.parse("1.3.6.1.2.1.31.1.1.1.18");
  private static final int LONGEST = 300;

  private final ModelEvents events;
  private final ReadingCache cache;
  private final Map<Question, List<Waiting<?>>> fetches = new LinkedHashMap<>();

  /** How many values each had, by its name. */
  private final Map<String, Integer> serials = new HashMap<>();

  /** Of each value, when it last reached the daemon. */
  private final Map<String, Long> arrived = new HashMap<>();

  /** Of each value, when it first reached the daemon. */
  private final Map<String, Long> first = new HashMap<>();

  /** The number of the last value that reached the daemon. */
  private final Map<String, Integer> newest = new HashMap<>();

  /** The rows' names by their index. */
  private final TreeMap<Integer, String> rows = new TreeMap<>(Map.of(3, "eth0", 4, "eth1"));

  /** When a fetch last failed. */
  private long failedNanos = Long.MIN_VALUE;

  ModelAgent(ModelEvents events, ReadingCache cache) {
    this.events = events;
    this.cache = cache;
  }

  // What happens to it.

  void change(String name) {
    serials.merge(name, 1, Integer::sum);
  }

  /** The rows get other indexes, and sometimes one of them goes or comes back. */
  void renumber() {
    List<String> names = new ArrayList<>(List.of("eth0", "eth1"));
    if (events.random.nextInt(4) == 0) {
      names.remove(events.random.nextInt(2));
    }
    rows.clear();
    int index = 1 + events.random.nextInt(3);
    for (String name : names) {
      rows.put(index++, name);
    }
  }

  // What is known of it.

  static String value(String name, int serial) {
    return name + "#" + serial + ":" + "-".repeat(serial * 37 % LONGEST) + ":" + serial;
  }

  /** When a value last reached the daemon; null if it never did. */
  Long arrived(String name, int serial) {
    return arrived.get(name + "#" + serial);
  }

  /** The number of the newest value that reached the daemon; -1 if none did. */
  int newest(String name) {
    return newest.getOrDefault(name, -1);
  }

  /** When a value first reached the daemon. */
  long since(String name, int serial) {
    return first.get(name + "#" + serial);
  }

  /** The number of the newest value that had reached the daemon by then; 0 if none had. */
  int newestBy(String name, long nanos) {
    int serial = newest(name);
    while (serial > 0 && first.getOrDefault(name + "#" + serial, Long.MAX_VALUE) > nanos) {
      serial--;
    }
    return Math.max(0, serial);
  }

  boolean hasFailedSince(long nanos) {
    return failedNanos >= nanos;
  }

  int pending() {
    return fetches.size();
  }

  // What the daemon asks.

  private final class Waiting<C> implements Request {
    private final Question question;
    private final Closure<Value, C> closure;
    private final C context;
    private boolean done;

    Waiting(Question question, Closure<Value, C> closure, C context) {
      this.question = question;
      this.closure = closure;
      this.context = context;
    }

    void end(Outcome<Value> outcome) {
      done = true;
      closure.run(context, outcome, true);
    }

    @Override
    public void cancel() {
      List<Waiting<?>> all = fetches.get(question);
      if (all != null && all.remove(this)) {
        end(new Failure<>(Failure.Reason.CANCELLED, "withdrawn"));
      }
    }

    @Override
    public boolean isDone() {
      return done;
    }
  }

  @Override
  public boolean hasRoom(Requester requester) {
    return true;
  }

  @Override
  public <C> Request submit(
      Question key,
      Priority priority,
      long deadlineNanos,
      RequesterBurst burst,
      Closure<Value, C> closure,
      C context) {
    return submit(key, priority, deadlineNanos, 0, burst, closure, context);
  }

  @Override
  public <C> Request submit(
      Question key,
      Priority priority,
      long deadlineNanos,
      long askedNanos,
      RequesterBurst burst,
      Closure<Value, C> closure,
      C context) {
    Waiting<C> waiting = new Waiting<>(key, closure, context);
    List<Waiting<?>> joined = fetches.get(key);
    if (joined != null) {
      joined.add(waiting);
      return waiting;
    }
    fetches.put(key, new ArrayList<>(List.of(waiting)));
    events.anyTime(() -> end(key));
    return waiting;
  }

  /** Answers what is asked already, all at once. */
  void answerAll() {
    List.copyOf(fetches.keySet()).forEach(this::end);
  }

  private void end(Question question) {
    List<Waiting<?>> waiting = fetches.remove(question);
    if (waiting == null) {
      // Answered with all others before.
      return;
    }
    Outcome<Value> outcome = outcome(question);
    Outcome<Value> accepted = cache.accept(question, outcome);
    waiting.forEach(each -> each.end(accepted));
  }

  private Outcome<Value> outcome(Question question) {
    if (events.random.nextInt(12) == 0) {
      failedNanos = events.read();
      return new Failure<>(Failure.Reason.TIMEOUT, "as chance will have it");
    }
    if (question instanceof Question.Walk walk) {
      return reading(
          walk.columns().contains(IF_NAME) ? walk(walk.columns()) : scalars(walk.columns()));
    }
    if (question instanceof Question.Probe probe) {
      // Of the columns it has two, one that names rows and one that is read.
      boolean isThere = probe.subtree().equals(IF_ALIAS) || probe.subtree().equals(IF_NAME);
      return isThere && !rows.isEmpty()
          ? reading(new Value.Identifier(probe.subtree().append(rows.keySet().iterator().next())))
          : new Absent<>(events.read(), millis());
    }
    Question.Get get = (Question.Get) question;
    if (get.oid().equals(LOCATION)) {
      return reading(text(handOut("location")));
    }
    for (Map.Entry<Integer, String> row : rows.entrySet()) {
      if (get.oid().equals(IF_ALIAS.append(Oid.of(row.getKey())))) {
        return reading(new Value.Guarded(text(handOut(row.getValue())), text(row.getValue())));
      }
    }
    return new Absent<>(events.read(), millis());
  }

  private String handOut(String name) {
    int serial = serials.getOrDefault(name, 0);
    events.trace("agent: %s is %d", name, serial);
    arrived.put(name + "#" + serial, events.read());
    first.putIfAbsent(name + "#" + serial, events.read());
    newest.put(name, serial);
    return value(name, serial);
  }

  private Value walk(List<Oid> columns) {
    List<Value.Row> found = new ArrayList<>();
    rows.forEach(
        (index, name) -> {
          Value[] values = new Value[columns.size()];
          Arrays.setAll(values, c -> new Value.Numeric(Value.NumberType.INTEGER, 1));
          if (columns.contains(IF_NAME)) {
            values[columns.indexOf(IF_NAME)] = text(name);
          }
          found.add(new Value.Row(Oid.of(index), Arrays.asList(values)));
        });
    return new Value.Rows(found);
  }

  /** All scalars of a group, of which it has the location only. */
  private Value scalars(List<Oid> columns) {
    Value[] values = new Value[columns.size()];
    values[columns.indexOf(LOCATION.prefix(LOCATION.length() - 1))] = text(handOut("group"));
    return new Value.Rows(List.of(new Value.Row(Oid.of(0), Arrays.asList(values))));
  }

  private static Value text(String text) {
    return new Value.Octets(Value.OctetsType.OCTETS, text.getBytes(UTF_8));
  }

  private Outcome<Value> reading(Value value) {
    return Reading.of(value, events.read(), millis());
  }

  private long millis() {
    return TimeUnit.NANOSECONDS.toMillis(events.read());
  }

  @Override
  public boolean deliver(Question question, Outcome<Value> outcome) {
    throw new UnsupportedOperationException("nothing comes unasked");
  }

  @Override
  public void change(Limits limits, Exchanger<Question, Value> exchanger) {
    throw new UnsupportedOperationException("not asked in another way");
  }

  @Override
  public void share(Budget budget) {
    throw new UnsupportedOperationException("shares none");
  }

  @Override
  public Health health() {
    return new Health(
        Health.BreakerState.CLOSED, 0, -1, 0, null, 24, 0, fetches.size(), List.of(), List.of());
  }

  @Override
  public void learn(Learned known, Runnable then) {
    throw new UnsupportedOperationException("nothing is learned here");
  }

  @Override
  public void close() {}
}
