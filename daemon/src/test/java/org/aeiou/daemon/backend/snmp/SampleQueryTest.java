package org.aeiou.daemon.backend.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.daemon.backend.CounterSample;
import org.aeiou.daemon.backend.Definitions;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.message.Notes;
import org.aeiou.daemon.backend.snmp.message.SnmpCounters;
import org.junit.jupiter.api.Test;
import org.snmp4j.PDU;
import org.snmp4j.smi.Counter32;
import org.snmp4j.smi.Counter64;
import org.snmp4j.smi.Gauge32;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.TimeTicks;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/** Which PDU asks for samples of counters, and how its response is read; nothing is sent. */
final class SampleQueryTest {
  private static final Oid UPTIME = SampleQuery.SYS_UP_TIME;
  private static final Oid WIDE = Oid.parse("1.3.6.1.2.1.31.1.1.1.6.7");
  private static final Oid NARROW = Oid.parse("1.3.6.1.2.1.2.2.1.10.7");
  private static final Oid NAME = Oid.parse("1.3.6.1.2.1.31.1.1.1.1.7");
  private static final Oid JUMPED = Oid.parse("1.3.6.1.2.1.31.1.1.1.19.7");
  private static final Oid MEGABITS = Oid.parse("1.3.6.1.2.1.31.1.1.1.15.7");
  private static final Oid BITS = Oid.parse("1.3.6.1.2.1.2.2.1.5.7");
  private static final Question.CounterMeaning MEANING =
      new Question.CounterMeaning("interfaces", 8, List.of(1_000_000L, 1L), false);

  private final SnmpCounters counters = new SnmpCounters();
  private final ResponseContext context = context(1300);

