package org.aeiou.daemon.cluster.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.daemon.cluster.broker.Broker;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.message.Frame;
import org.aeiou.daemon.cluster.message.Frame.Refusal.Why;
import org.junit.jupiter.api.Test;

/** Writes to systems that others own: sent once, and what is known of them afterwards. */
class RemoteWriteTest extends RemoteFixture {
  private final Agent core1 = system("core1");
  private final Epoch epoch = owners.all("p");

  private Asked write() {
    return core1.asked(RoutedQueueTest.set());
  }

  private static boolean mayHaveHappened(Asked asked) {
    return Failure.mayHaveHappened(Reason.valueOf(asked.word()));
  }

  @Test
  void aWriteIsSentOnceByTheEpochKnownAndItsVerdictIsTheOutcome() {
    Asked done = write();
    assertThat(p.last().epoch()).isEqualTo(epoch);
    assertThat(p.last().wanted()).hasSize(1);
    p.answers("done");
    assertThat(done.word()).isEqualTo("done");
    Asked refused = write();
    p.says(
        new Frame.Reply(
            p.last().exchange(),
            epoch,
            List.of(new Failure<>(Reason.NOT_WRITABLE, "core1: read-only")),
            null));
    assertThat(refused.word()).isEqualTo("NOT_WRITABLE");
    assertThat(p.asks).hasSize(2);
  }

  @Test
  void withoutAVerdictItMayHaveBeenDone() {
    Asked write = write();
    advance(Duration.ofSeconds(11));
    assertThat(write.word()).isEqualTo("TIMEOUT");
    assertThat(mayHaveHappened(write)).isTrue();
    advance(Duration.ofSeconds(11));
    assertThat(p.asks).as("sent once").hasSize(1);
    assertThat(count("underWay")).isZero();
  }

  @Test
  void aWriteThatTheOwnerDidNotGetWasNotDone() {
    p.isGone();
    Asked write = write();
    assertThat(write.word()).isEqualTo("UNREACHABLE");
    assertThat(mayHaveHappened(write)).isFalse();
  }

  @Test
  void aWriteThatWasRefusedIsSentToTheNextOwner() {
    Asked write = write();
    p.refuses(Why.NOT_OWNER);
    Epoch next = owners.all("q");
    assertThat(q.last().epoch()).isEqualTo(next);
    q.answers("done");
    assertThat(write.word()).isEqualTo("done");
    assertThat(p.asks).hasSize(1);
    assertThat(q.asks).hasSize(1);
  }

  @Test
  void aWriteThatNoOwnerTookWasNotDone() {
    Asked write = write();
    p.refuses(Why.NOT_OWNER);
    advance(Duration.ofSeconds(3));
    assertThat(write.word()).isEqualTo("UNREACHABLE");
    assertThat(mayHaveHappened(write)).isFalse();
  }

  @Test
  void aHeldWriteEndsBeforeItsDeadlineAsItWasNotDone() {
    Asked write = core1.ask(RoutedQueueTest.set(), Duration.ofSeconds(2), false);
    settle();
    p.refuses(Why.NOT_OWNER);
    advance(Duration.ofMillis(1_600));
    assertThat(write.word()).isEqualTo("UNREACHABLE");
  }

  @Test
  void aWriteIsNotAskedOfTheNextOwnerAndItsVerdictIsWaitedForALittle() {
    Asked write = write();
    Frame.Ask sent = p.last();
    owners.all("q");
    assertThat(q.asks).isEmpty();
    advance(Duration.ofMillis(300));
    p.answers(sent, "done");
    assertThat(write.word()).isEqualTo("done");
    Asked lost = write();
    owners.all("p");
    advance(Duration.ofSeconds(2));
    assertThat(lost.word()).isEqualTo("TIMEOUT");
    assertThat(lost.message())
        .isEqualTo("core1: its poller did not say what became of it; it may have been done");
    assertThat(count("unknownWrites")).isEqualTo(1);
  }

  @Test
  void aWriteUnderWayWhenTheBrokerGoesMayHaveBeenDone() {
    Asked write = write();
    network.state(broker, Broker.State.UNREACHABLE);
    settle();
    assertThat(write.word()).isEqualTo("TIMEOUT");
    Asked next = write();
    assertThat(next.word()).isEqualTo("UNREACHABLE");
  }

  @Test
  void aWriteThatWasSentIsNotTakenBack() {
    Asked write = write();
    write.request.cancel();
    settle();
    assertThat(write.word()).isEqualTo("CANCELLED");
    assertThat(p.cancels).isEmpty();
    core1.queue.own();
    owners.all("me");
    assertThat(core1.started).as("not done once more here").isEmpty();
  }

  @Test
  void aVerdictOfAnotherMemberIsNone() {
    Asked write = write();
    q.answers(p.last(), "forged");
    q.says(new Frame.Refusal(p.last().exchange(), Why.NOT_OWNER, "forged"));
    assertThat(write.word()).isEqualTo("pending");
    p.answers("done");
    p.refuses(Why.NOT_OWNER);
    assertThat(write.word()).isEqualTo("done");
    assertThat(q.asks).isEmpty();
  }
}
