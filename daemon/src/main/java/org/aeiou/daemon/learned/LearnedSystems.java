package org.aeiou.daemon.learned;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Learned;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;
import org.aeiou.closures.scheduler.SystemQueue;
import org.aeiou.daemon.backend.AgentProfile;
import org.aeiou.daemon.metrics.Event;
import org.aeiou.daemon.metrics.EventLog;
import org.aeiou.daemon.state.StateFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was learned of each system, from one run of the daemon to the next. Any thread may call any
 * method; {@link #load} and {@link #save} block.
 */
public final class LearnedSystems {
  private static final Logger LOG = LoggerFactory.getLogger(LearnedSystems.class);
  private static final String FILE = "learned";

  /** 100 000 systems have 20 MB, about. */
  private static final int MOST_BYTES = 64 << 20;

  /** A system of this run. */
  private record Known(
      String address, AgentProfile profile, SystemQueue<?, ?> queue, LearnedRecord earlier) {}

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
  private final LongAdder forgotten =
      metrics.counter("forgotten", "Systems of which all was forgotten at an operator's order.");

  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /** Of an earlier run, for systems that have not been opened. Used by one thread at a time. */
  private final Map<String, LearnedRecord> earlier = new HashMap<>();

  /** Null if nothing is kept. */
  private volatile StateFolder folder;

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
  public void load(StateFolder state) {
    folder = state;
    String text = null;
    try {
      text = state.read(FILE, MOST_BYTES);
      if (text == null) {
        return;
      }
      bytes = text.length();
      Instant now = clock.instant();
      for (LearnedRecord record : LearnedFile.read(text)) {
        LearnedRecord left = record.decayed(now);
        if (left != null) {
          earlier.put(left.system(), left);
        }
      }
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
    LearnedRecord before = earlier.get(system);
    if (before != null && before.address().equals(address)) {
      profile.restore(before.facts());
    }
    return profile;
  }

  /** A system was opened: it is asked by what is known of it. */
  public void opened(String system, String address, AgentProfile profile, SystemQueue<?, ?> queue) {
    LearnedRecord before = earlier.remove(system);
    if (before != null && before.address().equals(address)) {
      restored.increment();
      queue.learn(before.limits());
    } else {
      before = null;
    }
    profile.whenAnother(() -> another(system, address, queue));
    known.put(system, new Known(address, profile, queue, before));
  }

  private void another(String system, String address, SystemQueue<?, ?> queue) {
    others.increment();
    queue.learn(Learned.NOTHING);
    events.addLimited(
        Event.warn(
                "learned",
                system,
                system
                    + ": another agent answers at "
                    + address
                    + " than before; what was learned of that one is forgotten")
            .with("address", address));
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
   * Forgets what was learned of a system.
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
    one.queue().learn(Learned.NOTHING);
    known.put(system, new Known(one.address(), one.profile(), one.queue(), null));
    LOG.info("{}: what was learned of it is forgotten, by order", system);
    return true;
  }

  /** Writes what is known to its file. */
  public synchronized void save() {
    StateFolder state = folder;
    if (state == null) {
      return;
    }
    Collection<LearnedRecord> records = records();
    if (records.isEmpty() && bytes == 0) {
      return;
    }
    String text = LearnedFile.written(records);
    try {
      state.write(FILE, text);
      bytes = text.length();
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

  private List<LearnedRecord> records() {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    List<LearnedRecord> records = new ArrayList<>();
    known.forEach(
        (system, one) -> {
          Health health = one.queue().health();
          boolean isHeardOf = health.rttNanos() >= 0;
          // Of a system that was not heard of in this run, what was known stays as old as it was.
          LearnedRecord record =
              isHeardOf || one.earlier() == null
                  ? new LearnedRecord(
                      system, one.address(), now, health.learned(), one.profile().all())
                  : one.earlier();
          if (!record.isEmpty()) {
            records.add(record);
          }
        });
    return records;
  }
}