  private ResponseContext context(int maxRequest) {
    Ticker ticker =
        new Ticker() {
          @Override
          public long read() {
            return 17;
          }
        };
    InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(42));
    return new ResponseContext(
        "core1",
        false,
        maxRequest,
        1400,
        SnmpOptions.DEFAULT,
        Definitions.NONE,
        new Notes("core1", clock),
        ticker,
        clock,
        counters);
  }

  private static Exchange.Item<Question> item(Object continuation, Oid... samples) {
    return new Exchange.Item<>(
        new Question.Sample(List.of(samples), NAME, JUMPED, List.of(MEGABITS, BITS), MEANING),
        continuation);
  }

  private static PDU response(Object... objectsAndValues) {
    List<VariableBinding> bindings = new ArrayList<>();
    for (int i = 0; i < objectsAndValues.length; i += 2) {
      bindings.add(
          new VariableBinding(
              SmiValues.oid((Oid) objectsAndValues[i]), (Variable) objectsAndValues[i + 1]));
    }
    return new PDU(PDU.RESPONSE, bindings);
  }

  private static PDU error(int status, int index) {
    PDU pdu = response();
    pdu.setErrorStatus(status);
    pdu.setErrorIndex(index);
    return pdu;
  }

  private static List<Oid> asked(Query query) {
    return query.request().bindings().stream().map(b -> SmiValues.oid(b.getOid())).toList();
  }

  private static Answer.Item<Value> item(Answer<Value> answer, int at) {
    return ((Answer.Items<Value>) answer).items().get(at);
  }

  private static Outcome<Value> outcome(Answer<Value> answer, int at) {
    return ((Answer.Item.Done<Value>) item(answer, at)).outcome();
  }

  private static CounterSample sample(Answer<Value> answer, int at) {
    return (CounterSample) ((Reading<Value>) outcome(answer, at)).value();
  }

  private static Value number(Value.NumberType type, long number) {
    return new Value.Numeric(type, number);
  }

  @Test
  void samplesOfARowShareItsNameItsSpeedAndTheTimeOfTheAgent() {
    SampleQuery query = new SampleQuery(context, List.of(item(null, WIDE), item(null, NARROW)));
    assertThat(asked(query)).containsExactly(UPTIME, WIDE, MEGABITS, BITS, NAME, JUMPED, NARROW);
    Answer<Value> answer =
        query.answer(
            response(
                UPTIME, new TimeTicks(500),
                WIDE, new Counter64(70),
                MEGABITS, new Gauge32(10),
                BITS, new Gauge32(9_000_000),
                NAME, new Gauge32(1),
                JUMPED, new TimeTicks(3),
                NARROW, new Counter32(71)),
            100);
    assertThat(sample(answer, 0))
        .isEqualTo(
            new CounterSample(
                0,
                new Value.Numeric(Value.NumberType.COUNTER64, 70),
                number(Value.NumberType.GAUGE, 1),
                500,
                number(Value.NumberType.TIME, 3),
                10_000_000));
    assertThat(sample(answer, 1).value().number()).isEqualTo(71);
  }

  @Test
  void firstCounterThatTheAgentHasIsSampled() {
    SampleQuery query = new SampleQuery(context, List.of(item(null, WIDE, NARROW)));
    Answer<Value> answer =
        query.answer(
            response(
                UPTIME, Null.noSuchObject,
                WIDE, Null.noSuchInstance,
                NARROW, new Counter32(71),
                MEGABITS, Null.noSuchInstance,
                BITS, new Gauge32(4_294_967_295L),
                NAME, new Gauge32(1),
                JUMPED, Null.noSuchInstance),
            100);
    CounterSample sample = sample(answer, 0);
    assertThat(sample.counter()).isEqualTo(1);
    assertThat(sample.value().number()).isEqualTo(71);
    assertThat(sample.uptime()).isNegative();
    assertThat(sample.discontinuity()).isNull();
    assertThat(sample.speed()).as("which may be more").isZero();
  }

  @Test
  void agentOfV1IsAskedWithoutWhatItSaidThatItDoesNotHave() {
    SampleQuery first = new SampleQuery(context, List.of(item(null, WIDE, NARROW)));
    Answer.Item<Value> without = item(first.answer(error(PDU.noSuchName, 2), 100), 0);
    Object continuation = ((Answer.Item.More<Value>) without).continuation();
    SampleQuery second = new SampleQuery(context, List.of(item(continuation, WIDE, NARROW)));
    assertThat(asked(second)).containsExactly(UPTIME, NARROW, MEGABITS, BITS, NAME, JUMPED);
    Answer.Item<Value> more = item(second.answer(error(PDU.noSuchName, 2), 100), 0);
    assertThat(more).as("its row may be there yet").isInstanceOf(Answer.Item.More.class);
    SampleQuery third =
        new SampleQuery(
            context, List.of(item(((Answer.Item.More<Value>) more).continuation(), WIDE, NARROW)));
    assertThat(outcome(third.answer(error(PDU.noSuchName, 4), 100), 0))
        .isEqualTo(new Absent<Value>(17, 42));
  }

  @Test
  void errorOfOneObjectFailsThoseThatWantItAndTheOthersAreAskedAgain() {
    Exchange.Item<Question> other =
        new Exchange.Item<>(
            new Question.Sample(List.of(NARROW), null, null, List.of(), MEANING), null);
    SampleQuery query = new SampleQuery(context, List.of(item(null, WIDE), other));
    Answer<Value> answer = query.answer(error(PDU.genErr, 2), 100);
    assertThat(outcome(answer, 0)).isInstanceOf(Failure.class);
    assertThat(item(answer, 1)).isInstanceOf(Answer.Item.Again.class);
    assertThat(query.answer(error(PDU.genErr, 0), 100)).isInstanceOf(Answer.TooBig.class);
  }

  @Test
  void whatDoesNotFitIsAskedAgain() {
    List<Exchange.Item<Question>> many = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      many.add(item(null, WIDE.append(i)));
    }
    SampleQuery query = new SampleQuery(context, many);
    assertThat(asked(query)).hasSizeBetween(40, 150);
    List<Object> all = new ArrayList<>();
    asked(query).forEach(object -> all.addAll(List.of(object, new TimeTicks(1))));
    Answer<Value> answer = query.answer(response(all.toArray()), 100);
    assertThat(item(answer, 0)).isInstanceOf(Answer.Item.Done.class);
    assertThat(item(answer, 199)).isInstanceOf(Answer.Item.Again.class);
    assertThat(asked(new SampleQuery(context(1), many))).hasSize(6);
  }
}
