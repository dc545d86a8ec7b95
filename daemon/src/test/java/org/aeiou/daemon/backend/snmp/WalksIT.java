package org.aeiou.daemon.backend.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Version;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.junit.jupiter.api.Test;
import org.snmp4j.PDU;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.VariableBinding;

/** Walks of tables, and of what only looks like one. */
class WalksIT extends HostileAgents {

  /** Answers every question with the rows of these numbers. */
  private static Responder.Behaviour always(int... rows) {
    return (me, request, from) -> {
      PDU response = Responder.response(request);
      for (int row : rows) {
        response.add(row(row));
      }
      me.send(response, from);
    };
  }

  private static VariableBinding row(int number) {
    return new VariableBinding(SmiValues.oid(TABLE.append(number)), new OctetString("x"));
  }

  /** A table with rows that follow one another in this order, a few in each answer. */
  private static Responder.Behaviour inOrder(int... rows) {
    return (me, request, from) -> {
      PDU response = Responder.response(request);
      OID asked = request.get(0).getOid();
      int next = 0;
      while (asked.size() > TABLE.length() && rows[next++] != asked.last()) {}
      for (int i = 0; i < 4; i++, next++) {
        response.add(
            next < rows.length
                ? row(rows[next])
                : new VariableBinding(new OID("1.4"), Null.endOfMibView));
      }
      me.send(response, from);
    };
  }

  private static List<Integer> indexes(Outcome<Value> walked) {
    return ((Value.Rows) ((Reading<Value>) walked).value())
        .rows().stream().map(row -> row.index().get(0)).toList();
  }

  @Test
  void rowsOutOfOrderAreWalkedToTheirEndAndSaid() throws Exception {
    Exchanger<Question, Value> system =
        system(Version.V2C, inOrder(1, 1000, 1001, 2, 3, 17, 5, 4, 9, 8));
    assertThat(indexes(walk(system, TABLE))).containsExactly(1, 2, 3, 4, 5, 8, 9, 17, 1000, 1001);
    assertThat(backend.count(SnmpCounter.WALK_OUT_OF_ORDER)).isEqualTo(1);
    assertThat(system.notes()).hasSize(1);
    assertThat(system.notes().get(0))
        .startsWith(
            "the agent walks interfaces/ifDescr ("
                + TABLE
                + ") out of order: after "
                + TABLE.append(1001)
                + " comes "
                + TABLE.append(2)
                + "; it was walked on (2");
  }

  @Test
  void aWalkThatGoesInCirclesEndsThereAndKeepsWhatItFound() throws Exception {
    Exchanger<Question, Value> system = system(Version.V2C, always(1, 2, 3, 2));
    assertThat(indexes(walk(system, TABLE))).containsExactly(1, 2, 3);
    assertThat(backend.count(SnmpCounter.WALK_CIRCLE)).isEqualTo(1);
    assertThat(system.notes())
        .anyMatch(
            note ->
                note.startsWith("the agent walks interfaces/ifDescr (" + TABLE + ") in circles:")
                    && note.contains("what came before that is taken"));
  }

  @Test
  void aWalkThatBringsNoObjectForwardIsABadAnswer() throws Exception {
    Exchanger<Question, Value> system =
        system(
            Version.V2C,
            (me, request, from) -> {
              PDU response = Responder.response(request);
              response.add(new VariableBinding(request.get(0).getOid(), new OctetString("x")));
              me.send(response, from);
            });
    Failure<Value> failure = (Failure<Value>) walk(system, TABLE);
    assertThat(failure.reason()).isEqualTo(Reason.BAD_ANSWER);
    assertThat(failure.message())
        .isEqualTo(
            "core1: the agent does not walk forward: after "
                + TABLE
                + " comes "
                + TABLE
                + " again");
  }

