package org.aeiou.closures.attached;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.aeiou.closures.Request;
import org.aeiou.closures.shared.CancelAnswer;

/** The steps of a chain as one request. */
record AttachedChain(List<AttachedRequest<?>> steps) implements Request {
  /** Withdraws all steps: cancelled if one was, as then the last one is. */
  CompletableFuture<CancelAnswer> withdraw() {
    CompletableFuture<CancelAnswer> answer =
        CompletableFuture.completedFuture(CancelAnswer.TOO_LATE);
    for (AttachedRequest<?> step : steps) {
      answer =
          answer.thenCombine(
              step.withdraw(), (one, other) -> one == CancelAnswer.CANCELLED ? one : other);
    }
    return answer;
  }

  @Override
  public void cancel() {
    steps.forEach(Request::cancel);
  }

  @Override
  public boolean isDone() {
    return steps.stream().allMatch(Request::isDone);
  }
}
