package org.aeiou.daemon.catalogue.mib;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.catalogue.syntax.BaseType;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.document.YamlWriter;

/**
 * Groups as the text of a catalogue file. What the built-in catalogue has is left out, and what
 * would make a catalogue that cannot be used. For one thread.
 */
final class CatalogueText {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  /** More makes a daemon slow and large, and no program reads them all. */
  static final int MOST_ATTRIBUTES = 100_000;

  /** Agents on embedded systems often keep the identifier of Net-SNMP. */
  private static final Oid NET_SNMP = Oid.parse("1.3.6.1.4.1.8072");

  /** What Net-SNMP's own objects are below, also in other agents. */
  private static final Oid UC_DAVIS = Oid.parse("1.3.6.1.4.1.2021");

  private static final Oid ENTERPRISES = Oid.parse("1.3.6.1.4.1");

  private final SyntaxText syntaxes;

  /** Of the files that groups are added from now. */
  private Types types;

  private TableText tables;
  private Function<MibModule, Problems> problems;
  private List<String> systems;

  /** Where values are: columns, and scalars with their instance. None may be below another. */
  private final TreeMap<Oid, String> taken = new TreeMap<>();

  private final Set<String> groupNames;
  private final Map<String, Map<String, Object>> groups = new LinkedHashMap<>();
  private int attributes;
  private int builtIn;

  CatalogueText(StandardNames standard, SyntaxText syntaxes) {
    this.syntaxes = syntaxes;
    this.groupNames = new TreeSet<>(standard.groups());
    for (StandardNames.Attribute attribute : standard.attributes()) {
      taken.put(attribute.at(), "");
    }
  }

  /**
   * From now on groups are of these files.
   *
   * @param systems as {@link MibSource} has them
   */
  void from(
      Types types, TableText tables, Function<MibModule, Problems> problems, List<String> systems) {
    this.types = types;
    this.tables = tables;
    this.problems = problems;
    this.systems = systems;
  }

  int attributes() {
    return attributes;
  }

  /** How many objects the built-in catalogue has already. */
  int builtIn() {
    return builtIn;
  }

  Set<String> groups() {
    return groups.keySet();
  }

  /** Whether there are more attributes than a catalogue should have. */
  boolean isTooLarge() {
    return attributes > MOST_ATTRIBUTES;
  }

  /** Adds a group, or what of it can be added; nothing to what is too large already. */
  void add(Groups.Group group) {
    if (isTooLarge()) {
      return;
    }
    boolean isTable = group.isTable();
    Map<String, Object> members = new LinkedHashMap<>();
    Map<String, Types.Resolved> resolved = new LinkedHashMap<>();
    for (MibObject object : group.members()) {
      if (!isFree(object, isTable)) {
        continue;
      }
      if (!NAME.matcher(object.name()).matches() || members.containsKey(object.name())) {
        problems
            .apply(object.module())
            .add(object.type().line(), object.name(), "cannot be a file's name here; skipped");
        continue;
      }
      Types.Resolved type = types.resolve(object.type().syntax(), object.module());
      members.put(object.name(), attribute(object, type));
      resolved.put(object.name(), type);
      taken.put(isTable ? object.oid() : object.oid().append(0), object.name());
    }
    if (members.isEmpty()) {
      return;
    }
    attributes += members.size();
    Map<String, Object> keys = new LinkedHashMap<>();
    if (isTable) {
      String description = group.row() == null ? null : group.row().type().description();
      if (description != null) {
        keys.put("description", description);
      }
      putSystems(keys, group.at());
      keys.put("entries", List.of(group.at().toString()));
      Map<String, Object> index = tables.index(group.row());
      keys.put("index", index);
      List<String> labels = tables.labels(resolved, index);
      if (!labels.isEmpty()) {
        keys.put("label", labels);
      }
      keys.put("columns", members);
    } else {
      keys.put("probe", group.at().toString());
      putSystems(keys, group.at());
      keys.put("scalars", members);
    }
    groups.put(uniqueName(group), keys);
  }

  /** Which systems are asked for a group: those of its maker, unless others are said. */
  private void putSystems(Map<String, Object> keys, Oid at) {
    if (systems != null) {
      if (!systems.isEmpty()) {
        keys.put("systems", systems);
      }
      return;
    }
    int length = ENTERPRISES.length() + 1;
    boolean isMakers = at.length() >= length && at.startsWith(ENTERPRISES);
    Oid maker = isMakers ? at.prefix(length) : null;
    if (isMakers && !maker.equals(NET_SNMP) && !maker.equals(UC_DAVIS)) {
      keys.put("systems", List.of(maker.toString(), NET_SNMP.toString()));
    }
  }

