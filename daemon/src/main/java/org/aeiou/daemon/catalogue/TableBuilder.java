package org.aeiou.daemon.catalogue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.catalogue.Group.Attribute;

/** Makes tables of what files say, once their columns are known. For one thread, once. */
final class TableBuilder {
  private static final Set<String> PART_KEYS =
      Set.of("type", "implied", "in-name", "size", "hint", "format", "binary-hint");

  private final Problems problems;
  private final Syntaxes syntaxes;

  TableBuilder(Problems problems, Syntaxes syntaxes) {
    this.problems = problems;
    this.syntaxes = syntaxes;
  }

  /** The table; what is wrong is told. */
  DefinedTable build(Entry entry, Oid probe, Map<String, Attribute> attributes) {
    List<IndexPart> index = index(entry);
    Map<String, Join> joins = joins(entry, attributes, index);
    List<Attribute> labels = labels(entry, attributes);
    List<Attribute> presence = presence(entry, attributes, labels, joins);
    return new DefinedTable(entry.key(), probe, attributes, index, labels, presence, joins);
  }

  /** How to get to the columns that say an {@code index} of their own. */
  private Map<String, Join> joins(
      Entry group, Map<String, Attribute> attributes, List<IndexPart> index) {
    List<String> parts = index.stream().map(IndexPart::name).toList();
    Map<String, Join> joins = new LinkedHashMap<>();
    for (Entry column : problems.map(group, "columns").values()) {
      if (!attributes.containsKey(column.key()) || !column.map().containsKey("index")) {
        continue;
      }
      List<Join.Key> keys = new ArrayList<>();
      List<Entry> items = problems.list(column, "index");
      for (Entry item : items) {
        if (parts.contains(item.text())) {
          keys.add(new Join.Part(parts.indexOf(item.text())));
        } else if (attributes.containsKey(item.text())) {
          keys.add(new Join.ValueOf(item.text()));
        } else {
          problems.add(
              item,
              "'"
                  + item.text()
                  + "' is neither a part of the table's index nor a column of it; expected the"
                  + " other table's index in these");
        }
      }
      if (items.isEmpty()) {
        problems.add(column, "has an 'index' without parts; expected the other table's index");
      }
      joins.put(column.key(), new Join(keys));
    }
    for (String column : joins.keySet()) {
      if (leadsTo(column, column, joins, new HashSet<>())) {
        problems.add(
            problems.map(group, "columns").get(column),
            "'" + column + "' leads back to itself; expected a way that begins in this table");
      }
    }
    return joins;
  }

  private static boolean leadsTo(
      String from, String to, Map<String, Join> joins, Set<String> passed) {
    Join join = joins.get(from);
    if (join == null || !passed.add(from)) {
      return false;
    }
    for (Join.Key key : join.keys()) {
      if (key instanceof Join.ValueOf value
          && (value.column().equals(to) || leadsTo(value.column(), to, joins, passed))) {
        return true;
      }
    }
    return false;
  }

  private List<IndexPart> index(Entry group) {
    List<IndexPart> parts = new ArrayList<>();
    for (Entry entry : problems.map(group, "index").values()) {
      boolean isShort = entry.text() != null;
      if (!isShort && !problems.asMap(entry).isEmpty()) {
        problems.unknownKeys(entry, PART_KEYS);
      }
      DefinedSyntax syntax = isShort ? syntaxes.named(entry) : syntaxes.refined(entry, "type");
      if (syntax != null) {
        boolean implied = !isShort && flag(entry, "implied", false);
        boolean named = isShort || flag(entry, "in-name", true);
        parts.add(new IndexPart(entry.key(), syntax, implied, named));
      }
    }
    if (parts.isEmpty()) {
      problems.add(
          group, "has no 'index' that can be used; expected the parts of the table's INDEX");
    }
    return parts;
  }

  private boolean flag(Entry in, String key, boolean standard) {
    String text = problems.text(in, key);
    if (text != null && !text.equals("true") && !text.equals("false")) {
      problems.add(in.map().get(key), "'" + text + "' is neither true nor false");
    }
    return text == null ? standard : text.equals("true");
  }

  private List<Attribute> labels(Entry group, Map<String, Attribute> attributes) {
    List<Attribute> labels = new ArrayList<>();
    List<Entry> list = problems.list(group, "label");
    for (int i = 0; i < list.size(); i++) {
      Entry item = list.get(i);
      boolean isIndex = item.text().equals("index") && !attributes.containsKey("index");
      if (isIndex && i < list.size() - 1) {
        problems.add(item, "'index' always gives a name; expected it last");
      } else if (!isIndex) {
        Attribute column = column(item, attributes);
        if (column != null) {
          labels.add(column);
        }
      }
    }
    return labels;
  }

  /** The columns that say which rows there are: those given, or the first if no label does. */
  private List<Attribute> presence(
      Entry group,
      Map<String, Attribute> attributes,
      List<Attribute> labels,
      Map<String, Join> joins) {
    List<Attribute> presence = new ArrayList<>();
    for (Entry item : problems.list(group, "presence")) {
      Attribute column = column(item, attributes);
      if (column != null && joins.containsKey(column.name())) {
        problems.add(
            item, "'" + column.name() + "' is of another table; expected a column of this");
      } else if (column != null) {
        presence.add(column);
      }
    }
    if (presence.isEmpty() && firstOwn(labels, joins) == null) {
      Attribute first = firstOwn(attributes.values(), joins);
      if (first != null) {
        presence.add(first);
      }
    }
    return presence;
  }

  /** The first of the columns that is of this table, or null. */
  private static Attribute firstOwn(Collection<Attribute> columns, Map<String, Join> joins) {
    for (Attribute column : columns) {
      if (!joins.containsKey(column.name())) {
        return column;
      }
    }
    return null;
  }

  private Attribute column(Entry name, Map<String, Attribute> attributes) {
    Attribute column = attributes.get(name.text());
    if (column == null) {
      problems.add(
          name,
          "'"
              + name.text()
              + "' is no column of the table; expected "
              + Problems.meant(name.text(), attributes.keySet())
              + "its own");
    }
    return column;
  }
}
