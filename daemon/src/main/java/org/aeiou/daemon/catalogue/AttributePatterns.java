package org.aeiou.daemon.catalogue;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.aeiou.daemon.document.Spelling;

/**
 * Attributes that are named by patterns: {@code system/sysLocation}, {@code interfaces/eth*}. A
 * star stands for any characters within a name. Immutable, with value equality.
 */
public final class AttributePatterns {
  /** No attribute at all. */
  public static final AttributePatterns NONE = new AttributePatterns(List.of());

  private static final String EXPECTED =
      "expected GROUP/ATTRIBUTE or TABLE/ROW/COLUMN, as in system/sysLocation and"
          + " 'interfaces/*/ifAdminStatus'";

  private final List<String> texts;
  private final List<Names> all = new ArrayList<>();

  /**
   * The names of one pattern.
   *
   * @param row null for that of a scalar
   */
  private record Names(Name group, Name row, Name attribute) {}

  /**
   * One name.
   *
   * @param pattern null where it has no star
   */
  private record Name(String text, Pattern pattern) {
    static Name of(String text) {
      if (text.indexOf('*') < 0) {
        return new Name(text, null);
      }
      StringBuilder regex = new StringBuilder();
      for (String literal : text.split("\\*", -1)) {
        regex
            .append(regex.isEmpty() ? "" : ".*")
            .append(literal.isEmpty() ? "(?:)" : Pattern.quote(literal));
      }
      return new Name(text, Pattern.compile(regex.toString(), Pattern.DOTALL));
    }

    boolean matches(String name) {
      return pattern == null ? text.equals(name) : pattern.matcher(name).matches();
    }
  }

  /**
   * Patterns that were each {@link #check checked}.
   *
   * @throws IllegalArgumentException with a message about one that is none
   */
  public AttributePatterns(List<String> texts) {
    this.texts = List.copyOf(texts);
    for (String text : texts) {
      String[] names = check(text).split("/", -1);
      all.add(
          new Names(
              Name.of(names[0]),
              names.length == 2 ? null : Name.of(names[1]),
              Name.of(names[names.length - 1])));
    }
  }

  /**
   * Returns a pattern.
   *
   * @throws IllegalArgumentException if it is none; the message says what was expected
   */
  public static String check(String text) {
    String[] names = text.split("/", -1);
    boolean isAnyEmpty = false;
    for (String name : names) {
      isAnyEmpty |= name.isEmpty();
    }
    if (isAnyEmpty || names.length < 2 || names.length > 3) {
      throw new IllegalArgumentException("'" + text + "' names no attributes; " + EXPECTED);
    }
    return text;
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }

  /** As they were given. */
  public List<String> texts() {
    return texts;
  }

  /**
   * Whether one of them names an attribute.
   *
   * @param group the name of its group or table
   * @param row the name of its row; empty for a scalar
   */
  public boolean match(String group, String row, String attribute) {
    for (Names names : all) {
      if (names.attribute.matches(attribute)
          && names.group.matches(group)
          && (names.row == null ? row.isEmpty() : !row.isEmpty() && names.row.matches(row))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether one of them names an attribute, of any row if it is a column.
   *
   * @param isColumn whether it is in a table, and no scalar
   */
  boolean matchAnyRow(String group, boolean isColumn, String attribute) {
    for (Names names : all) {
      if (names.attribute.matches(attribute)
          && names.group.matches(group)
          && isColumn == (names.row != null)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Which of them let nothing be written, in words.
   *
   * @param groups all that systems may have
   */
  public List<String> doubts(List<AttributeGroup> groups) {
    List<String> doubts = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      Names names = all.get(i);
      List<AttributeGroup.Attribute> named = new ArrayList<>();
      for (AttributeGroup group : groups) {
        if (names.group.matches(group.name())
            && group instanceof AttributeGroup.Table == (names.row != null)) {
          group.attributes().stream()
              .filter(each -> names.attribute.matches(each.name()))
              .forEach(named::add);
        }
      }
      if (named.isEmpty()) {
        String nearest = Spelling.nearest(texts.get(i), writable(groups, names.row));
        doubts.add(
            "'%s' names no attribute of the catalogue%s"
                .formatted(
                    texts.get(i), nearest == null ? "" : "; did you mean '" + nearest + "'?"));
      } else if (named.stream().noneMatch(AttributeGroup.Attribute::writable)) {
        doubts.add("'%s' names only what no MIB lets be written".formatted(texts.get(i)));
      }
    }
    return doubts;
  }

  /** What may be written of any system, as patterns; in a table with this row, or any. */
  private static List<String> writable(List<AttributeGroup> groups, Name row) {
    List<String> patterns = new ArrayList<>();
    for (AttributeGroup group : groups) {
      String between =
          group instanceof AttributeGroup.Table ? "/" + (row == null ? "*" : row.text) + "/" : "/";
      group.attributes().stream()
          .filter(AttributeGroup.Attribute::writable)
          .forEach(each -> patterns.add(group.name() + between + each.name()));
    }
    return patterns;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AttributePatterns that && texts.equals(that.texts);
  }

  @Override
  public int hashCode() {
    return texts.hashCode();
  }

  @Override
  public String toString() {
    return texts.toString();
  }
}
