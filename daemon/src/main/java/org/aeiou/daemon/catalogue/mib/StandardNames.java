package org.aeiou.daemon.catalogue.mib;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.catalogue.syntax.BaseType;
import org.aeiou.daemon.document.YamlNode;

/**
 * What the built-in catalogue knows of the standard modules, which are rarely there where vendors'
 * are: roots, types, and the objects that other tables are indexed by. Immutable.
 */
final class StandardNames {
  /** The longest identifier of a root that needs no module to be named: {@code enterprises}. */
  private static final Set<String> ROOTS =
      Set.of(
          "ccitt",
          "iso",
          "joint-iso-ccitt",
          "org",
          "dod",
          "internet",
          "directory",
          "mgmt",
          "mib-2",
          "mib",
          "transmission",
          "experimental",
          "private",
          "enterprises",
          "security",
          "snmpV2",
          "snmpDomains",
          "snmpProxys",
          "snmpModules",
          "zeroDotZero");

  private static final int MOST_STEPS = 16;

  private final Map<String, Oid> oids = new HashMap<>();
  private final Map<String, List<Oid>> modules = new HashMap<>();
  private final Map<String, YamlNode> syntaxes;

  /** Attributes, by name and without instance; the first of a name counts. */
  private final Map<String, Attribute> attributes = new HashMap<>();

  /** The INDEX of tables, by the identifier of their entry. */
  private final Map<Oid, Map<String, YamlNode>> indices = new HashMap<>();

  private final Set<String> groups;

  /**
   * An attribute of a built-in group.
   *
   * @param oid without instance
   * @param at as values are found below: with the instance of a scalar
   * @param type the name of its syntax
   * @param labels as written, or null
   */
  record Attribute(String name, Oid oid, Oid at, String type, String labels, boolean isJoined) {}

  /**
   * @param builtIn the built-in files, laid over each other
   */
  StandardNames(YamlNode builtIn) {
    builtIn.map("oids").forEach((name, node) -> oids.put(name, oid(node.text())));
    builtIn
        .map("modules")
        .forEach(
            (name, node) ->
                modules.put(
                    name, node.asTexts().stream().map(at -> Oid.parse(at.text())).toList()));
    syntaxes = builtIn.map("syntaxes");
    groups = Set.copyOf(builtIn.map("groups").keySet());
    for (YamlNode group : builtIn.map("groups").values()) {
      for (YamlNode entry : group.texts("entries")) {
        indices.putIfAbsent(oid(entry.text()), group.map("index"));
      }
      group.map("columns").values().forEach(column -> add(column, false));
      group.map("scalars").values().forEach(scalar -> add(scalar, true));
    }
  }

  private void add(YamlNode node, boolean isScalar) {
    Oid oid = oid(node.text("oid"));
    attributes.putIfAbsent(
        node.key(),
        new Attribute(
            node.key(),
            oid,
            isScalar ? oid.append(0) : oid,
            node.text("type"),
            node.text("labels"),
            node.map().containsKey("index")));
  }

  /** In numbers, or with a name before them: the built-in files are right. */
  private Oid oid(String text) {
    int dot = text.indexOf('.');
    Oid named = oids.get(dot < 0 ? text : text.substring(0, dot));
    if (named == null) {
      return Oid.parse(text);
    }
    return dot < 0 ? named : named.append(Oid.parse(text.substring(dot + 1)));
  }

  Set<String> groups() {
    return groups;
  }

  Iterable<Attribute> attributes() {
    return attributes.values();
  }

  /** The attribute of that name, or null. */
  Attribute attribute(String name) {
    return attributes.get(name);
  }

  /** The parts of the index of a table, by the identifier of its entry; null if it is not known. */
  Map<String, YamlNode> index(Oid entry) {
    return indices.get(entry);
  }

  /**
   * The identifier that a name has in a module that is not there; null if that is not known.
   *
   * @param module null if the name is not said to come from one
   */
  Oid oid(String name, String module) {
    Oid oid = oids.get(name);
    if (oid != null && (module == null || ROOTS.contains(name))) {
      return oid;
    }
    Attribute attribute = attributes.get(name);
    Oid known = oid != null ? oid : attribute == null ? null : attribute.oid();
    boolean isOfModule =
        known != null
            && module != null
            && modules.getOrDefault(module, List.of()).stream().anyMatch(known::startsWith);
    return isOfModule ? known : null;
  }

  /** Whether the built-in files give an identifier that name. */
  boolean isNamed(String name) {
    return oids.containsKey(name) || attributes.containsKey(name);
  }

  /** What a built-in syntax is made of; null if there is none of that name. */
  BaseType base(String name) {
    String now = name;
    for (int step = 0; step < MOST_STEPS; step++) {
      YamlNode syntax = syntaxes.get(now);
      if (syntax == null) {
        for (BaseType base : BaseType.values()) {
          if (step > 0 && base.smiName().equals(now)) {
            return base;
          }
        }
        return null;
      }
      now = syntax.text("is");
    }
    return null;
  }

  /** The labels of a built-in syntax as they are written; empty if it has none. */
  String labels(String name) {
    String labels = syntaxes.get(name).text("labels");
    return labels == null ? "" : labels.strip().replaceAll("[\\s,]+", " ");
  }

  /** Whether a built-in syntax says how values read. */
  boolean isHinted(String name) {
    YamlNode syntax = syntaxes.get(name);
    return syntax.map().containsKey("hint") || syntax.map().containsKey("format");
  }

  /** The octets that values of a built-in syntax always have, or 0. */
  int size(String name) {
    YamlNode syntax = syntaxes.get(name);
    String size = syntax == null ? null : syntax.text("size");
    return size == null ? 0 : Integer.parseInt(size);
  }
}
