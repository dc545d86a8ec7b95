package org.aeiou.daemon.cluster.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cluster.broker.Broker;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.message.Frame;
import org.aeiou.daemon.cluster.message.Frame.Refusal.Why;
import org.junit.jupiter.api.Test;

/** Reading from systems that others own. */
class RemoteReadTest extends RemoteFixture {
  private final Agent core1 = system("core1");

  @Test
  void aMissIsAskedOfTheOwnerAndItsAnswerIsTheOutcome() {
    Epoch epoch = owners.all("p");
    Asked name = core1.ask(NAME);
    Asked location = core1.ask(LOCATION);
    settle();
    assertThat(p.asks).as("one message").hasSize(1);
    assertThat(p.last().epoch()).isEqualTo(epoch);
    p.answers("core1", "cellar");
    assertThat(name.word()).isEqualTo("core1");
    assertThat(location.word()).isEqualTo("cellar");
    assertThat(core1.cache.find(NAME).outcome()).isNotNull();
    assertThat(core1.arrivals).containsExactly("core1", "cellar");
    assertThat(core1.started).isEmpty();
    assertThat(count("underWay")).isZero();
  }

  @Test
  void tenThousandQuestionsToAThousandSystemsLeaveInOneBurst() {
    owners.all("p");
    var burst = user.begin();
    List<String> outcomes = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      RoutedQueue queue = system("system" + i).queue;
      for (int j = 0; j < 10; j++) {
        Question question = get(j);
        system("system" + i).cache.open(question, TEN_SECONDS);
        var unused =
            queue.submit(
                question,
                org.aeiou.closures.scheduler.Priority.INTERACTIVE,
                now() + 5_000_000_000L,
                burst,
                (all, outcome, delayed) -> all.add(word(outcome)),
                outcomes);
      }
    }
    burst.end();
    settle();
    assertThat(p.asks).hasSize(1_000).allMatch(ask -> ask.wanted().size() == 10);
    for (Frame.Ask ask : List.copyOf(p.asks)) {
      List<Outcome<Value>> answers = new ArrayList<>();
      ask.wanted().forEach(wanted -> answers.add(reading("yes")));
      p.post.toMember("me", new Frame.Reply(ask.exchange(), ask.epoch(), answers, null));
    }
    settle();
    assertThat(outcomes).hasSize(10_000).containsOnly("yes");
  }

  @Test
  void anOwnerThatTakesItsTimeIsNotAskedTwiceAndNothingTimesOutButTheRequest() {
    owners.all("p");
    for (int i = 0; i < 50; i++) {
      core1.asked(get(100 + i));
      p.answers("quick");
    }
    Asked slow = core1.ask(NAME, Duration.ofSeconds(20), false);
    settle();
    advance(Duration.ofSeconds(12));
    assertThat(p.asks).hasSize(51);
    assertThat(slow.word()).isEqualTo("pending");
    p.answers("slow");
    assertThat(slow.word()).isEqualTo("slow");
    var counts = scheduler.metrics().values();
    assertThat(counts.get("presumedLost")).isZero();
    assertThat(counts.get("timeouts")).isZero();
    assertThat(counts.get("repeated")).isZero();
    assertThat(core1.arrivals).noneMatch(arrival -> arrival.startsWith("breaker"));
  }

  @Test
  void failuresOfTheSystemOpenNoBreakerHere() {
    owners.all("p");
    for (int i = 0; i < 20; i++) {
      Asked asked = core1.asked(NAME);
      p.says(
          new Frame.Reply(
              p.last().exchange(),
              p.last().epoch(),
              List.of(new Failure<>(Failure.Reason.TIMEOUT, "core1 did not answer")),
              null));
      assertThat(asked.word()).isEqualTo("TIMEOUT");
      assertThat(asked.message()).isEqualTo("core1 did not answer");
    }
    assertThat(p.asks).hasSize(20);
    assertThat(core1.arrivals).noneMatch(arrival -> arrival.startsWith("breaker"));
  }

  // --- who is asked, and what if there is none

  @Test
  void withoutABrokerItFailsAtOnce() {
    owners.all("p");
    network.state(broker, Broker.State.UNREACHABLE);
    Asked asked = core1.asked(NAME);
    assertThat(asked.word()).isEqualTo("UNREACHABLE");
    assertThat(asked.message())
        .isEqualTo("core1: it is asked by another member, and the broker is not there");
  }

  @Test
  void whatIsUnderWayWhenTheBrokerGoesFailsAtOnce() {
    owners.all("p");
    Asked asked = core1.asked(NAME);
    network.state(broker, Broker.State.GONE);
    settle();
    assertThat(asked.word()).isEqualTo("UNREACHABLE");
  }

  @Test
  void aSuspectOwnerIsNotAskedAndWhatWasAskedOfItFailsAtOnce() {
    owners.all("p");
    Asked before = core1.asked(NAME);
    owners.suspect();
    assertThat(before.word()).isEqualTo("UNREACHABLE");
    Asked after = core1.asked(LOCATION);
    assertThat(after.word()).isEqualTo("UNREACHABLE");
    assertThat(after.message()).isEqualTo("core1: its poller host:p is not heard of");
    assertThat(p.asks).hasSize(1);
  }

  @Test
  void anOwnerThatPutsSystemsIntoOtherSlotsIsNotAskedAndTheMessageSaysSo() {
    owners.all("p", "512-3f9a1234");
    Asked asked = core1.asked(NAME);
    assertThat(asked.word()).isEqualTo("UNREACHABLE");
    assertThat(asked.message())
        .isEqualTo(
            "core1: its poller host:p puts systems into other slots: make 'slots' and 'sites' below"
                + " 'cluster' equal, and start this member anew");
    assertThat(p.asks).isEmpty();
    assertThat(count("mismatched")).isEqualTo(1);
    owners.all("q", owners.slots().digest());
    core1.asked(NAME);
    assertThat(q.asks).hasSize(1);
  }

  @Test
  void whatWaitsForAnOwnerEndsAtOnceIfThatPutsSystemsIntoOtherSlots() {
    owners.all("p");
    owners.all(null);
    Asked held = core1.asked(NAME);
    assertThat(held.word()).isEqualTo("pending");
    owners.all("q", "512");
    assertThat(held.word()).isEqualTo("UNREACHABLE");
    assertThat(held.message()).contains("host:q puts systems into other slots");
  }

  @Test
  void anOwnerThatIsGoneIsUnreachableAtOnce() {
    owners.all("p");
    p.isGone();
    Asked asked = core1.asked(NAME);
    assertThat(asked.word()).isEqualTo("UNREACHABLE");
    assertThat(count("unheard")).isEqualTo(1);
  }

  @Test
  void aSlotThatNoMemberOwnsIsUnreachableAtOnceUnlessItHadAnOwnerJustNow() {
    Asked atStart = core1.asked(NAME);
    assertThat(atStart.word())
        .as("its first owner may be heard of any moment")
        .isEqualTo("pending");
    advance(Duration.ofSeconds(4));
    assertThat(atStart.word()).isEqualTo("UNREACHABLE");
    assertThat(core1.asked(NAME).word()).isEqualTo("UNREACHABLE");
    owners.all("p");
    advance(Duration.ofSeconds(60));
    owners.all(null);
    Asked handedOver = core1.asked(NAME);
    assertThat(handedOver.word()).isEqualTo("pending");
    owners.all("q");
    assertThat(q.asks).hasSize(1);
    q.answers("core1");
    assertThat(handedOver.word()).isEqualTo("core1");
    assertThat(count("heldNow")).isZero();
  }

  @Test
  void whatAFormerOwnerRefusesIsAskedOfTheNext() {
    owners.all("p");
    Asked asked = core1.asked(NAME);
    p.refuses(Why.NOT_OWNER);
    assertThat(asked.word()).isEqualTo("pending");
    assertThat(p.asks).hasSize(1);
    owners.all("q");
    q.answers("core1");
    assertThat(asked.word()).isEqualTo("core1");
    assertThat(count("resent")).isEqualTo(1);
  }

  @Test
  void whatWasAskedOfTheOwnerBeforeIsAskedOfTheNextIfThatTookOver() {
    owners.all("p");
    Asked asked = core1.asked(NAME);
    Frame.Ask before = p.last();
    owners.all("q");
    p.answers(before, "old");
    assertThat(asked.word()).as("an older epoch").isEqualTo("pending");
    q.answers("new");
    assertThat(asked.word()).isEqualTo("new");
    assertThat(count("lateReplies")).isEqualTo(1);
  }

  @Test
  void whatNoPollerTakesEndsSomeTime() {
    owners.all("p");
    Asked asked = core1.asked(NAME);
    for (int i = 0; i < 20; i++) {
      p.refuses(Why.NOT_OWNER);
      owners.all("p");
    }
    assertThat(asked.word()).isEqualTo("UNREACHABLE");
  }

  @Test
  void whatIsHeldEndsAtTheDeadlineOfItsRequest() {
    owners.all("p");
    Asked asked = core1.ask(NAME, Duration.ofSeconds(1), false);
    settle();
    p.refuses(Why.NOT_OWNER);
    advance(Duration.ofSeconds(1));
    assertThat(asked.word()).isEqualTo("TIMEOUT");
    advance(Duration.ofSeconds(5));
    assertThat(count("underWay")).isZero();
    assertThat(count("heldNow")).isZero();
  }

  @Test
  void whatTheOwnerDoesNotKnowOrCannotTakeIsSaid() {
    owners.all("p");
    Asked unknown = core1.asked(NAME);
    p.refuses(Why.UNKNOWN_SYSTEM);
    assertThat(unknown.word()).isEqualTo("UNREACHABLE");
    assertThat(unknown.message()).contains("host:p does not know it");
    Asked overloaded = core1.asked(NAME);
    p.refuses(Why.OVERLOADED);
    assertThat(overloaded.word()).isEqualTo("OVERLOADED");
  }

  @Test
  void aLostMessageEndsAtTheDeadlineAndNotLater() {
    owners.all("p");
    network.dropping(message -> true);
    Asked asked = core1.ask(NAME, Duration.ofSeconds(2), false);
    settle();
    network.dropping(message -> false);
    advance(Duration.ofSeconds(2));
    assertThat(asked.word()).isEqualTo("TIMEOUT");
    advance(Duration.ofSeconds(1));
    assertThat(count("underWay")).isZero();
  }

  // --- what is not wanted any more

  @Test
  void whatNoRequestWaitsForIsCancelledAtTheOwner() {
    owners.all("p");
    Asked asked = core1.asked(NAME);
    asked.request.cancel();
    settle();
    assertThat(asked.word()).isEqualTo("CANCELLED");
    assertThat(p.cancels).containsExactly(new Frame.Cancel(p.last().exchange()));
    assertThat(count("underWay")).isZero();
    Asked next = core1.asked(NAME);
    assertThat(p.asks).hasSize(2);
    p.answers("core1");
    assertThat(next.word()).isEqualTo("core1");
  }

  // --- hostile replies

  @Test
  void onlyTheMemberThatWasAskedAnswersAndOnce() {
    owners.all("p");
    Asked asked = core1.asked(NAME);
    q.answers(p.last(), "forged");
    assertThat(asked.word()).isEqualTo("pending");
    assertThat(count("strangeReplies")).isEqualTo(1);
    p.answers("true");
    p.answers("again");
    assertThat(asked.word()).isEqualTo("true");
    assertThat(count("lateReplies")).isEqualTo(1);
    q.says(new Frame.Reply(4711, null, List.of(reading("x")), null));
    assertThat(count("lateReplies")).isEqualTo(2);
  }

  @Test
  void aReplyOfAnotherLengthIsNone() {
    owners.all("p");
    Asked asked = core1.asked(NAME);
    p.answers("one", "two");
    assertThat(asked.word()).isEqualTo("UNREACHABLE");
    assertThat(count("malformedReplies")).isEqualTo(1);
  }

  @Test
  void aReplyByAnOlderEpochIsDropped() {
    owners.all("q");
    Epoch older = owners.all("p");
    owners.all("p");
    Asked asked = core1.asked(NAME);
    p.says(new Frame.Reply(p.last().exchange(), older, List.of(reading("old")), null));
    assertThat(asked.word()).isEqualTo("pending");
    assertThat(count("olderEpochs")).isEqualTo(1);
  }
}
