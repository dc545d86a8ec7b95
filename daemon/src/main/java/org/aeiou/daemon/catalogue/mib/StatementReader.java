package org.aeiou.daemon.catalogue.mib;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.catalogue.mib.MibModule.Definition;
import org.aeiou.daemon.catalogue.mib.MibModule.IndexItem;
import org.aeiou.daemon.catalogue.mib.MibModule.NamedType;
import org.aeiou.daemon.catalogue.mib.MibModule.Node;
import org.aeiou.daemon.catalogue.mib.MibModule.ObjectType;
import org.aeiou.daemon.catalogue.mib.MibModule.Step;
import org.aeiou.daemon.catalogue.mib.MibModule.SyntaxClause;
import org.aeiou.daemon.document.Problems;

/** Reads one statement: its clauses by keyword, in any order. For one thread. */
final class StatementReader {
  private static final long MOST_SUB_IDENTIFIER = 0xFFFF_FFFFL;
  private static final int MOST_STEPS = 128;
  private static final int MOST_INDEX_PARTS = 128;
  private static final int LONGEST_DESCRIPTION = 1000;
  private static final int LONGEST_UNITS = 100;

  private final TokenCursor cursor;
  private final SyntaxReader syntaxes;
  private final Problems problems;

  StatementReader(TokenCursor cursor, Problems problems) {
    this.cursor = cursor;
    this.syntaxes = new SyntaxReader(cursor);
    this.problems = problems;
  }

  /** What the statement that begins here defines; nothing if it is of no use. */
  List<Definition> read() {
    int line = cursor.line();
    String name = cursor.next().text();
    if (cursor.peek().is("OBJECT")) {
      cursor.next();
      cursor.next();
      cursor.next();
      List<Step> value = value(line, name);
      return value == null ? List.of() : List.of(new Node(name, line, value));
    }
    if (cursor.take("::=")) {
      return type(line, name);
    }
    String macro = cursor.next().text();
    return switch (macro) {
      case "OBJECT-TYPE" -> object(line, name);
      case "TRAP-TYPE" -> {
        skipClauses();
        yield List.of();
      }
      default -> {
        skipClauses();
        List<Step> value = cursor.take("::=") ? value(line, name) : null;
        yield value == null ? List.of() : List.of(new Node(name, line, value));
      }
    };
  }

  private List<Definition> type(int line, String name) {
    String hint = null;
    SyntaxClause syntax;
    if (cursor.take("TEXTUAL-CONVENTION")) {
      while (!cursor.isAtEnd() && !cursor.peek().is("SYNTAX") && !cursor.isStart()) {
        if (cursor.take("DISPLAY-HINT")) {
          hint = cursor.string();
        } else {
          cursor.next();
        }
      }
      syntax = cursor.take("SYNTAX") ? syntaxes.read() : null;
    } else {
      syntax = syntaxes.read();
    }
    if (syntax == null) {
      problems.add(line, name, "has no syntax that can be read; skipped");
      return List.of();
    }
    return List.of(new NamedType(name, line, syntax, hint));
  }

  private List<Definition> object(int line, String name) {
    Clauses clauses = new Clauses();
    while (!cursor.isAtEnd() && !cursor.peek().is("::=") && !cursor.isStart()) {
      clause(clauses);
    }
    if (!cursor.take("::=")) {
      problems.add(line, name, "has no value; expected '::= { PARENT NUMBER }' behind it; skipped");
      return List.of();
    }
    List<Step> value = value(line, name);
    if (value == null) {
      return List.of();
    }
    if (clauses.syntax == null) {
      problems.add(line, name, "has no SYNTAX that can be read; skipped");
      return List.of(new Node(name, line, value));
    }
    return List.of(
        new ObjectType(
            name,
            line,
            value,
            clauses.syntax,
            clauses.access,
            clauses.status,
            clauses.units,
            clauses.description,
            clauses.index,
            clauses.augments));
  }

  /** What an OBJECT-TYPE says; the first of each counts. */
  private static final class Clauses {
    private SyntaxClause syntax;
    private String access = "";
    private String status = "";
    private String units;
    private String description;
    private List<IndexItem> index;
    private String augments;
  }

