package org.aeiou.daemon.attach.request;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Fatal;
import org.aeiou.closures.Request;
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
import org.aeiou.daemon.attach.completion.AnswersInTurns;
import org.aeiou.daemon.attach.completion.Bell;
import org.aeiou.daemon.attach.completion.Completions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program that has attached: its rings, and which of its requests are pending.
 *
 * <p>One thread, the server's, takes its submissions. Outcomes come on any thread. The monitor
 * guards the completion ring and the pending requests; it is held for writing some words, and never
 * while the service is asked or a listener is told.
 *
 * <p>It is long because taking in, ending, withdrawing and leaving each decide whether a request
 * has had its one outcome, under the same monitor.
 */
public final class Client {
  private static final Logger LOG = LoggerFactory.getLogger(Client.class);

  /** For so many requests at once there is room at first; it grows. A power of two. */
  private static final int FEW = 64;

  private static final int OVERLOADED = Reasons.number(Failure.Reason.OVERLOADED);
  private static final Completion WITHDRAWN =
      Completions.failure(Failure.Reason.CANCELLED, "withdrawn");
  private static final Completion PASSED =
      Completions.failure(Failure.Reason.TIMEOUT, "its deadline passed");

  final Peer peer;

  /** In the scheduler, the user of its requests. */
  final Requester requester;

  final Geometry geometry;

  /** What is to be written for it. */
  final AnswersInTurns tables = new AnswersInTurns();

  private final SubmissionRing submissions;
  private final CompletionRing completions;
  private final Bell bell;
  private final RequestCounters counters;

  // Guarded by this.
  private ClientRequest[] byPage;
  private final PendingByNumber byNumber;
  private final Deadlines deadlines;
  private long highest;
  private long accepted;
  private long refused;

  /** Requests that ended as overloaded since {@link #hadTooMany} was true last. */
  private final AtomicInteger tooMany = new AtomicInteger();

  private boolean gone;

  /** How many outcomes were posted since they were counted. */
  private int posted;

  /** What this thread has ended in closures, and posts after them. */
  private final ThreadLocal<ClientRequest.Endings> endings =
      ThreadLocal.withInitial(ClientRequest.Endings::new);

  /**
   * A client that has asked for nothing yet.
   *
   * @param bell the descriptor of the bell's writing end
   */
  public Client(
      Peer peer,
      Requester requester,
      Geometry geometry,
      SubmissionRing submissions,
      CompletionRing completions,
      int bell,
      Deadlines deadlines,
      RequestCounters counters) {
    this.peer = peer;
    this.requester = requester;
    this.geometry = geometry;
    this.submissions = submissions;
    this.completions = completions;
    this.bell = new Bell(bell, counters.bells);
    this.deadlines = deadlines;
    this.counters = counters;
    byPage = new ClientRequest[Math.min(FEW, geometry.pages())];
    byNumber = new PendingByNumber(Math.min(FEW, geometry.entries()), geometry.entries());
    requester.afterClosures(this::postEndings);
  }

  /** What it submits. The server's thread. */
  public SubmissionRing submissions() {
    return submissions;
  }

  /** Takes a submission in; from now on it ends in exactly one outcome. */
  synchronized ClientRequest accept(Submission submission) throws BrokenClient {
    int page = submission.page();
    if (page >= byPage.length) {
      int length = Math.min(geometry.pages(), Math.max(page + 1, 2 * byPage.length));
      byPage = Arrays.copyOf(byPage, length);
    }
    if (byPage[page] != null) {
      throw new BrokenClient("it submits page " + page + ", which is still in use");
    }
    if (byNumber.get(submission.number()) != null) {
      throw new BrokenClient("it uses number " + submission.number() + " twice at once");
    }
    ClientRequest request = new ClientRequest(this, submission);
    byPage[page] = request;
    byNumber.add(request);
    if (submission.target() != 0) {
      deadlines.add(request, submission.target());
    }
    highest = Math.max(highest, request.number);
    completions.accepted(page);
    accepted++;
    return request;
  }

