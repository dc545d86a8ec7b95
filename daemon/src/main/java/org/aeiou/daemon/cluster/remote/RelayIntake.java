package org.aeiou.daemon.cluster.remote;

import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.exchange.CompletionHandler;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Learned;
import org.aeiou.closures.exchange.LimitChange;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.cache.Slot;

/**
 * Step 1 of a queue of a {@link RoutedQueue}: what came of the other queue was taken in there, and
 * is not taken in once more.
 */
class RelayIntake implements CompletionHandler<Question, Value> {
  private final CompletionHandler<Question, Value> stepOne;
  private final Relay relay;

  RelayIntake(CompletionHandler<Question, Value> stepOne, Relay relay) {
    this.stepOne = stepOne;
    this.relay = relay;
  }

  @Override
  public Outcome<Value> arrived(Question key, Outcome<Value> outcome, boolean late) {
    return arrived(key, null, outcome, late);
  }

  @Override
  public Outcome<Value> arrived(Question key, Object place, Outcome<Value> outcome, boolean late) {
    return relay.isPassed(outcome) ? outcome : stepOne.arrived(key, place, outcome, late);
  }

  @Override
  public Outcome<Value> since(Question key, long askedNanos) {
    return since(key, null, askedNanos);
  }

  @Override
  public Outcome<Value> since(Question key, Object place, long askedNanos) {
    return stepOne.since(key, place, askedNanos);
  }

  @Override
  public void stoppedAnswering(Failure<Value> why) {
    stepOne.stoppedAnswering(why);
  }

  @Override
  public Learned known() {
    return stepOne.known();
  }

  @Override
  public void limitChanged(LimitChange change) {
    stepOne.limitChanged(change);
  }

  @Override
  public void breakerChanged(Health.BreakerState from, Health.BreakerState to, long openNanos) {
    stepOne.breakerChanged(from, to, openNanos);
  }

  @Override
  public void answersAgain() {
    stepOne.answersAgain();
  }

  /**
   * The same for answers of the system's owner. They may overtake one another, so that what is
   * there is younger; and that the owner answers says nothing of how the system does.
   */
  static final class OfOwner extends RelayIntake {
    private final ReadingCache cache;

    OfOwner(CompletionHandler<Question, Value> stepOne, Relay relay, ReadingCache cache) {
      super(stepOne, relay);
      this.cache = cache;
    }

    @Override
    public Outcome<Value> arrived(
        Question key, Object place, Outcome<Value> outcome, boolean late) {
      if (!(outcome instanceof Failure<Value>) && !(key instanceof Question.Set)) {
        Outcome<Value> younger = since(key, place, Slot.takenNanos(outcome) + 1);
        if (younger != null) {
          return younger;
        }
      }
      return super.arrived(key, place, outcome, late);
    }

    /** It matters when it was taken, not when it came: the owner may have had it for long. */
    @Override
    public Outcome<Value> since(Question key, Object place, long askedNanos) {
      Slot slot = place instanceof Slot known && known.isIn(cache) ? known : cache.find(key);
      Outcome<Value> held = slot == null ? null : slot.outcome();
      return held == null || Slot.takenNanos(held) - askedNanos < 0 ? null : held;
    }

    @Override
    public Learned known() {
      return Learned.NOTHING;
    }

    @Override
    public void stoppedAnswering(Failure<Value> why) {}

    @Override
    public void limitChanged(LimitChange change) {}

    @Override
    public void breakerChanged(Health.BreakerState from, Health.BreakerState to, long openNanos) {}

    @Override
    public void answersAgain() {}
  }
}
