package org.aeiou.daemon.backend.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.Reading;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Version;
import org.junit.jupiter.api.Test;

/** Systems that share sockets, and how they come and go. */
class SharedSocketsIT extends HostileAgents {

  @Test
  void moreThanFitsIsAskedInSeveralRequests() throws Exception {
    List<Integer> sizes = new ArrayList<>();
    Exchanger<Question, Value> system =
        system(
            Version.V2C,
            (me, request, from) -> {
              synchronized (sizes) {
                sizes.add(me.lastBytes);
              }
              me.send(honest(request), from);
            });
    int[] tail = new int[100];
    Arrays.fill(tail, 123_456);
    List<Question.Get> gets =
        IntStream.range(0, 20)
            .mapToObj(i -> new Question.Get(Oid.parse("1.3.6.1.4.1").append(tail).append(i)))
            .toList();
    assertThat(Asked.outcomes(system, gets)).allMatch(o -> o instanceof Reading);
    synchronized (sizes) {
      assertThat(sizes).hasSizeGreaterThan(3).allMatch(size -> size <= 1400);
    }
  }

  @Test
  void aThousandAnswersAtOnceAreNotDropped() throws Exception {
    Exchanger<Question, Value> one = system(Version.V2C, (me, r, from) -> me.send(honest(r), from));
    List<Asked> asked = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      asked.add(Asked.of(GET).from(one));
    }
    int answered = 0;
    for (Asked each : asked) {
      assertThat(only(each.answer())).isEqualTo(HERE);
      answered++;
    }
    assertThat(answered).isEqualTo(1000);
  }

  @Test
  void anUnknownHostFailsWithItsNameAndCanBeTriedAgain() throws Exception {
    Exchanger<Question, Value> system =
        backend.connect(
            "core1",
            new SnmpSettings("no-such-host.invalid", 161, Version.V2C, new Secret("x"), null));
    Answer<Value> answer = Asked.of(GET).from(system).answer();
    assertThat(failure(answer).reason()).isEqualTo(Reason.UNREACHABLE);
    assertThat(failure(answer).message())
        .isEqualTo("core1: the host name 'no-such-host.invalid' is not known");
    assertThat(((Answer.Failed<Value>) answer).retry()).isTrue();
  }

  @Test
  void anInterruptedCallerDoesNotCloseTheSocketForTheOthers() throws Exception {
    Exchanger<Question, Value> system =
        system(Version.V2C, (me, r, from) -> me.send(honest(r), from));
    Asked get = Asked.of(GET);
    Thread.currentThread().interrupt();
    get.from(system);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(only(get.answer())).isEqualTo(HERE);
    assertThat(only(Asked.of(GET).from(system).answer())).isEqualTo(HERE);
  }

  @Test
  void forgettingASystemEndsItsExchanges() throws Exception {
    Exchanger<Question, Value> system = system(Version.V2C, (me, request, from) -> {});
    Asked pending = Asked.of(GET).from(system);
    backend.forget(system);
    assertThat(failure(pending.answer()).reason()).isEqualTo(Reason.STOPPED);
    assertThat(failure(Asked.of(GET).from(system).answer()).reason()).isEqualTo(Reason.STOPPED);
  }

  @Test
  void closingEndsWhatIsUnderWayAndStopsTheThreads() throws Exception {
    Exchanger<Question, Value> system = system(Version.V2C, (me, request, from) -> {});
    Asked pending = Asked.of(GET).from(system);
    backend.close();
    assertThat(failure(pending.answer()).reason()).isEqualTo(Reason.STOPPED);
    assertThat(Asked.of(GET).from(system).answer()).isInstanceOf(Answer.Failed.class);
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().matches("aeiou-snmp-\\d+"));
  }
}
