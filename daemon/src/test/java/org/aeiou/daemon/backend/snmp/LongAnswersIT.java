package org.aeiou.daemon.backend.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Version;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.snmp4j.PDU;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.VariableBinding;

/** What many answers take together, in a memory of 64 KiB. */
class LongAnswersIT extends HostileAgents {
  private static final int MEMORY = 64 << 10;
  private static final Question.Walk WALK = new Question.Walk(List.of(TABLE));
  private static final Question.Get UNDECLARED = new Question.Get(Oid.parse("1.3.6.1.4.1.9.1.0"));

  private SnmpBackend small;

  @BeforeEach
  void startSmall() throws IOException {
    small =
        new SnmpBackend(
            Ticker.systemTicker(), InstantSource.system(), options(1, MEMORY), DEFINITIONS);
  }

  @AfterEach
  void stopSmall() {
    small.close();
  }

  private long used() {
    return small.metrics().values().get("snmp.answers.bytes");
  }

  private Exchanger<Question, Value> endless() throws IOException {
    return small.connect(
        "core1",
        responder(
                (me, request, from) -> {
                  PDU response = Responder.response(request);
                  int next =
                      request.get(0).getOid().size() == TABLE.length()
                          ? 1
                          : request.get(0).getOid().last() + 1;
                  response.add(
                      new VariableBinding(
                          SmiValues.oid(TABLE.append(next)), new OctetString(new byte[200])));
                  me.send(response, from);
                })
            .settings(Version.V2C));
  }

  /** A walk that a test takes step by step. */
  private static final class Steps {
    private final Exchanger<Question, Value> system;
    private Exchange.Item<Question> item = new Exchange.Item<>(WALK, null);
    private Outcome<Value> outcome;

    Steps(Exchanger<Question, Value> system) {
      this.system = system;
    }

    void take(int steps) throws InterruptedException {
      for (int i = 0; i < steps && outcome == null; i++) {
        Answer<Value> answer =
            new Asked(List.of(item), Duration.ofSeconds(5), 1).from(system).answer();
        Answer.Item<Value> answered = ((Answer.Items<Value>) answer).items().get(0);
        if (answered instanceof Answer.Item.More<Value> more) {
          item = new Exchange.Item<>(WALK, more.continuation());
        } else {
          outcome = ((Answer.Item.Done<Value>) answered).outcome();
          system.ended(WALK);
        }
      }
    }
  }

  @Test
  void whenTheMemoryForAnswersIsUsedTheLargestWalkEndsAndTheOthersGoOn() throws Exception {
    List<Steps> large = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      large.add(new Steps(endless()));
      // A row takes 426 bytes, and a walk may have 32 KiB.
      large.get(i).take(i == 2 ? 30 : 28);
    }
    assertThat(used()).isBetween(MEMORY * 7L / 10, MEMORY * 3L / 4);
    Steps late = new Steps(endless());
    late.take(10);
    assertThat(late.outcome).as("not the one that asks").isNull();
    for (Steps walk : large) {
      walk.take(1);
    }
    assertThat(large)
        .extracting(walk -> walk.outcome == null)
        .containsExactly(true, true, false, true);
    Failure<Value> failure = (Failure<Value>) large.get(2).outcome;
    assertThat(failure.reason()).isEqualTo(Reason.OVERLOADED);
    assertThat(failure.message())
        .startsWith(
            "core1: the walk of interfaces/ifDescr (" + TABLE + ") was given up at " + TABLE)
        .endsWith(" in 30 rows, and all answers together may take 64 KiB; try again");
    assertThat(small.count(SnmpCounter.WALK_NO_ROOM)).isEqualTo(1);
    late.take(1);
    assertThat(late.outcome).isNull();
    for (Steps walk : large) {
      walk.system.ended(WALK);
    }
    late.system.ended(WALK);
    assertThat(used()).isZero();
  }

  @Test
  void longAnswersThatWereNotTakenYetAreBoundedAndWhatIsTooMuchIsAsIfLost() throws Exception {
    Exchanger<Question, Value> system =
        small.connect(
            "core1",
            responder(
                    (me, request, from) -> {
                      PDU response = Responder.response(request);
                      response.add(
                          new VariableBinding(
                              request.get(0).getOid(), new OctetString(new byte[10_000])));
                      me.send(response, from);
                    })
                .settings(Version.V2C));
    Asked first = Asked.of(UNDECLARED).from(system);
    long end = System.nanoTime() + 5_000_000_000L;
    while (used() == 0 && System.nanoTime() < end) {
      Thread.sleep(2);
    }
    assertThat(used()).isBetween(40_000L, 41_000L);
    Asked second = Asked.of(UNDECLARED).from(system);
    while (small.count(SnmpCounter.NO_ROOM) == 0 && System.nanoTime() < end) {
      Thread.sleep(2);
    }
    assertThat(small.count(SnmpCounter.NO_ROOM)).isEqualTo(1);
    assertThat(second.answerSoFar()).isNull();
    assertThat(outcome(first.answer())).isInstanceOf(Reading.class);
    assertThat(used()).as("taken").isZero();
    assertThat(outcome(Asked.of(UNDECLARED).from(system).answer())).isInstanceOf(Reading.class);
    assertThat(used()).isZero();
  }
}
