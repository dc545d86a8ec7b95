package org.aeiou.daemon.catalogue.mib;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.catalogue.mib.MibModule.IndexItem;
import org.aeiou.daemon.catalogue.mib.MibModule.ObjectType;
import org.aeiou.daemon.catalogue.mib.MibModule.Range;
import org.aeiou.daemon.catalogue.syntax.BaseType;
import org.aeiou.daemon.document.YamlNode;

/**
 * What a catalogue says of a table besides its columns: its index, and what its rows are called.
 */
final class TableText {
  /** Tables that go on with tables that go on with others. */
  private static final int MOST_STEPS = 8;

  /** The most octets that a catalogue's {@code size} can say. */
  private static final int MOST_SIZE = 64;

  /** What columns that name a row end with; the best first. */
  private static final List<String> LABELS =
      List.of("Name", "Label", "Alias", "Descr", "Description");

  private static final int MOST_LABELS = 2;

  private final Modules modules;
  private final StandardNames standard;
  private final Types types;
  private final IdentityHashMap<MibModule.Definition, MibObject> objects;
  private final SyntaxText syntaxes;

  /**
   * @param objects by their definitions
   * @param syntaxes told of the types that are wanted
   */
  TableText(
      Modules modules,
      StandardNames standard,
      Types types,
      IdentityHashMap<MibModule.Definition, MibObject> objects,
      SyntaxText syntaxes) {
    this.modules = modules;
    this.standard = standard;
    this.types = types;
    this.objects = objects;
    this.syntaxes = syntaxes;
  }

  /**
   * The index as a catalogue has it: each part's name and its type, or what else there is to say.
   * One that is not known reads as its numbers.
   *
   * @param row null if it is not defined
   */
  Map<String, Object> index(MibObject row) {
    Map<String, Object> parts = row == null ? null : parts(row, 0);
    if (parts == null || parts.isEmpty()) {
      Map<String, Object> numbers = new LinkedHashMap<>();
      numbers.put("type", BaseType.OBJECT_IDENTIFIER.smiName());
      numbers.put("implied", true);
      return Map.of("index", numbers);
    }
    return parts;
  }

  private Map<String, Object> parts(MibObject row, int depth) {
    if (row.type().augments() != null) {
      return augmented(row, depth);
    }
    if (row.type().index() == null) {
      return null;
    }
    Map<String, Object> parts = new LinkedHashMap<>();
    for (IndexItem item : row.type().index()) {
      String name = item.object() == null ? "index" : item.object();
      Object part = part(item, row.module());
      if (part == null) {
        return null;
      }
      String unique = name;
      for (int i = 2; parts.containsKey(unique) || unique.equals("index"); i++) {
        unique = name + (parts.isEmpty() ? 1 : i);
      }
      parts.put(unique, part);
    }
    return parts;
  }

  private Map<String, Object> augmented(MibObject row, int depth) {
    String name = row.type().augments();
    Modules.Found found = modules.find(row.module(), name);
    MibObject other = found == null ? null : objects.get(found.definition());
    if (other == null) {
      String from = row.module().imports().get(name);
      Oid entry = standard.oid(name, from);
      Map<String, YamlNode> index = entry == null ? null : standard.index(entry);
      if (index != null) {
        return builtIn(index);
      }
      found = modules.only(row.module(), name);
      other = found == null ? null : objects.get(found.definition());
    }
    return other == null || depth == MOST_STEPS ? null : parts(other, depth + 1);
  }

  private static Map<String, Object> builtIn(Map<String, YamlNode> index) {
    Map<String, Object> parts = new LinkedHashMap<>();
    index.forEach(
        (name, node) -> {
          if (node.text() != null) {
            parts.put(name, node.text());
          } else {
            Map<String, Object> keys = new LinkedHashMap<>();
            node.map().forEach((key, value) -> keys.put(key, value.text()));
            parts.put(name, keys);
          }
        });
    return parts;
  }

  /** The type of a part, or more of it; null if it is not known. */
  private Object part(IndexItem item, MibModule in) {
    if (item.object() == null) {
      return item.type() == null ? null : part(types.resolve(item.type(), in), item, in);
    }
    Modules.Found found = modules.find(in, item.object());
    if (found == null || !(found.definition() instanceof ObjectType)) {
      StandardNames.Attribute known = standard.attribute(item.object());
      if (known != null && standard.oid(item.object(), in.imports().get(item.object())) != null) {
        return known.type();
      }
      found = modules.only(in, item.object());
    }
    if (found == null || !(found.definition() instanceof ObjectType object)) {
      return null;
    }
    return part(types.resolve(object.syntax(), found.module()), item, found.module());
  }

  private Object part(Types.Resolved type, IndexItem item, MibModule in) {
    if (type.base() == null) {
      return null;
    }
    String name =
        type.labels().isEmpty() || item.object() == null
            ? syntaxes.name(type)
            : syntaxes.of(in.name() + "::" + item.object(), type);
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("type", name);
    if (item.isImplied()) {
      keys.put("implied", true);
    }
    boolean isString = type.base() == BaseType.OCTET_STRING || type.base() == BaseType.OPAQUE;
    if (isString && type.sizes().size() == 1 && standard.size(name) == 0) {
      Range size = type.sizes().get(0);
      if (size.least() == size.most() && size.least() > 0) {
        if (size.least() > MOST_SIZE) {
          return null;
        }
        keys.put("size", size.least());
      }
    }
    return keys.size() == 1 ? name : keys;
  }

  /**
   * The columns that name rows: texts that are called a name. None where the index itself holds a
   * text.
   *
   * @param columns what is known of each, by name, in their order
   */
  List<String> labels(Map<String, Types.Resolved> columns, Map<String, Object> index) {
    for (String part : index.keySet()) {
      Types.Resolved type = columns.get(part);
      if (type != null && isText(type)) {
        return List.of();
      }
    }
    List<String> labels = new ArrayList<>();
    for (String ending : LABELS) {
      columns.entrySet().stream()
          .filter(column -> column.getKey().endsWith(ending) && isText(column.getValue()))
          .map(Map.Entry::getKey)
          .min(Comparator.comparingInt(String::length))
          .ifPresent(labels::add);
    }
    return labels.subList(0, Math.min(labels.size(), MOST_LABELS));
  }

  private static boolean isText(Types.Resolved type) {
    return type.base() == BaseType.OCTET_STRING
        && !type.hasLabels()
        && !type.name().equals("MacAddress")
        && !type.name().equals("PhysAddress")
        && !type.name().equals("InetAddress")
        && !type.name().equals("DateAndTime");
  }
}
