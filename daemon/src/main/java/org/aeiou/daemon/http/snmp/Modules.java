package org.aeiou.daemon.http.snmp;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.catalogue.syntax.Syntax;
import org.aeiou.daemon.http.snmp.ModuleExport.OfGroup;

/**
 * The modules there are: those that files define, and every attribute group of the catalogue under
 * its own name. Immutable.
 */
public final class Modules {
  private final Map<String, ModuleExport> defined;
  private final Catalogue catalogue;

  Modules(Map<String, ModuleExport> defined, Catalogue catalogue) {
    this.defined = Collections.unmodifiableMap(new TreeMap<>(defined));
    this.catalogue = catalogue;
  }

  /** The names that files define, sorted. */
  Collection<String> names() {
    return defined.keySet();
  }

  /** The module of that name; null if there is none. */
  ModuleExport find(String name) {
    ModuleExport module = defined.get(name);
    if (module != null) {
      return module;
    }
    AttributeGroup group = catalogue.group(name);
    return group == null ? null : new ModuleExport(name, List.of(whole(group)), List.of());
  }

  /** All of a group; what names a row as a text is a label of it, and no metric beside. */
  static OfGroup whole(AttributeGroup group) {
    List<Attribute> labels =
        group instanceof AttributeGroup.Table table ? labels(table) : List.<Attribute>of();
    List<Attribute> metrics =
        group.attributes().stream()
            .filter(each -> !labels.contains(each) || each.syntax().form() == Syntax.Form.NUMBER)
            .toList();
    return new OfGroup(
        group,
        // Of a table that has nothing but names the names are what there is to be known.
        metrics.isEmpty() ? group.attributes() : metrics,
        labels,
        Collections.emptySet(),
        Collections.emptySet(),
        Collections.emptySet());
  }

  /** The columns that name a row, and texts of rows of other tables that it leads to. */
  private static List<Attribute> labels(AttributeGroup.Table table) {
    return table.attributes().stream()
        .filter(
            each ->
                table.labels().contains(each)
                    || (table.isJoined(each) && each.syntax().form() == Syntax.Form.TEXT))
        .toList();
  }

  /** Them all, in words. */
  String listed() {
    return defined.keySet().stream().collect(Collectors.joining(", "));
  }
}
