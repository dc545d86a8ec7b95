package org.aeiou.daemon.attach.request;

import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.Operation;
import org.aeiou.closures.shared.SubmissionRing.Submission;
import org.aeiou.daemon.attach.completion.Completions;

/**
 * One request of a client, from being taken until its last outcome. What changes is guarded by its
 * client's monitor.
 */
final class ClientRequest {
  final Client client;
  final int page;
  final int operation;
  final int flags;
  final long cookie;
  final long number;
  final long group;

  /** Null if it is too long, or no UTF-8. */
  final String path;

  final boolean isPathTooLong;

  /** Whether another step follows. Set before it starts. */
  boolean isChained;

  /** The next one in the same bucket of {@link PendingByNumber}. */
  ClientRequest sameBucket;

  /** By when it must have ended; null if its client does not say. */
  Deadlines.Deadline deadline;

  boolean done;

  /** What it is about to end in, and the next one that is, on one thread; see {@link Endings}. */
  Completion ending;

  ClientRequest nextEnding;

  /** What it reads, from when that is found. */
  FoundPath place;

  /** What is being fetched for it, or was; null if nothing ever was. */
  Request awaited;

  /** Told of the outcome that ends it, without the monitor. */
  Consumer<Completion> ended = ClientRequest::ignore;

  ClientRequest(Client client, Submission submission) {
    this.client = client;
    page = submission.page();
    operation = submission.operation();
    flags = submission.flags();
    cookie = submission.cookie();
    number = submission.number();
    group = submission.group();
    path = submission.path();
    isPathTooLong = submission.isPathTooLong();
  }

  private static void ignore(Completion outcome) {}

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** On whose behalf, and before or behind which others, the network is asked for it. */
  Requester requester() {
    return has(Operation.BACKGROUND) ? client.requester.inBackground() : client.requester;
  }

  /** Whether it has had its last outcome. */
  boolean isDone() {
    synchronized (client) {
      return done;
    }
  }

  /** Ends it with an outcome; does nothing if it has had one. */
  void end(Completion outcome) {
    client.end(this, outcome);
  }

  /** As {@link #end}, in a closure. */
  void endIn(boolean delayed, Completion outcome) {
    if (delayed) {
      client.endAfterClosures(this, outcome);
    } else {
      client.end(this, outcome);
    }
  }

  void fail(Failure<?> failure) {
    end(Completions.failure(failure));
  }

  void fail(Failure.Reason reason, String message) {
    end(Completions.failure(reason, message));
  }

  /** Sets the one listener for the outcome that ends it; false if it has ended. */
  boolean whenEnded(Consumer<Completion> listener) {
    synchronized (client) {
      if (!done) {
        ended = listener;
      }
      return !done;
    }
  }

  /** Remembers what it waits for, so that a client that withdraws it withdraws that too. */
  void await(Request fetch) {
    if (fetch == Request.IMMEDIATE) {
      return;
    }
    // Without the monitor, which the threads that end requests hold often. The thread that
    // withdraws it writes 'done' and then reads this, with the same fence between: one of the two
    // sees what the other wrote. To cancel what has ended does nothing.
    awaited = fetch;
    VarHandle.fullFence();
    if (done) {
      fetch.cancel();
    }
  }

  /**
   * Requests of one client that delayed closures have ended on one thread, and that are not posted
   * yet: many of them take its monitor once, and look once whether the program is to be woken.
   * Linked through themselves, in the order they ended. Used by one thread.
   */
  static final class Endings {
    private ClientRequest first;
    private ClientRequest last;

    void add(ClientRequest request, Completion outcome) {
      if (request.ending != null) {
        return; // it has ended before
      }
      request.ending = outcome;
      if (first == null) {
        first = request;
      } else {
        last.nextEnding = request;
      }
      last = request;
    }

    /** Takes all out; the first, linked to the others, or null. */
    ClientRequest take() {
      ClientRequest all = first;
      first = null;
      last = null;
      return all;
    }
  }
}
