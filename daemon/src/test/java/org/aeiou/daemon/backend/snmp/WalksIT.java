package org.aeiou.daemon.backend.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.scheduler.Exchanger;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Version;
import org.junit.jupiter.api.Test;
import org.snmp4j.PDU;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.VariableBinding;

/** Walks of tables, and of what only looks like one. */
class WalksIT extends HostileAgents {

  @Test
  void aWalkThatGoesInCirclesIsABadAnswer() throws Exception {
    Exchanger<Question, Value> system =
        system(
            Version.V2C,
            (me, request, from) -> {
              PDU response = Responder.response(request);
              for (int i : new int[] {1, 2, 3, 2}) {
                response.add(
                    new VariableBinding(Variables.oid(TABLE.append(i)), new OctetString("x")));
              }
              me.send(response, from);
            });
    Failure<Value> failure = (Failure<Value>) walk(system, TABLE);
    assertThat(failure.reason()).isEqualTo(Reason.BAD_ANSWER);
    assertThat(failure.message())
        .isEqualTo(
            "core1: the agent does not walk forward: after "
                + TABLE.append(3)
                + " comes "
                + TABLE.append(2));
    assertThat(backend.count(Count.WALK_NOT_INCREASING)).isEqualTo(1);
  }

  private static Outcome<Value> walk(Exchanger<Question, Value> system, Oid... columns)
      throws InterruptedException {
    return Asked.outcomes(system, List.of(new Question.Walk(List.of(columns)))).get(0);
  }

  @Test
  void aTableWithoutEndIsABadAnswer() throws Exception {
    Exchanger<Question, Value> system = system(Version.V2C, table(Integer.MAX_VALUE, 100));
    Failure<Value> failure = (Failure<Value>) walk(system, TABLE);
    assertThat(failure.message()).isEqualTo("core1: more than 500 rows below " + TABLE);
    assertThat(backend.count(Count.WALK_TOO_LONG)).isEqualTo(1);
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
        Value last = new Value.Numeric(Value.NumberType.INTEGER32, 37);
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
    long before = backend.count(Count.TOO_BIG);
    assertThat(before).isPositive();
    assertThat(walk(system, TABLE)).isInstanceOf(Reading.class);
    assertThat(backend.count(Count.TOO_BIG)).isEqualTo(before);
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
                        .filter(i -> request.get(i).getOid().startsWith(Variables.oid(broken)))
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
    assertThat(backend.count(Count.WALK_COLUMN_FAILED)).isEqualTo(4);
  }
}
