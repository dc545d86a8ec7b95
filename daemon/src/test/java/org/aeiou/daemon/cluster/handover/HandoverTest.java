package org.aeiou.daemon.cluster.handover;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Reading;
import org.aeiou.closures.exchange.Learned;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.message.Frame;
import org.junit.jupiter.api.Test;

/** What a new owner is given, between world.members on one scripted time. */
final class HandoverTest {
  private static final Learned STRICT =
      new Learned(new Learned.Bound(12, Duration.ofMinutes(20)), null, null, 2_000_000, 300_000);
  private final HandoverWorld world = new HandoverWorld();
  private final HandoverWorld.Member old = world.new Member("old", 64 << 20);
  private final HandoverWorld.Member next = world.new Member("next", 64 << 20);

  private static final int SLOT = HandoverWorld.SLOTS.of("core1");
  private static final Epoch EPOCH = new Epoch(1, 1);

  private void systemOfBoth() {
    old.add("core1");
    next.add("core1");
  }

  @Test
  void aNewOwnerHasWhatOthersHoldAsOldAsItIs() {
    systemOfBoth();
    old.answered("core1", 1, 11);
    long taken = world.now;
    world.pass(3 * HandoverWorld.SECOND);
    next.handover.acquired(SLOT, EPOCH);
    world.pass(HandoverWorld.SECOND);
    assertThat(next.outcome("core1", 1)).isEqualTo(Reading.of(HandoverWorld.number(11), taken, 0));
    world.pass(11 * HandoverWorld.SECOND + 1);
    next.systems.get("core1").cache().sweep();
    assertThat(next.outcome("core1", 1)).as("of use for its TTL and grace, and no longer").isNull();
    assertThat(next.count("readingsRestored")).isEqualTo(1);
    assertThat(old.count("readingsSent")).isEqualTo(1);
  }

  @Test
  void whatIsPastItsUseDoesNotTravel() {
    systemOfBoth();
    old.answered("core1", 1, 11);
    world.pass(15 * HandoverWorld.SECOND + 1);
    old.answered("core1", 2, 22);
    next.handover.acquired(SLOT, EPOCH);
    world.pass(HandoverWorld.SECOND);
    assertThat(old.count("readingsSent")).isEqualTo(1);
    assertThat(next.outcome("core1", 1)).isNull();
  }

  @Test
  void ofSeveralMembersTheYoungestReadingCounts() {
    systemOfBoth();
    HandoverWorld.Member reader = world.new Member("reader", 64 << 20);
    reader.add("core1");
    old.answered("core1", 1, 11);
    world.pass(HandoverWorld.SECOND);
    reader.answered("core1", 1, 12);
    next.handover.acquired(SLOT, EPOCH);
    world.pass(HandoverWorld.SECOND);
    assertThat(next.outcome("core1", 1)).extracting("value").isEqualTo(HandoverWorld.number(12));
    assertThat(next.count("pagesReceived")).isEqualTo(2);
  }

  @Test
  void manyReadingsTravelInPagesOfABoundedSizeAndNotAllAtOnce() {
    systemOfBoth();
    for (int i = 0; i < 20_000; i++) {
      old.answered("core1", i, i);
    }
    next.handover.acquired(SLOT, EPOCH);
    world.pass(0);
    assertThat(next.count("readingsRestored")).isBetween(1_000L, 10_000L);
    world.pass(HandoverWorld.SECOND);
    assertThat(next.count("readingsRestored")).isEqualTo(20_000);
    assertThat(next.received)
        .allSatisfy(page -> assertThat(((Frame.Page) page).readings()).hasSizeLessThan(1_000));
  }

  @Test
  void theCacheOfANewOwnerStaysWithinItsBound() {
    old.add("core1");
    HandoverWorld.Member small = world.new Member("small", 1 << 20);
    small.add("core1");
    small.answered("core1", 0, 7);
    for (int i = 0; i < 2_500; i++) {
      old.answered("core1", i, i);
    }
    small.handover.acquired(SLOT, EPOCH);
    world.pass(HandoverWorld.SECOND);
    assertThat(small.bound.metrics().values().get("evicted")).isPositive();
    assertThat(small.bound.metrics().values().get("bytes")).isLessThanOrEqualTo(1 << 20);
    assertThat(small.outcome("core1", 0)).as("what was used here").isNotNull();
  }

