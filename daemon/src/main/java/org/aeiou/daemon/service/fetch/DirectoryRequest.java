package org.aeiou.daemon.service.fetch;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.tree.Directory;

/**
 * Finding or listing names: asks all that a directory needs to know, in one burst, and ends when
 * the last answer is there.
 */
public abstract class DirectoryRequest<T, C> extends CompositeRequest<T, C> {
  private final Directory directory;
  private final List<Question> questions;
  private final Map<Question, Outcome<Value>> answers;

  /** Answers that are missing; every question is asked before the last of them can come. */
  private final AtomicInteger missing;

  private final Request[] requests;
  private volatile boolean delayed;

  public DirectoryRequest(
      Directory directory, List<Question> questions, Closure<T, C> closure, C context) {
    super(closure, context);
    this.directory = directory;
    this.questions = questions;
    this.answers = questions.size() == 1 ? new HashMap<>(2) : new ConcurrentHashMap<>();
    this.missing = new AtomicInteger(questions.size());
    this.requests = new Request[questions.size()];
  }

  /** What the names are, given the answers. */
  protected abstract Outcome<T> explore(Directory.Answers answers);

  /**
   * Asks.
   *
   * @param dependent what is another one when an answer is; null if nothing is
   */
  public final Request start(
      CachedFetch fetch, Directory dependent, Freshness freshness, RequesterBurst burst) {
    for (int i = 0; i < requests.length; i++) {
      Question question = questions.get(i);
      requests[i] =
          fetch.ask(
              directory.system(),
              directory.view(),
              dependent,
              question,
              freshness,
              burst,
              this::answered,
              question);
    }
    pending(1, new All(requests));
    burst.end();
    return submitted();
  }

  private void answered(Question question, Outcome<Value> outcome, boolean late) {
    answers.put(question, outcome);
    answeredOne(late);
  }

  private void answeredOne(boolean late) {
    if (late) {
      delayed = true;
    }
    // The atomic decrement publishes this thread's answer to the one that takes the last.
    if (missing.decrementAndGet() > 0) {
      return;
    }
    Failure<Value> failure = decisiveFailure();
    if (failure != null) {
      fail(failure, delayed);
    } else {
      finish(explore(answers::get), delayed);
    }
  }

  /** One bad answer of many says something of its question; any other failure, of the system. */
  private Failure<Value> decisiveFailure() {
    for (Outcome<Value> outcome : answers.values()) {
      if (outcome instanceof Failure<Value> failure
          && (failure.reason() != Failure.Reason.BAD_ANSWER || answers.size() == 1)) {
        return failure;
      }
    }
    return null;
  }

  /** Several requests as one. */
  public record All(Request[] requests) implements Request {
    @Override
    public void cancel() {
      for (Request request : requests) {
        request.cancel();
      }
    }

    @Override
    public boolean isDone() {
      for (Request request : requests) {
        if (!request.isDone()) {
          return false;
        }
      }
      return true;
    }
  }
}
