package org.aeiou.daemon.cluster.owner;

import com.google.common.base.Ticker;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.exchange.CompletionHandler;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Learned;
import org.aeiou.closures.exchange.LimitChange;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.CacheListener;
import org.aeiou.daemon.cache.Dependent;
import org.aeiou.daemon.cluster.member.Authority;
import org.aeiou.daemon.cluster.message.Frame;

/**
 * Tells members what they asked for lately and is answered anew, and how systems are. Gathers for a
 * moment, so that what one exchange brings is one message; where no member is interested it does
 * nothing.
 */
final class Changes {
  private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** What may wait to be sent, in bytes of heap by estimate. */
  private static final long MOST_BYTES = 32L << 20;

  private final Sender sender;
  private final Timer timer;
  private final Authority authority;
  private final Function<String, OwnedSystem> systems;
  private final OwnerCounters counters;
  private final Ticker ticker;
  private final Map<String, SystemChanges> bySystem = new ConcurrentHashMap<>();

  /** Those that have something to be sent. */
  private final Queue<SystemChanges> waiting = new ConcurrentLinkedQueue<>();

  private final AtomicBoolean isAwaited = new AtomicBoolean();
  private final AtomicLong bytes = new AtomicLong();

  Changes(
      Sender sender,
      Timer timer,
      Authority authority,
      Function<String, OwnedSystem> systems,
      OwnerCounters counters,
      Ticker ticker) {
    this.sender = sender;
    this.timer = timer;
    this.authority = authority;
    this.systems = systems;
    this.counters = counters;
    this.ticker = ticker;
  }

  long now() {
    return ticker.read();
  }

  /** What is told of a system that is asked for. */
  SystemChanges of(String system, int slot) {
    SystemChanges known = bySystem.get(system);
    return known != null
        ? known
        : bySystem.computeIfAbsent(system, name -> new SystemChanges(name, slot, this));
  }

  // --- what comes in

  CacheListener listener(CacheListener others) {
    return new CacheListener() {
      @Override
      public void changed(
          Dependent dependent, Question question, Outcome<Value> before, Outcome<Value> after) {
        if (dependent instanceof Interest interest) {
          interest.took(after, true);
        } else {
          others.changed(dependent, question, before, after);
        }
      }

      @Override
      public void confirmed(Dependent dependent) {
        if (dependent instanceof Interest interest) {
          interest.confirmed();
        } else {
          others.confirmed(dependent);
        }
      }

      @Override
      public void forgotten(Dependent dependent) {
        if (!(dependent instanceof Interest)) {
          others.forgotten(dependent);
        }
      }

      @Override
      public void doubted(Dependent dependent) {
        if (!(dependent instanceof Interest)) {
          others.doubted(dependent);
        }
      }
    };
  }

  CompletionHandler<Question, Value> stepOne(
      String system, CompletionHandler<Question, Value> others) {
    return new CompletionHandler<>() {
      @Override
      public Outcome<Value> arrived(Question key, Outcome<Value> outcome, boolean late) {
        return others.arrived(key, outcome, late);
      }

      @Override
      public Outcome<Value> arrived(
          Question key, Object place, Outcome<Value> outcome, boolean late) {
        return others.arrived(key, place, outcome, late);
      }

      @Override
      public Outcome<Value> since(Question key, long askedNanos) {
        return others.since(key, askedNanos);
      }

      @Override
      public Outcome<Value> since(Question key, Object place, long askedNanos) {
        return others.since(key, place, askedNanos);
      }

      @Override
      public void stoppedAnswering(Failure<Value> why) {
        others.stoppedAnswering(why);
        conditionChanged(system);
      }

      @Override
      public void answersAgain() {
        others.answersAgain();
        conditionChanged(system);
      }

      @Override
      public void breakerChanged(Health.BreakerState from, Health.BreakerState to, long openNanos) {
        others.breakerChanged(from, to, openNanos);
        conditionChanged(system);
      }

      @Override
      public Learned known() {
        return others.known();
      }

      @Override
      public void limitChanged(LimitChange change) {
        others.limitChanged(change);
      }
    };
  }

  private void conditionChanged(String system) {
    SystemChanges known = bySystem.get(system);
    if (known != null) {
      known.conditionChanged();
    }
  }

  // --- what goes out

  /** Takes room for so much; false, and counted, if there is none. */
  boolean take(long more) {
    if (bytes.addAndGet(more) <= MOST_BYTES) {
      return true;
    }
    bytes.addAndGet(-more);
    counters.changesDropped.increment();
    return false;
  }

  void giveBack(long taken) {
    bytes.addAndGet(-taken);
  }

  /** A system has something to be sent. */
  void wait(SystemChanges system) {
    waiting.add(system);
    // After the add: the one that empties the queue sees it, or this one has it emptied once more.
    if (isAwaited.compareAndSet(false, true)) {
      timer.after(GATHER_NANOS, this::sendAll);
    }
  }

  private void sendAll() {
    isAwaited.set(false);
    for (SystemChanges next = waiting.poll(); next != null; next = waiting.poll()) {
      next.send(authority.reads(next.slot));
    }
  }

  void send(int slot, Frame frame, int readings) {
    if (sender.toSlot(slot, frame)) {
      counters.changes.increment();
      counters.readingsTold.add(readings);
    } else {
      counters.changesDropped.increment();
    }
  }

  /** How a system is; null if it is gone. */
  Health health(String system) {
    OwnedSystem known = systems.apply(system);
    return known == null || known.queue() == null ? null : known.queue().health();
  }
}
