package org.aeiou.daemon.catalogue.mib;

import java.util.List;
import java.util.Set;

/** Where reading stands in a file, and where statements begin in it. For one thread. */
final class TokenCursor {
  private static final Set<String> MACROS =
      Set.of(
          "OBJECT-TYPE",
          "MODULE-IDENTITY",
          "OBJECT-IDENTITY",
          "NOTIFICATION-TYPE",
          "TRAP-TYPE",
          "OBJECT-GROUP",
          "NOTIFICATION-GROUP",
          "MODULE-COMPLIANCE",
          "AGENT-CAPABILITIES");

  private final List<Token> tokens;
  private final int last;
  private int at;

  TokenCursor(List<Token> tokens) {
    this.tokens = tokens;
    this.last = tokens.size() - 1;
  }

  /** The word so many further on; beyond the end, the end. */
  Token peek(int ahead) {
    return tokens.get(Math.min(last, at + ahead));
  }

  Token peek() {
    return peek(0);
  }

  Token next() {
    Token token = peek();
    at = Math.min(last, at + 1);
    return token;
  }

  boolean isAtEnd() {
    return at == last;
  }

  int line() {
    return peek().line();
  }

  /** Takes the word if it is this one. */
  boolean take(String expected) {
    boolean isThere = peek().is(expected);
    if (isThere) {
      next();
    }
    return isThere;
  }

  /** Takes a string, and returns what is in it; null if there is none here. */
  String string() {
    return peek().kind() == Token.Kind.STRING ? next().text() : null;
  }

  /** Takes a word, and returns it; null if there is none here. */
  String word() {
    return peek().isWord() ? next().text() : null;
  }

  /** Whether a statement with a macro begins here: {@code ifIndex OBJECT-TYPE}. */
  boolean isMacro() {
    return peek().isWord() && peek(1).isWord() && MACROS.contains(peek(1).text());
  }

  /** Whether {@code name OBJECT IDENTIFIER ::=} is here. */
  boolean isIdentifier() {
    return peek().isWord() && peek(1).is("OBJECT") && peek(2).is("IDENTIFIER") && peek(3).is("::=");
  }

  /** Whether {@code Name ::= SYNTAX} is here; not the end of a statement with a value. */
  boolean isType() {
    return peek().isWord()
        && peek(1).is("::=")
        && !peek(2).is("{")
        && peek(2).kind() != Token.Kind.NUMBER;
  }

  /** Whether a module begins here: {@code NAME DEFINITIONS}, {@code NAME { … } DEFINITIONS}. */
  boolean isModule() {
    if (!peek().isWord() || peek().is("END")) {
      return false;
    }
    if (peek(1).is("DEFINITIONS")) {
      return true;
    }
    if (!peek(1).is("{")) {
      return false;
    }
    for (int i = 2; i < MOST_OF_MODULE_NAME; i++) {
      if (peek(i).is("}")) {
        return peek(i + 1).is("DEFINITIONS");
      }
    }
    return false;
  }

  private static final int MOST_OF_MODULE_NAME = 40;

  /** Whether anything begins here that ends what was before, whatever that lacks. */
  boolean isStart() {
    return isMacro()
        || isIdentifier()
        || isType()
        || isModule()
        || (peek().isWord() && peek(1).is("MACRO") && peek(2).is("::="))
        || peek().is("END");
  }

  /** Goes behind the bracket that closes the one here; not beyond the beginning of a statement. */
  void skipBrackets(String open, String close) {
    int depth = 0;
    while (!isAtEnd()) {
      if (depth > 0 && isStart()) {
        return;
      }
      Token token = next();
      if (token.is(open)) {
        depth++;
      } else if (token.is(close) && --depth <= 0) {
        return;
      }
    }
  }
}
