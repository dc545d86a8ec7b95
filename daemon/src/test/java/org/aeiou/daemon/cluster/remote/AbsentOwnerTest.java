package org.aeiou.daemon.cluster.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.daemon.cluster.broker.Broker;
import org.junit.jupiter.api.Test;

/** What readers' refreshes ask of an owner that came after a while without one. */
final class AbsentOwnerTest extends RemoteFixture {
  private static final Duration STEP = Duration.ofSeconds(1);

  private final List<Agent> many =
      IntStream.range(0, 200).mapToObj(n -> system("core" + n)).toList();

  private boolean refresh(Agent system) {
    return system.queue.submit(
            NAME,
            system.cache.open(NAME, TEN_SECONDS),
            Priority.BACKGROUND,
            now() + Duration.ofSeconds(5).toNanos(),
            now(),
            user.alone(),
            (context, outcome, delayed) -> {},
            null)
        != null;
  }

  private List<Agent> refreshed(List<Agent> wanted) {
    return wanted.stream().filter(this::refresh).toList();
  }

  private void absent(Duration time) {
    for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(STEP)) {
      advance(STEP);
    }
  }

  @Test
  void whatBecameStaleMeanwhileIsRefreshedWithinAsLongAsTheSlotWasAbsent() {
    owners.all("p");
    owners.all(null);
    absent(Duration.ofSeconds(10));
    owners.all("q");

    List<Agent> left = many;
    for (int second = 0; second < 10; second++) {
      List<Agent> now = refreshed(left);
      assertThat(now).as("in second %d", second).hasSizeLessThan(45);
      left = left.stream().filter(system -> !now.contains(system)).toList();
      advance(STEP);
    }
    assertThat(refreshed(left)).hasSameSizeAs(left);
    assertThat(refreshed(many)).as("from then on").hasSameSizeAs(many);
  }

  @Test
  void whatAReaderWaitsForIsAskedAtOnce() {
    owners.all("p");
    owners.all(null);
    absent(Duration.ofSeconds(10));
    owners.all("q");
    many.forEach(system -> system.asked(NAME));
    assertThat(q.asked()).hasSameSizeAs(many);
  }

  @Test
  void ownersThatFollowEachOtherHoldUpNothing() {
    owners.all("p");
    owners.all(null);
    owners.all("q");
    assertThat(refreshed(many)).hasSameSizeAs(many);
  }

  @Test
  void aMemberThatTakesThemOverHasItsOwnReadersTakeTurnsToo() {
    owners.all("p");
    owners.all(null);
    absent(Duration.ofSeconds(10));
    owners.all("me");
    many.forEach(system -> system.queue.own());
    advance(STEP);
    assertThat(refreshed(many)).hasSizeBetween(1, 45);
  }

  @Test
  void afterTheBrokerWasGoneOthersSystemsTakeTurns() {
    owners.all("p");
    network.state(broker, Broker.State.GONE);
    absent(Duration.ofSeconds(10));
    network.state(broker, Broker.State.CONNECTED);
    advance(STEP);
    assertThat(refreshed(many)).hasSizeBetween(1, 45);
  }

  @Test
  void ownSystemsWereAskedWhileTheBrokerWasGone() {
    owners.all("me");
    network.state(broker, Broker.State.GONE);
    absent(Duration.ofSeconds(10));
    network.state(broker, Broker.State.CONNECTED);
    assertThat(refreshed(many)).hasSameSizeAs(many);
  }
}
