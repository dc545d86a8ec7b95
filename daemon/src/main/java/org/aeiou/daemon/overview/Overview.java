package org.aeiou.daemon.overview;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.base.Ticker;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Learned;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.SystemCounts;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.tree.MonitoredSystem;
import org.aeiou.daemon.tree.Network;

/** Looks at all systems, and at all that ask for something. Any thread; waits for nothing. */
public final class Overview {
  /** How often {@link #sample} is to be called. */
  public static final long SAMPLE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** No more requesters are shown than this: those that asked most. */
  private static final int MOST_REQUESTERS = 1000;

  /** The wall clock was set if the two clocks drift apart by more. */
  private static final long SET_MILLIS = 1000;

  private static final JsonFactory JSON = new JsonFactory();

  private final Network network;
  private final Supplier<List<Requester>> requesters;
  private final Ticker ticker;
  private final InstantSource clock;
  private final RecentRequests recent = new RecentRequests();

  /**
   * From the ticker's time, in milliseconds, to the wall clock's. Kept, so that a point in time is
   * the same one each time it is shown; benign race, as all threads find the same.
   */
  private volatile long offsetMillis;

  /**
   * An overview.
   *
   * @param requesters all that there are
   * @param ticker the one of the scheduler
   */
  public Overview(
      Network network, Supplier<List<Requester>> requesters, Ticker ticker, InstantSource clock) {
    this.network = network;
    this.requesters = requesters;
    this.ticker = ticker;
    this.clock = clock;
    this.offsetMillis = offset(ticker.read());
  }

  /** Every system, in the order of their names. */
  public List<SystemState> systems() {
    long now = now();
    Collection<MonitoredSystem> systems = network.systems();
    List<SystemState> states = new ArrayList<>(systems.size());
    for (MonitoredSystem system : systems) {
      Endpoint endpoint = system.endpoint();
      if (endpoint != null) {
        states.add(state(system.name(), endpoint, now));
      }
    }
    return states;
  }

  /** One system; null if there is none of that name. */
  public SystemState system(String name) {
    MonitoredSystem system = network.system(name);
    Endpoint endpoint = system == null ? null : system.endpoint();
    return endpoint == null ? null : state(name, endpoint, now());
  }

  /** Those that asked most lately come first; what never asked is left out. */
  public List<RequesterState> requesters() {
    return requesters.get().stream()
        .map(this::state)
        .filter(state -> state.requests() > 0 || state.pending() > 0)
        .sorted(
            Comparator.comparingLong(RequesterState::lately)
                .thenComparingLong(RequesterState::requests)
                .reversed()
                .thenComparing(RequesterState::name))
        .limit(MOST_REQUESTERS)
        .toList();
  }

  /** Takes note of what was asked for until now. Now and then, by one thread. */
  public void sample() {
    requesters.get().forEach(recent::sample);
  }

  /** {@link #systems}, a JSON object a line. */
  public String systemsText() {
    return lines(systems(), SystemState::writeTo);
  }

  /** {@link #requesters}, a JSON object a line. */
  public String requestersText() {
    return lines(requesters(), RequesterState::writeTo);
  }

  private interface Writing<T> {
    void write(T state, JsonGenerator json) throws IOException;
  }

  private static <T> String lines(List<T> states, Writing<T> writing) {
    StringWriter text = new StringWriter(64 + 384 * states.size());
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.setRootValueSeparator(null);
      for (T state : states) {
        writing.write(state, json);
        json.writeRaw('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a StringWriter throws none
    }
    return text.toString();
  }

  private RequesterState state(Requester requester) {
    long requests = requester.requests();
    return new RequesterState(
        requester.toString(),
        requests,
        requests - recent.aMinuteAgo(requester),
        requester.pending(),
        requester.inFlight());
  }

  private SystemState state(String name, Endpoint endpoint, long now) {
    Health health = endpoint.queue().health();
    SystemCounts counts = endpoint.queue().counts();
    Learned learned = health.learned();
    boolean isHeardOf = health.rttNanos() >= 0;
    boolean isOpen = health.breaker() == Health.BreakerState.OPEN && !health.isDue(now);
    long oldest = endpoint.cache().oldestNanos();
    return new SystemState(
        name,
        endpoint.address(),
        endpoint.place().get().get(Endpoint.OWNER),
        state(health, isOpen),
        millis(health.sinceNanos()),
        health.breaker(),
        isOpen ? millis(health.openUntilNanos()) : -1,
        health.lastError(),
        micros(health.rttNanos()),
        micros(health.leastRttNanos()),
        micros(learned.variationNanos()),
        isHeardOf ? millis(health.lastAnswerNanos()) : -1,
        counts.requests(),
        counts.exchanges(),
        counts.timeouts(),
        health.queued(),
        health.inFlight(),
        health.batchLimit(),
        learned.batch() != null,
        learned.inFlight() == null ? -1 : learned.inFlight().value(),
        learned.gapNanos() == null ? -1 : TimeUnit.NANOSECONDS.toMillis(learned.gapNanos().value()),
        health.pace() != null && health.pace().waits(),
        health.pace() == null ? 0 : health.pace().waited(),
        endpoint.cache().size(),
        oldest == Slot.NEVER ? -1 : millis(oldest),
        health.notes());
  }

  private static SystemState.State state(Health health, boolean isOpen) {
    if (isOpen) {
      return SystemState.State.BREAKER;
    }
    if (health.breaker() != Health.BreakerState.CLOSED) {
      return SystemState.State.DOWN;
    }
    return health.rttNanos() < 0 ? SystemState.State.UNKNOWN : SystemState.State.UP;
  }

  private static long micros(long nanos) {
    return nanos < 0 ? -1 : TimeUnit.NANOSECONDS.toMicros(nanos);
  }

  /** The time, by the ticker; follows the wall clock if that was set. */
  private long now() {
    long now = ticker.read();
    long offset = offset(now);
    if (Math.abs(offset - offsetMillis) > SET_MILLIS) {
      offsetMillis = offset;
    }
    return now;
  }

  private long offset(long nowNanos) {
    return clock.millis() - TimeUnit.NANOSECONDS.toMillis(nowNanos);
  }

  private long millis(long nanos) {
    return offsetMillis + TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
