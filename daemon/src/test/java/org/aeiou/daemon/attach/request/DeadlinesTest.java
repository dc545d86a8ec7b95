package org.aeiou.daemon.attach.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Request;
import org.aeiou.closures.shared.CancelAnswer;
import org.aeiou.closures.shared.CompletionDescriptor;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.closures.shared.Kind;
import org.aeiou.closures.shared.Memory;
import org.aeiou.closures.shared.Operation;
import org.junit.jupiter.api.Test;

/** Requests that say by when they must have ended. */
final class DeadlinesTest {
  private static final long NOW = 1_000_000_000_000L;
  private static final long TICK = TimeUnit.MILLISECONDS.toNanos(2);
  private static final int MANY = 100_000;
  private static final Geometry GEOMETRY = new Geometry(MANY, 128, 128, 0);
  private static final Completion VALUE =
      new Completion(Kind.READING, 0, "value".getBytes(UTF_8), 0, 0, 0, 0);

  private final long[] now = {NOW};
  private final Ticker ticker =
      new Ticker() {
        @Override
        public long read() {
          return now[0];
        }
      };
  private final Memory completions =
      new Memory(ByteBuffer.allocateDirect(GEOMETRY.completionBytes()));
  private final Client client = Clients.of(GEOMETRY, completions, ticker, 3);
  private final List<String> ends = new ArrayList<>();

  private ClientRequest accept(int page, long deadline) throws Exception {
    return accept(client, page, Operation.READ, deadline);
  }

  private ClientRequest accept(Client of, int page, int operation, long deadline) throws Exception {
    ClientRequest request = of.accept(Clients.submission(page, page + 1, operation, deadline));
    request.whenEnded(outcome -> ends.add(outcome.reason() + new String(outcome.value(), UTF_8)));
    return request;
  }

  private long told() {
    return completions.getAcquire(CompletionDescriptor.TAIL);
  }

  /** Lets time pass, and the server's thread look. */
  private void pass(long nanos) {
    now[0] += nanos;
    while (client.endPassed()) {
      assertThat(told()).isPositive();
    }
  }

  @Test
  void requestEndsOnceItsDeadlinePassesAndNotBefore() throws Exception {
    ClientRequest request = accept(0, NOW + 10 * TICK);
    boolean[] withdrawn = {false};
    request.await(new Fetch(withdrawn));
    assertThat(client.endIfPassed(request)).isFalse();
    assertThat(client.nanosToDeadline()).isBetween(1L, 11 * TICK);

    pass(10 * TICK - 1);
    assertThat(request.isDone()).isFalse();
    pass(TICK);
    assertThat(ends).containsExactly("1its deadline passed");
    assertThat(withdrawn[0]).as("what was not sent for it need not be").isTrue();
    assertThat(told()).isEqualTo(1);

    client.end(request, VALUE);
    pass(100 * TICK);
    assertThat(told()).as("the answer after it").isEqualTo(1);
  }

  @Test
  void answerBeforeTheDeadlineIsTheOutcomeAndLeavesNoTimerBehind() throws Exception {
    ClientRequest request = accept(0, NOW + TICK);
    client.end(request, VALUE);
    assertThat(client.nanosToDeadline()).isEqualTo(Long.MAX_VALUE);
    pass(10 * TICK);

    assertThat(ends).containsExactly("0value");
    assertThat(told()).isEqualTo(1);
  }

  @Test
  void answerAtTheDeadlineIsTheOutcomeIfItComesFirst() throws Exception {
    ClientRequest first = accept(0, NOW + TICK);
    ClientRequest second = accept(1, NOW + TICK);
    now[0] += 2 * TICK;
    client.end(first, VALUE);
    pass(0);
    client.end(second, VALUE);

    assertThat(ends).containsExactly("0value", "1its deadline passed");
    assertThat(told()).isEqualTo(2);
  }

  @Test
  void deadlineThatIsPastAlreadyEndsTheRequestBeforeAnythingIsAsked() throws Exception {
    for (long past : new long[] {1, NOW - 1, NOW}) {
      assertThat(client.endIfPassed(accept((int) told(), past))).isTrue();
    }

    assertThat(ends).containsOnly("1its deadline passed").hasSize(3);
  }

  @Test
  void cancelAfterADeadlineIsTooLateAndADeadlineAfterACancelIsNothing() throws Exception {
    ClientRequest cancel = accept(client, 9, Operation.CANCEL, 5);
    accept(0, NOW + TICK);
    accept(1, NOW + 10 * TICK);
    pass(2 * TICK);
    assertThat(client.cancel(cancel, 1)).isEqualTo(CancelAnswer.TOO_LATE);
    assertThat(client.cancel(cancel, 2)).isEqualTo(CancelAnswer.CANCELLED);
    pass(20 * TICK);

    assertThat(ends).containsExactly("1its deadline passed", "5withdrawn");
    assertThat(told()).isEqualTo(2);
    assertThat(cancel.isDone()).as("its target is no deadline").isFalse();
  }

  @Test
  void whatNeverComesIsNoDeadline() throws Exception {
    accept(0, 0);
    accept(1, -1);
    accept(2, Long.MIN_VALUE);
    ClientRequest latest = accept(3, Long.MAX_VALUE);
    accept(client, 4, Operation.WATCH, 1);
    accept(client, 5, Operation.CANCEL_GROUP, 1);
    Client old =
        Clients.of(
            GEOMETRY, new Memory(ByteBuffer.allocateDirect(GEOMETRY.completionBytes())), ticker, 2);
    ClientRequest ofOld = accept(old, 0, Operation.READ, 1);
    pass(TimeUnit.DAYS.toNanos(365));

    assertThat(old.endPassed()).isFalse();
    assertThat(old.endIfPassed(ofOld)).as("of a client of version 1.2").isFalse();
    assertThat(ends).isEmpty();
    assertThat(latest.isDone()).isFalse();
    assertThat(client.pendingCount()).isEqualTo(6);
  }

  @Test
  void hundredThousandEndSomeAtATimeAndEachOnce() throws Exception {
    for (int page = 0; page < MANY; page++) {
      accept(page, NOW + TICK + page * 10L);
    }
    pass(1);
    assertThat(told()).isZero();
    now[0] += 2 * TICK;
    assertThat(client.endPassed()).isTrue();
    assertThat(told()).as("others have their turns between").isBetween(1L, 1000L);
    assertThat(client.nanosToDeadline()).isZero();
    pass(0);

    assertThat(told()).isEqualTo(MANY);
    assertThat(ends).hasSize(MANY).containsOnly("1its deadline passed");
    assertThat(client.pendingCount()).isZero();
  }

  @Test
  void programThatHasLeftHasNoDeadlines() throws Exception {
    accept(0, NOW + TICK);
    client.leave();
    pass(10 * TICK);

    assertThat(told()).isZero();
    assertThat(client.nanosToDeadline()).isEqualTo(Long.MAX_VALUE);
  }

  private record Fetch(boolean[] withdrawn) implements Request {
    @Override
    public void cancel() {
      withdrawn[0] = true;
    }

    @Override
    public boolean isDone() {
      return false;
    }
  }
}
