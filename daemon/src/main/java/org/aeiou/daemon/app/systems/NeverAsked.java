package org.aeiou.daemon.app.systems;

import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;

/** Of a system that this process never asks: a member of a cluster that only reads. */
public record NeverAsked(String system) implements Exchanger<Question, Value> {
  @Override
  public Object kind(Question key) {
    return null;
  }

  @Override
  public void start(Exchange<Question, Value> exchange) {
    exchange.answer(
        new Answer.Failed<>(
            new Failure<>(Reason.UNREACHABLE, system + ": this member of the cluster only reads"),
            false));
  }
}
