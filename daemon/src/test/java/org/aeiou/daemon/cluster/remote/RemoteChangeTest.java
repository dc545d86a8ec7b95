package org.aeiou.daemon.cluster.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Health.BreakerState;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.message.Frame;
import org.junit.jupiter.api.Test;

/** What owners tell unasked. */
class RemoteChangeTest extends RemoteFixture {
  private final Agent core1 = system("core1");
  private final Epoch older = owners.all("q");
  private final Epoch epoch = owners.all("p");
  private final int slot = owners.slotOf("core1");

  private void tells(Poller poller, Epoch by, Outcome<Value> outcome) {
    poller.post.toSlot(
        slot, new Frame.Changed(by, "core1", List.of(new Frame.Held(NAME, outcome))));
    settle();
  }

  private String held() {
    Slot place = core1.cache.find(NAME);
    return place == null || place.outcome() == null ? "nothing" : word(place.outcome());
  }

  private void askFirst() {
    core1.asked(NAME);
    p.answers("one");
    advance(Duration.ofSeconds(1));
  }

  @Test
  void whatTheOwnerReadAnewIsTakenInOfWhatWasAskedLately() {
    tells(p, epoch, reading("zero"));
    assertThat(held()).as("the slot is not listened to").isEqualTo("nothing");
    askFirst();
    tells(p, epoch, reading("two"));
    assertThat(held()).isEqualTo("two");
    assertThat(count("changes")).isEqualTo(1);
    assertThat(core1.asked(NAME).word()).as("and found by who asks next").isEqualTo("two");
  }

  @Test
  void whatWasNotAskedHereIsNotKept() {
    core1.asked(LOCATION);
    tells(p, epoch, reading("one"));
    assertThat(held()).isEqualTo("nothing");
    assertThat(core1.cache.find(NAME)).isNull();
    assertThat(count("unwantedChanges")).isEqualTo(1);
  }

  @Test
  void whatIsOlderOrWrongOrAFailureIsDropped() {
    askFirst();
    Outcome<Value> before = reading("before");
    advance(Duration.ofSeconds(1));
    tells(p, epoch, reading("two"));
    tells(p, epoch, before);
    assertThat(held()).isEqualTo("two");
    tells(p, epoch, new Failure<>(Failure.Reason.TIMEOUT, "silent"));
    assertThat(held()).isEqualTo("two");
    core1.cache.invalidate(NAME);
    tells(p, epoch, reading("written over"));
    assertThat(held()).as("said to be wrong").isEqualTo("nothing");
    assertThat(count("unwantedChanges")).isEqualTo(3);
  }

  @Test
  void anOlderEpochAndAForgedOneAreDroppedAndCounted() {
    askFirst();
    tells(q, older, reading("old"));
    assertThat(count("olderEpochs")).isEqualTo(1);
    tells(q, epoch, reading("forged"));
    tells(q, null, reading("forged"));
    assertThat(count("strangeReplies")).isEqualTo(2);
    assertThat(held()).isEqualTo("one");
  }

  @Test
  void theNextOwnerMayTellBeforeItIsHeardOf() {
    askFirst();
    tells(q, new Epoch(1, 100), reading("two"));
    assertThat(held()).isEqualTo("two");
  }

  @Test
  void aSlotIsListenedToForAsLongAsSomethingOfItIsOfUse() {
    askFirst();
    assertThat(count("slotsHeard")).isEqualTo(1);
    advance(Duration.ofSeconds(100));
    assertThat(count("slotsHeard")).as("10 s, 20 s of grace, 75 s").isEqualTo(1);
    advance(Duration.ofSeconds(10));
    assertThat(count("slotsHeard")).isZero();
    askFirst();
    tells(p, epoch, reading("two"));
    assertThat(held()).isEqualTo("two");
  }

  @Test
  void howASystemIsComesFromItsOwner() {
    Health down = health(BreakerState.OPEN);
    core1.asked(NAME);
    p.says(new Frame.Reply(p.last().exchange(), epoch, List.of(reading("x")), down));
    assertThat(core1.queue.health().breaker()).isEqualTo(BreakerState.OPEN);
    q.post.toSlot(slot, new Frame.Condition(older, "core1", health(BreakerState.HALF_OPEN)));
    settle();
    assertThat(core1.queue.health().breaker()).isEqualTo(BreakerState.OPEN);
    p.post.toSlot(slot, new Frame.Condition(epoch, "core1", health(BreakerState.CLOSED)));
    settle();
    assertThat(core1.queue.health().breaker()).isEqualTo(BreakerState.CLOSED);
    assertThat(count("conditions")).isEqualTo(1);
  }

  private Health health(BreakerState breaker) {
    return new Health(breaker, now(), 1_000, now(), null, 28, 0, 0, List.of(), List.of());
  }
}
