package org.aeiou.closures.attached;

import java.util.concurrent.CompletableFuture;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.shared.CancelAnswer;

/** A cancel as a request of its own, whose outcome is the answer. */
final class AttachedCancel extends AttachedRequest<Void> {
  final CompletableFuture<CancelAnswer> answer = new CompletableFuture<>();

  /** What it is about: a {@code CANCEL} of a request, or of a group. */
  final int operation;

  final long target;

  AttachedCancel(int operation, long target) {
    super("", null, (none, outcome, delayed) -> {}, null);
    this.operation = operation;
    this.target = target;
  }

  /** Its outcome, as the program is never shown it. */
  static Outcome<byte[]> outcome(int answer) {
    return Reading.of(new byte[] {(byte) answer}, 0, 0);
  }

  @Override
  void end(Outcome<byte[]> outcome) {
    super.end(outcome);
    // Without an answer the attachment has ended, and all its requests with it.
    answer.complete(
        outcome instanceof Reading<byte[]> reading
            ? CancelAnswer.of(reading.value()[0])
            : CancelAnswer.TOO_LATE);
  }
}
