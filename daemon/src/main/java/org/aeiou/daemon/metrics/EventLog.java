package org.aeiou.daemon.metrics;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import com.google.common.base.Ticker;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/**
 * What happened lately, as lines of JSON: for {@code /.aeiou/events}, and by system for its {@code
 * .events}.
 *
 * <p>Two things come here. A part of the program that knows what happened says it with {@link
 * #add}, and it is logged as well. What else is logged, from INFO up, is an event of the kind
 * {@code log}; its system is the first argument of the line, by the rule of this project.
 *
 * <p>All of it is bounded: a line, the lines of a system, and what the systems take together; of
 * those the one that nothing happened to for longest is forgotten first.
 *
 * <p>Any thread may call any method. The listener is called by the thread that adds, and may not
 * wait nor take a lock that is held by a thread that logs.
 */
public final class EventLog {
  /** The mark of a log line that was an event before it was logged. */
  static final Marker TOLD = MarkerFactory.getMarker("event");

  private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

  /** What is kept of all events, in octets: about a thousand. */
  private static final int MOST_OF_ALL = 256 << 10;

  /** What is kept of a system, and of all systems together. */
  private static final int MOST_OF_SYSTEM = 32 << 10;

  static final int MOST_OF_SYSTEMS = 16 << 20;

  private final MetricSet metrics = new MetricSet();
  private final LogLimit limit;
  private final InstantSource clock;
  private final EventRing all = new EventRing(MOST_OF_ALL);

  // Guarded by this. In the order in which something happened to them last.
  private final Map<String, EventRing> systems = new LinkedHashMap<>(16, 0.75f, true);
  private long systemOctets;

  private volatile Predicate<String> isSystem = name -> false;
  private volatile Consumer<String> listener = system -> {};

  private final LongAdder logged =
      metrics.counter("lines", "Lines that were logged, from INFO up.");
  private final LongAdder added =
      metrics.counter("events", "Events that parts of the daemon told, besides lines of the log.");
  private final LongAdder forgotten =
      metrics.counter(
          "forgotten",
          "Systems whose events were dropped because those of all systems took too much memory.");

  /**
   * No events yet.
   *
   * @param limit what keeps too many of one cause away
   * @param clock for the time of events
   */
  public EventLog(LogLimit limit, InstantSource clock) {
    this.limit = limit;
    this.clock = clock;
    metrics.counter(
        "left-out",
        "",
        Unit.COUNT,
        "Lines and events that were not logged because there were too many like them.",
        limit::leftOut);
    metrics.gauge(
        "event-bytes",
        Unit.BYTES,
        "Memory that the events of systems take.",
        () -> {
          synchronized (this) {
            return systemOctets;
          }
        });
  }

  /** One with a limit of its own, by this clock. */
  public EventLog(InstantSource clock) {
    this(
        new LogLimit(
            new Ticker() {
              @Override
              public long read() {
                return TimeUnit.MILLISECONDS.toNanos(clock.millis());
              }
            },
            List.of()),
        clock);
  }

  /**
   * From now on these are the systems: lines that begin with the name of one are about it, and what
   * is kept of others goes at the next {@link #forget}.
   */
  public void systems(Predicate<String> systems) {
    isSystem = systems;
  }

  /** From now on this is told the system of each event, or null, after it can be read. */
  public void listen(Consumer<String> toEvents) {
    listener = toEvents;
  }

  /**
   * Adds an event, and logs it. The caller answers for how often that is: a program or a person has
   * caused it, or what agents cause is limited already.
   */
  public void add(Event event) {
    added.increment();
    LOG.atLevel(event.level()).addMarker(TOLD).log("{}", event.message());
    keep(event, clock.millis());
  }

  /**
   * Adds an event that an agent or a client may cause again and again: one a minute of each kind
   * and system. The next one says in {@code left_out} how many there were in between.
   *
   * @return whether it was added
   */
  public boolean addLimited(Event event) {
    long before = limit.pass("event " + event.name(), String.valueOf(event.system()));
    if (before < 0) {
      return false;
    }
    add(before == 0 ? event : event.with("left_out", before));
    return true;
  }

  /** What makes events of all lines that are logged. */
  public Appender<ILoggingEvent> appender() {
    return new LogLines();
  }

  private final class LogLines extends UnsynchronizedAppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent line) {
      boolean isTold = line.getMarkerList() != null && line.getMarkerList().contains(TOLD);
      if (isTold || !line.getLevel().isGreaterOrEqual(Level.INFO)) {
        return;
      }
      logged.increment();
      Object[] arguments = line.getArgumentArray();
      Object about = arguments == null || arguments.length == 0 ? null : arguments[0];
      String system = about instanceof String name && isSystem.test(name) ? name : null;
      keep(
          new Event("log", system, level(line.getLevel()), line.getFormattedMessage(), Map.of()),
          line.getTimeStamp());
    }

    private static org.slf4j.event.Level level(Level level) {
      return level.isGreaterOrEqual(Level.ERROR)
          ? org.slf4j.event.Level.ERROR
          : level.isGreaterOrEqual(Level.WARN)
              ? org.slf4j.event.Level.WARN
              : org.slf4j.event.Level.INFO;
    }
  }

  private void keep(Event event, long millis) {
    byte[] line = EventLine.of(millis, event);
    all.add(line, millis);
    if (event.system() != null) {
      synchronized (this) {
        systemOctets += ring(event.system()).add(line, millis);
        boundSystems();
      }
    }
    listener.accept(event.system());
  }

  /** The one that something happened to just now is the last to go. */
  private void boundSystems() {
    Iterator<EventRing> oldest = systems.values().iterator();
    while (systemOctets > MOST_OF_SYSTEMS && oldest.hasNext()) {
      int taken = oldest.next().drop();
      systemOctets -= taken;
      if (taken > 0) {
        forgotten.increment();
      }
    }
  }

  /** All events. */
  public EventRing all() {
    return all;
  }

  /**
   * The events of a system. It is the same ring for as long as the system is configured, so that a
   * position in it goes on to mean the same.
   */
  public synchronized EventRing of(String system) {
    return ring(system);
  }

  private EventRing ring(String system) {
    return systems.computeIfAbsent(system, any -> new EventRing(MOST_OF_SYSTEM));
  }

  /** Drops what is kept of systems that are not configured any more. */
  public synchronized void forget() {
    Iterator<Map.Entry<String, EventRing>> each = systems.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<String, EventRing> next = each.next();
      if (!isSystem.test(next.getKey())) {
        systemOctets -= next.getValue().drop();
        each.remove();
      }
    }
  }

  /** How many lines and events there were, and how many were left out. */
  public MetricSet metrics() {
    return metrics;
  }
}
