package org.aeiou.daemon.cluster.member;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which systems are owned together: the map from a system's name to its slot, which must be the
 * same at all members. Immutable.
 *
 * <p>With sites each of them has slots of its own, in the order of the configuration, and what is
 * of no site has the last:
 *
 * <pre>
 *   0 … 84   site lon      85 … 169   site tok      170 … 255   no site
 * </pre>
 */
public final class Slots {
  /** So much of a hash tells sites apart. */
  private static final int DIGEST = 8;

  private final int count;
  private final List<Range> ranges;
  private final int[] rangeOf;

  /** The range of each name that is given without a star. */
  private final Map<String, Integer> named = new HashMap<>();

  /** Those with a star, in the order in which they count. */
  private final List<Pattern> patterns = new ArrayList<>();

  private final String digest;

  /**
   * Where some systems are.
   *
   * @param patterns of their names; a star stands for any characters
   */
  public record Site(String name, List<String> patterns) {
    public Site {
      patterns = List.copyOf(patterns);
    }
  }

  /**
   * Slots that lie side by side.
   *
   * @param site empty where the systems are of none
   * @param end the slot behind the last one
   */
  public record Range(String site, int begin, int end) {
    public int size() {
      return end - begin;
    }
  }

  private record Pattern(Glob glob, int range) {}

  /**
   * A map.
   *
   * @param count how many slots there are: at least one more than sites
   * @param sites in the order in which they count: a system is of the first that names it
   */
  public Slots(int count, List<Site> sites) {
    if (count <= sites.size()) {
      throw new IllegalArgumentException(count + " slots for " + sites.size() + " sites");
    }
    this.count = count;
    this.rangeOf = new int[count];
    int shares = sites.size() + 1;
    List<Range> all = new ArrayList<>();
    for (int i = 0; i < shares; i++) {
      String site = i < sites.size() ? sites.get(i).name() : "";
      Range range = new Range(site, count * i / shares, count * (i + 1) / shares);
      Arrays.fill(rangeOf, range.begin(), range.end(), i);
      all.add(range);
    }
    this.ranges = List.copyOf(all);
    for (int i = 0; i < sites.size(); i++) {
      for (String pattern : sites.get(i).patterns()) {
        if (pattern.indexOf('*') < 0) {
          named.putIfAbsent(pattern, i);
        } else {
          patterns.add(new Pattern(new Glob(pattern), i));
        }
      }
    }
    this.digest = digest(count, sites);
  }

  /** Slots that have systems of all sites. */
  public Slots(int count) {
    this(count, List.of());
  }

  private static String digest(int count, List<Site> sites) {
    if (sites.isEmpty()) {
      return Integer.toString(count);
    }
    String hash = Hashing.sha256().hashString(sites.toString(), UTF_8).toString();
    return count + "-" + hash.substring(0, DIGEST);
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  /** A range for each site, in their order, and the last one for the rest. */
  public List<Range> ranges() {
    return ranges;
  }

  /** Whether slots are of sites. */
  public boolean hasSites() {
    return ranges.size() > 1;
  }

  /** The site of a slot; empty if it has none. */
  public String siteOf(int slot) {
    return ranges.get(rangeOf[slot]).site();
  }

  /**
   * The slot of a system, the same at all members and in all versions: FNV-1a of its name's UTF-16
   * units, spread over all bits, within the range of its site.
   */
  public int of(String system) {
    int hash = 0x811C9DC5;
    for (int i = 0; i < system.length(); i++) {
      hash = (hash ^ system.charAt(i)) * 0x01000193;
    }
    hash ^= hash >>> 16;
    hash *= 0x85EBCA6B;
    hash ^= hash >>> 13;
    Range range = ranges.get(hasSites() ? rangeNumber(system) : 0);
    return range.begin() + Math.floorMod(hash, range.size());
  }

  private int rangeNumber(String system) {
    int first = named.getOrDefault(system, ranges.size() - 1);
    for (Pattern pattern : patterns) {
      if (pattern.range() >= first) {
        break;
      } else if (pattern.glob().matches(system)) {
        return pattern.range();
      }
    }
    return first;
  }

  /** Tells maps apart, as in {@code 256} and, with sites, {@code 256-3f9a1234}. */
  public String digest() {
    return digest;
  }

  /**
   * Whether another member puts systems into the same slots.
   *
   * @param said its {@link #digest}; empty if it says none, as members before there were sites
   */
  public boolean isSame(String said) {
    return areSame(digest, said);
  }

  /** Whether two members, by their {@link #digest}, put systems into the same slots. */
  public static boolean areSame(String one, String other) {
    return one.equals(other)
        || (one.isEmpty() && !hasSites(other))
        || (other.isEmpty() && !hasSites(one));
  }

  private static boolean hasSites(String digest) {
    return digest.indexOf('-') >= 0;
  }
}