  /** Lets the client see what was counted. */
  public synchronized void count() {
    completions.count(accepted, refused);
  }

  /** Whether so many requests have ended as overloaded; counts anew if they have. */
  public boolean hadTooMany(int most) {
    // Without the monitor, as it is asked after each submission.
    return tooMany.get() >= most && tooMany.getAndSet(0) >= most;
  }

  /** Ends a request with an outcome; does nothing if it has had one. */
  void end(ClientRequest request, Completion outcome) {
    synchronized (this) {
      if (request.done || gone) {
        return;
      }
      finish(request, outcome);
      look();
    }
    bell.ring();
    request.ended.accept(outcome);
  }

  /**
   * As {@link #end}, in a delayed closure of its requester: what the thread does after its closures
   * posts the outcomes of all of them together, and rings the bell once.
   */
  void endAfterClosures(ClientRequest request, Completion outcome) {
    endings.get().add(request, outcome);
  }

  private void postEndings() {
    ClientRequest all = endings.get().take();
    if (all != null) {
      synchronized (this) {
        for (ClientRequest each = all; each != null; each = each.nextEnding) {
          if (each.done || gone) {
            each.ending = null; // it is not this that it has ended in
          } else {
            finishOne(each);
          }
        }
        look();
      }
      tell(all);
    }
    bell.ring();
  }

  /** One of several; the others end whatever happens. */
  private void finishOne(ClientRequest request) {
    try {
      finish(request, request.ending);
    } catch (RuntimeException e) {
      counters.faults.increment();
      LOG.error("A request for {} could not be ended", request.path, e);
    }
  }

  /** Tells those that wait for what these have ended in. */
  private void tell(ClientRequest all) {
    for (ClientRequest each = all; each != null; ) {
      ClientRequest next = each.nextEnding;
      each.nextEnding = null;
      if (each.ending != null) {
        try {
          each.ended.accept(each.ending);
        } catch (RuntimeException e) {
          LOG.error("What follows a request for {} failed", each.path, e);
        }
      }
      each = next;
    }
  }

  /** Ends a request that an error of the daemon's prevents from going on; others go on. */
  void fault(ClientRequest request, Throwable error) {
    Fatal.rethrow(error);
    counters.faults.increment();
    LOG.error("A request for {} failed", request.path, error);
    request.fail(Failure.Reason.BAD_ANSWER, "the daemon failed; see its log");
  }

  /** Gives it its outcome; with the monitor held, as {@link #look}, which is to follow. */
  private void finish(ClientRequest request, Completion outcome) {
    request.done = true;
    byPage[request.page] = null;
    byNumber.remove(request);
    deadlines.remove(request);
    refused += outcome.kind() == Kind.FAILURE ? 1 : 0;
    if (outcome.kind() == Kind.FAILURE && outcome.reason() == OVERLOADED) {
      tooMany.incrementAndGet();
    }
    var unused = post(request, outcome, false);
  }

  /** Posts one outcome of a request that goes on; returns what was posted, null if it has ended. */
  Completion postMore(ClientRequest request, Completion outcome) {
    Completion posted;
    synchronized (this) {
      posted = request.done || gone ? null : post(request, outcome, true);
      look();
    }
    bell.ring();
    return posted;
  }

  /** Looks whether the program waits for what was posted; with the monitor held. */
  private void look() {
    counters.completions.add(posted);
    posted = 0;
    if (completions.isToBeWoken()) {
      bell.isDue();
    }
  }

  /** Returns what was posted: that the value does not fit, if so. */
  private Completion post(ClientRequest request, Completion outcome, boolean more) {
    posted++;
    if (request.has(Operation.NO_COMPLETION)) {
      completions.leave(request.page, request.number, outcome);
      return outcome;
    }
    int length = outcome.value().length;
    boolean fits = completions.fits(request.page, length) || outcome.kind() == Kind.FAILURE;
    Completion fitting =
        fits
            ? outcome
            : Completions.failure(
                Failure.Reason.OVERLOADED,
                // Short enough for the smallest outcome: there is no other place for it either.
                length + " bytes do not fit; attach with a larger arena");
    completions.put(request.page, request.number, request.cookie, fitting, more);
    return fitting;
  }

