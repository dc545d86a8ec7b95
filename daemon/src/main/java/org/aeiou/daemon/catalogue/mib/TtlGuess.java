package org.aeiou.daemon.catalogue.mib;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.aeiou.daemon.catalogue.syntax.BaseType;

/**
 * How fast an attribute ages, by its type and name, as no MIB says it. In doubt it is a state:
 * asked too often rather than shown too long.
 */
final class TtlGuess {
  /** What a box is. */
  private static final Pattern STATIC =
      Pattern.compile(
          ".*(Index|Name|Descr|Description|Model|ModelNumber|Serial|SerialNum|SerialNumber|Version"
              + "|Revision|PartNumber|Manufacturer|Vendor)");

  /** Texts that change by themselves. */
  private static final Pattern CHANGING =
      Pattern.compile(
          ".*(Time|Date|Clock|State|Status|Value|Reading|Level|Load|Usage|Used|Temp|Temperature"
              + "|Message|Reason|Cause|Result|Error|Count|Current|Voltage|Power|User)");

  /** What is written to make something happen, and read as whether it happens. */
  private static final List<String> VERBS =
      List.of(
          "noop",
          "nooperation",
          "idle",
          "reset",
          "reboot",
          "restart",
          "start",
          "stop",
          "test",
          "execute",
          "clear",
          "abort",
          "perform",
          "activate",
          "donothing",
          "inprogress",
          "turn");

  private TtlGuess() {}

  /**
   * A TTL class, or null if the type says it.
   *
   * @param labels of its values; empty if they have none
   * @param type the name of its type
   */
  static String of(
      String name, BaseType base, String type, Map<Long, String> labels, boolean isWritable) {
    if (base == null || base.isCounter()) {
      return null;
    }
    boolean isClock =
        base == BaseType.TIME_TICKS
            || type.equals("DateAndTime")
            || type.equals("TimeStamp")
            || type.equals("TimeInterval");
    if (isClock || isControl(labels)) {
      return null;
    }
    if (isWritable) {
      return base == BaseType.GAUGE32 || CHANGING.matcher(name).matches() ? null : "config";
    }
    if (STATIC.matcher(name).matches()) {
      return "static";
    }
    return base.kind() == BaseType.Kind.OCTETS
            && base != BaseType.BITS
            && base != BaseType.OPAQUE
            && !CHANGING.matcher(name).matches()
        ? "config"
        : null;
  }

  private static boolean isControl(Map<Long, String> labels) {
    for (String label : labels.values()) {
      String small = label.toLowerCase(java.util.Locale.ROOT).replace("-", "").replace("_", "");
      for (String verb : VERBS) {
        if (small.startsWith(verb)) {
          return true;
        }
      }
    }
    return false;
  }
}
