package org.aeiou.daemon.catalogue.mib;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.aeiou.daemon.catalogue.mib.MibModule.NamedType;
import org.aeiou.daemon.catalogue.mib.MibModule.Range;
import org.aeiou.daemon.catalogue.mib.MibModule.SyntaxClause;
import org.aeiou.daemon.catalogue.syntax.BaseType;

/** What the types of objects are made of, whichever module or built-in file defines them. */
final class Types {
  /** The most types that a type is a refinement of. */
  private static final int MOST_STEPS = 16;

  /** The types of the SMI, with the names that SMIv1 has for them. */
  private static final Map<String, BaseType> BASES = new TreeMap<>();

  static {
    for (BaseType base : BaseType.values()) {
      BASES.put(base.smiName(), base);
    }
    BASES.put("Counter", BaseType.COUNTER32);
    BASES.put("Gauge", BaseType.GAUGE32);
    BASES.put("NetworkAddress", BaseType.IP_ADDRESS);
    BASES.put("UInteger32", BaseType.UNSIGNED32);
    BASES.put("Integer", BaseType.INTEGER);
    BASES.put("BIT STRING", BaseType.BITS);
    BASES.put("Integer64", BaseType.OPAQUE);
    BASES.put("Unsigned64", BaseType.OPAQUE);
    BASES.put("NsapAddress", BaseType.OCTET_STRING);
  }

  private final Modules modules;
  private final StandardNames standard;

  /**
   * What a syntax comes to.
   *
   * @param base null if a type is not there, whose name is {@code missing}
   * @param name of the built-in syntax that it refines, or of {@code own}; else of its base
   * @param own the type of a module that is to be written, with what it comes to; null if the name
   *     is known
   * @param labels what the object itself adds
   */
  record Resolved(
      BaseType base,
      String name,
      Own own,
      Map<Long, String> labels,
      List<Range> ranges,
      List<Range> sizes,
      String missing) {

    /** What may be written, as a catalogue file says it; null if anything of the type may. */
    String range() {
      boolean isNumber = base != null && base.kind() == BaseType.Kind.NUMBER;
      boolean isText = base == BaseType.OCTET_STRING || base == BaseType.OPAQUE;
      List<Range> all = isNumber && !hasLabels() ? ranges : isText ? sizes : List.of();
      StringJoiner text = new StringJoiner(" | ");
      for (Range range : all) {
        if (range.least() > range.most()) {
          return null;
        }
        String most = range.least() == range.most() ? "" : ".." + range.most();
        text.add(range.least() + most);
      }
      return all.isEmpty() ? null : text.toString();
    }

    boolean hasLabels() {
      return !labels.isEmpty() || (own != null && !own.labels.isEmpty());
    }
  }

  /**
   * A type with a name that a module defines.
   *
   * @param is the built-in syntax or type of the SMI that it refines
   */
  record Own(String name, String is, Map<Long, String> labels, String hint) {}

  Types(Modules modules, StandardNames standard) {
    this.modules = modules;
    this.standard = standard;
  }

  static boolean isBase(String name) {
    return BASES.containsKey(name);
  }

  /** What a syntax in a module comes to. */
  Resolved resolve(SyntaxClause syntax, MibModule in) {
    Map<Long, String> labels = Map.of();
    List<Range> ranges = syntax.ranges();
    List<Range> sizes = syntax.sizes();
    String hint = null;
    String own = null;
    SyntaxClause now = syntax;
    MibModule module = in;
    for (int step = 0; step < MOST_STEPS; step++) {
      BaseType base = BASES.get(now.type());
      Modules.Found found = base == null ? find(module, now.type()) : null;
      NamedType type = found == null ? null : (NamedType) found.definition();
      boolean isBuiltIn = base == null && isBetterBuiltIn(now.type(), type);
      if (base != null || isBuiltIn) {
        BaseType known = isBuiltIn ? standard.base(now.type()) : base;
        String is = isBuiltIn ? now.type() : base.smiName();
        Own made = own == null ? null : new Own(own, is, labels, hint);
        String name = own == null ? is : own;
        return new Resolved(known, name, made, syntax.labels(), ranges, sizes, null);
      }
      if (type == null) {
        return missing(now.type());
      }
      own = own == null ? found.module().name() + "::" + type.name() : own;
      labels = labels.isEmpty() ? type.syntax().labels() : labels;
      hint = hint == null ? type.hint() : hint;
      ranges = ranges.isEmpty() ? type.syntax().ranges() : ranges;
      sizes = sizes.isEmpty() ? type.syntax().sizes() : sizes;
      now = type.syntax();
      module = found.module();
    }
    return missing(syntax.type());
  }

  private static Resolved missing(String type) {
    return new Resolved(null, null, null, Map.of(), List.of(), List.of(), type);
  }

  private Modules.Found find(MibModule in, String name) {
    Modules.Found found = modules.find(in, name);
    if (found == null && standard.base(name) == null) {
      found = modules.only(in, name);
    }
    return found != null && found.definition() instanceof NamedType ? found : null;
  }

  /**
   * Whether a built-in syntax of that name says as much as the one that a module defines: what old
   * modules call DisplayString has no hint.
   */
  private boolean isBetterBuiltIn(String name, NamedType type) {
    if (standard.base(name) == null) {
      return false;
    }
    if (type == null) {
      return true;
    }
    BaseType base = BASES.get(type.syntax().type());
    boolean isSame = base == null || base.kind() == standard.base(name).kind();
    return isSame
        && (type.syntax().labels().isEmpty()
            || standard.labels(name).equals(labelsText(type.syntax().labels())))
        && (type.hint() == null || standard.isHinted(name));
  }

  /** As catalogue files write labels: {@code up(1) down(2)}. */
  static String labelsText(Map<Long, String> labels) {
    StringBuilder text = new StringBuilder();
    labels.forEach(
        (number, label) ->
            text.append(text.isEmpty() ? "" : " ")
                .append(label)
                .append('(')
                .append(number)
                .append(')'));
    return text.toString();
  }
}