  private void clause(Clauses into) {
    Token keyword = cursor.next();
    if (!keyword.isWord()) {
      return;
    }
    switch (keyword.text()) {
      case "SYNTAX" -> into.syntax = into.syntax == null ? syntaxes.read() : into.syntax;
      case "ACCESS", "MAX-ACCESS" -> {
        String word = cursor.word();
        into.access = word == null || !into.access.isEmpty() ? into.access : word;
      }
      case "STATUS" -> {
        String word = cursor.word();
        into.status = word == null || !into.status.isEmpty() ? into.status : word;
      }
      case "UNITS" -> into.units = PlainLine.of(cursor.string(), LONGEST_UNITS);
      case "DESCRIPTION" -> {
        String text = PlainLine.of(cursor.string(), LONGEST_DESCRIPTION);
        into.description = into.description == null ? text : into.description;
      }
      case "REFERENCE" -> cursor.string();
      case "INDEX" -> into.index = index();
      case "AUGMENTS" -> {
        cursor.take("{");
        into.augments = cursor.word();
        cursor.take("}");
      }
      case "DEFVAL" -> {
        if (cursor.peek().is("{")) {
          cursor.skipBrackets("{", "}");
        }
      }
      default -> {
        // A word of no meaning here, or a clause that nothing wants.
      }
    }
  }

  /** {@code { ifIndex, IMPLIED name }}; in SMIv1 also {@code { INTEGER }}. */
  private List<IndexItem> index() {
    List<IndexItem> items = new ArrayList<>();
    if (!cursor.take("{")) {
      return items;
    }
    boolean isImplied = false;
    while (!cursor.isAtEnd() && !cursor.peek().is("}") && !cursor.peek().is("::=")) {
      if (cursor.isStart()) {
        return items;
      }
      Token token = cursor.peek();
      if (token.is("IMPLIED")) {
        isImplied = true;
        cursor.next();
      } else if (!token.isWord()) {
        cursor.next();
      } else if (items.size() < MOST_INDEX_PARTS) {
        items.add(item(token, isImplied));
        isImplied = false;
      } else {
        cursor.next();
      }
    }
    cursor.take("}");
    return items;
  }

  private IndexItem item(Token token, boolean isImplied) {
    boolean isType = Character.isUpperCase(token.text().charAt(0)) && Types.isBase(token.text());
    if (isType || token.is("OCTET") || token.is("OBJECT")) {
      return new IndexItem(null, syntaxes.read(), isImplied);
    }
    if (cursor.peek(1).is(".") && cursor.peek(2).isWord()) {
      cursor.next();
      cursor.next();
    }
    return new IndexItem(cursor.next().text(), null, isImplied);
  }

  /** What stands in the braces of a value; null if nothing can be made of it, which is told. */
  private List<Step> value(int line, String name) {
    if (!cursor.take("{")) {
      problems.add(line, name, "has no value; expected '::= { PARENT NUMBER }' behind it; skipped");
      return null;
    }
    List<Step> steps = new ArrayList<>();
    while (!cursor.isAtEnd() && !cursor.take("}")) {
      if (cursor.isStart() || steps.size() == MOST_STEPS) {
        problems.add(line, name, "has a value without '}' behind it");
        break;
      }
      Token token = cursor.next();
      if (token.kind() == Token.Kind.NUMBER) {
        steps.add(new Step(null, SyntaxReader.number(token)));
      } else if (token.isWord()) {
        steps.add(new Step(token.text(), numberBehind()));
      }
    }
    for (Step step : steps) {
      boolean isNumber = step.name() == null || step.number() != -1;
      if (isNumber && (step.number() < 0 || step.number() > MOST_SUB_IDENTIFIER)) {
        problems.add(
            line,
            name,
            step.number()
                + " cannot be in an object identifier; expected 0 to 4294967295; skipped");
        return null;
      }
    }
    if (steps.isEmpty()) {
      problems.add(line, name, "has an empty value; expected '{ PARENT NUMBER }'; skipped");
      return null;
    }
    return steps;
  }

  /** The number in {@code iso(1)}, or -1 if there is none. */
  private long numberBehind() {
    if (!cursor.peek().is("(") || cursor.peek(1).kind() != Token.Kind.NUMBER) {
      return -1;
    }
    cursor.next();
    long number = SyntaxReader.number(cursor.next());
    cursor.take(")");
    return number;
  }

  /** Goes to the value of a statement whose clauses nothing wants. */
  private void skipClauses() {
    while (!cursor.isAtEnd() && !cursor.peek().is("::=")) {
      boolean isStart =
          cursor.isMacro() || cursor.isIdentifier() || cursor.isType() || cursor.isModule();
      if (isStart || cursor.peek().is("END")) {
        return;
      }
      cursor.next();
    }
  }
}
