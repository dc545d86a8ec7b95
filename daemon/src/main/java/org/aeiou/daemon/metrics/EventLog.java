package org.aeiou.daemon.metrics;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import com.google.common.base.Ticker;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
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

  /** How many events of one cause are told in a minute: down and up again are two. */
  static final int MOST_OF_CAUSE = 2;

  /** How many of a kind, where each is limited, are told in a minute in the log of all. */
  static final int MOST_OF_KIND = 100;

  private final MetricSet metrics = new MetricSet();
  private final MetricSet kinds = new MetricSet();
  private final Map<EventKind, LongAdder> counts = new EnumMap<>(EventKind.class);
  private final Ticker ticker;
  private final InstantSource clock;
  private final EventLimit ofCause =
      new EventLimit(MOST_OF_CAUSE, event -> event.cause() + " " + event.system());
  private final EventLimit ofKind = new EventLimit(MOST_OF_KIND, event -> event.kind().written());
  private final EventRing all = new EventRing(MOST_OF_ALL);

  // Guarded by this. In the order in which something happened to them last.
  private final Map<String, EventRing> systems = new LinkedHashMap<>(16, 0.75f, true);
  private long systemOctets;

  private volatile Predicate<String> isSystem = name -> false;
  private volatile Consumer<String> listener = system -> {};
  private volatile ObjLongConsumer<Event> others = (event, millis) -> {};

  private final LongAdder logged =
      metrics.counter("lines", "Lines that were logged, from INFO up.");
  private final LongAdder fromOthers =
      metrics.counter("from-others", "Events that happened where other members of a cluster are.");
  private final LongAdder forgotten =
      metrics.counter(
          "forgotten",
          "Systems whose events were dropped because those of all systems took too much memory.");

  /**
   * No events yet.
   *
   * @param limit what keeps too many lines of one cause out of the log
   * @param ticker for how many events of a cause there were lately
   * @param clock for the time of events
   */
  public EventLog(LogLimit limit, Ticker ticker, InstantSource clock) {
    this.ticker = ticker;
    this.clock = clock;
    for (EventKind kind : EventKind.values()) {
      LongAdder count = new LongAdder();
      counts.put(kind, count);
      kinds.counter(
          kind.written(),
          "event",
          Unit.COUNT,
          "Events that happened, by kind; also those that no line tells of as there were too many.",
          count::sum);
    }
    metrics.counter(
        "left-out",
        "",
        Unit.COUNT,
        "Lines and events that were not logged because there were too many like them.",
        () -> limit.leftOut() + ofCause.leftOut() + ofKind.leftOut());
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
    this(by(clock), clock);
  }

  private EventLog(Ticker ticker, InstantSource clock) {
    this(new LogLimit(ticker), ticker, clock);
  }

  private static Ticker by(InstantSource clock) {
    return new Ticker() {
      @Override
      public long read() {
        return TimeUnit.MILLISECONDS.toNanos(clock.millis());
      }
    };
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
   * From now on this is told what happens to systems and when, in milliseconds since 1970, as their
   * events have it; not what was taken in with {@link #takeIn}. Called as the listener is.
   */
  public void share(ObjLongConsumer<Event> withOthers) {
    others = withOthers;
  }

  /**
   * Adds what happened to a system where another member of the cluster is. It is in the log of that
   * one, and not in this one's.
   *
   * @param millis when it happened
   * @param member what that member is called
   * @return false if there is no such system here
   */
  public boolean takeIn(Event event, long millis, String member) {
    if (event.system() == null || !isSystem.test(event.system())) {
      return false;
    }
    fromOthers.increment();
    tellHere(event.with(EventKind.MEMBER.name(), member), millis);
    return true;
  }

  /**
   * Adds an event, and logs it. Of those that agents and clients may cause again and again, a few a
   * minute are kept of each cause, and a hundred of a kind in the log of all.
   */
  public void add(Event event) {
    long millis = clock.millis();
    counts.get(event.kind()).increment();
    Event told =
        event.cause() == null
            ? event
            : ofCause.pass(new EventLimit.Timed(event, millis), ticker.read());
    if (told != null) {
      tell(told, millis);
    }
  }

  private void tell(Event event, long millis) {
    tellHere(event, millis);
    shareWithOthers(event, millis);
  }

  private void shareWithOthers(Event event, long millis) {
    if (event.system() != null) {
      others.accept(event, millis);
    }
  }

  private void tellHere(Event event, long millis) {
    keepOfSystem(event, millis);
    Event told =
        event.cause() == null
            ? event
            : ofKind.pass(new EventLimit.Timed(event, millis), ticker.read());
    if (told != null) {
      tellAll(told, millis);
    }
    listener.accept(event.system());
  }

  /** Of no system it is about a member, wherever that is. */
  private static boolean isFromOthers(Event event) {
    return event.system() != null && event.fields().containsKey(EventKind.MEMBER.name());
  }

  private void tellAll(Event event, long millis) {
    if (!isFromOthers(event)) {
      LOG.atLevel(event.level()).addMarker(TOLD).log("{}", event);
    }
    all.add(EventLine.of(millis, event), millis);
  }

  /**
   * Tells what was held back for a minute, as there was too much like it. Called once in a while.
   */
  public void tellHeldBack() {
    long now = ticker.read();
    ofCause.due(now).forEach(held -> tell(held.event(), held.millis()));
    for (EventLimit.Timed held : ofKind.due(now)) {
      tellAll(held.event(), held.millis());
      listener.accept(null);
    }
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
      counts.get(EventKind.LOG).increment();
      Event event = of(line);
      keepOfSystem(event, line.getTimeStamp());
      all.add(EventLine.of(line.getTimeStamp(), event), line.getTimeStamp());
      listener.accept(event.system());
      shareWithOthers(event, line.getTimeStamp());
    }
  }

  /** The event that a line of the log is; of those below INFO, which are none, what it would be. */
  public Event of(ILoggingEvent line) {
    Object[] arguments = line.getArgumentArray();
    Object about = arguments == null || arguments.length == 0 ? null : arguments[0];
    if (about instanceof Event event) {
      return event;
    }
    String system = about instanceof String name && isSystem.test(name) ? name : null;
    return Event.of(EventKind.LOG, level(line.getLevel()), system, line.getFormattedMessage());
  }

  private static org.slf4j.event.Level level(Level level) {
    return level.isGreaterOrEqual(Level.ERROR)
        ? org.slf4j.event.Level.ERROR
        : level.isGreaterOrEqual(Level.WARN)
            ? org.slf4j.event.Level.WARN
            : org.slf4j.event.Level.INFO;
  }

  private void keepOfSystem(Event event, long millis) {
    if (event.system() != null) {
      byte[] line = EventLine.of(millis, event);
      synchronized (this) {
        systemOctets += ring(event.system()).add(line, millis);
        boundSystems();
      }
    }
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

  /** How many causes are kept in mind. */
  int causes() {
    return ofCause.causes();
  }

  /** How many events there were of each kind. */
  public MetricSet kinds() {
    return kinds;
  }

  /** How many lines and events there were, and how many were left out. */
  public MetricSet metrics() {
    return metrics;
  }
}
