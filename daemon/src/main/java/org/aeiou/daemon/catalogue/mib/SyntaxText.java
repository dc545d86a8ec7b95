package org.aeiou.daemon.catalogue.mib;

import java.util.LinkedHashMap;
import java.util.Map;
import org.aeiou.daemon.catalogue.syntax.BaseType;
import org.aeiou.daemon.catalogue.syntax.Syntaxes;

/** The named types that the groups of a catalogue file want. For one thread. */
final class SyntaxText {
  private final StandardNames standard;
  private final Map<String, Map<String, Object>> wanted = new LinkedHashMap<>();

  SyntaxText(StandardNames standard) {
    this.standard = standard;
  }

  /** What was wanted, by name. */
  Map<String, Map<String, Object>> wanted() {
    return wanted;
  }

  /** What a catalogue file calls a type; its definition is wanted from now on. */
  String name(Types.Resolved type) {
    Types.Own own = type.own();
    return own == null
        ? type.name()
        : named(own.name(), definition(own.is(), type.base(), own.labels(), own.hint()));
  }

  /** A type of that name with the labels of an object, for an index, which cannot hold them. */
  String of(String name, Types.Resolved type) {
    return named(name, definition(name(type), type.base(), type.labels(), null));
  }

  /** The name, or one like it where a module of another folder means something else by it. */
  private String named(String name, Map<String, Object> definition) {
    String unique = name;
    for (int i = 2; ; i++) {
      Map<String, Object> known = wanted.putIfAbsent(unique, definition);
      if (known == null || known.equals(definition)) {
        return unique;
      }
      unique = name + "-" + i;
    }
  }

  private Map<String, Object> definition(
      String is, BaseType base, Map<Long, String> labels, String hint) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("is", is);
    if (!labels.isEmpty() && canHaveLabels(base)) {
      keys.put("labels", Types.labelsText(labels));
    }
    if (hint != null && canHaveHint(is, base) && Syntaxes.isHint(hint, base.kind())) {
      keys.put("hint", hint);
    }
    return keys;
  }

  static boolean canHaveLabels(BaseType base) {
    return base.kind() == BaseType.Kind.NUMBER || base == BaseType.BITS;
  }

  /** A built-in syntax that says more than a hint can keeps what it says. */
  private boolean canHaveHint(String is, BaseType base) {
    boolean isPlain = base == BaseType.OCTET_STRING || base.kind() == BaseType.Kind.NUMBER;
    return isPlain && (standard.base(is) == null || !standard.isHinted(is));
  }
}
