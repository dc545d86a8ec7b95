package org.aeiou.daemon.attach.request;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.aeiou.closures.Failure;
import org.aeiou.closures.shared.Operation;
import org.aeiou.closures.shared.SubmissionRing.BrokenClient;
import org.aeiou.closures.shared.SubmissionRing.Submission;

/** Takes chains in: their steps are read once, when the first one is submitted. */
final class Chains {
  private final BiConsumer<ClientRequest, String> start;
  private final ForEachStep.Reader reader;

  /**
   * Chains of steps.
   *
   * @param start starts a step once its path is complete; not if that is null
   * @param reader reads for one name of many
   */
  Chains(BiConsumer<ClientRequest, String> start, ForEachStep.Reader reader) {
    this.start = start;
    this.reader = reader;
  }

  /**
   * Takes in the steps behind the first one, before that starts.
   *
   * @param turns runs in turns of the client what takes long
   * @return whether the first one may start; else all have ended, as the chain is none
   */
  boolean accept(ClientRequest first, Submission submission, Executor turns) throws BrokenClient {
    if (!first.has(Operation.CHAINED) || submission.next() == 0) {
      return true;
    }
    Client client = first.client;
    List<ClientRequest> steps = new ArrayList<>();
    steps.add(first);
    first.isChained = true;
    Submission step = submission;
    while ((step.flags() & Operation.CHAINED) != 0 && step.next() != 0) {
      int page = step.next() - 1;
      String wrong = null;
      if (steps.stream().anyMatch(each -> each.page == page)) {
        wrong = "its chain comes to page " + page + " again";
      } else if (steps.size() == Operation.MOST_STEPS) {
        wrong = "its chain has more than " + Operation.MOST_STEPS + " steps";
      }
      if (wrong != null) {
        Failure<?> failure = RequestCheck.bad(wrong);
        steps.forEach(each -> each.fail(failure));
        return false;
      }
      step = client.submissions().read(page);
      ClientRequest next = client.accept(step);
      next.isChained = true;
      steps.add(next);
    }
    new Chain(steps, start, reader, turns).listen();
    return true;
  }
}
