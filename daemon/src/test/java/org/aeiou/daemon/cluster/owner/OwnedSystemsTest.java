package org.aeiou.daemon.cluster.owner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cluster.message.Frame;
import org.aeiou.daemon.cluster.message.Frame.Refusal.Why;
import org.junit.jupiter.api.Test;

class OwnedSystemsTest extends OwnerFixture {

  @Test
  void whatTheCacheDoesNotHoldIsAskedAndAnsweredInOneReply() {
    owned.ask("a", ask(1, wanted(NAME, 5_000), wanted(LOCATION, 5_000)), 0);
    assertThat(core1.asked()).containsExactly(NAME, LOCATION);
    Reading<Value> name = text("core1");
    core1.answer(name);
    assertThat(sent).as("one is missing").isEmpty();
    core1.answer(text("Berlin"));
    assertThat(sent).hasSize(1);
    assertThat(sent.get(0).to()).isEqualTo("a");
    assertThat(reply().exchange()).isEqualTo(1);
    assertThat(reply().epoch()).isEqualTo(FIRST);
    assertThat(reply().outcomes().get(0)).isEqualTo(name);
    assertThat(reply().outcomes().get(1)).isInstanceOf(Reading.class);
    assertThat(count("pending")).isZero();
  }

  @Test
  void whatIsYoungEnoughIsAnsweredFromTheCacheInsideTheCall() {
    owned.ask("a", ask(1, wanted(NAME, 5_000)), 0);
    core1.answer(text("core1"));
    pass(4_000);
    owned.ask("b", ask(1, wanted(NAME, 5_000)), 0);
    assertThat(core1.asked()).isEmpty();
    assertThat(sent.get(1).to()).isEqualTo("b");
    assertThat(reply().outcomes()).isEqualTo(((Frame.Reply) sent.get(0).frame()).outcomes());
    assertThat(count("fromCache")).isEqualTo(1);
    owned.ask("b", ask(2, wanted(NAME, 4_000)), 0);
    assertThat(core1.asked()).as("as old as that is too old").containsExactly(NAME);
  }

  @Test
  void theAnswerIsKeptForAsLongAsItIsOfUseToItsAsker() {
    owned.ask("a", ask(1, wanted(NAME, 5_000)), 0);
    core1.answer(text("core1"));
    assertThat(cache.find(NAME).freshMillis()).isEqualTo(5_000);
    assertThat(cache.find(NAME).keepMillis()).isEqualTo(10_000);
  }

  @Test
  void whatIsToBeAskedNowIsAskedWhateverTheCacheHolds() {
    owned.ask("a", ask(1, wanted(NAME, 5_000)), 0);
    core1.answer(text("core1"));
    owned.ask("a", ask(2, wanted(NAME, 0)), 0);
    assertThat(core1.asked()).containsExactly(NAME);
  }

  @Test
  void theTimeThatIsLeftIsTheDeadline() {
    owned.ask("a", ask(1, wanted(NAME, 0)), 1_200 * MILLI);
    assertThat(core1.pending.get(0).deadlineNanos - now).isEqualTo(3_800 * MILLI);
    owned.ask("a", ask(2, wanted(NAME, 0)), -1);
    assertThat(core1.pending.get(1).deadlineNanos - now).as("not known").isEqualTo(5_000 * MILLI);
  }

  @Test
  void whatLayInABufferUntilItsAskerGaveUpIsNotDone() {
    owned.ask("a", ask(1, wanted(NAME, 0), set()), 5_000 * MILLI);
    assertThat(core1.asked()).isEmpty();
    assertThat(sent).as("its asker does not wait").isEmpty();
    assertThat(count("tooLate")).isEqualTo(1);
  }

  @Test
  void anotherMembersSystemIsRefused() {
    reads = null;
    owned.ask("a", ask(1, wanted(NAME, 5_000)), 0);
    assertThat(refusal().why()).isEqualTo(Why.NOT_OWNER);
    assertThat(core1.asked()).isEmpty();
    assertThat(count("refused.not_owner")).isEqualTo(1);
  }

  /** Its asker may put systems into other slots than this member does. */
  @Test
  void aSystemThatIsInASlotOfAnotherMemberByThisMembersMapIsRefusedAndNotAsked() {
    isOwned = slot -> slot != OWNERS.slotOf("core1");
    owned.ask("a", ask(1, wanted(NAME, 5_000)), 0);
    assertThat(refusal().why()).isEqualTo(Why.NOT_OWNER);
    owned.ask("a", ask(2, set()), 0);
    assertThat(refusal().exchange()).isEqualTo(2);
    assertThat(refusal().why()).isEqualTo(Why.NOT_OWNER);
    assertThat(core1.asked()).isEmpty();
  }

  @Test
  void whatIsNotAskedAsTheOwnershipEndedMeanwhileIsLeftToTheNextOwner() {
    owned.ask("a", ask(1, wanted(NAME, 0), wanted(LOCATION, 0)), 0);
    core1.answer(text("core1"));
    reads = null;
    core1.answer(new Failure<>(Failure.Reason.UNREACHABLE, "not asked"));
    assertThat(refusal().why()).isEqualTo(Why.NOT_OWNER);
    assertThat(refusal().exchange()).isEqualTo(1);
  }

