package org.aeiou.daemon.attach;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Request;
import org.aeiou.closures.shared.CancelAnswer;
import org.aeiou.closures.shared.CompletionRing;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.closures.shared.Kind;
import org.aeiou.closures.shared.Operation;
import org.aeiou.closures.shared.Posix;
import org.aeiou.closures.shared.Reasons;
import org.aeiou.closures.shared.SubmissionRing;
import org.aeiou.closures.shared.SubmissionRing.BrokenClient;
import org.aeiou.closures.shared.SubmissionRing.Submission;

/**
 * A process that has attached: its rings, and what it waits for.
 *
 * <p>One thread, the server's, takes its submissions. Outcomes come on any thread; its monitor
 * guards everything that they touch, and is never held while anything is asked.
 */
final class Client {
  private static final Posix POSIX = Posix.INSTANCE;

  final long number;
  final int uid;
  final int pid;
  final Geometry geometry;
  private final SubmissionRing submissions;
  private final CompletionRing completions;
  private final int bell;
  private final AttachCounters counters;
  private final Chains chains;
  private final ByteBuffer one = Posix.buffer(Long.BYTES).putLong(0, 1);

  // Guarded by this.
  private final Pending[] pending;
  private final Numbers byNumber;
  private long highest;
  private long accepted;
  private long refused;
  private boolean gone;

  Client(
      long number,
      int uid,
      int pid,
      Geometry geometry,
      SubmissionRing submissions,
      CompletionRing completions,
      int bell,
      AttachCounters counters,
      Chains chains) {
    this.number = number;
    this.uid = uid;
    this.pid = pid;
    this.geometry = geometry;
    this.submissions = submissions;
    this.completions = completions;
    this.bell = bell;
    this.counters = counters;
    this.chains = chains;
    pending = new Pending[geometry.pages()];
    byNumber = new Numbers(geometry.entries());
  }

  SubmissionRing submissions() {
    return submissions;
  }

  /** Takes a submission in; from now on it ends in exactly one outcome. */
  synchronized Pending accept(Submission submission) throws BrokenClient {
    int page = submission.page();
    if (pending[page] != null) {
      throw new BrokenClient("it submits page " + page + ", which is still in use");
    }
    if (byNumber.get(submission.number()) != null) {
      throw new BrokenClient("it uses number " + submission.number() + " twice at once");
    }
    Pending request = new Pending(this, submission);
    pending[page] = request;
    byNumber.add(request);
    highest = Math.max(highest, request.number);
    completions.accepted(page);
    accepted++;
    return request;
  }

  /** Lets the client see what was counted. */
  synchronized void count() {
    completions.count(accepted, refused);
  }

  /** Ends a request with an outcome; does nothing if it has had one. */
  void end(Pending request, Completion completion) {
    synchronized (this) {
      if (request.done || gone) {
        return;
      }
      request.done = true;
      request.awaited = null;
      pending[request.page] = null;
      byNumber.remove(request);
      refused += completion.kind() == Kind.FAILURE ? 1 : 0;
      post(request, completion, false);
    }
    if (request.watch != null) {
      request.watch.close();
    }
    if (request.next != null) {
      chains.ended(request, completion);
    }
  }

  /** Tells of one outcome of a request that goes on, if it is another one than was told last. */
  synchronized void tell(Pending request, Completion completion) {
    Completion told = request.told;
    boolean isNew =
        told == null
            || told.kind() != completion.kind()
            || !Arrays.equals(told.value(), completion.value());
    if (isNew && !request.done && !gone) {
      request.told = completion;
      post(request, completion, true);
    }
  }

  private void post(Pending request, Completion completion, boolean more) {
    Completion posted = completion;
    boolean fits = completions.fits(request.page, completion.value().length);
    if (!fits && completion.kind() != Kind.FAILURE) {
      posted =
          failure(
              Failure.Reason.OVERLOADED,
              request.path
                  + ": "
                  + completion.value().length
                  + " bytes do not fit; attach with larger outcomes or a larger arena");
    }
    counters.completions.increment();
    if (request.has(Operation.NO_COMPLETION)) {
      completions.leave(request.page, request.number, posted);
    } else if (completions.post(request.page, request.number, request.cookie, posted, more)) {
      counters.bells.increment();
      var unused = POSIX.write(bell, Posix.address(one), Long.BYTES);
    }
  }

  void fail(Pending request, Failure<?> failure) {
    end(request, failure(failure.reason(), failure.message()));
  }

  static Completion failure(Failure.Reason reason, String message) {
    // One that is longer than there is room for is cut when it is posted.
    byte[] sentence = message.getBytes(UTF_8);
    return new Completion(Kind.FAILURE, Reasons.number(reason), sentence, 0, 0, 0, 0);
  }

  /** Withdraws a request; returns one of {@link CancelAnswer}. */
  int cancel(long target) {
    Pending request;
    synchronized (this) {
      request = byNumber.get(target);
      if (request == null) {
        return target != 0 && target <= highest ? CancelAnswer.TOO_LATE : CancelAnswer.UNKNOWN;
      }
    }
    withdraw(request);
    return CancelAnswer.CANCELLED;
  }

  int cancelGroup(long group) {
    List<Pending> members;
    synchronized (this) {
      members = byNumber.all().stream().filter(each -> each.group == group).toList();
    }
    members.forEach(this::withdraw);
    return members.isEmpty() ? CancelAnswer.UNKNOWN : CancelAnswer.CANCELLED;
  }

  private void withdraw(Pending request) {
    Request awaited;
    synchronized (this) {
      request.cancelled = true;
      awaited = request.awaited;
    }
    if (awaited != null) {
      awaited.cancel();
    }
    end(request, failure(Failure.Reason.CANCELLED, "withdrawn"));
  }

  /** The client is gone: nothing is told any more, and nobody asks on its behalf. */
  List<Pending> leave() {
    List<Pending> left;
    synchronized (this) {
      gone = true;
      left = byNumber.all();
      left.forEach(byNumber::remove);
      Arrays.fill(pending, null);
      left.forEach(request -> request.done = true);
    }
    for (Pending request : left) {
      if (request.awaited != null) {
        request.awaited.cancel();
      }
      if (request.watch != null) {
        request.watch.close();
      }
    }
    return left;
  }

  synchronized int pendingCount() {
    return byNumber.size();
  }
}
