package org.aeiou.daemon.catalogue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.document.YamlNode;
import org.aeiou.daemon.document.YamlReader;

/**
 * Lays files over each other as they are written, and only then asks what they mean: so a file can
 * change one key of one attribute, and what is wrong with the result is told where it was written.
 * For one thread.
 */
final class CatalogueLoader {
  private final YamlNode top = YamlNode.empty();
  private final List<Problems> problems = new ArrayList<>();

  /** A resource beside this package in {@code /catalogue}; its absence is a defect. */
  static String resource(String name) {
    try (InputStream in = CatalogueLoader.class.getResourceAsStream("/catalogue/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the resource catalogue/" + name + " is not there");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the resource catalogue/" + name + " is not readable", e);
    }
  }

  CatalogueLoader addResource(String name) {
    return addText("catalogue/" + name, resource(name));
  }

  CatalogueLoader addText(String name, String text) {
    return add(YamlReader.parse(text, problemsOf(name)));
  }

  CatalogueLoader addFile(Path file) {
    return add(YamlReader.read(file, problemsOf(file.toString())));
  }

  private Problems problemsOf(String file) {
    Problems ofFile = new Problems(file);
    problems.add(ofFile);
    return ofFile;
  }

  /** What all files say. */
  YamlNode written() {
    return top;
  }

  /** Lays something over what is there; nothing if it is null. */
  CatalogueLoader add(YamlNode file) {
    if (file != null && file.map() != null) {
      // The order of an index is its meaning.
      top.mergeFrom(file, "index");
    } else if (file != null && !file.isNothing()) {
      file.problem("expected a map with 'oids', 'syntaxes' and 'groups', got " + file.kind());
    }
    return this;
  }

  /**
   * The catalogue that the files are together.
   *
   * @throws InvalidCatalogueException with everything that is wrong in all of them
   */
  Catalogue catalogue() {
    Catalogue catalogue = new CatalogueBuilder(top).build(problemsOf(""));
    List<String> all = problems.stream().flatMap(ofFile -> ofFile.lines().stream()).toList();
    if (!all.isEmpty()) {
      throw new InvalidCatalogueException(all);
    }
    return catalogue;
  }
}
