package org.aeiou.daemon.overview;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Closure;
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
import org.aeiou.closures.scheduler.SystemCounts;
import org.aeiou.closures.scheduler.SystemQueue;
import org.aeiou.closures.scheduler.pace.Budget;
import org.aeiou.daemon.backend.AgentProfile;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.CacheBound;
import org.aeiou.daemon.cache.CacheListener;
import org.aeiou.daemon.cache.Dependent;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.catalogue.AttributePatterns;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.endpoint.Lifetimes;
import org.aeiou.daemon.testing.Users;
import org.aeiou.daemon.tree.Network;
import org.junit.jupiter.api.Test;

class OverviewTest {
  private static final Instant EPOCH = Instant.ofEpochSecond(1_800_000_000);
  private static final Question NAME = new Question.Get(Oid.parse("1.3.6.1.2.1.1.5.0"));

  /** May be negative, as the system's. */
  private long now = -TimeUnit.HOURS.toNanos(1);

  private Duration wallClockSetBy = Duration.ZERO;

  private final Ticker ticker =
      new Ticker() {
        @Override
        public long read() {
          return now;
        }
      };

  private final Map<String, Endpoint> endpoints = new LinkedHashMap<>();
  private final List<Requester> requesters = new ArrayList<>();
  private final Network network = new Network(Catalogue.load(List.of()), Map.of(), this::wall);
  private final Overview overview = new Overview(network, () -> requesters, ticker, this::wall);

  private Instant wall() {
    return EPOCH.plusNanos(now).plus(wallClockSetBy);
  }

