package org.aeiou.daemon.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.config.Configuration.Mibs;
import org.aeiou.daemon.document.Section;
import org.aeiou.daemon.document.Texts;
import org.aeiou.daemon.document.YamlNode;

/** Reads {@code mibs:}, a list of folders and files, each with what is wanted of it. */
final class MibsReader {
  private MibsReader() {}

  static List<Mibs> read(Section root, Path file) {
    List<Mibs> all = new ArrayList<>();
    for (Section item : root.sections("mibs", "path")) {
      item.needs("path", "expected a folder of MIB files, or a file");
      Path path = item.value("path", null, text -> place(file, text));
      List<String> wanted = new ArrayList<>(texts(item, "groups"));
      wanted.addAll(texts(item, "subtree"));
      List<String> systems = null;
      if (item.has("systems")) {
        systems = new ArrayList<>();
        for (YamlNode node : item.texts("systems")) {
          if (isOid(node)) {
            systems.add(node.text());
          }
        }
      }
      item.done();
      if (path != null) {
        all.add(new Mibs(path, wanted, systems));
      }
    }
    return all;
  }

  private static List<String> texts(Section item, String key) {
    return item.texts(key).stream().map(YamlNode::text).toList();
  }

  private static boolean isOid(YamlNode node) {
    try {
      Oid.parse(node.text());
      return true;
    } catch (IllegalArgumentException e) {
      node.problem(e.getMessage());
      return false;
    }
  }

  private static Path place(Path file, String text) {
    try {
      Path place = file.toAbsolutePath().resolveSibling(text).normalize();
      if (Files.isReadable(place)) {
        return place;
      }
    } catch (InvalidPathException e) {
      // told below, together with what cannot be read
    }
    throw new IllegalArgumentException(
        Texts.quoted(text) + " cannot be read; expected a folder of MIB files, or a file");
  }
}
