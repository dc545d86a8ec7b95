package org.aeiou.daemon.backend.snmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.base.Ticker;
import java.time.Duration;
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
import org.aeiou.daemon.backend.Definitions;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.message.Notes;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.aeiou.daemon.backend.snmp.message.SnmpCounters;
import org.junit.jupiter.api.Test;
import org.snmp4j.PDU;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.VariableBinding;

/** Which PDU a query makes and how it reads the response; nothing is sent. */
class QueryTest {
  private static final Oid A = Oid.parse("1.3.6.1.2.1.2.2.1.1");
  private static final Oid B = Oid.parse("1.3.6.1.2.1.2.2.1.2");
  private static final Oid C = Oid.parse("1.3.6.1.2.1.2.2.1.3");

  private final SnmpCounters counters = new SnmpCounters();
  private final ResponseContext v2c = context(false);
  private final ResponseContext v1 = context(true);

  private ResponseContext context(boolean v1) {
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
        v1,
        1300,
        1400,
        SnmpOptions.DEFAULT,
        Definitions.NONE,
        new Notes("core1", clock),
        ticker,
        clock,
        counters);
  }

  private static PDU response(VariableBinding... bindings) {
    PDU pdu = new PDU(PDU.RESPONSE, List.of(bindings));
    pdu.setErrorStatus(PDU.noError);
    return pdu;
  }

  private static VariableBinding number(Oid oid, int value) {
    return new VariableBinding(SmiValues.oid(oid), new Integer32(value));
  }

  private static VariableBinding none(Oid oid) {
    return new VariableBinding(SmiValues.oid(oid), Null.noSuchInstance);
  }

  private static Value value(int number) {
    return new Value.Numeric(Value.NumberType.INTEGER, number);
  }

  private static List<Oid> asked(Query query) {
    return query.request().bindings().stream().map(b -> SmiValues.oid(b.getOid())).toList();
  }

  private static List<Answer.Item<Value>> items(Answer<Value> answer) {
    assertThat(answer).isInstanceOf(Answer.Items.class);
    return ((Answer.Items<Value>) answer).items();
  }

  private static Outcome<Value> outcome(Answer.Item<Value> item) {
    assertThat(item).isInstanceOf(Answer.Item.Done.class);
    return ((Answer.Item.Done<Value>) item).outcome();
  }

  private static Exchange.Item<Question> item(Question question) {
    return new Exchange.Item<>(question, null);
  }

  @Test
  void aSharedGuardIsAskedForOnce() {
    GetQuery query =
        new GetQuery(
            v2c,
            List.of(
                item(new Question.Get(A, C)),
                item(new Question.Get(B, C)),
                item(new Question.Get(C))));
    assertThat(asked(query)).containsExactly(A, C, B);
    List<Answer.Item<Value>> items =
        items(query.answer(response(number(A, 1), number(C, 3), none(B)), 100));
    assertThat(outcome(items.get(0)))
        .isEqualTo(new Reading<Value>(new Value.Guarded(value(1), value(3)), 17, 42, 42));
    assertThat(outcome(items.get(1)))
        .isEqualTo(new Reading<Value>(new Value.Guarded(null, value(3)), 17, 42, 42));
    assertThat(outcome(items.get(2))).isEqualTo(new Reading<>(value(3), 17, 42, 42));
  }

  @Test
  void anObjectThatWasLeftOutIsAskedForAgainAndOneInItsPlaceIsABadAnswer() {
    List<Exchange.Item<Question>> both =
        List.of(item(new Question.Get(A)), item(new Question.Get(B)));
    List<Answer.Item<Value>> items =
        items(new GetQuery(v2c, both).answer(response(number(A, 1)), 50));
    assertThat(outcome(items.get(0))).isInstanceOf(Reading.class);
    assertThat(items.get(1)).isInstanceOf(Answer.Item.Again.class);
    items = items(new GetQuery(v2c, both).answer(response(number(C, 1)), 50));
    assertThat(outcome(items.get(0))).isInstanceOf(Failure.class);
    assertThat(outcome(items.get(1))).isInstanceOf(Failure.class);
    assertThat(counters.get(SnmpCounter.BAD)).isEqualTo(2);
  }

  @Test
  void whatDoesNotFitIsAskedAgainAndTheFirstAlwaysFits() {
    List<Exchange.Item<Question>> many = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      many.add(item(new Question.Get(A.append(i))));
    }
    GetQuery query = new GetQuery(v2c, many);
    int fitting = query.request().bindings().size();
    assertThat(fitting).isBetween(50, 150);
    assertThat(PDU.getBERLength(query.request().bindings())).isLessThanOrEqualTo(1300);
    List<Answer.Item<Value>> items =
        items(
            query.answer(
                response(
                    asked(query).stream()
                        .map(oid -> number(oid, 1))
                        .toArray(VariableBinding[]::new)),
                1400));
    assertThat(items).hasSize(200);
    assertThat(items.subList(0, fitting)).allMatch(i -> i instanceof Answer.Item.Done);
    assertThat(items.subList(fitting, 200)).allMatch(i -> i instanceof Answer.Item.Again);
    ResponseContext narrow =
        new ResponseContext(
            "x",
            false,
            1,
            1,
            SnmpOptions.DEFAULT,
            Definitions.NONE,
            v2c.notes(),
            v2c.ticker(),
            v2c.clock(),
            counters);
    assertThat(new GetQuery(narrow, many).request().bindings()).hasSize(1);
    assertThat(walkQuery(narrow, walk(A, B), 1).request().bindings()).hasSize(1);
  }

  @Test
  void genErrWithoutAnIndexIsAskedForSeparately() {
    PDU error = response(number(A, 0));
    error.setErrorStatus(PDU.genErr);
    List<Exchange.Item<Question>> both =
        List.of(item(new Question.Get(A)), item(new Question.Get(B)));
    assertThat(new GetQuery(v2c, both).answer(error, 50)).isInstanceOf(Answer.TooBig.class);
    assertThat(outcome(items(new GetQuery(v2c, both.subList(0, 1)).answer(error, 50)).get(0)))
        .isInstanceOf(Failure.class);
    error.setErrorIndex(99);
    assertThat(new GetQuery(v2c, both).answer(error, 50)).isInstanceOf(Answer.TooBig.class);
  }

  @Test
  void aProbeFindsOnlyWhatIsBelowItsSubtree() {
    ProbeQuery query =
        new ProbeQuery(
            v2c,
            List.of(
                item(new Question.Probe(A)),
                item(new Question.Probe(B)),
                item(new Question.Probe(C))));
    assertThat(query.request().type()).isEqualTo(PDU.GETNEXT);
    List<Answer.Item<Value>> items =
        items(
            query.answer(
                response(
                    number(A.append(1), 7),
                    number(C.append(1), 8),
                    new VariableBinding(SmiValues.oid(C), Null.endOfMibView)),
                100));
    assertThat(outcome(items.get(0)))
        .isEqualTo(new Reading<>(new Value.Identifier(A.append(1)), 17, 42, 42));
    assertThat(outcome(items.get(1))).isInstanceOf(Absent.class);
    assertThat(outcome(items.get(2))).isInstanceOf(Absent.class);
  }

  @Test
  void aScalarAskedBesideProbesIsTheNextObjectAfterItsType() {
    Oid scalar = A.append(0);
    Oid missing = B.append(0);
    ProbeQuery query =
        new ProbeQuery(
            v2c,
            List.of(
                item(new Question.Probe(C)),
                item(Question.Get.withProbes(scalar)),
                item(Question.Get.withProbes(missing))));
    assertThat(query.request().type()).isEqualTo(PDU.GETNEXT);
    assertThat(asked(query)).containsExactly(C, A, B);
    List<Answer.Item<Value>> items =
        items(
            query.answer(
                response(number(C.append(1), 8), number(scalar, 7), number(B.append(1), 8)), 100));
    assertThat(outcome(items.get(0)))
        .isEqualTo(new Reading<>(new Value.Identifier(C.append(1)), 17, 42, 42));
    assertThat(outcome(items.get(1)))
        .isEqualTo(new Reading<>(new Value.Numeric(Value.NumberType.INTEGER, 7), 17, 42, 42));
    assertThat(outcome(items.get(2))).as("an instance, and not its own").isInstanceOf(Absent.class);
  }

  @Test
  void howAScalarTravelsMakesItNoOtherQuestion() {
    assertThat(Question.Get.withProbes(A.append(0)))
        .isEqualTo(new Question.Get(A.append(0)))
        .hasSameHashCodeAs(new Question.Get(A.append(0)));
    assertThatIllegalArgumentException().isThrownBy(() -> Question.Get.withProbes(A.append(3)));
  }

  private static Exchange.Item<Question> walk(Oid... columns) {
    return item(new Question.Walk(List.of(columns)));
  }

  private static Query walkQuery(
      ResponseContext context, Exchange.Item<Question> item, int attempt) {
    return new Walks(context, new AnswerMemory(1 << 20))
        .query(new Asked(List.of(item), Duration.ofSeconds(1), attempt));
  }

  @Test
  void aWalkAsksForAsManyRowsAsAreMeantToFitAndForHalfAsManyInEachAttempt() {
    Query first = walkQuery(v2c, walk(A, B), 1);
    assertThat(first.request().type()).isEqualTo(PDU.GETBULK);
    assertThat(asked(first)).containsExactly(A, B);
    assertThat(first.request().maxRepetitions()).isBetween(15, 40);
    Query second = walkQuery(v2c, walk(A, B), 2);
    assertThat(second.request().maxRepetitions()).isEqualTo(first.request().maxRepetitions() / 2);
    assertThat(walkQuery(v1, walk(A, B), 1).request().type()).isEqualTo(PDU.GETNEXT);
  }

  @Test
  void theSizeOfCellsIsLearnedFromTheResponse() {
    Query first = walkQuery(v2c, walk(A), 1);
    Answer.Item<Value> item = items(first.answer(response(number(A.append(1), 1)), 350)).get(0);
    Object continuation = ((Answer.Item.More<Value>) item).continuation();
    Query second =
        walkQuery(v2c, new Exchange.Item<>(new Question.Walk(List.of(A)), continuation), 1);
    assertThat(second.request().maxRepetitions()).isEqualTo(1400 / 351);
    assertThat(asked(second)).containsExactly(A.append(1));
  }

  @Test
  void aContinuationCanBeAnsweredTwice() {
    Query first = walkQuery(v2c, walk(A), 1);
    Answer.Item<Value> more = items(first.answer(response(number(A.append(1), 1)), 100)).get(0);
    Exchange.Item<Question> next =
        new Exchange.Item<>(
            new Question.Walk(List.of(A)), ((Answer.Item.More<Value>) more).continuation());
    PDU end = response(number(A.append(2), 2), number(B, 0));
    Outcome<Value> once = outcome(items(walkQuery(v2c, next, 1).answer(end, 90)).get(0));
    Outcome<Value> twice = outcome(items(walkQuery(v2c, next, 2).answer(end, 90)).get(0));
    assertThat(once).isEqualTo(twice);
    assertThat(((Reading<Value>) once).value())
        .isEqualTo(
            new Value.Rows(
                List.of(
                    new Value.Row(Oid.of(1), List.of(value(1))),
                    new Value.Row(Oid.of(2), List.of(value(2))))));
  }

  @Test
  void columnsOfDifferentRowsAreJoinedByIndex() {
    Query query = walkQuery(v2c, walk(A, B), 1);
    Answer<Value> answer =
        query.answer(
            response(
                number(A.append(2), 12), number(B.append(1), 21),
                number(A.append(10), 110), number(B.append(2), 22),
                number(B, 0), number(C, 0)),
            100);
    List<Value.Row> rows =
        ((Value.Rows) ((Reading<Value>) outcome(items(answer).get(0))).value()).rows();
    assertThat(rows).extracting(Value.Row::index).containsExactly(Oid.of(1), Oid.of(2), Oid.of(10));
    assertThat(rows.get(0).columns()).containsExactly(null, value(21));
    assertThat(rows.get(1).columns()).containsExactly(value(12), value(22));
    assertThat(rows.get(2).columns()).containsExactly(value(110), null);
  }

  @Test
  void anEmptyTableHasNoRowsAndIsNotAbsent() {
    Query query = walkQuery(v2c, walk(A), 1);
    Answer<Value> answer =
        query.answer(
            response(new VariableBinding(new OID(SmiValues.oid(A)), Null.endOfMibView)), 50);
    assertThat(((Reading<Value>) outcome(items(answer).get(0))).value())
        .isEqualTo(new Value.Rows(List.of()));
  }
}
