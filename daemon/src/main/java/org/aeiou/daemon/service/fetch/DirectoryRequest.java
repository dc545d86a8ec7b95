package org.aeiou.daemon.service.fetch;

import java.util.ArrayList;
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
import org.aeiou.daemon.tree.Node;

/**
 * Finding or listing names: asks all that a directory needs to know, in one burst, and ends when
 * the last answer is there. A listing may ask more, once it has these.
 */
public abstract class DirectoryRequest<T, C> extends CompositeRequest<T, C> {
  private final Directory directory;
  private final List<Question> required;
  private final CachedFetch fetch;
  private final Freshness freshness;

  /** Another one in each round: what writes it submits the round, which publishes it. */
  private Map<Question, Outcome<Value>> answers;

  private int rounds;
  private volatile boolean delayed;

  /**
   * A request.
   *
   * @param required the questions without which it fails
   */
  protected DirectoryRequest(
      Directory directory,
      List<Question> required,
      CachedFetch fetch,
      Freshness freshness,
      Closure<T, C> closure,
      C context) {
    super(closure, context);
    this.directory = directory;
    this.required = required;
    this.fetch = fetch;
    this.freshness = freshness;
    this.answers = new HashMap<>(2);
  }

  /**
   * Whether an answer came from the system: the request then ends on the thread that owns the
   * system.
   */
  protected final boolean isDelayed() {
    return delayed;
  }

  /** What the names are, given the answers. */
  protected abstract Outcome<T> explore(Directory.Answers answers);

  /**
   * What else is to be asked, given the answers so far, failures included. It is done without what
   * fails of this.
   */
  protected List<Directory.Unknown> further(Directory.Answers answers) {
    return List.of();
  }

  /**
   * Asks.
   *
   * @param dependent what is another one when an answer is; null if nothing is
   */
  public final Request start(Node dependent, RequesterBurst burst) {
    List<Directory.Unknown> first = new ArrayList<>(required.size());
    required.forEach(question -> first.add(new Directory.Unknown(question, dependent)));
    first.addAll(further(answers::get));
    ask(first, burst);
    return submitted();
  }

  private void ask(List<Directory.Unknown> questions, RequesterBurst burst) {
    int number = ++rounds;
    if (questions.size() > 1) {
      // They are answered on one thread or on several.
      answers = new ConcurrentHashMap<>(answers);
    }
    Round round = new Round(questions.size(), burst);
    for (int i = 0; i < round.requests.length; i++) {
      Directory.Unknown unknown = questions.get(i);
      round.requests[i] =
          fetch.ask(
              directory.system(),
              directory.view(),
              unknown.dependent(),
              unknown.question(),
              freshness,
              burst,
              round::answered,
              unknown.question());
    }
    pending(number, new AllRequests(round.requests));
    burst.end();
  }

  /** Ends the request, or asks what turned out to be of use. */
  private void proceed(RequesterBurst burst) {
    List<Directory.Unknown> more = new ArrayList<>();
    for (Directory.Unknown unknown : further(answers::get)) {
      if (!answers.containsKey(unknown.question())) {
        more.add(unknown);
      }
    }
    if (more.isEmpty()) {
      finish(explore(answers::get), delayed);
    } else {
      ask(more, burst.requester().begin());
    }
  }

  /** One bad answer of many says something of its question; any other failure, of the system. */
  private Failure<Value> decisiveFailure() {
    for (Question question : required) {
      if (answers.get(question) instanceof Failure<Value> failure
          && (failure.reason() != Failure.Reason.BAD_ANSWER || required.size() == 1)) {
        return failure;
      }
    }
    return null;
  }

  /** Several questions at once. */
  private final class Round {
    private final Request[] requests;
    private final RequesterBurst burst;

    /** Answers that are missing; every question is asked before the last of them can come. */
    private final AtomicInteger missing;

    Round(int questions, RequesterBurst burst) {
      this.requests = new Request[questions];
      this.burst = burst;
      this.missing = new AtomicInteger(questions);
    }

    void answered(Question question, Outcome<Value> outcome, boolean late) {
      answers.put(question, outcome);
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
        proceed(burst);
      }
    }
  }
}
