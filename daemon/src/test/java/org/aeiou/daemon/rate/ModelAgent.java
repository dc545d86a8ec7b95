package org.aeiou.daemon.rate;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.AgentProfile;
import org.aeiou.daemon.backend.CounterSample;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;

/**
 * An agent with one counter, and a reader of its rate: time is the test's. It renews what it shows
 * every so often, starts again, and jumps, with and without saying so.
 */
final class ModelAgent {
  static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  static final Oid COUNTER = Oid.parse("1.3.6.1.2.1.2.2.1.10.7");
  private static final double RANGE_32 = 4_294_967_296.0;

  final AgentProfile profile = new AgentProfile();
  Rates rates = new Rates();
  final Question.Sample question;
  long now = 1_000_000 * SECOND;
  long bootNanos = now - 86_400 * SECOND - 370_000_000;
  Value.NumberType type = Value.NumberType.COUNTER32;
  long speed;

  /** How often what it shows is renewed; 0: always. */
  long periodNanos;

  long phaseNanos;

  /** Whether it renews what it shows only when it is asked, and that is older than the period. */
  boolean isLazy;

  private long renewedAt = Long.MIN_VALUE / 2;
  long discontinuity;
  boolean hasUptime = true;
  boolean hasWholeSeconds;
  double perSecond = 1_000_000;
  private double counted = 4e9;
  private long countedAt = now;
  private double shown = counted;
  Outcome<Value> last;

  ModelAgent() {
    this(new Question.CounterMeaning("interfaces", 8, List.of(1L), false));
  }

  ModelAgent(Question.CounterMeaning meaning) {
    rates.learnIn(profile);
    question = new Question.Sample(List.of(COUNTER), null, null, List.of(), meaning);
  }

  ModelAgent renewsEach(double seconds) {
    periodNanos = (long) (seconds * SECOND);
    phaseNanos = periodNanos / 3;
    return this;
  }

  /** Lets time pass. */
  void pass(long nanos) {
    long end = now + nanos;
    while (periodNanos > 0 && !isLazy && nextRenewal() <= end) {
      count(nextRenewal());
      shown = counted;
    }
    count(end);
    if (periodNanos == 0) {
      shown = counted;
    }
  }

  private long period(long at) {
    return Math.floorDiv(at - phaseNanos, periodNanos);
  }

  private long nextRenewal() {
    return (period(now) + 1) * periodNanos + phaseNanos;
  }

  private void count(long at) {
    counted += perSecond * (at - countedAt) / 1e9;
    countedAt = at;
    now = at;
  }

  /** Starts again: its time and its counter. */
  void restart() {
    bootNanos = now;
    jump(0);
  }

  /** The counter goes to another value. */
  void jump(double to) {
    counted = to;
    shown = to;
  }

  CounterSample sample() {
    if (isLazy && now - renewedAt >= periodNanos) {
      shown = counted;
      renewedAt = now;
    }
    double range = type == Value.NumberType.COUNTER32 ? RANGE_32 : Long.MAX_VALUE;
    long value = (long) (shown % range);
    long up = (now - bootNanos) / 10_000_000 & 0xffffffffL;
    return new CounterSample(
        0,
        new Value.Numeric(type, value),
        null,
        hasUptime ? hasWholeSeconds ? up / 100 * 100 : up : -1,
        new Value.Numeric(Value.NumberType.TIME, discontinuity),
        speed);
  }

  /** One exchange. */
  Rate read() {
    last = rates.of(question, last, Reading.of(sample(), now, now / 1_000_000));
    return (Rate) ((Reading<Value>) last).value();
  }

  /** As a reader does: it waits until there is a number, or at most so long. */
  Rate readOut(long patienceNanos) {
    long end = now + patienceNanos;
    Rate rate = read();
    while (rate.missing() != null
        && rate.missing().againNanos() >= 0
        && now + rate.missing().againNanos() <= end) {
      pass(rate.missing().againNanos());
      rate = read();
    }
    return rate;
  }
}
