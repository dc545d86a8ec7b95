package org.aeiou.daemon.attach;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Request;
import org.aeiou.closures.posix.Posix;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.shared.CancelAnswer;
import org.aeiou.closures.shared.CompletionRing;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.closures.shared.Kind;
import org.aeiou.closures.shared.Operation;
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
  private static final ByteBuffer ONE = Posix.buffer(1);

  /** For so many requests at once there is room at first; it grows. A power of two. */
  private static final int FEW = 64;

  private static final int LONGEST_SENTENCE = 2048;
  private static final int OVERLOADED = Reasons.number(Failure.Reason.OVERLOADED);
  private static final long ONE_AT = Posix.address(ONE);

  final long number;
  final int uid;
  final int pid;

  /** On whose behalf its requests are made. */
  final Requester requester;

  final Geometry geometry;
  private final SubmissionRing submissions;
  private final CompletionRing completions;
  private final int bell;
  private final AttachCounters counters;
  private final Operations operations;
  private final Runnable wake;

  /** What the server's thread is to go on with, a slice at a time. */
  private final Queue<Runnable> work = new ConcurrentLinkedQueue<>();

  // Guarded by this.
  private Pending[] pending;
  private final Numbers byNumber;
  private long highest;
  private long accepted;
  private long refused;

  /** Requests that ended as too many since that was asked last. */
  private int tooMany;

  private boolean gone;

  Client(
      long number,
      int uid,
      int pid,
      Requester requester,
      Geometry geometry,
      SubmissionRing submissions,
      CompletionRing completions,
      int bell,
      AttachCounters counters,
      Operations operations,
      Runnable wake) {
    this.number = number;
    this.uid = uid;
    this.pid = pid;
    this.requester = requester;
    this.geometry = geometry;
    this.submissions = submissions;
    this.completions = completions;
    this.bell = bell;
    this.counters = counters;
    this.operations = operations;
    this.wake = wake;
    pending = new Pending[Math.min(FEW, geometry.pages())];
    byNumber = new Numbers(Math.min(FEW, geometry.entries()), geometry.entries());
  }

  SubmissionRing submissions() {
    return submissions;
  }

  /** Takes a submission in; from now on it ends in exactly one outcome. */
  synchronized Pending accept(Submission submission) throws BrokenClient {
    int page = submission.page();
    if (page >= pending.length) {
      int length = Math.min(geometry.pages(), Math.max(page + 1, 2 * pending.length));
      pending = Arrays.copyOf(pending, length);
    }
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
      finish(request, completion);
    }
    goOn(request, completion);
  }

  /** Whether so many requests have ended as too many; counts anew if they have. */
  synchronized boolean hadTooMany(int most) {
    boolean had = tooMany >= most;
    tooMany = had ? 0 : tooMany;
    return had;
  }

  /** Gives it its outcome; with the monitor held. */
  private void finish(Pending request, Completion completion) {
    request.done = true;
    request.awaited = null;
    pending[request.page] = null;
    byNumber.remove(request);
    refused += completion.kind() == Kind.FAILURE ? 1 : 0;
    tooMany += completion.kind() == Kind.FAILURE && completion.reason() == OVERLOADED ? 1 : 0;
    var unused = post(request, completion, false);
  }

  /** What follows the end of a request; without the monitor. */
  private void goOn(Pending request, Completion completion) {
    if (request.watch != null) {
      request.watch.close();
      operations.stopWatching(request);
    }
    if (request.next != null) {
      operations.chains().ended(request, completion);
    }
  }

  /** Lets the server's thread go on with something in this client's turn. Any thread. */
  void later(Runnable part) {
    work.add(part);
    wake.run();
  }

  /** The next part of the work that was left; null if there is none. */
  Runnable nextWork() {
    return work.poll();
  }

  boolean hasWork() {
    return !work.isEmpty();
  }

  /**
   * Tells of one outcome of a request that goes on, if it is another one than was told last, and
   * not an older one: threads that found different ones may come here in any order.
   */
  synchronized void tell(Pending request, Completion completion, long takenNanos) {
    Completion told = request.told;
    boolean isOlder = told != null && takenNanos - request.toldNanos < 0;
    if (request.done || gone || isOlder) {
      return;
    }
    boolean isNew =
        told == null
            || told.kind() != completion.kind()
            || !Arrays.equals(told.value(), completion.value());
    request.toldNanos = takenNanos;
    if (isNew) {
      // What it was told in the end: a value that had no room is told when it has.
      request.told = post(request, completion, true);
    }
  }

  /** Returns what it is told: that its value does not fit, if so. */
  private Completion post(Pending request, Completion completion, boolean more) {
    counters.completions.increment();
    if (request.has(Operation.NO_COMPLETION)) {
      completions.leave(request.page, request.number, completion);
      return completion;
    }
    int length = completion.value().length;
    boolean fits = completions.fits(request.page, length) || completion.kind() == Kind.FAILURE;
    Completion posted =
        fits
            ? completion
            : failure(
                Failure.Reason.OVERLOADED,
                // Short enough for the smallest outcome: there is no other place for it either.
                length + " bytes do not fit; attach with a larger arena");
    if (completions.post(request.page, request.number, request.cookie, posted, more)) {
      counters.bells.increment();
      var unused = POSIX.write(bell, ONE_AT, 1);
    }
    return posted;
  }

  void fail(Pending request, Failure<?> failure) {
    end(request, failure(failure.reason(), failure.message()));
  }

  static Completion failure(Failure.Reason reason, String message) {
    String cut = message.substring(0, Math.min(message.length(), LONGEST_SENTENCE));
    byte[] sentence = cut.getBytes(UTF_8);
    return new Completion(Kind.FAILURE, Reasons.number(reason), sentence, 0, 0, 0, 0);
  }

  /** Withdraws a request, but not itself. */
  CancelAnswer cancel(Pending cancel, long target) {
    Pending request;
    synchronized (this) {
      request = byNumber.get(target);
      if (request == cancel) {
        return CancelAnswer.UNKNOWN;
      }
      if (request == null) {
        return target != 0 && target <= highest ? CancelAnswer.TOO_LATE : CancelAnswer.UNKNOWN;
      }
    }
    return withdraw(request) ? CancelAnswer.CANCELLED : CancelAnswer.TOO_LATE;
  }

  /** Withdraws all of a group, but not itself. */
  CancelAnswer cancelGroup(Pending cancel, long group) {
    if (group == 0) {
      return CancelAnswer.UNKNOWN; // that is those of no group
    }
    List<Pending> members;
    synchronized (this) {
      members =
          byNumber.all().stream().filter(each -> each.group == group && each != cancel).toList();
    }
    int withdrawn = 0;
    for (Pending member : members) {
      withdrawn += withdraw(member) ? 1 : 0;
    }
    if (withdrawn > 0) {
      return CancelAnswer.CANCELLED;
    }
    return members.isEmpty() ? CancelAnswer.UNKNOWN : CancelAnswer.TOO_LATE;
  }

  /** Ends a request as cancelled; false if it has had its outcome. */
  private boolean withdraw(Pending request) {
    Completion cancelled = failure(Failure.Reason.CANCELLED, "withdrawn");
    Request awaited;
    synchronized (this) {
      if (request.done || gone) {
        return false;
      }
      request.cancelled = true;
      awaited = request.awaited;
      finish(request, cancelled);
    }
    goOn(request, cancelled);
    if (awaited != null) {
      awaited.cancel();
    }
    return true;
  }

  /**
   * The client is gone: nothing is told any more, and nobody asks on its behalf. Its memory is not
   * touched after this.
   */
  void leave() {
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
        operations.stopWatching(request);
      }
    }
  }

  synchronized int pendingCount() {
    return byNumber.size();
  }
}