  /** Withdraws the request with a number, unless it is the cancel itself. */
  CancelAnswer cancel(ClientRequest cancel, long target) {
    ClientRequest request;
    synchronized (this) {
      request = byNumber.get(target);
      if (request == cancel) {
        return CancelAnswer.UNKNOWN;
      }
      if (request == null) {
        return target != 0 && target <= highest ? CancelAnswer.TOO_LATE : CancelAnswer.UNKNOWN;
      }
    }
    return withdraw(request, WITHDRAWN) ? CancelAnswer.CANCELLED : CancelAnswer.TOO_LATE;
  }

  /** Withdraws all requests of a group but the cancel itself. */
  CancelAnswer cancelGroup(ClientRequest cancel, long group) {
    if (group == 0) {
      return CancelAnswer.UNKNOWN; // that is those of no group
    }
    List<ClientRequest> members;
    synchronized (this) {
      members =
          byNumber.all().stream().filter(each -> each.group == group && each != cancel).toList();
    }
    int withdrawn = 0;
    for (ClientRequest member : members) {
      withdrawn += withdraw(member, WITHDRAWN) ? 1 : 0;
    }
    if (withdrawn > 0) {
      return CancelAnswer.CANCELLED;
    }
    return members.isEmpty() ? CancelAnswer.UNKNOWN : CancelAnswer.TOO_LATE;
  }

  /**
   * Ends the requests whose deadlines have passed, or some of them. The server's thread.
   *
   * @return whether there were any
   */
  public boolean endPassed() {
    if (!deadlines.wereAny()) {
      return false;
    }
    List<ClientRequest> passed;
    synchronized (this) {
      passed = deadlines.takePassed();
    }
    passed.forEach(this::endAsPassed);
    return !passed.isEmpty();
  }

  /** Ends a request whose deadline has passed; whether it has one that has. */
  boolean endIfPassed(ClientRequest request) {
    if (request.deadline == null) {
      return false;
    }
    synchronized (this) {
      if (!deadlines.hasPassed(request)) {
        return false;
      }
    }
    endAsPassed(request);
    return true;
  }

  private void endAsPassed(ClientRequest request) {
    if (withdraw(request, PASSED)) {
      counters.deadlines.increment();
    }
  }

  /** For how long from now no deadline passes, in nanoseconds. The server's thread. */
  public long nanosToDeadline() {
    if (!deadlines.wereAny()) {
      return Long.MAX_VALUE;
    }
    synchronized (this) {
      return deadlines.nanosToNext();
    }
  }

  /**
   * Ends a request before its time; what was sent for it goes on for others. False if it has had
   * its outcome.
   */
  private boolean withdraw(ClientRequest request, Completion outcome) {
    synchronized (this) {
      if (request.done || gone) {
        return false;
      }
      finish(request, outcome);
      look();
    }
    bell.ring();
    request.ended.accept(outcome);
    cancelAwaited(request);
    return true;
  }

  private static void cancelAwaited(ClientRequest request) {
    // Between saying that it is done and looking; pairs with the fence in ClientRequest.await.
    VarHandle.fullFence();
    Request awaited = request.awaited;
    if (awaited != null) {
      awaited.cancel();
    }
  }

  /**
   * The program is gone: what is pending ends without an outcome. The shared memory is not touched
   * after this.
   */
  public void leave() {
    bell.leave();
    List<ClientRequest> left;
    synchronized (this) {
      gone = true;
      left = byNumber.all();
      left.forEach(byNumber::remove);
      left.forEach(deadlines::remove);
      Arrays.fill(byPage, null);
      left.forEach(request -> request.done = true);
    }
    for (ClientRequest request : left) {
      cancelAwaited(request);
      request.ended.accept(WITHDRAWN);
    }
  }

  synchronized int pendingCount() {
    return byNumber.size();
  }
}
