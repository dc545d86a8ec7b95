package org.aeiou.daemon.cluster.codec;

import java.util.Collections;
import java.util.Map;
import org.aeiou.daemon.backend.CounterSample;
import org.aeiou.daemon.backend.Derived;

/** A number that another member worked out, as it reads there. */
public final class TravelledNumber extends Derived {
  private final String text;
  private final Missing missing;
  private final Map<String, String> properties;
  private final CounterSample lastSample;

  public TravelledNumber(
      String text, Missing missing, Map<String, String> properties, CounterSample lastSample) {
    this.text = text;
    this.missing = missing;
    this.properties = Collections.unmodifiableMap(properties);
    this.lastSample = lastSample;
  }

  @Override
  public Missing missing() {
    return missing;
  }

  @Override
  public Map<String, String> properties() {
    return properties;
  }

  /** As another number: what is not shown, its exact value and times, does not matter. */
  @Override
  public boolean isSameAs(Derived other) {
    return (missing == null) == (other.missing() == null)
        && text.equals(other.toString())
        && quality(this).equals(quality(other));
  }

  private static String quality(Derived number) {
    return number.properties().getOrDefault("quality", "");
  }

  @Override
  public CounterSample lastSample() {
    return lastSample;
  }

  @Override
  public long bytes() {
    long bytes = 128 + 2L * text.length() + (lastSample == null ? 0 : lastSample.bytes());
    for (Map.Entry<String, String> property : properties.entrySet()) {
      bytes += 160 + property.getKey().length() + property.getValue().length();
    }
    return bytes;
  }

  @Override
  public String toString() {
    return text;
  }
}
