package org.aeiou.daemon.cluster.owner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.exchange.CompletionHandler;
import org.aeiou.closures.exchange.Health;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Dependent;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.cluster.message.Frame;
import org.junit.jupiter.api.Test;

class InterestTest extends OwnerFixture {

  private void askedBy(String member, long exchange, Question... questions) {
    Frame.Wanted[] wanted = new Frame.Wanted[questions.length];
    for (int i = 0; i < questions.length; i++) {
      wanted[i] = wanted(questions[i], 0);
    }
    owned.ask(member, ask(exchange, wanted), 0);
    while (!core1.pending.isEmpty()) {
      core1.answer(text("first"));
    }
    settle();
  }

  /** The cache takes in a reading for another reason than that a member asked. */
  private Reading<Value> reads(Question question, String text) {
    cache.open(question, new Freshness(10_000 * MILLI, 0));
    Reading<Value> reading = text(text);
    Outcome<Value> taken = cache.accept(question, reading);
    cache.find(question).answered();
    return (Reading<Value>) taken;
  }

  @Test
  void whatNoMemberAskedForIsNotToldAtAll() {
    reads(NAME, "core1");
    reads(NAME, "another");
    assertThat(later).isEmpty();
    assertThat(sent).isEmpty();
  }

  @Test
  void theMemberThatGetsAReplyIsNotToldOnceMore() {
    askedBy("a", 1, NAME);
    pass(100);
    askedBy("a", 2, NAME);
    assertThat(told()).isEmpty();
    assertThat(later).isEmpty();
  }

  @Test
  void whatAMemberAskedForIsToldWhenItIsAnsweredAnew() {
    askedBy("a", 1, NAME);
    pass(100);
    Reading<Value> another = reads(NAME, "another");
    settle();
    assertThat(told())
        .containsExactly(new Frame.Changed(FIRST, "core1", List.of(new Frame.Held(NAME, another))));
    assertThat(count("changes")).isEqualTo(1);
  }

  @Test
  void aNewerReadingOfTheSameValueIsToldToo() {
    askedBy("a", 1, NAME);
    pass(100);
    Reading<Value> same = reads(NAME, "first");
    settle();
    assertThat(((Frame.Changed) told().get(0)).readings().get(0).outcome()).isEqualTo(same);
  }

  @Test
  void aLongAnswerIsToldOnlyIfItIsAnotherOne() {
    Question walk = new Question.Walk(List.of(Oid.parse("1.3.6.1.2.1.2.2.1.2")));
    askedBy("a", 1, walk);
    Value.Rows rows =
        new Value.Rows(
            IntStream.range(0, 500)
                .mapToObj(i -> new Value.Row(Oid.parse("1." + i), List.<Value>of()))
                .toList());
    cache.open(walk, new Freshness(10_000 * MILLI, 0));
    cache.accept(walk, Reading.of(rows, now, 0));
    settle();
    assertThat(told()).hasSize(1);
    cache.accept(walk, Reading.of(new Value.Rows(rows.rows()), now, 0));
    settle();
    assertThat(told()).hasSize(1);
  }

  @Test
  void whatTwoMembersAskedForIsToldWhenOneOfThemAsksAgain() {
    askedBy("a", 1, NAME);
    askedBy("b", 1, NAME);
    sent.clear();
    pass(100);
    askedBy("a", 2, NAME);
    assertThat(told()).as("for b").hasSize(1);
  }

  @Test
  void theInterestIsOverWhenTheAnswerIsOfNoUseToTheAsker() {
    askedBy("a", 1, NAME);
    pass(10_001);
    reads(NAME, "another");
    assertThat(later).isEmpty();
  }

  @Test
  void anAnswerFromTheCacheRenewsTheInterest() {
    askedBy("a", 1, NAME);
    pass(9_000);
    owned.ask("a", ask(2, wanted(NAME, 9_500)), 0);
    assertThat(core1.asked()).isEmpty();
    pass(9_000);
    reads(NAME, "another");
    settle();
    assertThat(told()).hasSize(1);
  }

  @Test
  void ofManyMembersNoneIsForgotten() {
    for (String member : List.of("a", "b", "c", "d", "e")) {
      askedBy(member, 1, NAME);
    }
    sent.clear();
    pass(9_000);
    askedBy("a", 2, NAME);
    assertThat(told()).as("for the others").hasSize(1);
    pass(5_000);
    sent.clear();
    askedBy("a", 3, NAME);
    assertThat(told()).as("a is alone by now").isEmpty();
    reads(NAME, "another");
    settle();
    assertThat(told()).as("for a").hasSize(1);
  }

  @Test
  void readingsOfAMomentAreOneMessageInTheirOrderAndTheLastOfEachQuestionCounts() {
    askedBy("a", 1, NAME, LOCATION);
    sent.clear();
    reads(NAME, "1");
    reads(LOCATION, "2");
    Reading<Value> last = reads(NAME, "3");
    assertThat(later).as("one task").hasSize(1);
    settle();
    assertThat(told()).hasSize(1);
    List<Frame.Held> readings = ((Frame.Changed) told().get(0)).readings();
    assertThat(readings).extracting(Frame.Held::question).containsExactly(LOCATION, NAME);
    assertThat(readings.get(1).outcome()).isEqualTo(last);
  }