  @Test
  void aWalkIsGivenUpWhenItTakesTooMuchMemoryOrTooManyBytes() throws Exception {
    Responder.Behaviour table = table(Integer.MAX_VALUE, 1);
    try (SnmpBackend small =
        new SnmpBackend(
            Ticker.systemTicker(), InstantSource.system(), options(1, 64 << 10), DEFINITIONS)) {
      Failure<Value> failure =
          (Failure<Value>)
              walk(small.connect("core1", responder(table).settings(Version.V2C)), TABLE);
      assertThat(failure.reason()).isEqualTo(Reason.BAD_ANSWER);
      assertThat(failure.message())
          .matches(
              "core1: the walk of interfaces/ifDescr \\(.*\\) was given up at .*:"
                  + " more than 32 KiB in \\d+ rows");
      assertThat(small.count(SnmpCounter.WALK_TOO_LARGE)).isEqualTo(1);
      OctetString huge = new OctetString(new byte[5_000]);
      Exchanger<Question, Value> long1 =
          small.connect(
              "core1",
              responder(
                      (me, request, from) -> {
                        PDU response = Responder.response(request);
                        int next = request.get(0).getOid().last() + 1;
                        response.add(new VariableBinding(SmiValues.oid(TABLE.append(next)), huge));
                        me.send(response, from);
                      })
                  .settings(Version.V2C));
      assertThat(((Failure<Value>) walk(long1, TABLE)).message()).endsWith("32 KiB in 7 rows");
      assertThat(small.metrics().values()).containsEntry("snmp.answers.bytes", 0L);
    }
  }

  @Test
  void aWalkIsGivenUpWhenItTakesTooLong() throws Exception {
    Responder.Behaviour table = table(Integer.MAX_VALUE, 1);
    Exchanger<Question, Value> system =
        system(
            Version.V2C,
            (me, request, from) -> {
              now.addAndGet(Duration.ofMillis(1900).toNanos());
              table.asked(me, request, from);
            });
    Failure<Value> failure = (Failure<Value>) walk(system, TABLE);
    assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
    assertThat(failure.message()).endsWith("not done after 10 s and 6 rows");
    assertThat(backend.count(SnmpCounter.WALK_TOO_SLOW)).isEqualTo(1);
    assertThat(system.notes()).hasSize(1);
  }

  @Test
  void whatWasNotAskedForIsLeftOutOfAnAnswer() throws Exception {
    Exchanger<Question, Value> system =
        system(
            Version.V1,
            (me, request, from) -> {
              PDU response = Responder.response(request);
              if (request.get(0).getOid().size() == TABLE.length()) {
                response.add(row(1));
                response.add(row(2));
              } else {
                response.add(new VariableBinding(new OID("1.4.1"), new OctetString("x")));
              }
              me.send(response, from);
            });
    assertThat(indexes(walk(system, TABLE))).containsExactly(1);
    assertThat(backend.count(SnmpCounter.EXCESS)).isEqualTo(1);
  }

  @Test
  void anIndexThatDoesNotFitBehindAllColumnsIsLeftOut() throws Exception {
    Oid longer = Oid.parse("1.3.6.1.2.1.31.1.1.1.1");
    int[] index = new int[118];
    Exchanger<Question, Value> system =
        system(
            Version.V2C,
            (me, request, from) -> {
              PDU response = Responder.response(request);
              for (VariableBinding asked : request.getVariableBindings()) {
                boolean first = asked.getOid().equals(SmiValues.oid(TABLE));
                response.add(
                    new VariableBinding(
                        first ? SmiValues.oid(TABLE.append(index)) : new OID("1.4.1"),
                        new OctetString("x")));
              }
              me.send(response, from);
            });
    assertThat(((Value.Rows) ((Reading<Value>) walk(system, TABLE, longer)).value()).rows())
        .isEmpty();
    assertThat(backend.count(SnmpCounter.WALK_INDEX_TOO_LONG)).isEqualTo(1);
  }

  private static Outcome<Value> walk(Exchanger<Question, Value> system, Oid... columns)
      throws InterruptedException {
    return Asked.outcomes(system, List.of(new Question.Walk(List.of(columns)))).get(0);
  }

  @Test
  void aTableWithoutEndIsABadAnswer() throws Exception {
    Exchanger<Question, Value> system = system(Version.V2C, table(Integer.MAX_VALUE, 100));
    Failure<Value> failure = (Failure<Value>) walk(system, TABLE);
    assertThat(failure.message())
        .matches(
            "core1: the walk of interfaces/ifDescr \\(.*\\) was given up at .*: more than 500 rows");
    assertThat(backend.count(SnmpCounter.WALK_TOO_LONG)).isEqualTo(1);
  }

