package org.aeiou.daemon.catalogue.mib;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.catalogue.mib.MibModule.Definition;
import org.aeiou.daemon.document.Problems;

/**
 * Reads the modules of a file, SMIv1 and SMIv2 alike. It looks for where statements begin, reads
 * their clauses by keyword in any order, and at nonsense goes on where the next one begins. Nothing
 * recurs, so that no input is too deep. For one thread.
 */
final class ModuleReader {
  /** More than the largest MIB known has, by ten. */
  static final int MOST_DEFINITIONS = 200_000;

  private final TokenCursor cursor;
  private final StatementReader statements;
  private final Path file;
  private final Problems problems;
  private final List<MibModule> modules = new ArrayList<>();
  private int definitions;

  private ModuleReader(String text, Path file, Problems problems) {
    this.cursor = new TokenCursor(Lexer.tokens(text, problems));
    this.statements = new StatementReader(cursor, problems);
    this.file = file;
    this.problems = problems;
  }

  /** The modules in a text; what is wrong is told. None if it is no MIB at all. */
  static List<MibModule> read(String text, Path file, Problems problems) {
    ModuleReader reader = new ModuleReader(text, file, problems);
    reader.run();
    return reader.modules;
  }

  private void run() {
    while (!cursor.isAtEnd()) {
      if (cursor.isModule()) {
        module();
      } else {
        cursor.next();
      }
    }
  }

  private void module() {
    int line = cursor.line();
    String name = cursor.next().text();
    if (cursor.peek().is("{")) {
      cursor.skipBrackets("{", "}");
    }
    while (!cursor.isAtEnd() && !cursor.take("BEGIN") && !cursor.peek().is("IMPORTS")) {
      cursor.next();
    }
    Map<String, String> imports = new HashMap<>();
    Map<String, Definition> defined = new LinkedHashMap<>();
    String updated = "";
    while (!cursor.isAtEnd() && !cursor.isModule()) {
      if (cursor.peek().is("END") && isEnd()) {
        cursor.next();
        break;
      }
      if (cursor.take("IMPORTS")) {
        imports(imports);
      } else if (cursor.peek().is("EXPORTS")) {
        skipTo(";");
      } else if (cursor.peek(1).is("MACRO") && cursor.peek(2).is("::=")) {
        skipTo("END");
      } else if (cursor.isMacro() || cursor.isIdentifier() || cursor.isType()) {
        if (cursor.peek(1).is("MODULE-IDENTITY") && cursor.peek(2).is("LAST-UPDATED")) {
          updated = cursor.peek(3).text();
        }
        statement(defined);
      } else {
        cursor.next();
      }
    }
    modules.add(new MibModule(name, file, line, imports, defined, updated));
  }

  /** Whether this END closes the module: what stands behind it may be words of no module at all. */
  private boolean isEnd() {
    for (int i = 1; i < FAR_BEHIND_END; i++) {
      Token token = cursor.peek(i);
      if (token.kind() == Token.Kind.END || token.is("DEFINITIONS")) {
        return true;
      }
      if (token.is("OBJECT-TYPE") || token.is("::=")) {
        // A second END, or one too early: statements follow.
        return false;
      }
    }
    return true;
  }

  private static final int FAR_BEHIND_END = 12;

  private void statement(Map<String, Definition> defined) {
    for (Definition definition : statements.read()) {
      if (++definitions > MOST_DEFINITIONS) {
        if (definitions == MOST_DEFINITIONS + 1) {
          problems.add(
              definition.line(),
              definition.name(),
              "is definition number " + definitions + " of the file; the rest is left out");
        }
        return;
      }
      Definition before = defined.putIfAbsent(definition.name(), definition);
      if (before != null && !before.getClass().equals(definition.getClass())) {
        // Two of one kind are usually the same, written twice.
        problems.add(
            definition.line(),
            definition.name(),
            "is defined twice; the first is in line " + before.line());
      }
    }
  }

  /** {@code a, b FROM X c FROM Y;}, with or without the commas and the semicolon. */
  private void imports(Map<String, String> imports) {
    List<String> names = new ArrayList<>();
    while (!cursor.isAtEnd() && !cursor.take(";")) {
      boolean isListed = cursor.peek(2).is(",") || cursor.peek(2).is("FROM");
      if (cursor.isStart() && !(cursor.isMacro() && isListed)) {
        problems.add(cursor.line(), "IMPORTS", "there is no ';' before this line");
        return;
      }
      if (cursor.take("FROM")) {
        String from = cursor.word();
        for (String name : names) {
          imports.putIfAbsent(name, from == null ? "" : from);
        }
        names.clear();
      } else {
        String name = cursor.word();
        if (name == null) {
          cursor.next();
        } else {
          names.add(name);
        }
      }
    }
  }

  private void skipTo(String end) {
    while (!cursor.isAtEnd() && !cursor.take(end)) {
      if (cursor.isModule()) {
        return;
      }
      cursor.next();
    }
  }
}
