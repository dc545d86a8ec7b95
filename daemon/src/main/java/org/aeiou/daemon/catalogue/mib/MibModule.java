package org.aeiou.daemon.catalogue.mib;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A module as it is written: what it takes from others, and what it defines.
 *
 * @param file what it was read from
 * @param imports for each name, the module that it comes from
 * @param definitions by name, in the order of the file
 * @param updated LAST-UPDATED, so that of two versions the later is known; empty if it is not said
 */
record MibModule(
    String name,
    Path file,
    int line,
    Map<String, String> imports,
    Map<String, Definition> definitions,
    String updated) {

  /** Something that a module gives a name to. */
  sealed interface Definition {
    String name();

    int line();
  }

  /**
   * A name for an object identifier.
   *
   * @param value what stands in the braces behind {@code ::=}
   */
  record Node(String name, int line, List<Step> value) implements Definition {}

  /**
   * An OBJECT-TYPE.
   *
   * @param syntax null if it cannot be read
   * @param access as written: {@code read-only}, {@code not-accessible}; empty if it is not said
   * @param status as written: {@code current}, {@code obsolete}
   * @param units or null
   * @param description or null
   * @param index null if there is no INDEX
   * @param augments the entry that it goes on with, or null
   */
  record ObjectType(
      String name,
      int line,
      List<Step> value,
      SyntaxClause syntax,
      String access,
      String status,
      String units,
      String description,
      List<IndexItem> index,
      String augments)
      implements Definition {}

  /**
   * A type with a name.
   *
   * @param hint the DISPLAY-HINT, or null
   */
  record NamedType(String name, int line, SyntaxClause syntax, String hint) implements Definition {}

  /**
   * A step of an object identifier: a name, a number, or both.
   *
   * @param name or null
   * @param number or -1
   */
  record Step(String name, long number) {}

  /**
   * A part of an INDEX.
   *
   * @param object its name; null where SMIv1 has a type instead
   * @param type null but there
   */
  record IndexItem(String object, SyntaxClause type, boolean isImplied) {}

  /**
   * A SYNTAX.
   *
   * @param type the name of what it refines: {@code DisplayString}, {@code OCTET STRING}
   * @param labels names of numbers, or of bits
   * @param ranges which numbers there are
   * @param sizes how many octets there are
   * @param isTable whether it is a SEQUENCE OF
   * @param isRow whether it is a SEQUENCE
   */
  record SyntaxClause(
      String type,
      LinkedHashMap<Long, String> labels,
      List<Range> ranges,
      List<Range> sizes,
      boolean isTable,
      boolean isRow) {

    static SyntaxClause of(String type) {
      return new SyntaxClause(type, new LinkedHashMap<>(), List.of(), List.of(), false, false);
    }
  }

  /** From a number to a number, both of them included. */
  record Range(long least, long most) {}
}