  /** Whether no other attribute has the object, or one that it is a part of. */
  private boolean isFree(MibObject object, boolean isTable) {
    Oid at = isTable ? object.oid() : object.oid().append(0);
    Map.Entry<Oid, String> below = taken.floorEntry(at);
    Map.Entry<Oid, String> above = taken.higherEntry(at);
    if (below != null && below.getKey().equals(at)) {
      builtIn += below.getValue().isEmpty() ? 1 : 0;
      return false;
    }
    boolean isBelow = below != null && at.startsWith(below.getKey());
    boolean isAbove = above != null && above.getKey().startsWith(at);
    if (isBelow || isAbove) {
      String other = isBelow ? below.getValue() : above.getValue();
      problems
          .apply(object.module())
          .add(
              object.type().line(),
              object.name(),
              (isBelow ? "lies below " : "lies above ")
                  + (other.isEmpty() ? "a built-in attribute" : "'" + other + "'")
                  + ", which has a value itself; skipped");
      return false;
    }
    return true;
  }

  private Map<String, Object> attribute(MibObject object, Types.Resolved type) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("oid", object.oid().toString());
    BaseType base = type.base();
    Map<Long, String> labels = type.labels();
    if (base == null) {
      labels = object.type().syntax().labels();
      base = labels.isEmpty() ? null : BaseType.INTEGER;
      keys.put("type", labels.isEmpty() ? BaseType.OCTET_STRING.smiName() : base.smiName());
      problems
          .apply(object.module())
          .add(
              object.type().line(),
              object.name(),
              "the type '" + type.missing() + "' is not there; its values read as they are");
    } else {
      keys.put("type", syntaxes.name(type));
    }
    if (!labels.isEmpty() && SyntaxText.canHaveLabels(base)) {
      keys.put("labels", Types.labelsText(labels));
    }
    String units = object.type().units();
    if (units != null) {
      keys.put("units", units);
    }
    boolean isWritable =
        object.type().access().equals("read-write") || object.type().access().equals("read-create");
    Map<Long, String> all = type.own() != null && labels.isEmpty() ? type.own().labels() : labels;
    String ttl =
        TtlGuess.of(object.name(), base, String.valueOf(keys.get("type")), all, isWritable);
    if (ttl != null) {
      keys.put("ttl", ttl);
    }
    if (isWritable) {
      keys.put("access", object.type().access());
      String range = type.range();
      if (range != null) {
        keys.put("range", range);
      }
    }
    String description = object.type().description();
    if (description != null) {
      keys.put("description", description);
    }
    return keys;
  }

  /** The MIB's own name; with the module's before it if another group has that. */
  private String uniqueName(Groups.Group group) {
    String module = group.members().get(0).module().name();
    String name = group.name();
    if (!NAME.matcher(name).matches() || groupNames.contains(name)) {
      name = module + "." + group.name();
    }
    if (!NAME.matcher(name).matches()) {
      name = "objects";
    }
    String unique = name;
    for (int i = 2; !groupNames.add(unique); i++) {
      unique = name + "-" + i;
    }
    return unique;
  }

  /**
   * The file.
   *
   * @param modules for each module, what its objects are below
   * @param oids names for parts of the tree
   */
  String text(String comment, Map<String, List<Oid>> modules, Map<String, Oid> oids) {
    YamlWriter yaml = new YamlWriter().comment(comment);
    if (groups.isEmpty()) {
      return yaml.toString();
    }
    yaml.begin("modules");
    modules.forEach((name, below) -> yaml.put(name, texts(below)));
    yaml.end();
    if (!oids.isEmpty()) {
      // A key without a value would take away what the built-in files have there.
      yaml.begin("oids");
      oids.forEach(yaml::put);
      yaml.end();
    }
    if (!syntaxes.wanted().isEmpty()) {
      yaml.begin("syntaxes");
      syntaxes.wanted().forEach(yaml::put);
      yaml.end();
    }
    yaml.begin("groups");
    groups.forEach(
        (name, keys) -> {
          yaml.begin(name);
          keys.forEach((key, value) -> write(yaml, key, value));
          yaml.end();
        });
    return yaml.end().toString();
  }

  private static List<String> texts(List<Oid> oids) {
    List<String> texts = new ArrayList<>();
    oids.forEach(oid -> texts.add(oid.toString()));
    return texts;
  }

  private static void write(YamlWriter yaml, String key, Object value) {
    if (value instanceof Map<?, ?> map && (key.equals("columns") || key.equals("scalars"))) {
      yaml.begin(key);
      map.forEach((name, keys) -> yaml.put(name.toString(), keys));
      yaml.end();
    } else {
      yaml.put(key, value);
    }
  }
}
