package org.aeiou.daemon.config;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.document.Section;
import org.aeiou.daemon.document.Texts;
import org.aeiou.daemon.document.YamlNode;
import org.aeiou.daemon.document.YamlReader;

/**
 * The documents of a configuration: its file, and those that {@code include:} leads to, each with
 * more systems and profiles. They are joined in the order in which they are named, those of a
 * folder by name.
 */
final class Includes {
  private static final String KEY = "include";

  /** What may be in several files. */
  private static final List<String> JOINED = List.of("systems", "profiles");

  /** More are a slip, as {@code /} for {@code ./}. */
  private static final int MOST_FILES = 4096;

  private static final Pattern IS_GLOB = Pattern.compile("[*?\\[{]");
  private static final String IN_FOLDERS = "*.{yaml,yml}";

  private final List<Document> documents = new ArrayList<>();

  /** Files that were begun, by their real paths: two that include each other would never end. */
  private final Set<Path> begun = new HashSet<>();

  /** A file that was read; its content is null if it could not be. */
  record Document(Path file, YamlNode content, Problems problems) {}

  private Includes() {}

  /** Reads a file and all that it leads to. The first document holds the joined content. */
  static List<Document> read(Path file) {
    Includes includes = new Includes();
    Document main = includes.document(file);
    if (main.content() != null) {
      includes.follow(main, main);
    }
    return includes.documents;
  }

  private Document document(Path file) {
    begun.add(real(file));
    Problems problems = new Problems(file.toString());
    Document document = new Document(file, YamlReader.read(file, problems), problems);
    documents.add(document);
    return document;
  }

  private void follow(Document from, Document main) {
    if (from.content().map() == null) {
      return;
    }
    for (YamlNode name : from.content().texts(KEY)) {
      for (Path file : files(from.file(), name)) {
        if (documents.size() == MOST_FILES) {
          name.problem("leads to more than " + MOST_FILES + " files; expected fewer");
          return;
        }
        if (begun.contains(real(file))) {
          name.problem("'" + file.normalize() + "' is part of this configuration already");
        } else {
          include(document(file), main);
        }
      }
    }
  }

  private void include(Document document, Document main) {
    YamlNode content = document.content();
    if (content == null || content.isNothing()) {
      return;
    }
    Section section = Section.of(content);
    JOINED.forEach(section::has);
    section.has(KEY);
    Set<String> others = new HashSet<>(section.keys());
    others.removeAll(section.known());
    for (String key : section.keys()) {
      if (others.contains(key)) {
        section.problem(
            key,
            "is not a key of a file that is included; expected one of "
                + String.join(", ", section.known())
                + ", the rest belongs into "
                + main.file());
      }
    }
    if (content.map() != null) {
      JOINED.forEach(key -> main.content().join(key, content));
      follow(document, main);
    }
  }

  /** The files that a name stands for; none, and a problem, if there is nothing there. */
  private static List<Path> files(Path from, YamlNode name) {
    String text = name.text();
    try {
      Path path = from.toAbsolutePath().resolveSibling(text);
      if (Files.isDirectory(path)) {
        return list(path, IN_FOLDERS);
      }
      int last = text.lastIndexOf('/') + 1;
      if (Files.exists(path) || !IS_GLOB.matcher(text.substring(last)).find()) {
        if (Files.isReadable(path)) {
          return List.of(path);
        }
      } else {
        Path folder = from.toAbsolutePath().resolveSibling(text.substring(0, last));
        if (Files.isDirectory(folder)) {
          return list(folder, text.substring(last));
        }
      }
    } catch (IOException | InvalidPathException | PatternSyntaxException e) {
      // told below, together with files that cannot be read
    }
    name.problem(Texts.quoted(text) + " cannot be read; expected a file, a folder, or *.yaml");
    return List.of();
  }

  /** Not those that begin with a dot: editors leave such beside what they write. */
  private static List<Path> list(Path folder, String glob) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, glob)) {
      for (Path file : found) {
        if (!file.getFileName().toString().startsWith(".") && !Files.isDirectory(file)) {
          files.add(file);
        }
      }
    }
    Collections.sort(files);
    return files;
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      return file.toAbsolutePath();
    }
  }
}
