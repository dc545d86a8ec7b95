package org.aeiou.daemon.catalogue.mib;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.aeiou.daemon.catalogue.mib.MibModule.Range;
import org.aeiou.daemon.catalogue.mib.MibModule.SyntaxClause;

/** Reads what stands behind SYNTAX, or behind the {@code ::=} of a type. For one thread. */
final class SyntaxReader {
  /** Far more than any enumeration has. */
  private static final int MOST_LABELS = 10_000;

  private static final int MOST_RANGES = 100;
  private static final int LONGEST_LABEL = 128;

  private final TokenCursor cursor;

  SyntaxReader(TokenCursor cursor) {
    this.cursor = cursor;
  }

  /** The syntax that begins here; null if none does. */
  SyntaxClause read() {
    if (cursor.peek().is("[")) {
      cursor.skipBrackets("[", "]");
    }
    cursor.take("IMPLICIT");
    cursor.take("EXPLICIT");
    if (cursor.take("SEQUENCE")) {
      return sequence();
    }
    if (cursor.take("CHOICE")) {
      cursor.skipBrackets("{", "}");
      return SyntaxClause.of("CHOICE");
    }
    String type = type();
    if (type == null) {
      return null;
    }
    LinkedHashMap<Long, String> labels = new LinkedHashMap<>();
    List<Range> ranges = new ArrayList<>();
    List<Range> sizes = new ArrayList<>();
    boolean isGoingOn = true;
    while (isGoingOn) {
      if (cursor.peek().is("{")) {
        labels(labels);
      } else if (cursor.take("SIZE")) {
        constraint(sizes, sizes);
      } else if (cursor.peek().is("(")) {
        constraint(ranges, sizes);
      } else {
        isGoingOn = false;
      }
    }
    return new SyntaxClause(type, labels, List.copyOf(ranges), List.copyOf(sizes), false, false);
  }

  private SyntaxClause sequence() {
    if (cursor.take("OF")) {
      String row = type();
      return new SyntaxClause(
          row == null ? "" : row, new LinkedHashMap<>(), List.of(), List.of(), true, false);
    }
    if (cursor.peek().is("{")) {
      cursor.skipBrackets("{", "}");
    }
    return new SyntaxClause("SEQUENCE", new LinkedHashMap<>(), List.of(), List.of(), false, true);
  }

  /** One or two words, or {@code MODULE.Type}. */
  private String type() {
    String word = cursor.word();
    if (word == null) {
      return null;
    }
    boolean isOfTwo =
        (word.equals("OCTET") && cursor.take("STRING"))
            || (word.equals("BIT") && cursor.take("STRING"))
            || (word.equals("OBJECT") && cursor.take("IDENTIFIER"));
    if (isOfTwo) {
      return word.equals("OCTET")
          ? "OCTET STRING"
          : word.equals("BIT") ? "BIT STRING" : "OBJECT IDENTIFIER";
    }
    if (cursor.peek().is(".") && cursor.peek(1).isWord()) {
      cursor.next();
      return cursor.word();
    }
    return word;
  }

  /** {@code { up(1), down(2) }}; what is no label is left out. */
  private void labels(Map<Long, String> labels) {
    cursor.next();
    StringJoiner name = new StringJoiner("-");
    while (!cursor.isAtEnd() && !cursor.peek().is("}") && !cursor.isStart()) {
      Token token = cursor.next();
      if (token.is("(") && cursor.peek().kind() == Token.Kind.NUMBER) {
        long number = number(cursor.next());
        cursor.take(")");
        String label = name.toString();
        if (!label.isEmpty() && labels.size() < MOST_LABELS && number != Long.MIN_VALUE) {
          labels.putIfAbsent(number, label.substring(0, Math.min(label.length(), LONGEST_LABEL)));
        }
        name = new StringJoiner("-");
      } else if (token.is(",")) {
        name = new StringJoiner("-");
      } else if (token.isWord() || token.kind() == Token.Kind.NUMBER) {
        name.add(token.text());
      }
    }
    cursor.take("}");
  }

  /** {@code (0..100 | 200)}, {@code (SIZE (0..255))}, and what is nearly that. */
  private void constraint(List<Range> ranges, List<Range> sizes) {
    List<Range> into = ranges;
    int depth = 0;
    boolean isUpTo = false;
    while (!cursor.isAtEnd() && !cursor.isStart()) {
      Token token = cursor.peek();
      if (token.is("(")) {
        depth++;
      } else if (token.is(")")) {
        depth--;
      } else if (depth == 0) {
        return;
      } else if (token.is("SIZE")) {
        into = sizes;
      } else if (token.is("..")) {
        isUpTo = true;
      } else if (bound(token) != Long.MIN_VALUE || token.is("MIN")) {
        bound(into, bound(token), isUpTo);
        isUpTo = false;
      }
      cursor.next();
      if (depth <= 0) {
        return;
      }
    }
  }

  private static void bound(List<Range> into, long number, boolean isUpTo) {
    if (isUpTo && !into.isEmpty()) {
      Range open = into.remove(into.size() - 1);
      into.add(new Range(open.least(), number));
    } else if (into.size() < MOST_RANGES) {
      into.add(new Range(number, number));
    }
  }

  private static long bound(Token token) {
    return token.is("MAX") ? Long.MAX_VALUE : number(token);
  }

  /** The number; the smallest there is if it is none, or too large to be one. */
  static long number(Token token) {
    if (token.kind() == Token.Kind.NUMBER) {
      try {
        return Long.parseLong(token.text());
      } catch (NumberFormatException e) {
        return token.text().startsWith("-") ? Long.MIN_VALUE : Long.MAX_VALUE;
      }
    }
    return Long.MIN_VALUE;
  }
}
