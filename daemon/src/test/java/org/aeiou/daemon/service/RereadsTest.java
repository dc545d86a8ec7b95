package org.aeiou.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Failure;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.service.fetch.Rereads;
import org.aeiou.daemon.tree.Node;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is read again because a system says that it has changed. */
final class RereadsTest extends ServiceFixture {
  private static final String LOCATION = "core1/system/sysLocation";
  private static final String NAME = "core1/system/sysName";
  private static final long ROUND_TRIP = TimeUnit.MILLISECONDS.toNanos(50);

  private final List<Node> changed = new ArrayList<>();
  private Rereads rereads;

  @BeforeEach
  void observe() {
    rereads = new Rereads(requester, ticker);
    service.observe(
        new FileSystem.Observer() {
          @Override
          public void contentChanged(Node file) {
            changed.add(file);
          }

          @Override
          public void namesChanged(Node directory, Collection<String> names) {}
        });
  }

  private void isSaidToHaveChanged(Oid... objects) {
    Set<Oid> those = Set.of(objects);
    rereads.readAgain(
        network.system("core1").endpoint(),
        question -> question instanceof Question.Get get && those.contains(get.oid()),
        false);
  }

  private void know(String path, String value) {
    read(path);
    queue.answer(text(value));
    ended.clear();
    changed.clear();
  }

  private String cached(String path) {
    Content content = service.cached(node(path));
    return content == null
        ? null
        : new String(content.value(), java.nio.charset.StandardCharsets.UTF_8);
  }

  private long counted(String counter) {
    return rereads.metrics().values().get(counter);
  }

  @Test
  void aChangeIsKnownOneRoundTripAfterTheNotificationAndByAReadingAlone() {
    know(LOCATION, "Rack 7");
    long notified = now;
    isSaidToHaveChanged(SYS_LOCATION);
    assertThat(cached(LOCATION)).isNull();
    assertThat(changed).isEmpty();
    assertThat(queue.asked()).containsExactly(new Question.Get(SYS_LOCATION));
    now += ROUND_TRIP;
    queue.answer(text("Rack 8"));
    assertThat(changed).containsExactly(node(LOCATION));
    assertThat(now - notified).isEqualTo(ROUND_TRIP);
    assertThat(cached(LOCATION)).isEqualTo("Rack 8");
    assertThat(queue.asked()).isEmpty();
  }

  @Test
  void whatIsTheSameAfterAllIsNoChangeAndKeepsItsTimeOfChange() {
    know(LOCATION, "Rack 7");
    long since = service.attributes(node(LOCATION)).changedMillis();
    isSaidToHaveChanged(SYS_LOCATION);
    now += ROUND_TRIP;
    queue.answer(text("Rack 7"));
    assertThat(changed).isEmpty();
    assertThat(cached(LOCATION)).isEqualTo("Rack 7");
    assertThat(service.attributes(node(LOCATION)).changedMillis()).isEqualTo(since);
  }

  @Test
  void whatWasNeverReadIsNotRead() {
    know(NAME, "core1");
    isSaidToHaveChanged(SYS_LOCATION);
    assertThat(queue.asked()).isEmpty();
    assertThat(cached(NAME)).isEqualTo("core1");
  }

  @Test
  void anAnswerThatWasAskedForBeforeTheNotificationIsNotKeptAndAskedForOnceMore() {
    read(LOCATION);
    isSaidToHaveChanged(SYS_LOCATION);
    // The reader that asked first gets what came for it.
    queue.answer(text("Rack 7"));
    assertThat(content(onlyEnded())).isEqualTo("Rack 7\n");
    assertThat(cached(LOCATION)).isNull();
    queue.answer(text("Rack 8"));
    assertThat(cached(LOCATION)).isEqualTo("Rack 8");
    assertThat(queue.asked()).isEmpty();
  }

  @Test
  void manyNotificationsOfOneObjectAreOneReadingUnderWayAndOneAfterIt() {
    know(LOCATION, "Rack 7");
    for (int i = 0; i < 5000; i++) {
      isSaidToHaveChanged(SYS_LOCATION);
    }
    assertThat(queue.asked()).hasSize(1);
    queue.answer(text("Rack 8"));
    assertThat(cached(LOCATION)).isNull();
    assertThat(queue.asked()).hasSize(1);
    queue.answer(text("Rack 9"));
    assertThat(cached(LOCATION)).isEqualTo("Rack 9");
    assertThat(queue.asked()).isEmpty();
    assertThat(changed).hasSize(1);
    assertThat(counted("coalesced")).isEqualTo(4999);
    assertThat(counted("reread")).isEqualTo(2);
    assertThat(counted("overtaken")).isEqualTo(1);
    assertThat(counted("under-way")).isZero();
  }

  @Test
  void whatCannotBeReadAgainIsNotServedAsItWas() {
    know(LOCATION, "Rack 7");
    isSaidToHaveChanged(SYS_LOCATION);
    queue.answer(new Failure<>(Failure.Reason.TIMEOUT, "no answer"));
    assertThat(cached(LOCATION)).isNull();
    assertThat(queue.asked()).isEmpty();
    assertThat(counted("failed")).isEqualTo(1);
    assertThat(counted("under-way")).isZero();
    read(LOCATION);
    queue.answer(text("Rack 8"));
    assertThat(cached(LOCATION)).isEqualTo("Rack 8");
  }

  @Test
  void afterARestartEverythingIsForgottenAndWhatIsWatchedReadAgain() {
    know(LOCATION, "Rack 7");
    know(NAME, "core1");
    service.watch(requester, node(LOCATION));
    rereads.readAgain(network.system("core1").endpoint(), question -> true, true);
    assertThat(cached(LOCATION)).isNull();
    assertThat(cached(NAME)).isNull();
    assertThat(queue.asked()).containsExactly(new Question.Get(SYS_LOCATION));
  }

  @Test
  void whereTooMuchIsPendingItIsForgottenAndReadWhenItIsAskedFor() {
    know(LOCATION, "Rack 7");
    queue.fill();
    isSaidToHaveChanged(SYS_LOCATION);
    assertThat(cached(LOCATION)).isNull();
    assertThat(counted("refused")).isEqualTo(1);
    assertThat(counted("under-way")).isZero();
  }
}
