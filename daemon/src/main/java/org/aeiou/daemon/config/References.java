package org.aeiou.daemon.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces {@code ${env:NAME}} and {@code ${file:PATH}} by what they refer to. Messages never hold
 * what was found.
 */
final class References {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]*)\\}");

  private final Path folder;
  private final Map<String, String> environment;

  /**
   * References of a file.
   *
   * @param folder what relative paths begin at
   */
  References(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  static boolean isLiteral(String text) {
    return !REFERENCE.matcher(text).find();
  }

  /**
   * The text with every reference replaced.
   *
   * @throws IllegalArgumentException if one leads nowhere
   */
  String resolve(String text) {
    Matcher matcher = REFERENCE.matcher(text);
    StringBuilder resolved = new StringBuilder();
    while (matcher.find()) {
      matcher.appendReplacement(resolved, Matcher.quoteReplacement(referred(matcher.group(1))));
    }
    return matcher.appendTail(resolved).toString();
  }

  private String referred(String reference) {
    if (reference.startsWith("env:")) {
      String value = environment.get(reference.substring(4));
      if (value == null) {
        throw new IllegalArgumentException(
            "'${" + reference + "}': the environment has no " + reference.substring(4));
      }
      return value;
    }
    if (reference.startsWith("file:")) {
      try {
        return Files.readString(folder.resolve(reference.substring(5)), UTF_8).stripTrailing();
      } catch (IOException | RuntimeException e) {
        throw new IllegalArgumentException(
            "'${"
                + reference
                + "}': the file cannot be read ("
                + e.getClass().getSimpleName()
                + ")",
            e);
      }
    }
    throw new IllegalArgumentException(
        "'${" + reference + "}' is not a reference; expected ${env:NAME} or ${file:PATH}");
  }
}
