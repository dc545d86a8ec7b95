package org.aeiou.closures.shared;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/**
 * What a write says in the place of a path, and the value that it ends in; texts in UTF-8, with
 * NULs between them.
 *
 * <pre>
 *   asked    path NUL text                  and for each further attribute of the same directory
 *            NUL name NUL text
 *
 *   value    name NUL before NUL after NUL  for each attribute
 *            before, after: '=' and what was read; empty if nothing was
 * </pre>
 */
public final class WriteDescriptor {
  private static final String END = "\0";
  private static final char KNOWN = '=';

  private WriteDescriptor() {}

  /**
   * A text for an attribute.
   *
   * @param path of the attribute; those that are written together lie in one directory
   * @param text as it is read, with a newline at its end or without
   */
  public record Assignment(String path, String text) {
    public Assignment {
      if (path.indexOf(0) >= 0 || text.indexOf(0) >= 0) {
        throw new IllegalArgumentException(
            "the path or the text of a write holds a NUL; expected none");
      }
    }
  }

  /**
   * What became of an attribute.
   *
   * @param name without its directory
   * @param before what was read just before; null if there was nothing
   * @param after what was read back; null if it could not be
   */
  public record Change(String name, String before, String after) {}

  /**
   * What a page says.
   *
   * @throws IllegalArgumentException if there is none, or they are of several directories
   */
  public static String asked(List<Assignment> together) {
    StringBuilder asked = new StringBuilder();
    String directory = null;
    for (Assignment each : together) {
      String path = CanonicalPath.of(each.path);
      int slash = path.lastIndexOf('/');
      if (directory == null) {
        directory = path.substring(0, slash + 1);
        asked.append(path);
      } else if (path.startsWith(directory) && slash + 1 == directory.length()) {
        asked.append(END).append(path, slash + 1, path.length());
      } else {
        throw new IllegalArgumentException(
            path + " is not below " + directory + ", as what is written with it");
      }
      asked.append(END).append(each.text);
    }
    if (directory == null) {
      throw new IllegalArgumentException("nothing is to be written; expected at least one text");
    }
    return asked.toString();
  }

  /** What a page asks for; null if it says something else. */
  public static List<Assignment> assignments(String asked) {
    String[] parts = asked.split(END, -1);
    if (parts.length % 2 != 0) {
      return null;
    }
    String first = CanonicalPath.of(parts[0]);
    String directory = first.substring(0, first.lastIndexOf('/') + 1);
    List<Assignment> assignments = new ArrayList<>(parts.length / 2);
    for (int i = 0; i < parts.length; i += 2) {
      if (i > 0 && parts[i].indexOf('/') >= 0) {
        return null;
      }
      assignments.add(new Assignment(i == 0 ? first : directory + parts[i], parts[i + 1]));
    }
    return assignments;
  }

  /** The value that a write ends in. */
  public static byte[] value(List<Change> changes) {
    StringBuilder value = new StringBuilder();
    for (Change change : changes) {
      value.append(change.name).append(END);
      append(value, change.before);
      append(value, change.after);
    }
    return value.toString().getBytes(UTF_8);
  }

  private static void append(StringBuilder value, String text) {
    if (text != null) {
      value.append(KNOWN).append(text);
    }
    value.append(END);
  }

  /** What a write ended in. */
  public static List<Change> changes(byte[] value) {
    String[] parts = new String(value, UTF_8).split(END, -1);
    List<Change> changes = new ArrayList<>(parts.length / 3);
    for (int i = 0; i + 3 < parts.length; i += 3) {
      changes.add(new Change(parts[i], text(parts[i + 1]), text(parts[i + 2])));
    }
    return changes;
  }

  private static String text(String part) {
    return part.isEmpty() ? null : part.substring(1);
  }
}
