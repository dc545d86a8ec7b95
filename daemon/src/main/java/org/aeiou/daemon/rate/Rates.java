package org.aeiou.daemon.rate;

import java.util.HashMap;
import java.util.Map;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.AgentProfile;
import org.aeiou.daemon.backend.CounterSample;
import org.aeiou.daemon.backend.Derived;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;

/**
 * Makes rates of the samples of one system, and learns from them how often it renews its counters.
 *
 * <p>For the thread that owns the system.
 */
public final class Rates {
  /** For how long what a rate was made of is of use. */
  public static final long KEPT_NANOS = Step.MOST_NANOS;

  private static final long UNKNOWN_RENEWAL_NANOS = 60_000_000_000L;

  private static final String FACT = AgentProfile.RENEWAL_MS + ".";

  private final Map<String, Known> renewals = new HashMap<>();

  /** Where it is kept over restarts. */
  private volatile AgentProfile profile = new AgentProfile();

  /**
   * How often objects are renewed.
   *
   * @param isKept whether the profile has it, so that it is forgotten there
   */
  private record Known(Renewal renewal, boolean isKept) {}

  /** Keeps what it learns in a profile, and goes by what is there. Before anything is asked. */
  public void learnIn(AgentProfile agent) {
    profile = agent;
  }

  private Renewal known(String group) {
    Known known = renewals.get(group);
    String kept = profile.text(FACT + group);
    if (known == null) {
      return Renewal.parse(kept);
    }
    if (known.isKept && kept == null) {
      renewals.remove(group);
      return null;
    }
    return known.renewal;
  }

  private void learned(String group, Renewal renewal) {
    String text = renewal.fact();
    profile.learn(FACT + group, text);
    renewals.put(group, new Known(renewal, text.equals(profile.text(FACT + group))));
  }

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
    Renewal known = known(meaning.renewedWith());
    History history =
        history(before == null ? null : before.history(), meaning, known, sample, reading);
    Renewal learned = history.learn(known);
    if (learned != null && !learned.equals(known)) {
      learned(meaning.renewedWith(), learned);
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
}
