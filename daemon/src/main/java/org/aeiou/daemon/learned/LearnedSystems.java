package org.aeiou.daemon.learned;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Learned;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;
import org.aeiou.closures.scheduler.SystemQueue;
import org.aeiou.daemon.backend.AgentProfile;
import org.aeiou.daemon.metrics.EventLog;
import org.aeiou.daemon.metrics.Events;
import org.aeiou.daemon.state.StateFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was learned of each system, from one run of the daemon to the next. Any thread may call any
 * method; {@link #load}, {@link #save} and {@link #forget} block.
 */
public final class LearnedSystems {
  private static final Logger LOG = LoggerFactory.getLogger(LearnedSystems.class);
  private static final String FILE = "learned";

  /** By how much the clocks of two machines may differ. */
  private static final Duration MOST_AHEAD = Duration.ofMinutes(5);

  /** For how long a queue is waited for, which is another thread's. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** 100 000 systems have 20 MB, about. */
  private static final int MOST_BYTES = 64 << 20;

  /**
   * A system of this run.
   *
   * @param earlier its line of an earlier one; null if there is none
   */
  private record Known(
      String address, AgentProfile profile, SystemQueue<?, ?> queue, String earlier) {}

  private final InstantSource clock;
  private final EventLog events;
  private final MetricSet metrics = new MetricSet();
  private final LongAdder writes =
      metrics.counter("writes", "Times that what was learned of systems was written to its file.");
  private final LongAdder failures =
      metrics.counter(
          "failures", "Times that what was learned could not be written, or not be used.");
  private final LongAdder restored =
      metrics.counter("restored", "Systems of which something was known from an earlier run.");
  private final LongAdder others =
      metrics.counter("others", "Times that another agent was found where one was that was known.");
  private final LongAdder takenOver =
      metrics.counter(
          "takenOver", "Systems of which it was taken over what another member had learned.");
  private final LongAdder forgotten =
      metrics.counter("forgotten", "Systems of which all was forgotten at an operator's order.");

  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /**
   * Lines of an earlier run, for systems that have not been opened. Used by one thread at a time.
   */
  private final Map<String, String> earlier = new HashMap<>();

  /** Null if nothing is kept. */
  private volatile StateFolder folder;

  /** The lines of the file as it is; guarded by this. */
  private List<String> written = List.of();

  private volatile boolean failing;
  private volatile long bytes;

  /** Nothing is known of any system, and nothing is kept. */
  public LearnedSystems(InstantSource clock, EventLog events) {
    this.clock = clock;
    this.events = events;
    metrics.gauge("bytes", Unit.BYTES, "How large the file is.", () -> bytes);
  }

  public MetricSet metrics() {
    return metrics;
  }

  /** Reads what is kept in that folder, and keeps it there from now on. Before systems open. */
  public synchronized void load(StateFolder state) {
    folder = state;
    String text = null;
    try {
      text = state.read(FILE, MOST_BYTES);
      if (text == null) {
        return;
      }
      bytes = text.length();
      earlier.putAll(LearnedFile.lines(text));
      written = earlier.values().stream().sorted().toList();
    } catch (IOException e) {
      failures.increment();
      LOG.warn("what was learned of systems cannot be read, and is learned anew: {}", e.toString());
    } catch (LearnedFile.UnusableException e) {
      failures.increment();
      setAside(state, e.getMessage());
    }
  }

  private static void setAside(StateFolder state, String why) {
    Path file = state.file(FILE);
    try {
      Path aside = state.setAside(FILE);
      LOG.warn("{}: {}; it is ignored, kept as {}, and learned anew", file, why, aside);
    } catch (IOException e) {
      LOG.warn("{}: {}; it is ignored, and learned anew", file, why);
    }
  }

  /** What is known of the agent of a system that is about to be opened, for its back end. */
  public AgentProfile profile(String system, String address) {
    AgentProfile profile = new AgentProfile();
    String line = earlier.get(system);
    if (line != null) {
      profile.restore(
          () -> {
            LearnedRecord before = record(line, address);
            return before == null ? Map.of() : before.facts();
          });
    }
    return profile;
  }

  /** A system was opened. */
  public void opened(String system, String address, AgentProfile profile, SystemQueue<?, ?> queue) {
    profile.whenAnother(() -> another(system, address, queue));
    known.put(system, new Known(address, profile, queue, earlier.remove(system)));
  }

  /** How a system may be asked, as an earlier run found out; looked up when it is first asked. */
  public Learned known(String system) {
    Known one = known.get(system);
    LearnedRecord before = one == null ? null : record(one.earlier(), one.address());
    if (before == null) {
      return Learned.NOTHING;
    }
    restored.increment();
    return before.limits();
  }

  /** What a line says that is left by now; null if that is nothing, or about another address. */
  private LearnedRecord record(String line, String address) {
    if (line == null) {
      return null;
    }
    try {
      LearnedRecord record = LearnedFile.read(line).decayed(clock.instant());
      return record != null && record.address().equals(address) ? record : null;
    } catch (LearnedFile.UnusableException e) {
      failures.increment();
      LOG.warn("what was learned: '{}' {}; it is learned anew", line, e.getMessage());
      return null;
    }
  }

  private void another(String system, String address, SystemQueue<?, ?> queue) {
    others.increment();
    queue.learn(Learned.NOTHING);
    events.add(Events.anotherAgent(system, address));
  }

  /** A system was taken out; what was learned of it goes with it. */
  public void closed(String system, SystemQueue<?, ?> queue) {
    known.computeIfPresent(system, (name, one) -> one.queue() == queue ? null : one);
  }

  /**
   * Whether a system goes by what was learned, and it is not known whether its agent is still the
   * one that it was learned of.
   */
  public boolean isUnconfirmed(AgentProfile profile, Health health) {
    Learned limits = health.learned();
    boolean isLimited =
        limits.batch() != null || limits.inFlight() != null || limits.gapNanos() != null;
    return isLimited && health.rttNanos() >= 0 && !profile.isConfirmed();
  }

  /**
   * Forgets what was learned of a system. Waits until its queue has: what is saved then does not
   * tell of it.
   *
   * @return false if there is no such system
   */
  public boolean forget(String system) {
    Known one = known.get(system);
    if (one == null) {
      return false;
    }
    forgotten.increment();
    one.profile().forget();
    known.computeIfPresent(
        system, (name, its) -> new Known(its.address(), its.profile(), its.queue(), null));
    CountDownLatch done = new CountDownLatch(1);
    one.queue().learn(Learned.NOTHING, done::countDown);
    if (!Uninterruptibles.awaitUninterruptibly(done, PATIENCE)) {
      LOG.warn("{}: its queue is late; the file tells of it until the next save", system);
    }
    events.add(Events.forgotten(system));
    return true;
  }

  /** Writes what is known to its file. */
  public synchronized void save() {
    StateFolder state = folder;
    if (state == null) {
      return;
    }
    List<String> lines = lines();
    if (lines.equals(written)) {
      return;
    }
    String text = LearnedFile.written(lines);
    try {
      state.write(FILE, text);
      bytes = text.length();
      written = lines;
      writes.increment();
      failing = false;
    } catch (IOException e) {
      failures.increment();
      if (!failing) {
        failing = true;
        LOG.warn("what was learned of systems cannot be kept: {}", e.toString());
      }
    }
  }

  private List<String> lines() {
    Instant now = clock.instant();
    List<String> lines = new ArrayList<>();
    known.forEach(
        (system, one) -> {
          String line = line(system, one, now);
          if (line != null) {
            lines.add(line);
          }
        });
    lines.sort(null); // for people, and to see whether anything changed
    return lines;
  }

  private static String line(String system, Known one, Instant at) {
    Health health = one.queue().health();
    if (health.rttNanos() < 0 && one.earlier() != null) {
      // It was not heard of in this run: what was known stays as it was, and grows older.
      return one.earlier();
    }
    LearnedRecord record =
        new LearnedRecord(
            system,
            one.address(),
            at.truncatedTo(ChronoUnit.SECONDS),
            health.learned(),
            one.profile().all());
    return record.isEmpty() ? null : LearnedFile.line(record);
  }

  /**
   * What is known of a system, for another process that is to ask it: a line as of the file.
   *
   * @param at until when this process asked it
   * @return null if nothing is known, or there is no such system
   */
  public String handedOver(String system, Instant at) {
    Known one = known.get(system);
    return one == null ? null : line(system, one, at);
  }

  /**
   * Goes by what another process learned of a system, which this one is to ask from now on. What is
   * older than what was learned here, or about another address, is not taken; nor what is of a time
   * to come, which would be the latest until then.
   *
   * @param line as {@link #handedOver} of the other process returned it
   * @param since until when this process asked the system itself; null if it never did
   * @return whether it was taken over
   */
  public boolean takenOver(String system, String line, Instant since) {
    Known one = known.get(system);
    LearnedRecord record = one == null ? null : record(line, one.address());
    if (record == null
        || !record.system().equals(system)
        || record.at().isAfter(clock.instant().plus(MOST_AHEAD))
        || isKnownSince(one, record, since)) {
      return false;
    }
    Known then = new Known(one.address(), one.profile(), one.queue(), line);
    if (!known.replace(system, one, then)) {
      return false; // it was taken out, or is another one now
    }
    takenOver.increment();
    one.profile().restore(record::facts);
    one.queue().learn(record.limits()); // one that was not asked yet looks it up when it is
    return true;
  }

  private boolean isKnownSince(Known one, LearnedRecord record, Instant since) {
    LearnedRecord before = record(one.earlier(), one.address());
    return (since != null && !record.at().isAfter(since))
        || (before != null && !record.at().isAfter(before.at()));
  }

  /** As {@link #handedOver(String, Instant)}, of several: a text as of the file. */
  public String handedOver(Collection<String> systems, Instant at) {
    List<String> lines = new ArrayList<>();
    for (String system : systems) {
      String line = handedOver(system, at);
      if (line != null) {
        lines.add(line);
      }
    }
    return LearnedFile.written(lines);
  }

  /**
   * As {@link #takenOver(String, String, Instant)}, of all that are in a text.
   *
   * @return false, and counted, if the text is of no use
   */
  public boolean takenOver(String text, Instant since) {
    try {
      LearnedFile.lines(text).forEach((system, line) -> takenOver(system, line, since));
      return true;
    } catch (LearnedFile.UnusableException e) {
      failures.increment();
      LOG.warn("what other members learned: {}; it is ignored, and learned anew", e.getMessage());
      return false;
    }
  }
}
