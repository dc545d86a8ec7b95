package org.aeiou.daemon.rate;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.CounterSample;
import org.aeiou.daemon.backend.Derived;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;

/**
 * Makes rates of the samples of one system, and learns from them how often it renews its counters.
 *
 * <p>Samples are taken in by the thread that owns the system; any thread may look at what was
 * learned.
 */
public final class Rates {
  /** For how long what a rate was made of is of use. */
  public static final long KEPT_NANOS = Step.MOST_NANOS;

  private static final long UNKNOWN_RENEWAL_NANOS = 60_000_000_000L;

  private final Map<Oid, Renewal> renewals = new ConcurrentHashMap<>();

  /**
   * What becomes of an answer to a question about a counter.
   *
   * @param before what became of the one before; or null
   * @return a reading of a {@link Derived}, guarded as the answer was; anything but a sample as it
   *     is
   */
  public Outcome<Value> of(Question.Sample question, Outcome<Value> before, Outcome<Value> answer) {
    if (!(answer instanceof Reading<Value> reading
        && reading.value() instanceof CounterSample sample)) {
      return answer;
    }
    if (sample.value() == null) {
      return reading.with(new Value.Guarded(null, sample.guard()));
    }
    Value rate = rate(question.meaning(), before(before, sample.guard()), sample, reading);
    return reading.with(question.guard() == null ? rate : new Value.Guarded(rate, sample.guard()));
  }

  /** The rate before, if it is of the same row; else null. */
  private static Rate before(Outcome<Value> before, Value guard) {
    if (!(before instanceof Reading<Value> reading)) {
      return null;
    }
    if (reading.value() instanceof Value.Guarded guarded) {
      boolean isSameRow = guarded.guard() != null && guarded.guard().equals(guard);
      return isSameRow && guarded.value() instanceof Rate rate ? rate : null;
    }
    return reading.value() instanceof Rate rate ? rate : null;
  }

  private Rate rate(
      Question.CounterMeaning meaning, Rate before, CounterSample sample, Reading<Value> reading) {
    Renewal known = renewals.get(meaning.renewedWith());
    History history =
        history(before == null ? null : before.history(), meaning, known, sample, reading);
    Renewal learned = history.learn(known);
    if (learned != null && !learned.equals(known)) {
      renewals.put(meaning.renewedWith(), learned);
    }
    Rate rate = new RateMeasure(history, meaning, learned).rate();
    if (rate != null) {
      return rate;
    }
    // Faster than its link: it jumped, and the system does not say so. If it goes on as fast, the
    // speed is what is wrong: loopbacks and tunnels have one that means nothing.
    History anew = History.begin(sample, reading.takenNanos(), Quality.RESET, true);
    return new RateMeasure(anew, meaning, learned).rate();
  }

  private static History history(
      History before,
      Question.CounterMeaning meaning,
      Renewal renewal,
      CounterSample sample,
      Reading<Value> reading) {
    long nanos = reading.takenNanos();
    if (before == null) {
      return History.begin(sample, nanos, Quality.OK, false);
    }
    long unseen = renewal == null ? UNKNOWN_RENEWAL_NANOS : renewal.most();
    int bits = before.isSpeedDoubted() ? 0 : meaning.bits();
    Step step = Step.between(before.last(), before.lastNanos(), sample, nanos, bits, unseen);
    return switch (step.kind()) {
      case GOES_ON, WRAPPED -> before.with(sample, nanos, step);
      case RESET -> History.begin(sample, nanos, Quality.RESET, before.isSpeedDoubted());
      case GAP -> History.begin(sample, nanos, Quality.GAP, before.isSpeedDoubted());
    };
  }

  static boolean isOf32Bits(CounterSample sample) {
    return sample.value().type() == Value.NumberType.COUNTER32;
  }

  /** How often the system renews which objects, in words, as far as that was learned. */
  public Map<Oid, String> renewals() {
    Map<Oid, String> all = new TreeMap<>();
    renewals.forEach(
        (objects, renewal) -> {
          if (renewal.isContinuous() || renewal.least() > 0) {
            all.put(objects, renewal.text());
          }
        });
    return all;
  }
}
