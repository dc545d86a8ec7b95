package org.aeiou.daemon.rate;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.backend.CounterSample;
import org.aeiou.daemon.backend.Derived;

/**
 * How fast a counter counts, or why that cannot be said; with the history that the next sample is
 * compared with. Immutable.
 */
final class Rate extends Derived {
  private static final int WHOLE_FROM = 1_000;
  private static final int DECIMALS = 3;

  private final History history;
  private final Amount number;
  private final Missing missing;
  private final Quality quality;

  /**
   * What a counter did.
   *
   * @param value per second, or in per cent
   * @param from when the time began that it is of, on the history's own time
   * @param to when it ended
   * @param uncertainty by how much of the value it may be wrong
   */
  record Amount(double value, long from, long to, double uncertainty) {}

  private Rate(History history, Amount number, Missing missing, Quality quality) {
    this.history = history;
    this.number = number;
    this.missing = missing;
    this.quality = quality;
  }

  static Rate of(History history, Amount number, Quality quality) {
    return new Rate(history, number, null, quality);
  }

  static Rate missing(History history, String why, long againNanos, Quality quality) {
    return new Rate(history, null, new Missing(why, againNanos), quality);
  }

  History history() {
    return history;
  }

  Amount number() {
    return number;
  }

  Quality quality() {
    return quality;
  }

  @Override
  public CounterSample lastSample() {
    return history.last();
  }

  @Override
  public Missing missing() {
    return missing;
  }

  @Override
  public Map<String, String> properties() {
    Map<String, String> all = new LinkedHashMap<>();
    if (number != null) {
      all.put("raw", Double.toString(number.value));
      all.put("interval_ms", millis(number.to - number.from));
      all.put("until_age_ms", millis(history.at() - number.to));
      all.put("uncertain_percent", written(Math.ceil(number.uncertainty * 1000) / 10));
    }
    all.put("quality", quality.word());
    all.put("clock", history.isSystemTime() ? "system" : "daemon");
    return all;
  }

  private static String millis(long nanos) {
    return Long.toString(TimeUnit.NANOSECONDS.toMillis(nanos));
  }

  @Override
  public boolean isSameAs(Derived other) {
    return other instanceof Rate that
        && (number == null) == (that.number == null)
        && quality == that.quality
        && toString().equals(that.toString());
  }

  @Override
  public long bytes() {
    return 120 + history.bytes();
  }

  /** The number in decimal: with up to three digits behind the point, from a thousand on whole. */
  @Override
  public String toString() {
    return number == null ? missing.why() : written(number.value);
  }

  static String written(double value) {
    int decimals = Math.abs(value) >= WHOLE_FROM ? 0 : DECIMALS;
    BigDecimal rounded = BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP);
    return rounded.signum() == 0 ? "0" : plain(rounded);
  }

  private static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }
}
