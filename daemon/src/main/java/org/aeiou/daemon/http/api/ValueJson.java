package org.aeiou.daemon.http.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;
import org.aeiou.daemon.http.json.CellJson;
import org.aeiou.daemon.http.json.Shown;
import org.aeiou.daemon.tree.GroupFile;
import org.aeiou.daemon.tree.Node;

/** A value of an answer: a cell with its keys in full, and what is known of the attribute. */
final class ValueJson {
  private ValueJson() {}

  /**
   * Writes one.
   *
   * @param node what the path names; null if that is not known
   * @param described what is known of it besides
   */
  static void put(
      JsonGenerator json,
      String path,
      Node node,
      Shown shown,
      Map<String, String> described,
      long nowMillis)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("path", path);
    json.writeStringField("state", shown.state().word());
    if (shown.value() != null && isJson(node)) {
      json.writeFieldName("value");
      json.writeRawValue(shown.value()); // the whole group, as it writes itself
    } else {
      CellJson.putValue(json, "value", shown);
    }
    CellJson.putMillis(json, "taken_ms", shown.takenMillis());
    CellJson.putMillis(json, "changed_ms", shown.changedMillis());
    if (shown.takenMillis() != 0) {
      json.writeNumberField("age_ms", Math.max(0, nowMillis - shown.takenMillis()));
    }
    CellJson.putMillis(json, "ttl_ms", shown.ttlMillis());
    for (String key : new String[] {"type", "units", "oid"}) {
      if (described.get(key) != null) {
        json.writeStringField(key, described.get(key));
      }
    }
    if (shown.error() != null) {
      json.writeStringField("error", shown.error());
    }
    json.writeEndObject();
  }

  private static boolean isJson(Node node) {
    return node instanceof GroupFile group && group.format() == GroupFile.Format.JSON;
  }
}