  /** An honest table of columns below {@code TABLE}'s parent, that answers so many bindings. */
  private static Responder.Behaviour table(int rows, int most) {
    return (me, request, from) -> {
      PDU response = Responder.response(request);
      int repetitions = request.getType() == PDU.GETBULK ? request.getMaxRepetitions() : 1;
      for (int r = 0; r < repetitions; r++) {
        for (VariableBinding asked : request.getVariableBindings()) {
          OID oid = (OID) asked.getOid().clone();
          int row = (oid.size() == TABLE.length() ? 0 : oid.last()) + r + 1;
          OID column = new OID(oid.getValue(), 0, TABLE.length());
          if (response.size() < most) {
            if (row <= rows) {
              response.add(new VariableBinding(column.append(row), new Integer32(row)));
            } else {
              response.add(
                  request.getType() == PDU.GETBULK
                      ? new VariableBinding(column, Null.endOfMibView)
                      : new VariableBinding(new OID("1.3.6.1.9.9.9"), new Integer32(0)));
            }
          }
        }
      }
      me.send(response, from);
    };
  }

  @Test
  void aTableIsWalkedToItsEndInEveryVersionAndHoweverLittleComesAtATime() throws Exception {
    Oid second = Oid.parse("1.3.6.1.2.1.2.2.1.3");
    for (int most : new int[] {1, 3, 7, 1000}) {
      for (Version version : List.of(Version.V1, Version.V2C)) {
        Value.Rows rows =
            (Value.Rows)
                ((Reading<Value>) walk(system(version, table(37, most)), TABLE, second)).value();
        assertThat(rows.rows()).hasSize(37);
        Value last = new Value.Numeric(Value.NumberType.INTEGER, 37);
        assertThat(rows.rows().get(36)).isEqualTo(new Value.Row(Oid.of(37), List.of(last, last)));
      }
    }
  }

  @Test
  void aWalkHalvesItsRepetitionsOnTooBigAndRemembersThat() throws Exception {
    List<Integer> asked = new ArrayList<>();
    Responder.Behaviour table = table(60, 1000);
    Exchanger<Question, Value> system =
        system(
            Version.V2C,
            (me, request, from) -> {
              synchronized (asked) {
                asked.add(request.getMaxRepetitions());
              }
              if (request.getMaxRepetitions() > 10) {
                me.send(Responder.error(request, PDU.tooBig, 0), from);
              } else {
                table.asked(me, request, from);
              }
            });
    assertThat(walk(system, TABLE)).isInstanceOf(Reading.class);
    long before = backend.count(SnmpCounter.TOO_BIG);
    assertThat(before).isPositive();
    assertThat(walk(system, TABLE)).isInstanceOf(Reading.class);
    assertThat(backend.count(SnmpCounter.TOO_BIG)).isEqualTo(before);
    synchronized (asked) {
      assertThat(asked.get(1)).isEqualTo(asked.get(0) / 2);
    }
  }

  @Test
  void aColumnTheAgentCannotReadIsLeftOutOfTheWalk() throws Exception {
    Oid broken = Oid.parse("1.3.6.1.2.1.2.2.1.3");
    Responder.Behaviour table = table(5, 1000);
    for (Version version : List.of(Version.V1, Version.V2C)) {
      Exchanger<Question, Value> system =
          system(
              version,
              (me, request, from) -> {
                int index =
                    IntStream.range(0, request.size())
                        .filter(i -> request.get(i).getOid().startsWith(SmiValues.oid(broken)))
                        .findFirst()
                        .orElse(-1);
                if (index >= 0) {
                  me.send(Responder.error(request, PDU.genErr, index + 1), from);
                } else {
                  table.asked(me, request, from);
                }
              });
      Value.Rows rows = (Value.Rows) ((Reading<Value>) walk(system, TABLE, broken)).value();
      assertThat(rows.rows()).hasSize(5);
      assertThat(rows.rows().get(0).columns().get(1)).isNull();
      assertThat(walk(system, broken)).isInstanceOf(Failure.class);
    }
    assertThat(backend.count(SnmpCounter.WALK_COLUMN_FAILED)).isEqualTo(4);
  }
}
