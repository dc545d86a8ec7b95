package org.aeiou.daemon.catalogue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.catalogue.syntax.DefinedSyntax;
import org.aeiou.daemon.catalogue.syntax.Syntaxes;
import org.aeiou.daemon.document.Spelling;
import org.aeiou.daemon.document.YamlNode;

/** Makes tables of what files say, once their columns are known. For one thread, once. */
final class TableBuilder {
  private static final Set<String> PART_KEYS =
      Set.of("type", "implied", "in-name", "size", "hint", "format", "binary-hint");

  private final Syntaxes syntaxes;

  TableBuilder(Syntaxes syntaxes) {
    this.syntaxes = syntaxes;
  }

  /** The table; what is wrong is told. */
  DefinedTable build(
      YamlNode entry, GroupProbe probe, TableLength length, Map<String, Attribute> attributes) {
    List<IndexPart> index = index(entry);
    Map<String, Join> joins = joins(entry, attributes, index);
    List<Attribute> labels = labels(entry, attributes);
    List<Attribute> presence = presence(entry, attributes, labels, joins);
    DefinedRates rates = DefinedRates.of(entry, attributes);
    return new DefinedTable(
        entry.key(), probe, attributes, index, labels, presence, joins, length, rates);
  }

  /** How to get to the columns that say an {@code index} of their own. */
  private Map<String, Join> joins(
      YamlNode group, Map<String, Attribute> attributes, List<IndexPart> index) {
    List<String> parts = index.stream().map(IndexPart::name).toList();
    Map<String, Join> joins = new LinkedHashMap<>();
    for (YamlNode column : group.map("columns").values()) {
      if (!attributes.containsKey(column.key()) || !column.map().containsKey("index")) {
        continue;
      }
      List<Join.Key> keys = new ArrayList<>();
      List<YamlNode> items = column.texts("index");
      for (YamlNode item : items) {
        if (parts.contains(item.text())) {
          keys.add(new Join.Part(parts.indexOf(item.text())));
        } else if (attributes.containsKey(item.text())) {
          keys.add(new Join.ValueOf(item.text()));
        } else {
          item.problem(
              "'"
                  + item.text()
                  + "' is neither a part of the table's index nor a column of it; expected the"
                  + " other table's index in these");
        }
      }
      if (items.isEmpty()) {
        column.problem("has an 'index' without parts; expected the other table's index");
      }
      joins.put(column.key(), new Join(keys));
    }
    for (String column : joins.keySet()) {
      if (leadsTo(column, column, joins, new HashSet<>())) {
        group
            .map("columns")
            .get(column)
            .problem(
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

  private List<IndexPart> index(YamlNode group) {
    List<IndexPart> parts = new ArrayList<>();
    for (YamlNode entry : group.map("index").values()) {
      boolean isShort = entry.text() != null;
      if (!isShort && !entry.asMap().isEmpty()) {
        entry.onlyKeys(PART_KEYS);
      }
      DefinedSyntax syntax = isShort ? syntaxes.named(entry) : syntaxes.refined(entry, "type");
      if (syntax != null) {
        boolean implied = !isShort && flag(entry, "implied", false);
        boolean named = isShort || flag(entry, "in-name", true);
        parts.add(new IndexPart(entry.key(), syntax, implied, named));
      }
    }
    if (parts.isEmpty()) {
      group.problem("has no 'index' that can be used; expected the parts of the table's INDEX");
    }
    return parts;
  }

  private boolean flag(YamlNode in, String key, boolean standard) {
    String text = in.text(key);
    if (text != null && !text.equals("true") && !text.equals("false")) {
      in.map().get(key).problem("'" + text + "' is neither true nor false");
    }
    return text == null ? standard : text.equals("true");
  }

  private List<Attribute> labels(YamlNode group, Map<String, Attribute> attributes) {
    List<Attribute> labels = new ArrayList<>();
    List<YamlNode> list = group.texts("label");
    for (int i = 0; i < list.size(); i++) {
      YamlNode item = list.get(i);
      boolean isIndex = item.text().equals("index") && !attributes.containsKey("index");
      if (isIndex && i < list.size() - 1) {
        item.problem("'index' always gives a name; expected it last");
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
      YamlNode group,
      Map<String, Attribute> attributes,
      List<Attribute> labels,
      Map<String, Join> joins) {
    List<Attribute> presence = new ArrayList<>();
    for (YamlNode item : group.texts("presence")) {
      Attribute column = column(item, attributes);
      if (column != null && joins.containsKey(column.name())) {
        item.problem("'" + column.name() + "' is of another table; expected a column of this");
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

  private Attribute column(YamlNode name, Map<String, Attribute> attributes) {
    Attribute column = attributes.get(name.text());
    if (column == null) {
      name.problem(
          "'"
              + name.text()
              + "' is no column of the table; expected "
              + Spelling.meant(name.text(), attributes.keySet())
              + "its own");
    }
    return column;
  }
}