  @Test
  void whatWasAnsweredBeforeTheOwnershipEndedIsAReply() {
    owned.ask("a", ask(1, wanted(NAME, 0)), 0);
    reads = null;
    core1.answer(text("core1"));
    assertThat(reply().outcomes().get(0)).isInstanceOf(Reading.class);
  }

  @Test
  void anUnreachableSystemOfThisMemberIsAReply() {
    owned.ask("a", ask(1, wanted(NAME, 0)), 0);
    core1.answer(new Failure<>(Failure.Reason.UNREACHABLE, "silent"));
    assertThat(reply().outcomes().get(0)).isInstanceOf(Failure.class);
  }

  @Test
  void aWriteThatMayHaveBeenDoneIsNeverLeftToAnother() {
    owned.ask("a", ask(1, set(), wanted(NAME, 0)), 0);
    reads = null;
    core1.answer(new Failure<>(Failure.Reason.TIMEOUT, "it may have happened"));
    core1.answer(new Failure<>(Failure.Reason.UNREACHABLE, "not asked"));
    assertThat(reply().outcomes().get(0)).isInstanceOf(Failure.class);
    reads = FIRST;
    owned.ask("a", ask(2, set()), 0);
    reads = null;
    core1.answer(new Failure<>(Failure.Reason.UNREACHABLE, "not sent"));
    assertThat(refusal().why()).as("it was surely not done").isEqualTo(Why.NOT_OWNER);
  }

  @Test
  void aMemberThatKnowsOfALaterOwnerIsRefused() {
    Frame.Ask later = new Frame.Ask(1, SECOND, "core1", 5_000, true, List.of(wanted(NAME, 5_000)));
    owned.ask("a", later, 0);
    assertThat(refusal().why()).isEqualTo(Why.NOT_OWNER);
  }

  @Test
  void aMemberThatKnowsOfAnEarlierOwnershipMayReadAndNotWrite() {
    writes = SECOND;
    reads = SECOND;
    owned.ask("a", ask(1, wanted(NAME, 5_000)), 0);
    core1.answer(text("core1"));
    assertThat(reply().epoch()).isEqualTo(SECOND);
    owned.ask("a", ask(2, set()), 0);
    assertThat(refusal().why()).isEqualTo(Why.NOT_OWNER);
    assertThat(core1.asked()).isEmpty();
  }

  @Test
  void withoutABrokerItReadsAndDoesNotWrite() {
    writes = null;
    owned.ask("a", ask(1, wanted(NAME, 5_000)), 0);
    assertThat(core1.asked()).containsExactly(NAME);
    owned.ask("a", ask(2, set()), 0);
    assertThat(refusal().why()).isEqualTo(Why.NOT_OWNER);
  }

  @Test
  void aWriteIsDoneOnceHoweverOftenItsMessageComes() {
    owned.ask("a", ask(1, set()), 0);
    owned.ask("a", ask(1, set()), MILLI);
    assertThat(core1.asked()).hasSize(1);
    core1.answer(text("done"));
    pass(4_000);
    owned.ask("a", ask(1, set()), 4_000 * MILLI);
    assertThat(core1.asked()).isEmpty();
    assertThat(count("twice")).isEqualTo(2);
    assertThat(sent).hasSize(1);
    owned.ask("b", ask(1, set()), 0);
    assertThat(core1.asked()).as("another member's").hasSize(1);
  }

  @Test
  void aWriteThatWasRefusedIsNotDoneWhenItsMessageComesOnceMore() {
    writes = null; // the lease is in doubt for a moment
    owned.ask("a", ask(1, set()), 0);
    assertThat(refusal().why()).isEqualTo(Why.NOT_OWNER);
    writes = FIRST;
    owned.ask("a", ask(2, set()), 0);
    owned.ask("a", ask(1, set()), 100 * MILLI);
    assertThat(core1.asked()).as("the asker has asked anew since then").hasSize(1);
    owned.forget("a");
    owned.ask("a", ask(1, set()), 200 * MILLI);
    assertThat(core1.asked()).isEmpty();
    assertThat(count("twice")).isEqualTo(2);
  }

  @Test
  void moreWritesThanCanBeRememberedHaveNoAnswer() {
    reads = null;
    for (int i = 0; i < 66_000; i++) {
      owned.ask("a", ask(i, set()), 0);
    }
    assertThat(count("unanswered")).isEqualTo(66_000 - 65_536);
    assertThat(sent).hasSize(65_536);
    pass(5_001);
    owned.ask("a", ask(66_000, set()), 0);
    assertThat(sent).hasSize(65_537);
  }