  private long millis(long nanos) {
    return EPOCH.toEpochMilli() + TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  private Known add(String name) {
    Known queue = new Known();
    queue.since = now;
    ReadingCache cache = new ReadingCache(ticker, new Unheard(), new CacheBound(1 << 20, ticker));
    Lifetimes lifetimes = new Lifetimes(Map.of(), Map.of(), 1);
    endpoints.put(
        name,
        new Endpoint(
            queue,
            cache,
            lifetimes,
            1,
            UTF_8,
            AttributePatterns.NONE,
            "10.0.0.1:161",
            new AgentProfile()));
    network.replace(endpoints);
    return queue;
  }

  private void pass(Duration duration) {
    now += duration.toNanos();
  }

  @Test
  void aSystemIsUpOnceItAnsweredAndUnknownBefore() {
    Known core1 = add("core1");
    assertThat(overview.system("core1").state()).isEqualTo(SystemState.State.UNKNOWN);
    assertThat(overview.system("core1").answeredMillis()).isEqualTo(-1);
    pass(Duration.ofSeconds(5));
    core1.answered(now);
    SystemState up = overview.system("core1");
    assertThat(up.state()).isEqualTo(SystemState.State.UP);
    assertThat(up.roundTripMicros()).isEqualTo(1500);
    assertThat(up.answeredMillis()).isEqualTo(millis(now));
  }

  @Test
  void aSilentSystemIsBehindItsBreakerUntilItIsDueAndDownAfterThat() {
    Known core1 = add("core1");
    core1.since = now;
    core1.breaker = Health.BreakerState.OPEN;
    core1.openUntil = now + TimeUnit.SECONDS.toNanos(10);
    SystemState silent = overview.system("core1");
    assertThat(silent.state()).isEqualTo(SystemState.State.BREAKER);
    assertThat(silent.openUntilMillis()).isEqualTo(millis(core1.openUntil));
    pass(Duration.ofSeconds(10));
    assertThat(overview.system("core1").state()).isEqualTo(SystemState.State.DOWN);
    assertThat(overview.system("core1").openUntilMillis()).isEqualTo(-1);
    core1.breaker = Health.BreakerState.HALF_OPEN;
    assertThat(overview.system("core1").state()).isEqualTo(SystemState.State.DOWN);
    assertThat(overview.system("core1").sinceMillis()).isEqualTo(millis(core1.since));
  }

  @Test
  void whatDoesNotChangeIsEqualAtTheNextLookAlsoWhenTheClocksTickApart() {
    add("core1").answered(now);
    SystemState before = overview.system("core1");
    pass(Duration.ofNanos(7_777_777));
    wallClockSetBy = Duration.ofMillis(-3);
    assertThat(overview.system("core1")).isEqualTo(before);
  }

  @Test
  void timesFollowAWallClockThatWasSet() {
    add("core1").answered(now);
    wallClockSetBy = Duration.ofHours(2);
    assertThat(overview.system("core1").answeredMillis())
        .isEqualTo(millis(now) + Duration.ofHours(2).toMillis());
  }

  @Test
  void theOldestReadingIsKnownSinceTheLastSweep() {
    add("core1");
    ReadingCache cache = endpoints.get("core1").cache();
    long minute = TimeUnit.MINUTES.toNanos(1);
    Slot slot = cache.open(NAME, new Freshness(minute, minute));
    cache.accept(
        NAME,
        Reading.of(new Value.Octets(Value.OctetsType.OCTETS, "core1".getBytes(UTF_8)), now, 0));
    slot.answered();
    long taken = now;
    assertThat(overview.system("core1").cached()).isEqualTo(1);
    pass(Duration.ofSeconds(30));
    cache.sweep();
    assertThat(overview.system("core1").oldestMillis()).isEqualTo(millis(taken));
    pass(Duration.ofMinutes(5));
    cache.sweep();
    assertThat(overview.system("core1").oldestMillis()).isEqualTo(-1);
  }

  @Test
  void aSystemThatWasTakenOutIsNotShown() {
    add("core1");
    add("lon/edge7");
    assertThat(overview.systems())
        .extracting(SystemState::name)
        .containsExactly("core1", "lon/edge7");
    endpoints.remove("core1");
    network.replace(endpoints);
    assertThat(overview.systems()).extracting(SystemState::name).containsExactly("lon/edge7");
    assertThat(overview.system("core1")).isNull();
  }

  @Test
  void theFileHasAnObjectALineWithWhatIsKnownAndNoMore() {
    add("core1");
    Known core2 = add("core2");
    core2.answered(now);
    core2.counts = new SystemCounts(20, 3, 1);
    core2.error = "core2: timed out\n\"again\"";
    core2.learned =
        new Learned(
            null,
            new Learned.Bound(1, Duration.ofMinutes(1)),
            new Learned.Bound(50_000_000, Duration.ofMinutes(1)),
            1_500_000,
            200_000);
    core2.notes = List.of("restarted");
    long since = millis(now);
    assertThat(overview.systemsText().lines())
        .containsExactly(
            "{\"system\":\"core1\",\"address\":\"10.0.0.1:161\",\"state\":\"unknown\",\"since_ms\":"
                + since
                + ",\"breaker\":\"closed\",\"requests\":0,\"exchanges\":0,\"timeouts\":0,\"queued\":0,"
                + "\"in_flight\":0,\"batch_limit\":28,\"cached\":0}",
            "{\"system\":\"core2\",\"address\":\"10.0.0.1:161\",\"state\":\"up\",\"since_ms\":"
                + since
                + ",\"breaker\":\"closed\",\"last_error\":\"core2: timed out\\n\\\"again\\\"\","
                + "\"rtt_us\":1500,\"rtt_variation_us\":200,\"answered_ms\":"
                + since
                + ",\"requests\":20,\"exchanges\":3,\"timeouts\":1,\"queued\":0,\"in_flight\":0,"
                + "\"batch_limit\":28,\"in_flight_limit\":1,\"gap_ms\":50,\"cached\":0,"
                + "\"notes\":[\"restarted\"]}");
  }

  @Test
  void requestersThatNeverAskedAreNotShown() {
    requesters.add(Users.requester("user 1000"));
    assertThat(overview.requesters()).isEmpty();
    assertThat(overview.requestersText()).isEmpty();
  }

  /** For caches on which nothing depends. */
  private static final class Unheard implements CacheListener {
    @Override
    public void changed(
        Dependent dependent, Question question, Outcome<Value> before, Outcome<Value> after) {}

    @Override
    public void confirmed(Dependent dependent) {}
  }

  /** A system's queue of which a test says how it is. */
  private static final class Known implements SystemQueue<Question, Value> {
    Health.BreakerState breaker = Health.BreakerState.CLOSED;
    long openUntil;
    long since;
    long answered;
    long roundTrip = -1;
    String error;
    SystemCounts counts = SystemCounts.NONE;
    Learned learned = Learned.NOTHING;
    List<String> notes = List.of();

    void answered(long nanos) {
      answered = nanos;
      since = nanos;
      roundTrip = 1_500_000;
    }

    @Override
    public Health health() {
      return new Health(
          breaker, openUntil, since, roundTrip, answered, error, 28, 0, 0, -1, null, List.of(),
          notes, learned);
    }

    @Override
    public SystemCounts counts() {
      return counts;
    }

    @Override
    public <C> Request submit(
        Question key,
        Priority priority,
        long deadlineNanos,
        RequesterBurst burst,
        Closure<Value, C> closure,
        C context) {
      throw new UnsupportedOperationException("no overview asks a system");
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
      throw new UnsupportedOperationException("no overview asks a system");
    }

    @Override
    public boolean hasRoom(Requester requester) {
      return true;
    }

    @Override
    public boolean deliver(Question key, Outcome<Value> outcome) {
      return true;
    }

    @Override
    public void change(Limits limits, Exchanger<Question, Value> exchanger) {}

    @Override
    public void share(Budget budget) {}

    @Override
    public void learn(Learned known, Runnable then) {}

    @Override
    public void close() {}
  }
}
