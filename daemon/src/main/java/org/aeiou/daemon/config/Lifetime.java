package org.aeiou.daemon.config;

import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.aeiou.daemon.catalogue.TtlClass;
import org.aeiou.daemon.document.Section;
import org.aeiou.daemon.document.Texts;

/**
 * How long readings are used, at one level of the configuration: for all systems, or for one.
 *
 * @param classes how long readings are fresh, for every class
 * @param attributes the same for single attributes, by name
 * @param grace how long a reading is served after its TTL, as a multiple of the TTL; zero or more
 */
public record Lifetime(
    Map<TtlClass, Duration> classes, Map<String, Duration> attributes, double grace) {
  private static final double STANDARD_GRACE = 1;

  static final Lifetime STANDARD = standard();

  private static Lifetime standard() {
    Map<TtlClass, Duration> classes = new EnumMap<>(TtlClass.class);
    for (TtlClass ttlClass : TtlClass.values()) {
      classes.put(ttlClass, ttlClass.standard());
    }
    return new Lifetime(classes, Map.of(), STANDARD_GRACE);
  }

  /** Reads a {@code ttl:} section; what it does not say is as in {@code above}. */
  static Lifetime read(Section section, Lifetime above) {
    Map<TtlClass, Duration> classes = new EnumMap<>(above.classes());
    for (TtlClass ttlClass : TtlClass.values()) {
      classes.computeIfPresent(
          ttlClass,
          (same, ttl) ->
              section.value(same.name().toLowerCase(Locale.ROOT), ttl, Texts::positiveDuration));
    }
    Map<String, Duration> attributes = new LinkedHashMap<>(above.attributes());
    Section own = section.section("attributes");
    for (String name : own.keys()) {
      Duration ttl = own.value(name, null, Texts::positiveDuration);
      if (ttl != null) {
        attributes.put(name, ttl);
      }
    }
    double grace = section.value("grace", above.grace(), Texts::factor);
    section.done();
    return new Lifetime(Map.copyOf(classes), Map.copyOf(attributes), grace);
  }
}
