package org.aeiou.daemon.endpoint;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.TtlClass;

/** How long the readings of one system can be used. Immutable. */
public final class Lifetimes {
  private final Map<TtlClass, Freshness> classes = new EnumMap<>(TtlClass.class);
  private final Map<String, Freshness> attributes = new HashMap<>();

  /**
   * Lifetimes in which the grace period is as long as the TTL times {@code grace}.
   *
   * @param classes by class; what is missing has its standard
   * @param attributes by the attribute's name, before its class
   * @param grace zero or more
   */
  public Lifetimes(
      Map<TtlClass, Duration> classes, Map<String, Duration> attributes, double grace) {
    for (TtlClass ttlClass : TtlClass.values()) {
      this.classes.put(
          ttlClass, freshness(classes.getOrDefault(ttlClass, ttlClass.standard()), grace));
    }
    attributes.forEach((name, ttl) -> this.attributes.put(name, freshness(ttl, grace)));
  }

  private static Freshness freshness(Duration ttl, double grace) {
    return new Freshness(ttl.toNanos(), (long) (ttl.toNanos() * grace));
  }

  /** For the values of an attribute. */
  public Freshness of(AttributeGroup.Attribute attribute) {
    Freshness own = attributes.isEmpty() ? null : attributes.get(attribute.name());
    return own != null ? own : classes.get(attribute.ttl());
  }

  /** The same without grace: what is not fresh is not used. */
  public Lifetimes withoutGrace() {
    Lifetimes strict = new Lifetimes(Map.of(), Map.of(), 0);
    classes.forEach((each, known) -> strict.classes.put(each, known.withoutGrace()));
    attributes.forEach((name, known) -> strict.attributes.put(name, known.withoutGrace()));
    return strict;
  }

  /** For names: which rows there are, which groups. */
  public Freshness ofDirectories() {
    return classes.get(TtlClass.DIRECTORY);
  }
}
