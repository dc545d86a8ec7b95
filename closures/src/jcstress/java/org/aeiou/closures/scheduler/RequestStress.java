package org.aeiou.closures.scheduler;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.Limits;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Races between withdrawing, answering and stopping: one outcome, whichever comes first. */
public final class RequestStress {

  private RequestStress() {}

  /** A scheduler whose one shard is owned by the actor that turns it. */
  static class World {
    static final int READING = 1;
    static final int CANCELLED = 10;
    static final int STOPPED = 100;

    final CompletionScheduler<String, String> scheduler =
        new CompletionScheduler<>(
            SchedulerOptions.DEFAULT.withShards(1),
            new Ticker() {
              @Override
              public long read() {
                return 0;
              }
            },
            InstantSource.system(),
            new SplittableRandom(1),
            false);
    final AtomicInteger outcomes = new AtomicInteger();
    final Requester requester = scheduler.requester("me");
    final RequesterBurst burst = requester.begin();
    Exchange<String, String> exchange;
    final SystemQueue<String, String> queue =
        scheduler.open(
            "core1",
            new Limits(Duration.ofSeconds(1), 0, 1, Duration.ZERO, 1),
            new Exchanger<>() {
              @Override
              public Object kind(String key) {
                return "any";
              }

              @Override
              public void start(Exchange<String, String> started) {
                exchange = started;
              }
            },
            (key, outcome, late) -> outcome);

    Request submit(RequesterBurst with) {
      return queue.submit(
          "a",
          Priority.INTERACTIVE,
          Long.MAX_VALUE,
          with,
          (sum, outcome, delayed) -> {
            if (outcome instanceof Failure<String> failure) {
              boolean stopped = failure.reason() == Failure.Reason.STOPPED;
              sum.addAndGet(stopped ? STOPPED : CANCELLED);
            } else {
              sum.addAndGet(READING);
            }
          },
          outcomes);
    }

    void turn() {
      scheduler.shards()[0].turn();
    }

    void answer() {
      exchange.answer(
          new Answer.Items<>(List.of(new Answer.Item.Done<>(Reading.of("value", 0, 0)))));
    }

    void result(II_Result r) {
      r.r1 = outcomes.get();
      r.r2 = scheduler.metrics().values().get("pending").intValue();
    }
  }

  /** A withdrawal while the answer comes and the owner takes it in. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "The answer came first.")
  @Outcome(id = "10, 0", expect = Expect.ACCEPTABLE, desc = "The withdrawal came first.")
  @State
  public static class AnswerOrCancel extends World {
    private final Request request = submit(requester.alone());

    public AnswerOrCancel() {
      turn();
    }

    @Actor
    public void cancelling() {
      request.cancel();
    }

    @Actor
    public void owning() {
      answer();
      turn();
    }

    @Arbiter
    public void check(II_Result r) {
      turn();
      result(r);
    }
  }

  /** Two answers at once: one counts, the other is a duplicate. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "One outcome, one duplicate.")
  @State
  public static class AnswerAndAnswer extends World {
    public AnswerAndAnswer() {
      Request unused = submit(requester.alone());
      turn();
    }

    @Actor
    public void answering() {
      answer();
    }

    @Actor
    public void owning() {
      answer();
      turn();
    }

    @Arbiter
    public void check(II_Result r) {
      turn();
      r.r1 = outcomes.get();
      r.r2 = scheduler.metrics().values().get("duplicates").intValue();
    }
  }

  /** A request of a burst is withdrawn and then sent, while the scheduler closes. */
  @JCStressTest
  @Outcome(id = "10, 0", expect = Expect.ACCEPTABLE, desc = "Withdrawn before the end.")
  @Outcome(id = "100, 0", expect = Expect.ACCEPTABLE, desc = "Stopped, by its burst.")
  @State
  public static class CancelAndBurstOrClose extends World {
    private final Request request = submit(burst);

    @Actor
    public void requesting() {
      request.cancel();
      burst.end();
    }

    @Actor
    public void closing() {
      scheduler.close();
    }

    @Arbiter
    public void check(II_Result r) {
      result(r);
    }
  }

  /** A burst ends while the scheduler closes: exactly one of them ends its request. */
  @JCStressTest
  @Outcome(id = "100, 0", expect = Expect.ACCEPTABLE, desc = "Stopped, by its owner or its burst.")
  @State
  public static class BurstOrClose extends World {
    public BurstOrClose() {
      Request unused = submit(burst);
    }

    @Actor
    public void ending() {
      burst.end();
    }

    @Actor
    public void closing() {
      scheduler.close();
    }

    @Arbiter
    public void check(II_Result r) {
      result(r);
    }
  }

  /** A submission while the scheduler closes: refused, or stopped, never forgotten. */
  @JCStressTest
  @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Refused.")
  @Outcome(id = "100, 0", expect = Expect.ACCEPTABLE, desc = "Accepted and stopped.")
  @State
  public static class SubmitOrClose extends World {
    private Request request;

    @Actor
    public void submitting() {
      request = submit(requester.alone());
    }

    @Actor
    public void closing() {
      scheduler.close();
    }

    @Arbiter
    public void check(II_Result r) {
      result(r);
      if ((request == null) != (r.r1 == 0)) {
        r.r2 = -1;
      }
    }
  }
}
