package org.aeiou.daemon.cluster.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.cluster.message.Frame;
import org.aeiou.daemon.cluster.message.Frame.Refusal.Why;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How old an answer of an owner may be, and what becomes of an old one. */
class RemoteAgeTest extends RemoteFixture {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Agent core1 = system("core1");

  @BeforeEach
  void owned() {
    owners.all("p");
  }

  private Asked forced(Question question) {
    return core1.ask(question, PATIENCE, true);
  }

  private long mostAge() {
    return p.last().wanted().get(0).mostAgeMillis();
  }

  private void repliesTakenAt(long nanos, String text) {
    p.says(
        new Frame.Reply(
            p.last().exchange(),
            p.last().epoch(),
            List.of(Reading.of(text(text), nanos, 0)),
            null));
  }

  @Test
  void aMissIsContentWithWhatIsFreshForItAndSaysHowLongItIsOfUse() {
    core1.asked(NAME);
    assertThat(mostAge()).isEqualTo(10_000);
    assertThat(p.last().wanted().get(0).keepMillis()).isEqualTo(30_000);
    assertThat(p.last().interactive()).isTrue();
    assertThat(p.last().timeoutMillis()).isEqualTo(9_980);
  }

  @Test
  void whatIsWatchedIsOfUseForAMinuteAtLeast() {
    core1.cache.open(NAME, TEN_SECONDS).watch(now() + 1_000_000_000L);
    core1.asked(NAME);
    assertThat(p.last().wanted().get(0).keepMillis()).isEqualTo(60_000);
  }

  @Test
  void aForcedReadIsAskedNow() {
    Asked asked = forced(NAME);
    settle();
    assertThat(mostAge()).isZero();
    p.answers("new");
    assertThat(asked.word()).isEqualTo("new");
    advance(Duration.ofSeconds(11));
    core1.asked(NAME);
    assertThat(mostAge()).as("that was met").isEqualTo(10_000);
  }

  @Test
  void aForcedReadThatJoinsAMissIsNotContentWithWhatTheOwnerHad() {
    core1.asked(NAME);
    advance(Duration.ofMillis(10));
    Asked forced = forced(NAME);
    settle();
    assertThat(p.asks).hasSize(1);
    repliesTakenAt(now() - 5_000_000_000L, "old");
    assertThat(forced.word()).isEqualTo("pending");
    assertThat(p.asks).hasSize(2);
    assertThat(mostAge()).isZero();
    p.answers("new");
    assertThat(forced.word()).isEqualTo("new");
  }

  @Test
  void aForcedReadIsStillOneWhenItIsAskedOfTheNextOwner() {
    forced(NAME);
    settle();
    p.refuses(Why.NOT_OWNER);
    owners.all("q");
    assertThat(q.last().wanted().get(0).mostAgeMillis()).isZero();
  }

  @Test
  void aForcedReadIsNotMetByWhatCameInMeanwhileButWasTakenBefore() {
    core1.asked(NAME);
    advance(Duration.ofMillis(10));
    Asked forced = forced(NAME); // on its way to the shard
    p.post.toMember(
        "me",
        new Frame.Reply(
            p.last().exchange(),
            p.last().epoch(),
            List.of(Reading.of(text("old"), now() - 5_000_000_000L, 0)),
            null));
    network.deliver();
    settle();
    assertThat(forced.word()).isEqualTo("pending");
    p.answers("new");
    assertThat(forced.word()).isEqualTo("new");
  }

  @Test
  void whatIsRefreshedIsWantedYoungerThanWhatIsHeld() {
    core1.asked(NAME);
    p.answers("one");
    advance(Duration.ofSeconds(8));
    core1.asked(NAME);
    assertThat(mostAge()).isBetween(7_990L, 8_001L);
  }

  @Test
  void whatWasSaidToBeWrongIsAskedNow() {
    core1.asked(NAME);
    p.answers("one");
    core1.cache.invalidate(NAME);
    core1.asked(NAME);
    assertThat(mostAge()).isZero();
  }

  @Test
  void anAnswerStaysAsOldAsItIs() {
    Asked asked = core1.asked(NAME);
    long taken = now() - 9_000_000_000L;
    repliesTakenAt(taken, "old");
    assertThat(asked.word()).isEqualTo("old");
    Slot slot = core1.cache.find(NAME);
    assertThat(Slot.takenNanos(slot.outcome()) - taken).isBetween(0L, 1_000_000L);
  }

  @Test
  void anAnswerThatWasOvertakenByAYoungerOneIsNotTakenIn() {
    Asked asked = core1.asked(NAME);
    advance(Duration.ofSeconds(1));
    p.post.toSlot(
        owners.slotOf("core1"),
        new Frame.Changed(
            p.last().epoch(), "core1", List.of(new Frame.Held(NAME, reading("young")))));
    settle();
    repliesTakenAt(now() - 3_000_000_000L, "old");
    assertThat(asked.word()).isEqualTo("young");
    assertThat(word(core1.cache.find(NAME).outcome())).isEqualTo("young");
  }

  @Test
  void walksTravelAlone() {
    core1.ask(NAME);
    core1.ask(new Question.Walk(List.of(Oid.parse("1.3.6.1.2.1.2.2.1.2"))));
    core1.ask(LOCATION);
    settle();
    assertThat(p.asks).hasSize(2);
    assertThat(p.asks).anyMatch(ask -> ask.wanted().size() == 2);
  }
}