  @Test
  void aWriteIsRefusedWhileItIsNotKnownHowLongMessagesTake() {
    owned.ask("a", ask(1, set()), -1);
    assertThat(refusal().why()).isEqualTo(Why.OVERLOADED);
    assertThat(core1.asked()).isEmpty();
    assertThat(count("ofUnknownAge")).isEqualTo(1);
  }

  @Test
  void aSystemThatIsBeingGivenAwayIsRefused() {
    isGivenAway = true;
    owned.ask("a", ask(1, wanted(NAME, 5_000)), 0);
    assertThat(refusal().why()).isEqualTo(Why.NOT_OWNER);
  }

  @Test
  void aSystemThatIsNotConfiguredIsRefused() {
    owned.ask("a", new Frame.Ask(1, FIRST, "core2", 5_000, true, List.of(wanted(NAME, 5_000))), 0);
    assertThat(refusal().why()).isEqualTo(Why.UNKNOWN_SYSTEM);
    assertThat(refusal().message())
        .isEqualTo("core2: the member that owns its slot knows no such system");
  }

  @Test
  void whatIsCancelledIsWithdrawnAndNotAnswered() {
    owned.ask("a", ask(1, wanted(NAME, 0), wanted(LOCATION, 0)), 0);
    owned.cancel("b", new Frame.Cancel(1));
    assertThat(core1.asked()).as("another member's").hasSize(2);
    owned.cancel("a", new Frame.Cancel(1));
    assertThat(core1.asked()).isEmpty();
    assertThat(sent).isEmpty();
    assertThat(count("pending")).isZero();
    assertThat(count("cancels")).isEqualTo(1);
    assertThat(count("cancelsOfNothing")).isEqualTo(1);
    assertThat(cache.find(NAME).isUnderWay()).as("may leave the cache").isFalse();
  }

  @Test
  void aMemberThatIsGoneWaitsForNothing() {
    owned.ask("a", ask(1, wanted(NAME, 0)), 0);
    owned.ask("b", ask(1, wanted(LOCATION, 0)), 0);
    owned.forget("a");
    assertThat(core1.asked()).containsExactly(LOCATION);
    assertThat(count("pending")).isEqualTo(1);
  }

  @Test
  void whatASystemHasNoRoomForFailsAndTheRestIsAnswered() {
    core1.room = 1;
    owned.ask("a", ask(1, wanted(NAME, 0), wanted(LOCATION, 0)), 0);
    core1.answer(text("core1"));
    assertThat(reply().outcomes().get(0)).isInstanceOf(Reading.class);
    assertThat(((Failure<Value>) reply().outcomes().get(1)).reason())
        .isEqualTo(Failure.Reason.OVERLOADED);
    assertThat(cache.find(LOCATION).isUnderWay()).isFalse();
  }

  @Test
  void aMessageWithoutAQuestionHasAnAnswer() {
    owned.ask("a", ask(1), 0);
    assertThat(reply().outcomes()).isEmpty();
  }

  @Test
  void aMessageWithVeryManyQuestionsIsRefused() {
    Frame.Ask huge =
        new Frame.Ask(
            1, FIRST, "core1", 5_000, true, Collections.nCopies(10_000, wanted(NAME, 5_000)));
    owned.ask("a", huge, 0);
    assertThat(refusal().why()).isEqualTo(Why.OVERLOADED);
    assertThat(core1.asked()).isEmpty();
  }

  @Test
  void anAnswerThatTheBrokerDoesNotTakeIsCounted() {
    owned.ask("a", ask(1, wanted(NAME, 0)), 0);
    isConnected = false;
    core1.answer(text("core1"));
    assertThat(count("unsent")).isEqualTo(1);
    assertThat(count("pending")).isZero();
  }

  @Test
  void eachMemberIsAUserOfItsOwnAndThoseThatAreNotKnownAreOne() {
    owned.ask("a", ask(1, wanted(NAME, 0)), 0);
    owned.ask("b", ask(1, wanted(NAME, 0)), 0);
    owned.ask("x", ask(1, wanted(NAME, 0)), 0);
    owned.ask("y", ask(1, wanted(NAME, 0)), 0);
    assertThat(core1.pending)
        .extracting(request -> request.requester.toString())
        .containsExactly("member reader-a", "member reader-b", "member x", "member y");
  }

  @Test
  void aMemberThatIsFoundOutBecomesAUserOfItsOwn() {
    owned.ask("x", ask(1, wanted(NAME, 0)), 0);
    core1.answer(text("core1"));
    names.put("x", "reader-x");
    owned.ask("x", ask(2, wanted(NAME, 0)), 0);
    assertThat(core1.pending.get(0).requester).hasToString("member reader-x");
  }

  @Test
  void aMembersFloodIsRefusedAndLeavesRoomForAnother() {
    for (int i = 0; i < 40_000; i++) {
      owned.ask("a", ask(i, wanted(NAME, 0)), 0);
    }
    assertThat(count("refused.overloaded")).isPositive();
    long before = count("pending");
    owned.ask("b", ask(1, wanted(LOCATION, 0)), 0);
    assertThat(count("pending")).isEqualTo(before + 1);
  }
}
