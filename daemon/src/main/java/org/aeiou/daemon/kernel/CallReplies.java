package org.aeiou.daemon.kernel;

import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Fatal;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.fuse.Opcode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that every call gets exactly one answer: inside the submitting call when the outcome
 * is there, otherwise by whichever comes first of the outcome, an interrupt and the end of the
 * session.
 *
 * <p>The thread that answers has claimed the call before. Whatever its work throws, the call ends
 * in a reply.
 */
final class CallReplies {
  private static final Logger LOG = LoggerFactory.getLogger(CallReplies.class);

  /**
   * Writes the payload of a reply to a reading and sends it.
   *
   * @param <V> the type of the reading's value
   */
  @FunctionalInterface
  interface Step<V> {
    void answer(Call call, V value, Reply reply);
  }

  private final KernelCounters counters;
  private final PendingCalls pending = new PendingCalls();
  private final ReplyBuffers buffers = new ReplyBuffers();

  CallReplies(KernelCounters counters) {
    this.counters = counters;
  }

  /** Writes the payload of a reply to what is no reading, and sends it. */
  @FunctionalInterface
  interface Otherwise {
    void answer(Call call, Outcome<?> outcome, Reply reply);
  }

  /** The closure that answers a call: with this step if there is a reading, else with an error. */
  <V> Closure<V, Call> closure(Step<V> step) {
    return closure(step, (call, outcome, reply) -> error(call, reply, Errno.of(outcome)));
  }

  /** The same, with another step if there is no reading. */
  <V> Closure<V, Call> closure(Step<V> step, Otherwise otherwise) {
    return (call, outcome, delayed) -> {
      if (!call.claim()) {
        if (!isCancelled(outcome)) {
          counters.late.increment();
        }
        return;
      }
      if (delayed) {
        counters.misses.increment();
        pending.remove(call);
        Reply reply = buffers.take();
        answer(step, otherwise, call, outcome, reply);
        buffers.give(reply);
      } else {
        counters.hits.increment();
        answer(step, otherwise, call, outcome, call.reply);
      }
    };
  }

  /** Whether it is what a request withdrawn after an interrupt is bound to end in. */
  private static boolean isCancelled(Outcome<?> outcome) {
    return outcome instanceof Failure<?> failure && failure.reason() == Failure.Reason.CANCELLED;
  }

  private <V> void answer(
      Step<V> step, Otherwise otherwise, Call call, Outcome<V> outcome, Reply reply) {
    try {
      if (outcome instanceof Reading<V> reading) {
        step.answer(call, reading.value(), reply);
      } else {
        otherwise.answer(call, outcome, reply);
      }
    } catch (RuntimeException | Error e) {
      Fatal.rethrow(e);
      fault(call, reply, e);
    }
  }

  /**
   * Lets a call wait for what the file system returned when it was asked.
   *
   * @return whether the call is left to others; if not, it has been answered
   */
  boolean await(Call call, Request request) {
    if (request == Request.IMMEDIATE && call.sent) {
      return false;
    }
    call.awaited = request;
    if (request == Request.IMMEDIATE || !pending.add(call)) {
      // No closure will answer it: the immediate one was not run, or the session takes no more
      // calls.
      abandon(call, call.reply, request == Request.IMMEDIATE ? Errno.EIO : Errno.ENOTCONN);
    }
    return true;
  }

  /** Answers EINTR to a pending call; false if there is none of that number. */
  boolean interrupt(long unique, Reply reply) {
    Call call = pending.get(unique);
    if (call == null) {
      return false;
    }
    if (abandon(call, reply, Errno.EINTR)) {
      counters.interrupted.increment();
    }
    return true;
  }

  /** Answers what is pending with an error; nothing can become pending afterwards. */
  void stop() {
    Reply reply = buffers.take();
    pending.stop(call -> abandon(call, reply.clear(), Errno.ENOTCONN));
    buffers.give(reply);
  }

  long pendingCount() {
    return pending.size();
  }

  private boolean abandon(Call call, Reply reply, int errno) {
    if (!call.claim()) {
      return false;
    }
    error(call, reply, errno);
    pending.remove(call);
    call.awaited.cancel();
    return true;
  }

  /**
   * Sends the reply with a payload of this length.
   *
   * @return whether the kernel took it; if not, nothing in it happened
   */
  boolean payload(Call call, Reply reply, int length) {
    counters.replies.increment();
    counters.bytesOut.add(Reply.PAYLOAD + length);
    int errno = send(call, reply.finish(call.unique, length));
    if (errno == 0 || errno == Errno.ENODEV) {
      return errno == 0;
    }
    if (errno == Errno.ENOENT) {
      counters.unwanted.increment();
    } else {
      // The requester still waits, and would for ever.
      counters.rejected.increment();
      LOG.warn(
          "The kernel rejected the reply to {} of node {}: {}; answering EIO instead",
          call.opcode,
          call.nodeId,
          Errno.text(errno));
      send(call, reply.finishError(call.unique, Errno.EIO));
    }
    return false;
  }

  /** Answers that something went wrong; 0 says that nothing did and there is nothing to say. */
  void error(Call call, Reply reply, int errno) {
    counters.replies.increment();
    counters.bytesOut.add(Reply.PAYLOAD);
    if (errno != 0) {
      counters.errors.increment();
    }
    int refusal = send(call, reply.finishError(call.unique, errno));
    // An INTERRUPT's number is gone when its request was answered meanwhile: nothing is amiss.
    if (refusal == Errno.ENOENT && call.opcode != Opcode.INTERRUPT) {
      counters.unwanted.increment();
    }
  }

  /** Answers a call that something unforeseen befell, unless it has its reply. */
  void fault(Call call, Reply reply, Throwable cause) {
    counters.faults.increment();
    LOG.error("{} of node {} failed; answering EIO", call.opcode, call.nodeId, cause);
    if (!call.sent) {
      error(call, reply, Errno.EIO);
    }
  }

  private static int send(Call call, Reply message) {
    call.sent = true;
    return call.sink.send(message);
  }
}
