package org.aeiou.daemon.cluster.codec;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Health.BreakerState;
import org.aeiou.closures.exchange.Learned;
import org.aeiou.closures.exchange.Rate;

/** How a system is, as bytes. */
public final class HealthCodec {
  private static final List<BreakerState> BREAKERS =
      List.of(BreakerState.CLOSED, BreakerState.OPEN, BreakerState.HALF_OPEN);

  private HealthCodec() {}

  public static void write(Output out, Health health) {
    out.octet(BREAKERS.indexOf(health.breaker()));
    out.time(health.openUntilNanos());
    out.time(health.sinceNanos());
    out.signed(health.rttNanos());
    out.time(health.lastAnswerNanos());
    out.maybeText(health.lastError());
    out.number(health.batchLimit());
    out.number(health.inFlight());
    out.number(health.queued());
    out.signed(health.leastRttNanos());
    out.flag(health.pace() != null);
    if (health.pace() != null) {
      write(out, health.pace());
    }
    texts(out, health.progress());
    texts(out, health.notes());
    Learned learned = health.learned();
    write(out, learned.batch());
    write(out, learned.inFlight());
    write(out, learned.gapNanos());
    out.signed(learned.roundTripNanos());
    out.signed(learned.variationNanos());
  }

  private static void write(Output out, Health.Pace pace) {
    write(out, pace.rate());
    out.maybeText(pace.budget());
    write(out, pace.budgetRate());
    out.flag(pace.waits());
    out.number(pace.waited());
    out.number(pace.waitedNanos());
  }

  private static void write(Output out, Rate rate) {
    out.flag(rate != null);
    if (rate != null) {
      out.number(Double.doubleToLongBits(rate.perSecond()));
      out.number(rate.burst());
    }
  }

  private static void write(Output out, Learned.Bound bound) {
    out.flag(bound != null);
    if (bound != null) {
      out.number(bound.value());
      out.number(bound.trusted().toMillis());
    }
  }

  private static void texts(Output out, List<String> texts) {
    out.number(texts.size());
    texts.forEach(out::text);
  }

  public static Health read(Input in) throws MalformedMessage {
    in.takes(200);
    int breaker = in.octet();
    if (breaker >= BREAKERS.size()) {
      throw new MalformedMessage("has a breaker in an unknown state: " + breaker);
    }
    return new Health(
        BREAKERS.get(breaker),
        in.time(),
        in.time(),
        in.signed(),
        in.time(),
        in.maybeText(),
        in.integer(Integer.MAX_VALUE),
        in.integer(Integer.MAX_VALUE),
        in.integer(Integer.MAX_VALUE),
        in.signed(),
        in.flag() ? pace(in) : null,
        in.texts(),
        in.texts(),
        new Learned(bound(in), bound(in), bound(in), in.signed(), in.signed()));
  }

  private static Health.Pace pace(Input in) throws MalformedMessage {
    return new Health.Pace(
        rate(in),
        in.maybeText(),
        rate(in),
        in.flag(),
        in.number(Long.MAX_VALUE),
        in.number(Long.MAX_VALUE));
  }

  private static Rate rate(Input in) throws MalformedMessage {
    if (!in.flag()) {
      return null;
    }
    double perSecond = Double.longBitsToDouble(in.number());
    int burst = in.integer(Integer.MAX_VALUE);
    try {
      return new Rate(perSecond, burst);
    } catch (IllegalArgumentException e) {
      throw new MalformedMessage("has a rate that is none: " + e.getMessage());
    }
  }

  private static Learned.Bound bound(Input in) throws MalformedMessage {
    if (!in.flag()) {
      return null;
    }
    long value = in.number(Long.MAX_VALUE);
    try {
      return new Learned.Bound(value, Duration.ofMillis(in.number(Long.MAX_VALUE)));
    } catch (ArithmeticException | DateTimeException e) {
      throw new MalformedMessage("has a duration that is none: " + e.getMessage());
    }
  }
}
