package org.aeiou.daemon.backend.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Version;
import org.junit.jupiter.api.Test;
import org.snmp4j.PDU;
import org.snmp4j.smi.OID;

/** What becomes of errors that agents answer with. */
class AgentErrorsIT extends HostileAgents {

  @Test
  void tooBigIsLeftToTheScheduler() throws Exception {
    Exchanger<Question, Value> system =
        system(
            Version.V2C,
            (me, request, from) ->
                me.send(
                    request.size() > 2 ? Responder.error(request, PDU.tooBig, 0) : honest(request),
                    from));
    List<Question.Get> gets = gets(8);
    assertThat(new Asked(Asked.items(gets), Duration.ofSeconds(5), 1).from(system).answer())
        .isInstanceOf(Answer.TooBig.class);
    assertThat(Asked.outcomes(system, gets)).allMatch(o -> o instanceof Reading);
  }

  private static List<Question.Get> gets(int count) {
    return IntStream.range(0, count).mapToObj(i -> new Question.Get(TABLE.append(i + 1))).toList();
  }

  @Test
  void genErrFailsTheNamedObjectAndAsksTheOthersAgain() throws Exception {
    OID broken = SmiValues.oid(TABLE.append(3));
    Responder.Behaviour behaviour =
        (me, request, from) -> {
          int index =
              request.getVariableBindings().stream().map(v -> v.getOid()).toList().indexOf(broken)
                  + 1;
          me.send(index > 0 ? Responder.error(request, PDU.genErr, index) : honest(request), from);
        };
    for (Version version : List.of(Version.V1, Version.V2C)) {
      List<Outcome<Value>> outcomes = Asked.outcomes(system(version, behaviour), gets(5));
      assertThat(outcomes.get(2)).isInstanceOf(Failure.class);
      assertThat(((Failure<Value>) outcomes.get(2)).message())
          .isEqualTo("core1: the agent answered General variable binding error for " + broken);
      outcomes.remove(2);
      assertThat(outcomes).allMatch(o -> o instanceof Reading);
    }
  }

  @Test
  void noSuchNameOfV1MakesOneItemAbsentAndAGuardNull() throws Exception {
    OID missing = SmiValues.oid(TABLE.append(2));
    Exchanger<Question, Value> system =
        system(
            Version.V1,
            (me, request, from) -> {
              int index =
                  request.getVariableBindings().stream()
                          .map(v -> v.getOid())
                          .toList()
                          .indexOf(missing)
                      + 1;
              me.send(
                  index > 0 ? Responder.error(request, PDU.noSuchName, index) : honest(request),
                  from);
            });
    List<Outcome<Value>> outcomes =
        Asked.outcomes(
            system,
            List.of(
                new Question.Get(TABLE.append(1)),
                new Question.Get(TABLE.append(2)),
                new Question.Get(TABLE.append(3), TABLE.append(2)),
                new Question.Get(TABLE.append(4), TABLE.append(1))));
    assertThat(((Reading<Value>) outcomes.get(0)).value()).isEqualTo(HERE);
    assertThat(outcomes.get(1)).isInstanceOf(Absent.class);
    assertThat(((Reading<Value>) outcomes.get(2)).value()).isEqualTo(new Value.Guarded(HERE, null));
    assertThat(((Reading<Value>) outcomes.get(3)).value()).isEqualTo(new Value.Guarded(HERE, HERE));
  }

  @Test
  void authorizationErrorIsRefusedWithoutRetry() throws Exception {
    Exchanger<Question, Value> system =
        system(
            Version.V2C,
            (me, request, from) ->
                me.send(Responder.error(request, PDU.authorizationError, 1), from));
    Answer<Value> answer = Asked.of(GET).from(system).answer();
    assertThat(failure(answer).reason()).isEqualTo(Reason.REFUSED);
    assertThat(((Answer.Failed<Value>) answer).retry()).isFalse();
    assertThat(failure(answer).message()).startsWith("core1: ").doesNotContain("public");
  }
}
