package org.aeiou.daemon.cluster.nats;

import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.daemon.cluster.lease.LeaseStore;
import org.aeiou.daemon.cluster.lease.LeaseStore.Verdict;
import org.aeiou.daemon.testing.NatsServer;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Leases in the bucket of a real server; they last a second. */
@Needs(Needs.Thing.NATS_SERVER)
class NatsLeaseStoreIT {
  private static final long TIMEOUT_NANOS = Duration.ofMillis(500).toNanos();

  @AutoClose private final NatsServer server = NatsServer.start();
  private final List<NatsLeaseStore> stores = new ArrayList<>();
  private final Queue<Long> opened = new ConcurrentLinkedQueue<>();
  private final Queue<Long> ages = new ConcurrentLinkedQueue<>();
  private final Queue<String> happened = new ConcurrentLinkedQueue<>();
  private NatsLeaseStore store;

  NatsLeaseStoreIT() throws Exception {}

  @BeforeEach
  void open() throws Exception {
    store = store("1s");
    eventually("it is open", () -> !opened.isEmpty());
  }

  @AfterEach
  void close() {
    stores.forEach(NatsLeaseStore::close);
  }

  private NatsLeaseStore store(String ttl) {
    return store(ttl, 1);
  }

  private NatsLeaseStore store(String ttl, int replicas) {
    NatsSettings settings =
        new NatsSettings(
            List.of(server.url()),
            "lab",
            "member",
            new NatsSettings.Login.None(),
            null,
            Duration.parse("PT" + ttl),
            replicas);
    NatsLeaseStore made = NatsLeaseStore.connect(settings, Ticker.systemTicker(), new MetricSet());
    made.listen(
        new LeaseStore.Listener() {
          @Override
          public void opened(long incarnation, long ageNanos) {
            ages.add(ageNanos);
            opened.add(incarnation);
            happened.add("opened");
          }

          @Override
          public void closed() {
            happened.add("closed");
          }

          @Override
          public void stepped(long millis) {
            happened.add("stepped");
          }
        });
    stores.add(made);
    return made;
  }

  private static Verdict verdict(Consumer<Consumer<Verdict>> call) throws Exception {
    CompletableFuture<Verdict> verdict = new CompletableFuture<>();
    call.accept(verdict::complete);
    return verdict.get(5, TimeUnit.SECONDS);
  }

  private Verdict create(int slot, String value) throws Exception {
    return verdict(then -> store.create(slot, value, TIMEOUT_NANOS, then));
  }

  private Verdict renew(int slot, long revision, String value) throws Exception {
    return verdict(then -> store.renew(slot, revision, value, TIMEOUT_NANOS, then));
  }

  private Verdict read(int slot) throws Exception {
    return verdict(then -> store.read(slot, TIMEOUT_NANOS, then));
  }

  private Verdict release(int slot, long revision) throws Exception {
    return verdict(then -> store.release(slot, revision, TIMEOUT_NANOS, then));
  }