  @Test
  void whatTheBrokerDoesNotTakeIsSentAgainAndGivenUpInTheEnd() {
    systemOfBoth();
    for (int i = 0; i < 5_000; i++) {
      old.answered("core1", i, i);
    }
    world.room = 1;
    next.handover.acquired(SLOT, EPOCH);
    world.pass(HandoverWorld.SECOND);
    assertThat(next.count("pagesReceived")).isEqualTo(1);
    world.room = Integer.MAX_VALUE;
    world.pass(HandoverWorld.SECOND);
    assertThat(next.count("readingsRestored")).isEqualTo(5_000);
    world.room = 0;
    List<String> released = new ArrayList<>();
    old.handover.give(SLOT, "next", () -> released.add("released"));
    world.pass(9 * HandoverWorld.SECOND);
    assertThat(released).isEmpty();
    world.pass(2 * HandoverWorld.SECOND);
    assertThat(released).containsExactly("released");
    assertThat(old.count("pagesUnsent")).isEqualTo(1);
  }

  @Test
  void whatAnOwnerGaveBeforeItReleasedIsNotAskedForAgain() {
    systemOfBoth();
    old.handover.acquired(SLOT, EPOCH);
    old.answered("core1", 1, 11);
    old.handover.give(SLOT, "next", () -> old.handover.lost(SLOT));
    world.pass(HandoverWorld.SECOND);
    assertThat(next.outcome("core1", 1)).isNotNull();
    next.handover.acquired(SLOT, new Epoch(1, 2));
    world.pass(HandoverWorld.SECOND);
    assertThat(old.count("readingsSent")).isEqualTo(1);
    assertThat(next.count("wanted")).isZero();
    next.handover.lost(SLOT);
    world.pass(HandoverWorld.SECOND);
    next.handover.acquired(SLOT, new Epoch(1, 9));
    assertThat(next.count("wanted")).as("later it is").isEqualTo(1);
  }

  @Test
  void whatWasNotGivenToItsEndIsAskedForAgain() {
    systemOfBoth();
    for (int i = 0; i < 5_000; i++) {
      old.answered("core1", i, i);
    }
    world.room = 2;
    old.handover.give(SLOT, "next", () -> {});
    world.pass(HandoverWorld.SECOND);
    next.handover.acquired(SLOT, EPOCH);
    assertThat(next.count("wanted")).isEqualTo(1);
  }

  @Test
  void aSlotIsReleasedWhenWhatIsPendingHasEndedAndAllIsGiven() {
    systemOfBoth();
    old.handover.acquired(SLOT, EPOCH);
    old.answered("core1", 1, 11);
    old.pending.put("core1", 5);
    List<String> released = new ArrayList<>();
    old.handover.give(
        SLOT,
        "next",
        () -> {
          assertThat(next.outcome("core1", 1)).isNotNull();
          released.add("released");
        });
    assertThat(old.yielded).as("nothing new is asked here").containsExactly(SLOT);
    world.pass(30_000_000);
    assertThat(released).isEmpty();
    assertThat(next.outcome("core1", 1)).as("what is pending may be younger").isNull();
    world.pass(20_000_000);
    assertThat(released).containsExactly("released");
    assertThat(world.shelf).as("what was learned").containsKey(Integer.toString(SLOT));
  }

  @Test
  void anAgentThatDoesNotAnswerHoldsUpNoSlot() {
    systemOfBoth();
    old.pending.put("core1", 1_000_000);
    List<String> released = new ArrayList<>();
    old.handover.give(SLOT, "next", () -> released.add("released"));
    world.pass(HandoverWorld.SECOND / 2);
    assertThat(released).containsExactly("released");
    assertThat(old.count("impatient")).isEqualTo(1);
  }

  @Test
  void aSlotThatNoMemberCanHaveIsReleasedNevertheless() {
    systemOfBoth();
    List<String> released = new ArrayList<>();
    old.handover.give(SLOT, null, () -> released.add("released"));
    assertThat(released).containsExactly("released");
  }

