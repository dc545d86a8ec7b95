package org.aeiou.daemon.attach.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Request;
import org.aeiou.closures.shared.CancelAnswer;
import org.aeiou.closures.shared.CompletionDescriptor;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.closures.shared.Kind;
import org.aeiou.closures.shared.Memory;
import org.aeiou.closures.shared.Operation;
import org.aeiou.closures.shared.SubmissionRing.Submission;
import org.junit.jupiter.api.Test;

/** Whatever ends a request, and whichever thread is faster: it has one outcome. */
final class ClientTest {
  private static final int ROUNDS = 20_000;
  private static final Geometry GEOMETRY = new Geometry(4, 128, 128, 0);

  private final Memory completions =
      new Memory(ByteBuffer.allocateDirect(GEOMETRY.completionBytes()));
  private final Client client = Clients.of(GEOMETRY, completions);

  private static Completion value(String text) {
    return new Completion(Kind.READING, 0, text.getBytes(UTF_8), 0, 0, 0, 0);
  }

  private long told() {
    return completions.getAcquire(CompletionDescriptor.TAIL);
  }

  @Test
  void cancelIsAnsweredByWhatItFinds() throws Exception {
    ClientRequest request = client.accept(Clients.submission(0, 7, 3));
    ClientRequest cancel = client.accept(Clients.submission(1, 8, 3));

    assertThat(client.cancel(cancel, 9)).isEqualTo(CancelAnswer.UNKNOWN);
    assertThat(client.cancel(cancel, 8)).as("itself").isEqualTo(CancelAnswer.UNKNOWN);
    assertThat(client.cancelGroup(cancel, 0)).isEqualTo(CancelAnswer.UNKNOWN);
    assertThat(client.cancelGroup(cancel, 4)).isEqualTo(CancelAnswer.UNKNOWN);
    assertThat(told()).isZero();
    assertThat(client.cancelGroup(cancel, 3)).isEqualTo(CancelAnswer.CANCELLED);
    assertThat(request.isDone()).isTrue();
    assertThat(cancel.isDone()).isFalse();
    assertThat(client.cancel(cancel, 7)).isEqualTo(CancelAnswer.TOO_LATE);
    assertThat(told()).isEqualTo(1);
  }

  /** Four threads at one request: its outcome comes, it and its group are cancelled, it is late. */
  @Test
  void outcomeAndCancelsAtOnceMakeOneCompletion() throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(5);
    ClientRequest[] raced = new ClientRequest[1];
    CancelAnswer[] answers = new CancelAnswer[3];
    boolean[] withdrawn = {false};
    ClientRequest cancel = client.accept(Clients.submission(3, Long.MAX_VALUE, 0));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (int i = 0; i < 4; i++) {
        int thread = i;
        Future<?> unused =
            threads.submit(
                () -> {
                  for (int round = 0; round < ROUNDS; round++) {
                    barrier.await();
                    switch (thread) {
                      case 0 -> client.end(raced[0], value("value"));
                      case 1 -> answers[1] = client.cancel(cancel, raced[0].number);
                      case 2 -> client.endIfPassed(raced[0]);
                      default -> answers[2] = client.cancelGroup(cancel, raced[0].group);
                    }
                    barrier.await();
                  }
                  return null;
                });
      }
      int cancelled = 0;
      int late = 0;
      for (int round = 0; round < ROUNDS; round++) {
        Submission submission =
            new Submission(0, Operation.READ, 0, 1, round + 1, 1, round + 1, 0, "path", false);
        ClientRequest request = client.accept(submission);
        withdrawn[0] = false;
        synchronized (client) {
          request.awaited = new Waiting(withdrawn);
        }
        raced[0] = request;
        barrier.await(10, TimeUnit.SECONDS);
        barrier.await(10, TimeUnit.SECONDS);
        assertThat(told()).as("round " + round).isEqualTo(round + 1);
        int at = GEOMETRY.outcome(0);
        boolean isFailure = completions.getShort(at + CompletionDescriptor.KIND) == Kind.FAILURE;
        boolean isLate = isFailure && completions.getInt(at + CompletionDescriptor.REASON) == 1;
        boolean isCancelled = isFailure && !isLate;
        cancelled += isCancelled ? 1 : 0;
        late += isLate ? 1 : 0;
        assertThat(answers[1] == CancelAnswer.CANCELLED ^ answers[2] == CancelAnswer.CANCELLED)
            .as("one of the cancels did it, if one did")
            .isEqualTo(isCancelled);
        assertThat(withdrawn[0]).isEqualTo(isFailure);
      }
      assertThat(cancelled).as("all ways happen").isBetween(1, ROUNDS - 1);
      assertThat(late).as("all ways happen").isBetween(1, ROUNDS - 1 - cancelled);
    } finally {
      threads.shutdownNow();
    }
  }

  private record Waiting(boolean[] withdrawn) implements Request {
    @Override
    public void cancel() {
      withdrawn[0] = true;
    }

    @Override
    public boolean isDone() {
      return false;
    }
  }

  @Test
  void endIsToldOnceAndWithoutTheMonitor() throws Exception {
    ClientRequest request = client.accept(Clients.submission(0, 1, 0));
    List<String> ends = new ArrayList<>();
    assertThat(request.whenEnded(outcome -> ends.add(text(outcome) + Thread.holdsLock(client))))
        .isTrue();

    client.end(request, value("first"));
    client.end(request, value("second"));

    assertThat(ends).containsExactly("first false");
    assertThat(request.whenEnded(outcome -> ends.add("late"))).isFalse();
    assertThat(ends).hasSize(1);
  }

  private static String text(Completion outcome) {
    return new String(outcome.value(), UTF_8) + " ";
  }

  @Test
  void programThatHasLeftIsToldNothing() throws Exception {
    ClientRequest request = client.accept(Clients.submission(0, 1, 0));
    boolean[] withdrawn = {false};
    synchronized (client) {
      request.awaited = new Waiting(withdrawn);
    }

    List<Completion> ends = new ArrayList<>();
    request.whenEnded(ends::add);

    client.leave();
    client.end(request, value("late"));

    assertThat(client.postMore(request, value("late"))).isNull();
    assertThat(ends).as("what it holds is given up").hasSize(1);
    assertThat(told()).isZero();
    assertThat(withdrawn[0]).isTrue();
    assertThat(client.pendingCount()).isZero();
  }
}
