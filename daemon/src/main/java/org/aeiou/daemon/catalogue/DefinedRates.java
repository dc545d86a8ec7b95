package org.aeiou.daemon.catalogue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.catalogue.AttributeGroup.RateAttribute;
import org.aeiou.daemon.catalogue.syntax.DefinedSyntax;
import org.aeiou.daemon.document.Spelling;
import org.aeiou.daemon.document.YamlNode;

/**
 * The rates of a group: {@code .rate} behind the name of each counter, and the shares of a speed
 * that the group names. Immutable.
 *
 * @param group the group's name, whose objects a system renews together
 * @param discontinuity says when the counters jumped; null where nothing does
 * @param speeds the best first; may be empty
 * @param shares the counters of each share of the speed, by its name
 */
record DefinedRates(
    String group,
    Map<String, Attribute> attributes,
    Attribute discontinuity,
    List<Attribute> speeds,
    Map<String, List<Attribute>> shares) {
  private static final String SUFFIX = ".rate";
  private static final Set<String> KEYS = Set.of("discontinuity", "speed", "utilization");

  /** How many bits per second a speed counts in. */
  private static final Map<String, Long> SPEED_UNITS =
      Map.of(
          "bits per second", 1L, "kilobits per second", 1_000L, "megabits per second", 1_000_000L);

  /** How many bits go by for each count, at least: no packet is smaller than a header of IPv4. */
  private static final Map<String, Integer> BITS = Map.of("octets", 8, "bytes", 8, "packets", 160);

  private static final int OCTET = 8;

  /** What a group says of its rates; what is wrong is told. */
  static DefinedRates of(YamlNode group, Map<String, Attribute> attributes) {
    YamlNode rates = group.map().get("rates");
    Attribute discontinuity = null;
    List<Attribute> speeds = List.of();
    Map<String, List<Attribute>> shares = Map.of();
    if (rates != null && !rates.asMap().isEmpty()) {
      rates.onlyKeys(KEYS);
      Map<String, Attribute> own = own(group, attributes);
      YamlNode jumps = rates.map().get("discontinuity");
      discontinuity = jumps == null ? null : attribute(jumps, own);
      speeds = attributes(rates.texts("speed"), own);
      for (int i = 0; i < speeds.size(); i++) {
        if (!SPEED_UNITS.containsKey(String.valueOf(speeds.get(i).units()))) {
          rates
              .texts("speed")
              .get(i)
              .problem(
                  "'%s' is in '%s'; expected %s"
                      .formatted(
                          speeds.get(i).name(),
                          speeds.get(i).units(),
                          Spelling.choice(SPEED_UNITS.keySet().stream().sorted())));
        }
      }
      shares = shares(rates, own);
      if (!shares.isEmpty() && speeds.isEmpty()) {
        rates.problem("has 'utilization' without 'speed'; expected what it is a share of");
      }
    }
    return new DefinedRates(group.key(), attributes, discontinuity, speeds, shares);
  }

  /** Those that have the index of the group, as the counters do. */
  private static Map<String, Attribute> own(YamlNode group, Map<String, Attribute> attributes) {
    Map<String, Attribute> own = new HashMap<>(attributes);
    for (YamlNode column : group.map("columns").values()) {
      if (column.map() != null && column.map().containsKey("index")) {
        own.remove(column.key());
      }
    }
    return own;
  }

  private static Map<String, List<Attribute>> shares(
      YamlNode rates, Map<String, Attribute> attributes) {
    Map<String, List<Attribute>> shares = new HashMap<>();
    for (YamlNode entry : rates.map("utilization").values()) {
      List<Attribute> counters = attributes(entry.asTexts(), attributes);
      for (Attribute counter : counters) {
        if (!isCounter(counter) || bits(counter) != OCTET) {
          entry.problem(
              "'" + counter.name() + "' does not count octets; expected counters that do");
        }
      }
      if (attributes.containsKey(entry.key())) {
        entry.problem("'" + entry.key() + "' is an attribute of the group; name it another");
      } else if (!counters.isEmpty()) {
        shares.put(entry.key(), counters);
      }
    }
    return shares;
  }

  private static List<Attribute> attributes(
      List<YamlNode> names, Map<String, Attribute> attributes) {
    List<Attribute> found = new ArrayList<>();
    for (YamlNode name : names) {
      Attribute attribute = attribute(name, attributes);
      if (attribute != null) {
        found.add(attribute);
      }
    }
    return found;
  }

  private static Attribute attribute(YamlNode name, Map<String, Attribute> attributes) {
    Attribute attribute = attributes.get(name.asText());
    if (attribute == null) {
      name.problem(
          "'%s' is no attribute that a rate of the group can be read with; expected %sits own"
              .formatted(name.text(), Spelling.meant(name.text(), attributes.keySet())));
    }
    return attribute;
  }

  private static boolean isCounter(Attribute attribute) {
    return attribute.syntax() instanceof DefinedSyntax syntax && syntax.base().isCounter();
  }

  private static int bits(Attribute counter) {
    return BITS.getOrDefault(String.valueOf(counter.units()), 0);
  }

  /** The rate of that name; null if there is none. */
  RateAttribute rate(String name) {
    List<Attribute> share = shares.get(name);
    if (share != null) {
      return rate(name, share, true);
    }
    if (!name.endsWith(SUFFIX)) {
      return null;
    }
    Attribute counter = attributes.get(name.substring(0, name.length() - SUFFIX.length()));
    return counter == null || !isCounter(counter) ? null : rate(name, List.of(counter), false);
  }

  private RateAttribute rate(String name, List<Attribute> counters, boolean isShare) {
    Attribute first = counters.get(0);
    String counts = first.units() == null ? "1" : first.units();
    Attribute attribute =
        new Attribute(
            name,
            first.oid(),
            DefinedSyntax.RATE,
            isShare ? "percent" : counts + " per second",
            first.ttl(),
            false,
            isShare
                ? "The share of its speed that is used, by " + first.name() + "."
                : "How fast " + first.name() + " counts.");
    List<Long> units = new ArrayList<>();
    boolean hasSpeed = bits(first) > 0;
    for (Attribute speed : hasSpeed ? speeds : List.<Attribute>of()) {
      units.add(SPEED_UNITS.getOrDefault(String.valueOf(speed.units()), 1L));
    }
    return new RateAttribute(
        attribute,
        counters,
        discontinuity,
        hasSpeed ? speeds : List.of(),
        new Question.CounterMeaning(group, bits(first), units, isShare));
  }
}