  @Test
  void twoHundredSlotsOfAThousandReadingsAreGivenInASecond() {
    HandoverWorld.Member full = world.new Member("full", 1L << 40);
    HandoverWorld.Member heir = world.new Member("heir", 1L << 40);
    for (int i = 0; i < 200; i++) {
      full.add("sw" + i);
      heir.add("sw" + i);
      for (int object = 0; object < 1_000; object++) {
        full.answered("sw" + i, object, object);
      }
    }
    List<Integer> released = new ArrayList<>();
    for (int slot = 0; slot < HandoverWorld.SLOTS.count(); slot++) {
      int which = slot;
      full.handover.give(slot, "heir", () -> released.add(which));
    }
    world.pass(HandoverWorld.SECOND);
    assertThat(released).hasSize(HandoverWorld.SLOTS.count());
    assertThat(heir.count("readingsRestored")).isEqualTo(200_000);
  }

  @Test
  void aPageOfASystemThatIsNotThereOrOfAnotherSlotIsDropped() {
    systemOfBoth();
    next.handover.received("old", new Frame.Page(SLOT, "core9", List.of(), null));
    next.handover.received("old", new Frame.Page(SLOT + 1, "core1", List.of(), null));
    assertThat(next.count("pagesDropped")).isEqualTo(2);
    next.handover.wanted("old", new Frame.PageWanted(-1, EPOCH));
    next.handover.wanted("old", new Frame.PageWanted(HandoverWorld.SLOTS.count(), EPOCH));
    world.pass(HandoverWorld.SECOND);
    assertThat(next.count("pagesSent")).isZero();
  }

  @Test
  void whatTheOwnerLearnedGoesAlong() {
    systemOfBoth();
    old.handover.acquired(SLOT, EPOCH);
    old.queues.get("core1").heardOf = true;
    old.queues.get("core1").learned = STRICT;
    world.pass(HandoverWorld.SECOND);
    old.handover.lost(SLOT);
    next.handover.acquired(SLOT, EPOCH);
    world.pass(HandoverWorld.SECOND);
    assertThat(next.queues.get("core1").learned).isEqualTo(STRICT);
  }

  @Test
  void aReaderThatNeverOwnedASystemSaysNothingOfWhatWasLearned() {
    systemOfBoth();
    old.queues.get("core1").heardOf = true;
    old.queues.get("core1").learned = STRICT;
    next.handover.acquired(SLOT, EPOCH);
    world.pass(HandoverWorld.SECOND);
    assertThat(next.queues.get("core1").learned).isEqualTo(Learned.NOTHING);
  }

  @Test
  void whatWasLearnedOutlivesItsOwner() {
    systemOfBoth();
    old.handover.acquired(SLOT, EPOCH);
    old.queues.get("core1").heardOf = true;
    old.queues.get("core1").learned = STRICT;
    world.pass(TimeUnit.MINUTES.toNanos(10));
    world.members.remove("old"); // killed
    next.handover.acquired(SLOT, EPOCH);
    assertThat(next.queues.get("core1").learned.batch().value()).isEqualTo(12);
    world.shelf.put(Integer.toString(SLOT), new byte[] {1, 2, 3});
    next.handover.acquired(SLOT, EPOCH);
    assertThat(next.count("learnedFailures")).isEqualTo(1);
  }

  @Test
  void whatIsNoReadingIsSkippedAndTheRestOfItsPageIsTaken() {
    systemOfBoth();
    Question write =
        new Question.Set(
            List.of(
                new Question.Assignment(
                    Oid.parse("1.3.6.1.2.1.1.6.0"),
                    null,
                    new Value.Numeric(Value.NumberType.INTEGER, 1))),
            () -> {});
    next.handover.received(
        "old",
        new Frame.Page(
            SLOT,
            "core1",
            List.of(
                new Frame.Kept(
                    HandoverWorld.question(1),
                    new Failure<>(Failure.Reason.TIMEOUT, "no answer"),
                    10_000),
                new Frame.Kept(write, Reading.of(HandoverWorld.number(1), world.now, 0), 10_000),
                new Frame.Kept(
                    HandoverWorld.question(2),
                    Reading.of(HandoverWorld.number(22), world.now, 0),
                    10_000)),
            null));
    assertThat(next.outcome("core1", 2)).isNotNull();
    assertThat(next.outcome("core1", 1)).isNull();
    assertThat(next.count("readingsRestored")).isEqualTo(1);
    assertThat(next.count("readingsUseless")).isEqualTo(2);
  }
}
