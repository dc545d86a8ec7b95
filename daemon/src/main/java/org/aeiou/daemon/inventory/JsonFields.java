package org.aeiou.daemon.inventory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.document.YamlNode;
import org.aeiou.daemon.document.YamlReader;

/**
 * Reads fields out of YAML or JSON, which is YAML too. Asks for what is there: programs add keys
 * with each version.
 */
final class JsonFields {

  private JsonFields() {}

  /**
   * The document in a file.
   *
   * @throws IOException if there is none; the message says why
   */
  static YamlNode read(Path file) throws IOException {
    Problems problems = new Problems(file.toString());
    YamlNode document = YamlReader.read(file, problems);
    if (document == null || document.isNothing()) {
      throw new IOException(problems.isEmpty() ? file + ": is empty" : problems.lines().get(0));
    }
    return document;
  }

  /**
   * The list at a key, or the document itself if it is a list.
   *
   * @throws IOException if there is neither
   */
  static List<YamlNode> list(YamlNode document, String key, Path file) throws IOException {
    YamlNode at = document.list() != null ? document : at(document, key);
    if (at == null || at.list() == null) {
      throw new IOException(file + ": has no list of '" + key + "'");
    }
    return at.list();
  }

  /** What the keys lead to; null if it is not there. */
  static YamlNode at(YamlNode node, String... keys) {
    YamlNode at = node;
    for (String key : keys) {
      at = at == null || at.map() == null ? null : at.map().get(key);
    }
    return at == null || at.isNothing() ? null : at;
  }

  /** The text at the first of the paths (keys with dots between them) that has one; else null. */
  static String text(YamlNode node, String... paths) {
    for (String path : paths) {
      YamlNode at = at(node, path.split("\\."));
      if (at != null && at.text() != null && !at.text().isBlank()) {
        return at.text().strip();
      }
    }
    return null;
  }

  /** All single values of an object, by key. */
  static Map<String, String> texts(YamlNode object) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (object != null && object.map() != null) {
      object
          .map()
          .forEach(
              (key, value) -> {
                if (value.text() != null && !value.isNothing()) {
                  texts.put(key, value.text());
                }
              });
    }
    return texts;
  }
}
