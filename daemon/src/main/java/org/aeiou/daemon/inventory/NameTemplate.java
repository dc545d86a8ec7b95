package org.aeiou.daemon.inventory;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A name with fields in braces, as in {@code {site}/{name}}. Immutable. */
public final class NameTemplate {
  private static final Pattern FIELD = Pattern.compile("\\{([^{}]*)}");

  private final String text;

  /**
   * A template.
   *
   * @throws IllegalArgumentException if a brace is not closed, or nothing is between two
   */
  public NameTemplate(String text) {
    String rest = FIELD.matcher(text).replaceAll("");
    if (rest.contains("{") || rest.contains("}") || text.contains("{}")) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a template; expected fields in braces, as in '{site}/{name}'");
    }
    this.text = text;
  }

  /**
   * The name of a system.
   *
   * @throws IllegalArgumentException if it does not have one of the fields
   */
  String of(Map<String, String> fields) {
    Matcher field = FIELD.matcher(text);
    StringBuilder name = new StringBuilder();
    while (field.find()) {
      String value = fields.get(field.group(1));
      if (value == null || value.isBlank()) {
        throw new IllegalArgumentException(
            "has no '" + field.group(1) + "'; it has " + String.join(", ", fields.keySet()));
      }
      field.appendReplacement(name, Matcher.quoteReplacement(value.strip()));
    }
    return field.appendTail(name).toString();
  }

  @Override
  public String toString() {
    return text;
  }
}
