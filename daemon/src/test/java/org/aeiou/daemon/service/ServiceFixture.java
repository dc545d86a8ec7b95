package org.aeiou.daemon.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.CacheBound;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.endpoint.Lifetimes;
import org.aeiou.daemon.testing.Users;
import org.aeiou.daemon.tree.Network;
import org.aeiou.daemon.tree.Node;
import org.junit.jupiter.api.BeforeEach;

/** A service for one system, {@code core1}, with answers given by hand. */
abstract class ServiceFixture {
  static final Catalogue CATALOGUE = Catalogue.load(List.of());
  static final AttributeGroup.Table INTERFACES =
      (AttributeGroup.Table) CATALOGUE.group("interfaces");
  static final Oid IF_NAME = Oid.parse("1.3.6.1.2.1.31.1.1.1.1");
  static final Oid IF_OPER_STATUS = INTERFACES.attribute("ifOperStatus").oid();
  static final Oid SYS_LOCATION = Oid.parse("1.3.6.1.2.1.1.6.0");
  static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  final Requester requester = Users.requester("a test");
  final List<Ended> ended = new ArrayList<>();
  final List<Runnable> later = new ArrayList<>();

  /** After how long each of those is to be done. */
  final List<Long> laterNanos = new ArrayList<>();

  long now = 1_000_000_000_000L;
  Ticker ticker;
  Observers observers;
  CacheBound bound;
  ReadingCache cache;
  HandQueue queue;
  Network network;
  Lifetimes lifetimes;
  AttributeService service;

  /** One closure that ran. */
  record Ended(String context, Outcome<?> outcome, boolean delayed) {}

  @BeforeEach
  void build() {
    ticker =
        new Ticker() {
          @Override
          public long read() {
            return now;
          }
        };
    InstantSource clock = () -> Instant.ofEpochMilli(TimeUnit.NANOSECONDS.toMillis(now));
    observers = new Observers();
    bound = new CacheBound(Long.MAX_VALUE, ticker);
    cache = new ReadingCache(ticker, observers, bound);
    queue = new HandQueue(cache);
    network = new Network(CATALOGUE, Map.of("version", () -> "1\n"), clock);
    Lifetimes times = new Lifetimes(Map.of(), Map.of("sysLocation", Duration.ofMinutes(5)), 1);
    network.replace(Map.of("core1", new Endpoint(queue, cache, times, MINUTE)));
    lifetimes = times;
    service =
        new AttributeService(
            network,
            new Ownership(0, 0, 0444),
            observers,
            bound,
            Users::requester,
            this::after,
            ticker,
            clock);
  }

  private void after(long nanos, Runnable task) {
    later.add(task);
    laterNanos.add(nanos);
  }

  /** Does all that was put off by now, whenever it was to be done. */
  void runLater() {
    List<Runnable> tasks = List.copyOf(later);
    later.clear();
    laterNanos.clear();
    tasks.forEach(Runnable::run);
  }

  /** Lets the time pass after which the next of what was put off happens, and that happen. */
  void passLater() {
    now += laterNanos.remove(0);
    later.remove(0).run();
  }

  <T> Closure<T, String> note() {
    return (context, outcome, delayed) -> ended.add(new Ended(context, outcome, delayed));
  }

  Request read(String path) {
    return service.read(requester, node(path), note(), path);
  }

  /** Finds a node; all its directories are known. */
  Node node(String path) {
    Node[] found = {service.root()};
    for (String name : path.split("/", -1)) {
      Node directory = found[0];
      service.<Object>find(
          requester,
          directory,
          name,
          (context, outcome, delayed) -> {
            assertThat(delayed).as(name).isFalse();
            found[0] = ((Reading<FileSystem.Entry>) outcome).value().node();
          },
          null);
      assertThat(found[0]).as(path).isNotNull().isNotSameAs(directory);
    }
    return found[0];
  }

  Outcome<Value> text(String text) {
    return reading(new Value.Octets(Value.OctetsType.OCTETS, text.getBytes(UTF_8)));
  }

  Outcome<Value> reading(Value value) {
    return Reading.of(value, now, TimeUnit.NANOSECONDS.toMillis(now));
  }

  Ended onlyEnded() {
    assertThat(ended).hasSize(1);
    return ended.remove(0);
  }

  static String content(Ended ended) {
    assertThat(ended.outcome()).isInstanceOf(Reading.class);
    return new String(((FileSystem.Content) ((Reading<?>) ended.outcome()).value()).bytes(), UTF_8);
  }

  static Failure.Reason reason(Ended ended) {
    assertThat(ended.outcome()).isInstanceOf(Failure.class);
    return ((Failure<?>) ended.outcome()).reason();
  }

  /** Lets a walk of the interfaces find these names at these indexes. */
  void walked(Object... namesAndIndexes) {
    List<Value.Row> rows = new ArrayList<>();
    List<Oid> columns = INTERFACES.walk();
    for (int i = 0; i < namesAndIndexes.length; i += 2) {
      Value[] values = new Value[columns.size()];
      Arrays.setAll(values, c -> new Value.Numeric(Value.NumberType.INTEGER, 1));
      values[columns.indexOf(IF_NAME)] = name((String) namesAndIndexes[i]);
      rows.add(new Value.Row(Oid.of((int) namesAndIndexes[i + 1]), Arrays.asList(values)));
    }
    queue.answer(reading(new Value.Rows(rows)));
  }

  static Value name(String name) {
    return new Value.Octets(Value.OctetsType.OCTETS, name.getBytes(UTF_8));
  }

  static Value status(int status, String name) {
    return new Value.Guarded(
        new Value.Numeric(Value.NumberType.INTEGER, status), name == null ? null : name(name));
  }

  void knowInterfaces() {
    service.list(requester, node("core1/interfaces"), note(), "list");
    walked("eth0", 3, "eth1", 4);
    ended.clear();
  }
}
