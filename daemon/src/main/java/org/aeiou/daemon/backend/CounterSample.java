package org.aeiou.daemon.backend;

/**
 * The answer to a {@link Question.Sample}, if the system has a counter or the guard.
 *
 * @param counter which of the counters it is, from 0
 * @param value the counter; null where the system has none
 * @param guard the guard's value; null where there is none
 * @param uptime the system's own time, in hundredths of a second since it started, which start over
 *     after 2³²−1; negative where it does not say
 * @param discontinuity null where the system has none
 * @param speed the first speed that says something, in bits per second; 0 if none does
 */
public record CounterSample(
    int counter, Value.Numeric value, Value guard, long uptime, Value discontinuity, long speed)
    implements Value {
  @Override
  public long bytes() {
    return 64
        + (value == null ? 0 : value.bytes())
        + (guard == null ? 0 : guard.bytes())
        + (discontinuity == null ? 0 : discontinuity.bytes());
  }
}
