package org.aeiou.daemon.http.snmp;

import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.catalogue.syntax.Syntax;
import org.aeiou.daemon.http.snmp.ModuleExport.OfGroup;
import org.aeiou.daemon.http.snmp.Scrape.Part;
import org.aeiou.daemon.service.group.GroupReading;

/**
 * The labels of a table's rows: the objects of its index, and the columns that the module says. A
 * column that was read in another part is that of the row with the same name, which is proven.
 */
final class RowLabels {
  /** Of a group of scalars. */
  static final RowLabels NONE = new RowLabels(new String[] {""}, List.of());

  private static final String TYPE_OF_NEXT = "InetAddressType";

  private final String[] texts;
  private final List<String> names;

  private RowLabels(String[] texts, List<String> names) {
    this.texts = texts;
    this.names = names;
  }

  /** The text of a row's label. */
  private interface Source {
    String text(int row, List<Value> index);
  }

  /**
   * The labels of a part's rows.
   *
   * @param all the parts in which the group was read
   */
  static RowLabels of(OfGroup of, Part part, List<Part> all, Charset charset) {
    if (!(of.group() instanceof AttributeGroup.Table table)) {
      return NONE;
    }
    Map<String, Source> sources = new TreeMap<>();
    List<AttributeGroup.IndexObject> objects = table.index();
    for (int i = 0; i < objects.size(); i++) {
      if (!of.hidden().contains(objects.get(i).name()) && !isTypeOfNext(objects, i)) {
        sources.put(LabelText.name(objects.get(i).name()), ofIndex(objects.get(i), i, charset));
      }
    }
    for (Attribute label : of.labels()) {
      sources.put(LabelText.name(label.name()), ofColumn(label, part, all, charset));
    }
    GroupReading reading = part.reading;
    String[] texts = new String[reading.rows().size()];
    StringBuilder out = new StringBuilder();
    for (int row = 0; row < texts.length; row++) {
      Oid at = reading.index(row);
      List<Value> index = table.indexValues(at);
      out.setLength(0);
      for (Map.Entry<String, Source> source : sources.entrySet()) {
        out.append(out.length() == 0 ? "" : ",").append(source.getKey()).append("=\"");
        LabelText.escape(source.getValue().text(row, index), out);
        out.append('"');
      }
      texts[row] = out.toString();
    }
    return new RowLabels(texts, List.copyOf(sources.keySet()));
  }

  /** The type of an address is not shown beside the address, which says it. */
  private static boolean isTypeOfNext(List<AttributeGroup.IndexObject> objects, int i) {
    return objects.get(i).syntax().type().equals(TYPE_OF_NEXT)
        && i + 1 < objects.size()
        && objects.get(i + 1).syntax().form() == Syntax.Form.INET_ADDRESS;
  }

  private static Source ofIndex(AttributeGroup.IndexObject object, int position, Charset charset) {
    return (row, index) ->
        index == null ? "" : LabelText.ofIndex(object.syntax(), index.get(position), charset);
  }

  private static Source ofColumn(Attribute label, Part part, List<Part> all, Charset charset) {
    for (Part each : all) {
      int column = each.columns.indexOf(label);
      if (column < 0) {
        continue;
      }
      if (each == part) {
        return (row, index) ->
            LabelText.of(label.syntax(), part.reading.value(row, column), charset);
      }
      Map<String, Integer> rows = new HashMap<>();
      List<String> names = each.reading.rows();
      for (int i = 0; i < names.size(); i++) {
        rows.put(names.get(i), i);
      }
      return (row, index) -> {
        Integer there = rows.get(part.reading.rows().get(row));
        return there == null
            ? ""
            : LabelText.of(label.syntax(), each.reading.value(there, column), charset);
      };
    }
    return (row, index) -> "";
  }

  int rows() {
    return texts.length;
  }

  /** Whether there is a label of that name. */
  boolean has(String name) {
    return names.contains(name);
  }

  /** About how much memory they take, in bytes. */
  long bytes() {
    long bytes = 0;
    for (String text : texts) {
      bytes += 64 + text.length();
    }
    return bytes;
  }

  /** Writes the labels of a row, with braces if there are any. */
  void put(int row, StringBuilder out) {
    if (!texts[row].isEmpty()) {
      out.append('{').append(texts[row]).append('}');
    }
  }

  /** The same with one more. */
  void put(int row, String name, String value, StringBuilder out) {
    out.append('{').append(texts[row]).append(texts[row].isEmpty() ? "" : ",");
    out.append(name).append("=\"");
    LabelText.escape(value, out);
    out.append("\"}");
  }
}
