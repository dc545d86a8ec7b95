package org.aeiou.daemon.cluster.remote;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cluster.message.Frame;

/**
 * All {@link RemoteAsk}s that have not ended, and by what id owners know those that were sent. The
 * thread that takes an id goes on with what was sent under it, and no other does; the thread that
 * ends one answers its exchange. Any thread.
 */
final class AsksUnderWay {
  private static final int MOST_ASKS = 16_384;
  private static final int MOST_QUESTIONS = 262_144;
  private static final int MOST_HELD = 8_192;

  private final Asks.Sender sender;
  private final RemoteCounters counters;
  private final AtomicLong ids = new AtomicLong();
  private final Map<Long, RemoteAsk> sent = new ConcurrentHashMap<>();
  private final Set<RemoteAsk> all = ConcurrentHashMap.newKeySet();
  private final AtomicInteger asks = new AtomicInteger();
  private final AtomicInteger questions = new AtomicInteger();
  private final AtomicInteger held = new AtomicInteger();

  AsksUnderWay(Asks.Sender sender, RemoteCounters counters) {
    this.sender = sender;
    this.counters = counters;
    counters.gauges(asks::get, questions::get, held::get);
  }

  Iterable<RemoteAsk> all() {
    return all;
  }

  /** One more; false if that is too many, and it is to be ended. */
  boolean add(RemoteAsk ask) {
    all.add(ask);
    boolean isTooMany = asks.incrementAndGet() > MOST_ASKS;
    return questions.addAndGet(ask.size()) <= MOST_QUESTIONS && !isTooMany;
  }

  /** Whether one more may wait for an owner. */
  boolean mayHold() {
    return held.get() < MOST_HELD;
  }

  boolean hold(RemoteAsk ask, int version, long nowNanos) {
    boolean holds = ask.hold(version, nowNanos);
    if (holds) {
      held.incrementAndGet();
    }
    return holds;
  }

  /** Another id, which what is sent under it answers to. */
  long identify(RemoteAsk ask) {
    long id = ids.incrementAndGet();
    sent.put(id, ask);
    return id;
  }

  /** It was held before, and is sent. */
  void released() {
    held.decrementAndGet();
  }

  /** What was sent under an id; null if another thread went on with it, or it has ended. */
  RemoteAsk find(long id) {
    return sent.get(id);
  }

  /** As {@link #find}, and no other thread finds it. */
  RemoteAsk take(long id) {
    return sent.remove(id);
  }

  // --- it ends

  /** Ends it without an answer; returns whether this was the call that did. */
  boolean end(RemoteAsk ask) {
    return ended(ask, ask.end()) != RemoteAsk.State.OVER;
  }

  private RemoteAsk.State ended(RemoteAsk ask, RemoteAsk.State was) {
    if (was == RemoteAsk.State.OVER) {
      return was;
    }
    if (was == RemoteAsk.State.HELD) {
      held.decrementAndGet();
    }
    sent.remove(ask.id());
    all.remove(ask);
    asks.decrementAndGet();
    questions.addAndGet(-ask.size());
    ask.system().ended(ask);
    return was;
  }

  /** Ends it in a failure. */
  void fail(RemoteAsk ask, Reason reason, String message) {
    if (end(ask)) {
      answer(ask, reason, message);
    }
  }

  /** It was not sent, or surely not looked at, unless another thread has gone on with it. */
  void failUnsent(RemoteAsk ask, int version, String message) {
    if (ended(ask, ask.end(version)) != RemoteAsk.State.OVER) {
      counters.unreachable.increment();
      answer(ask, Reason.UNREACHABLE, message);
    }
  }

  /** No answer will come. A write that was sent may have been done. */
  void giveUp(RemoteAsk ask, String message) {
    RemoteAsk.State was = ended(ask, ask.end());
    if (was == RemoteAsk.State.OVER) {
      return;
    }
    if (ask.isWrite() && was == RemoteAsk.State.SENT) {
      counters.unknown.increment();
      answer(ask, Reason.TIMEOUT, message + "; it may have been done");
    } else {
      counters.unreachable.increment();
      answer(ask, Reason.UNREACHABLE, message);
    }
  }

  /**
   * What it was begun for is not wanted any more; if some of it is, that is asked again. What was
   * sent and may have been done once is let be.
   */
  void abandon(RemoteAsk ask) {
    if (!takeBack(ask)) {
      return;
    }
    if (ask.isWrite()) {
      answer(ask, Reason.UNREACHABLE, "it was not asked");
    } else {
      ask.exchange()
          .answer(new Answer.Items<>(Collections.nCopies(ask.size(), new Answer.Item.Again<>())));
    }
  }

  /** Ends it without an answer, unless it was sent and is done once; returns whether it did. */
  boolean takeBack(RemoteAsk ask) {
    RemoteAsk.State was = ended(ask, ask.takeBack());
    if (was == RemoteAsk.State.SENT) {
      cancel(ask);
    }
    return was != RemoteAsk.State.OVER;
  }

  /** Tells the member that it was sent to last that its answer is of no use. */
  void cancel(RemoteAsk ask) {
    counters.cancelled.increment();
    if (!sender.toMember(ask.owner().member().id(), new Frame.Cancel(ask.id()), () -> {})) {
      counters.unsentCancels.increment();
    }
  }

  private static void answer(RemoteAsk ask, Reason reason, String message) {
    Failure<Value> why = new Failure<>(reason, ask.system().system() + ": " + message);
    ask.exchange()
        .answer(new Answer.Items<>(Collections.nCopies(ask.size(), new Answer.Item.Done<>(why))));
  }
}