  private static long revision(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.Stored.class);
    return ((Verdict.Stored) verdict).revision();
  }

  @Test
  void aLeaseIsAcquiredByOneRenewedByItsRevisionAndReleasedWithoutATrace() throws Exception {
    assertThat(read(3)).isEqualTo(new Verdict.Absent());
    long first = revision(create(3, "one#1"));
    assertThat(create(3, "two#1")).isEqualTo(new Verdict.Refused());
    assertThat(read(3)).isEqualTo(new Verdict.Found(first, "one#1"));
    long second = revision(renew(3, first, "one#2"));
    assertThat(second).isGreaterThan(first);
    assertThat(renew(3, first, "one#3")).isEqualTo(new Verdict.Refused());
    assertThat(release(3, first)).isEqualTo(new Verdict.Absent());
    assertThat(read(3)).isEqualTo(new Verdict.Found(second, "one#2"));
    assertThat(release(3, second)).isEqualTo(new Verdict.Absent());
    assertThat(read(3)).isEqualTo(new Verdict.Absent());
    long third = revision(create(3, "two#2"));
    assertThat(release(3, second)).isEqualTo(new Verdict.Absent());
    assertThat(read(3)).isEqualTo(new Verdict.Found(third, "two#2"));
  }

  @Test
  void aLeaseThatIsNotRenewedEndsAfterItsTimeToLiveAndNotBefore() throws Exception {
    long sent = System.nanoTime();
    long revision = revision(create(5, "one"));
    eventually("it ends", () -> read(5).equals(new Verdict.Absent()));
    assertThat(System.nanoTime() - sent).isGreaterThan(Duration.ofSeconds(1).toNanos());
    assertThat(renew(5, revision, "one")).isEqualTo(new Verdict.Refused());
    revision(create(5, "two"));
  }

  @Test
  void leasesAndTheBucketOutliveAServerThatIsKilled() throws Exception {
    long revision = revision(create(7, "one"));
    server.kill();
    eventually("it is closed", () -> happened.contains("closed"));
    assertThat(renew(7, revision, "one#2")).isInstanceOf(Verdict.Unknown.class);
    server.restart();
    eventually("it is open again", () -> opened.size() == 2);
    assertThat(opened.stream().distinct()).hasSize(1);
    assertThat(ages.poll()).isBetween(0L, Duration.ofSeconds(1).toNanos());
    assertThat(ages.poll()).isBetween(1L, Duration.ofSeconds(20).toNanos());
    assertThat(renew(7, revision, "one#2"))
        .isInstanceOfAny(Verdict.Stored.class, Verdict.Refused.class);
  }

  @Test
  void aServerThatHasLostItsStoreHasAnotherIncarnation() throws Exception {
    server.kill();
    server.loseStore();
    server.restart();
    eventually("it is open again", () -> opened.size() == 2);
    assertThat(opened.stream().distinct()).hasSize(2);
    assertThat(happened).containsExactly("opened", "closed", "opened");
  }

  @Test
  void aServerThatComesBackWithLessThanItHadStoredGivesNoLeaseForATimeToLive() throws Exception {
    server.kill();
    server.saveStore();
    server.restart();
    eventually("it is open again", () -> opened.size() == 2);
    revision(create(1, "one"));
    revision(create(2, "one"));
    server.kill();
    server.restoreStore();
    long start = System.nanoTime();
    server.restart();
    eventually("it is open again", () -> opened.size() == 3);
    assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofSeconds(1).toNanos());
    assertThat(opened.stream().distinct()).hasSize(1);
    revision(create(1, "two"));
  }

  @Test
  void aSilentServerLeavesTheOutcomeUnknownInTime() throws Exception {
    server.pause();
    long start = System.nanoTime();
    assertThat(create(9, "one")).isInstanceOf(Verdict.Unknown.class);
    assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(2).toNanos());
    server.resume();
    // What was under way is done when the server goes on; the lease tells whose it is.
    eventually("it was done later", () -> read(9) instanceof Verdict.Found);
  }

  @Test
  void aBucketWithAnotherTimeToLiveIsExplainedAndNotOpened() throws Exception {
    opened.clear();
    NatsLeaseStore other = store("7s");
    eventually("it is explained", () -> other.problem().startsWith("bucket"));
    assertThat(other.problem())
        .isEqualTo(
            "bucket 'aeiou-lab-leases' has keys that last 1s, but 'cluster.ttl' is 7s; write"
                + " 'ttl: 1s' at all members, or stop all and delete the bucket: nats kv del"
                + " aeiou-lab-leases");
    assertThat(opened).isEmpty();
  }

  @Test
  void moreReplicasThanOneAreRefusedAtServersThatGiveALeaseTwice() throws Exception {
    NatsLeaseStore other = store("1s", 3);
    eventually("it is explained", () -> other.problem().startsWith("bucket"));
    assertThat(other.problem())
        .startsWith(
            "bucket 'aeiou-lab-leases' is to be kept on 3 servers; servers before 2.11.0, as this"
                + " 2.9.10, give one lease to several members then. Write 'replicas: 1'");
  }

  @Test
  void noThreadOfAConnectionKeepsTheProcessAlive() {
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().startsWith("nats"))
        .isNotEmpty()
        .allMatch(Thread::isDaemon);
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().startsWith("jnats"))
        .allMatch(Thread::isDaemon);
  }
}