  @Test
  void theOwnerOfTheMomentTells() {
    askedBy("a", 1, NAME);
    reads = null;
    reads(NAME, "another");
    settle();
    assertThat(told()).isEmpty();
    reads = SECOND;
    reads(NAME, "one more");
    settle();
    assertThat(((Frame.Changed) told().get(0)).epoch()).isEqualTo(SECOND);
    assertThat(((Frame.Changed) told().get(0)).readings()).hasSize(1);
  }

  @Test
  void whatTheBrokerDoesNotTakeIsCounted() {
    askedBy("a", 1, NAME);
    isConnected = false;
    reads(NAME, "another");
    settle();
    assertThat(count("changesDropped")).isEqualTo(1);
  }

  @Test
  void moreThanThereIsRoomForIsDroppedAndCounted() {
    Question[] many =
        IntStream.range(0, 40)
            .mapToObj(i -> new Question.Get(Oid.parse("1.3.6.1.4.1." + i)))
            .toArray(Question[]::new);
    askedBy("a", 1, many);
    sent.clear();
    for (Question question : many) {
      reads(question, "x".repeat(1 << 20));
    }
    settle();
    assertThat(((Frame.Changed) told().get(0)).readings()).hasSize(31);
    assertThat(count("changesDropped")).isEqualTo(9);
    reads(many[39], "y");
    settle();
    assertThat(told()).as("what was sent makes room").hasSize(2);
  }

  @Test
  void observersHereAreToldAllButThat() {
    Dependent file = new Dependent() {};
    askedBy("a", 1, NAME);
    cache.find(NAME).note(file);
    reads(NAME, "another");
    reads(NAME, "another");
    assertThat(observed).containsExactly(file, file);
  }

  // --- how systems are

  private final CompletionHandler<Question, Value> stepOne =
      owned.stepOne("core1", (question, outcome, late) -> outcome);

  @Test
  void thatASystemStopsAnsweringIsToldToThoseThatAskedLately() {
    stepOne.breakerChanged(Health.BreakerState.CLOSED, Health.BreakerState.OPEN, 1);
    assertThat(later).as("no member asked").isEmpty();
    askedBy("a", 1, NAME);
    sent.clear();
    stepOne.breakerChanged(Health.BreakerState.CLOSED, Health.BreakerState.OPEN, 1);
    stepOne.stoppedAnswering(new Failure<>(Failure.Reason.TIMEOUT, "silent"));
    core1.breaker = Health.BreakerState.OPEN;
    settle();
    assertThat(told()).as("once for both").hasSize(1);
    assertThat(((Frame.Condition) told().get(0)).health().breaker())
        .isEqualTo(Health.BreakerState.OPEN);
    pass(61_000);
    stepOne.answersAgain();
    assertThat(later).as("no member asked lately").isEmpty();
  }

  @Test
  void afterTheFirstAnswerItIsToldThatTheSystemIsHeard() {
    core1.rttNanos = -1; // the answer is taken note of when its closures have run
    owned.ask("a", ask(1, wanted(NAME, 0)), 0);
    core1.answer(text("core1"));
    core1.rttNanos = 5;
    settle();
    assertThat(((Frame.Condition) told().get(0)).health().rttNanos()).isEqualTo(5);
    askedBy("a", 2, NAME);
    assertThat(told()).as("nothing is new").hasSize(1);
  }

  @Test
  void thatTheSystemIsHeardIsNotToldBeforeItsThreadHasTakenNoteOfTheAnswer() {
    core1.rttNanos = -1;
    core1.afterwards = new ArrayList<>();
    owned.ask("a", ask(1, wanted(NAME, 0)), 0);
    core1.answer(text("core1"));
    settle(); // the timer is sooner than the thread
    assertThat(told()).isEmpty();
    core1.rttNanos = 5;
    core1.afterwards.forEach(Runnable::run);
    settle();
    assertThat(((Frame.Condition) told().get(0)).health().rttNanos()).isEqualTo(5);
  }

  @Test
  void afterFailuresItIsToldHowTheSystemIsOnceASecond() {
    for (int i = 0; i < 10; i++) {
      owned.ask("a", ask(i, wanted(NAME, 0)), 0);
      core1.answer(new Failure<>(Failure.Reason.TIMEOUT, "no answer"));
      settle();
    }
    assertThat(told()).hasSize(1);
    pass(1_001);
    owned.ask("a", ask(10, wanted(NAME, 0)), 0);
    core1.answer(new Failure<>(Failure.Reason.TIMEOUT, "no answer"));
    settle();
    assertThat(told()).hasSize(2);
  }

  @Test
  void aReplySaysHowTheSystemIsUnlessTheMemberWasToldLately() {
    askedBy("a", 1, NAME);
    assertThat(reply().health()).isNotNull();
    askedBy("a", 2, NAME);
    assertThat(reply().health()).isNull();
    askedBy("b", 1, NAME);
    assertThat(
            ((Frame.Reply)
                    sent.stream().filter(one -> one.to().equals("b")).findFirst().get().frame())
                .health())
        .isNotNull();
    pass(1_001);
    askedBy("a", 3, NAME);
    assertThat(
            ((Frame.Reply)
                    sent.stream()
                        .filter(one -> one.to().equals("a"))
                        .reduce((x, y) -> y)
                        .get()
                        .frame())
                .health())
        .isNotNull();
    stepOne.answersAgain();
    settle();
    askedBy("b", 2, NAME);
    assertThat(
            ((Frame.Reply)
                    sent.stream()
                        .filter(one -> one.to().equals("b"))
                        .reduce((x, y) -> y)
                        .get()
                        .frame())
                .health())
        .as("it has changed")
        .isNotNull();
  }
}
