package org.aeiou.daemon.attach.request;

import com.google.common.base.Ticker;
import java.util.Collection;
import java.util.concurrent.Executor;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.Kind;
import org.aeiou.closures.shared.Operation;
import org.aeiou.closures.shared.SubmissionRing.BrokenClient;
import org.aeiou.closures.shared.SubmissionRing.Submission;
import org.aeiou.closures.shared.table.ValueTable;
import org.aeiou.daemon.attach.completion.Completions;
import org.aeiou.daemon.attach.table.ValueTablePublisher;
import org.aeiou.daemon.service.AttributeService;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.tree.Node;
import org.aeiou.daemon.tree.SystemNode;
import org.aeiou.daemon.tree.View;

/**
 * What clients can ask for. An operation is a function: of what a path names, to one completion
 * that it hands on inside the call or later. For a request that is its end; for one name of many, a
 * part of the step's value. Any thread may call any method; none waits.
 */
public final class Operations implements FileSystem.Observer {
  /**
   * How much later than a program's deadline the scheduler gives a request up: the program is told
   * by then, and what is given up at once, as it would be too late, is not by so little.
   */
  private static final long TOLD_NANOS = 5_000_000L;

  private final AttributeService files;
  private final Ticker ticker;
  private final ValueTablePublisher table;
  private final PathCache paths;
  private final ClientWatches watches;
  private final GroupReads groups;
  private final Writes writes;

  private final Chains chains = new Chains(this::startStep, this::readForEach);

  /** Ends a request that reads; one for all, as a million may be pending. */
  private final Closure<Content, ClientRequest> endWithContent =
      (request, outcome, delayed) -> {
        if (request.has(Operation.FORCE_MISS) && outcome instanceof Reading<Content>) {
          publishFetched(request);
        }
        request.endIn(delayed, taken(request.place, outcome, delayed));
      };

  /**
   * Operations on the files of a service.
   *
   * @param mostPaths how many paths may be in the table at once, and half as many remembered
   */
  public Operations(AttributeService files, ValueTable values, int mostPaths, Ticker ticker) {
    this.files = files;
    this.ticker = ticker;
    table = new ValueTablePublisher(files, values, mostPaths, ticker);
    paths = new PathCache(files, Math.max(1, mostPaths / 2), table);
    watches = new ClientWatches(files, ticker);
    groups = new GroupReads(files, paths, ticker);
    writes = new Writes(files, paths);
  }

  /** Shows how much is published. */
  public void describe(MetricSet metrics) {
    table.describe(metrics);
  }

  /**
   * Takes the next submission of a client and starts it; there must be one. The server's thread.
   *
   * @param burst a miss is sent off when it ends, if it could be asked by then
   * @param turns runs in turns of the client what takes long
   */
  public void take(Client client, RequesterBurst burst, Executor turns) throws BrokenClient {
    Submission submission = client.submissions().take();
    ClientRequest request = client.accept(submission);
    try {
      if (chains.accept(request, submission, turns)) {
        start(request, submission.target(), burst, turns);
      }
    } catch (RuntimeException | Error e) {
      client.fault(request, e);
    }
  }

  private void start(ClientRequest request, long target, RequesterBurst burst, Executor turns) {
    Client client = request.client;
    Failure<?> wrong = RequestCheck.first(request);
    if (wrong != null) {
      request.fail(wrong);
      return;
    }
    if (client.endIfPassed(request)) {
      return;
    }
    switch (request.operation) {
      case Operation.CANCEL -> request.end(Completions.of(client.cancel(request, target)));
      case Operation.CANCEL_GROUP ->
          request.end(Completions.of(client.cancelGroup(request, target)));
      case Operation.READ_GROUP -> groups.start(request, classed(burst, request), turns);
      case Operation.WRITE -> writes.start(request);
      default ->
          answer(
              request,
              request.path,
              request.isChained ? request.requester().alone() : classed(burst, request));
    }
  }

  private static RequesterBurst classed(RequesterBurst burst, ClientRequest request) {
    return request.has(Operation.BACKGROUND) ? burst.inBackground() : burst;
  }

  /** Starts a later step of a chain. */
  private void startStep(ClientRequest step, String path) {
    Failure<?> wrong = RequestCheck.step(step);
    if (wrong != null) {
      step.fail(wrong);
    } else if (!step.client.endIfPassed(step)) {
      answer(step, path, step.requester().alone());
    }
  }

  /** Finds what a path names, and answers for it. */
  private void answer(ClientRequest request, String path, RequesterBurst burst) {
    FoundPath known = paths.known(path, request.flags);
    if (known != null) {
      answerFor(known, request, burst);
      return;
    }
    paths.find(
        burst.requester(),
        path,
        request.flags,
        place -> {
          if (!place.delayed()) {
            answerFor(place, request, burst);
          } else if (!request.isDone()) { // else it ended while its path was looked for
            answerFor(place, request, burst.requester().alone());
          }
        },
        request::fail);
  }

