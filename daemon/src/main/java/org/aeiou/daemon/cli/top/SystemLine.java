package org.aeiou.daemon.cli.top;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A line of {@code /.aeiou/systems}, {@code /.aeiou/requesters} or {@code /.aeiou/members}: keys
 * and texts. Immutable.
 */
final class SystemLine {
  private static final JsonFactory JSON = new JsonFactory();

  private final Map<String, String> fields;

  private SystemLine(Map<String, String> fields) {
    this.fields = fields;
  }

  /** The lines of a file. What is no object, as the end of a file that was cut, is left out. */
  static List<SystemLine> all(String text) {
    List<SystemLine> lines = new ArrayList<>();
    try (JsonParser json = JSON.createParser(text)) {
      while (json.nextToken() == JsonToken.START_OBJECT) {
        Map<String, String> fields = new HashMap<>();
        read(json, fields);
        lines.add(new SystemLine(fields));
      }
    } catch (IOException e) {
      return lines;
    }
    return lines;
  }

  /** The fields of an object, and those of objects in it; lists are left out. */
  private static void read(JsonParser json, Map<String, String> fields) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      switch (json.nextToken()) {
        case START_OBJECT -> read(json, fields);
        case START_ARRAY -> json.skipChildren();
        default -> fields.putIfAbsent(key, json.getText());
      }
    }
  }

  /** A text; empty if it is not there. */
  String text(String key) {
    return fields.getOrDefault(key, "");
  }

  boolean has(String key) {
    return fields.containsKey(key);
  }

  /** A number; -1 if it is not there. */
  long number(String key) {
    String text = fields.get(key);
    try {
      return text == null ? -1 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  String name() {
    return fields.getOrDefault("system", fields.getOrDefault("requester", text("member")));
  }
}