  private void answerFor(FoundPath place, ClientRequest request, RequesterBurst burst) {
    boolean isDirectory = place.node().isDirectory();
    switch (request.operation) {
      case Operation.STAT -> {
        table.stat(place.node(), place.published(), place.generation());
        request.end(Completions.of(files.attributes(place.node())));
      }
      case Operation.LIST -> {
        if (isDirectory) {
          request.await(list(place, burst, request));
        } else {
          request.fail(Failure.Reason.NOT_DIRECTORY, "is not a directory");
        }
      }
      default -> {
        if (isDirectory) {
          request.fail(Failure.Reason.IS_DIRECTORY, "is a directory");
        } else {
          request.await(
              switch (request.operation) {
                case Operation.WATCH -> watch(place, burst, request);
                case Operation.DESCRIBE -> describe(place, burst, request);
                default -> read(place, burst, request);
              });
        }
      }
    }
  }

  private Request list(FoundPath place, RequesterBurst burst, ClientRequest request) {
    int changes = table.changes(place.node());
    return files.list(
        burst.requester(),
        place.node(),
        (to, outcome, delayed) -> {
          if (outcome instanceof Reading<FileSystem.Listing> listed) {
            table.listed(
                place.node(),
                place.published(),
                place.generation(),
                changes,
                listed.value(),
                listed.takenMillis());
          }
          to.end(Completions.ofListing(outcome, ticker.read()));
        },
        request);
  }

  private Request read(FoundPath place, RequesterBurst burst, ClientRequest request) {
    request.place = place;
    if (request.deadline == null) {
      return files.read(burst, place.node(), endWithContent, request);
    }
    burst.deadline(request.deadline.nanos() + TOLD_NANOS);
    try {
      return files.read(burst, place.node(), endWithContent, request);
    } finally {
      burst.deadline(Long.MAX_VALUE);
    }
  }

  private Request describe(FoundPath place, RequesterBurst burst, ClientRequest request) {
    return files.read(
        burst,
        place.node(),
        (to, outcome, delayed) -> {
          if (!(outcome instanceof Failure<Content>)) {
            table.described(place.node(), place.published(), place.generation());
          }
          Completion value = Completions.ofContent(outcome, ticker.read());
          to.end(
              value.kind() == Kind.READING
                  ? Completions.described(value, files.description(place.node()))
                  : value);
        },
        request);
  }

  private Request watch(FoundPath place, RequesterBurst burst, ClientRequest request) {
    ClientWatch watch = watches.begin(request, place.node());
    return watch == null
        ? Request.IMMEDIATE
        : files.read(
            burst,
            place.node(),
            (to, outcome, delayed) -> {
              publish(place, outcome, delayed);
              watches.tell(to, outcome);
            },
            watch);
  }

  /** What a request for a content ends with; it is in the table when that is told. */
  private Completion taken(FoundPath place, Outcome<Content> outcome, boolean delayed) {
    publish(place, outcome, delayed);
    return Completions.ofContent(outcome, ticker.read());
  }

  private void publish(FoundPath place, Outcome<Content> outcome, boolean delayed) {
    if (outcome instanceof Reading<Content> && delayed) {
      table.fetched(place.node(), place.published(), place.generation());
    } else if (!(outcome instanceof Failure<Content>)) {
      table.read(place.node(), place.published(), place.generation());
    }
  }

  /** What was fetched is cached where the table's readers look for it, too. */
  private void publishFetched(ClientRequest request) {
    paths.find(
        request.requester(),
        request.path,
        0,
        place -> {
          if (!place.delayed() && !place.node().isDirectory()) {
            table.fetched(place.node(), place.published(), place.generation());
          }
        },
        failure -> {});
  }

  /** Reads for one name of many. */
  private void readForEach(ClientRequest step, String path, ForEachStep.Name then) {
    Requester requester = step.requester();
    paths.find(
        requester,
        path,
        step.flags,
        place -> {
          if (place.node().isDirectory()) {
            then.end(Completions.failure(Failure.Reason.IS_DIRECTORY, "is a directory"));
          } else if (place.delayed() && step.isDone()) {
            then.end(Completions.failure(Failure.Reason.CANCELLED, "not asked for any more"));
          } else {
            then.await(
                files.read(
                    requester.alone(),
                    place.node(),
                    (to, outcome, delayed) -> to.end(taken(place, outcome, delayed)),
                    then));
          }
        },
        failure -> then.end(Completions.failure(failure)));
  }

  @Override
  public void contentChanged(Node file) {
    table.taken(file);
    watches.changed(file);
  }

  @Override
  public void contentConfirmed(Node file) {
    table.taken(file);
  }

  @Override
  public void unreadable(Node file, Failure<Content> why) {
    watches.unreadable(file, why);
  }

  @Override
  public void readable(Node file) {
    watches.changed(file);
  }

  @Override
  public void namesChanged(Node directory, Collection<String> names) {
    // Each tree has the same systems, and says so when they change: once is enough.
    boolean areSystems =
        directory instanceof SystemNode of
            && of.system() == null
            && of.view() == View.NORMAL
            && of.only() == null;
    table.namesChanged(directory, names, areSystems);
    paths.forget();
    if (areSystems) {
      watches.systemsChanged();
    }
  }

  @Override
  public void namesLearned(Node directory) {
    table.namesLearned(directory);
    paths.forget();
  }

  @Override
  public void forgotten(Node node) {
    table.forgotten(node);
  }
}
