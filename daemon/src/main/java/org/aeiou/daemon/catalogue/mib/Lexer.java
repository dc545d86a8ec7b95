package org.aeiou.daemon.catalogue.mib;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.aeiou.daemon.document.Problems;

/**
 * Parts a MIB file into words. Nothing stops it: characters that mean nothing are left out. A
 * comment goes on to the end of its line, as authors mean it, also where ASN.1 would end it at the
 * next two hyphens. For one thread.
 */
final class Lexer {
  /** More words than the largest MIB known has, by ten; what follows is not read. */
  static final int MOST_TOKENS = 4_000_000;

  /** What ends a statement; alone in a line it stands in no description. */
  private static final Pattern VALUE_LINE =
      Pattern.compile("\\s*::=\\s*\\{\\s*[\\w-]+\\s+\\d+\\s*\\}\\s*");

  private static final Pattern STATEMENT_LINE =
      Pattern.compile("\\s*[\\w-]+\\s+(OBJECT-TYPE|OBJECT-IDENTITY|NOTIFICATION-TYPE)\\s*");

  private static final int LONGEST_DIGITS = 64;

  private final String text;
  private final Problems problems;

  /** Whether a string is taken to end where a statement ends. */
  private final boolean isGuessing;

  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;
  private boolean isOpenAtEnd;

  private Lexer(String text, Problems problems, boolean isGuessing) {
    this.text = text;
    this.problems = problems;
    this.isGuessing = isGuessing;
  }

  /** The words, with one of the kind END behind them; what is wrong is told. */
  static List<Token> tokens(String text, Problems problems) {
    Lexer lexer = new Lexer(text, problems, false);
    List<Token> tokens = lexer.run();
    if (lexer.isOpenAtEnd) {
      // A quote is missing somewhere, from which on all is the other way round.
      return new Lexer(text, problems, true).run();
    }
    return tokens;
  }

  private List<Token> run() {
    while (at < text.length() && tokens.size() < MOST_TOKENS) {
      char c = text.charAt(at);
      if (c == '\n') {
        line++;
        at++;
      } else if (isWordPart(c)) {
        word();
      } else if (c == '-') {
        hyphen();
      } else if (c == '"') {
        string();
      } else if (c == '\'') {
        digits();
      } else if (text.startsWith("::=", at)) {
        symbol("::=");
      } else if (text.startsWith("..", at)) {
        symbol("..");
      } else if (c > ' ' && c < 0x7F) {
        symbol(String.valueOf(c));
      } else {
        at++;
      }
    }
    if (at < text.length()) {
      problems.add(line, "", "the file goes on for more than " + MOST_TOKENS + " words; not read");
    }
    tokens.add(new Token(Token.Kind.END, "", line));
    return tokens;
  }

  private static boolean isWordPart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  private void symbol(String symbol) {
    tokens.add(new Token(Token.Kind.SYMBOL, symbol, line));
    at += symbol.length();
  }

  private void word() {
    int from = at;
    boolean isNumber = true;
    while (at < text.length()
        && (isWordPart(text.charAt(at))
            || (text.charAt(at) == '-' && !text.startsWith("--", at)))) {
      isNumber &= text.charAt(at) >= '0' && text.charAt(at) <= '9';
      at++;
    }
    tokens.add(
        new Token(isNumber ? Token.Kind.NUMBER : Token.Kind.WORD, text.substring(from, at), line));
  }

  /** A comment, or a negative number. */
  private void hyphen() {
    if (text.startsWith("--", at)) {
      int end = text.indexOf('\n', at);
      at = end < 0 ? text.length() : end;
      return;
    }
    int from = at++;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at > from + 1) {
      tokens.add(new Token(Token.Kind.NUMBER, text.substring(from, at), line));
    }
  }

  private void string() {
    int from = at + 1;
    int end = text.indexOf('"', from);
    int missing = isGuessing ? missingQuote(from, end < 0 ? text.length() : end) : -1;
    if (missing >= 0) {
      problems.add(line, "", "the quote that opens here is not closed");
      end = missing;
    } else if (end < 0) {
      isOpenAtEnd = true;
      end = text.length();
    }
    tokens.add(new Token(Token.Kind.STRING, text.substring(from, end), line));
    line += newLines(from, end);
    at = missing >= 0 ? end : Math.min(text.length(), end + 1);
  }

  /** Where the first line of a string begins that belongs to no string; -1 if there is none. */
  private int missingQuote(int from, int end) {
    int start = text.indexOf('\n', from);
    while (start >= 0 && start < end) {
      int next = text.indexOf('\n', start + 1);
      int stop = next < 0 || next > end ? end : next;
      String one = text.substring(start + 1, Math.min(stop, start + 1 + LONGEST_LINE));
      if (VALUE_LINE.matcher(one).matches() || STATEMENT_LINE.matcher(one).matches()) {
        return start;
      }
      start = next;
    }
    return -1;
  }

  private static final int LONGEST_LINE = 200;

  private int newLines(int from, int end) {
    int count = 0;
    for (int i = text.indexOf('\n', from); i >= 0 && i < end; i = text.indexOf('\n', i + 1)) {
      count++;
    }
    return count;
  }

  /** {@code '7fffffff'H}, {@code '0101'B}; anything else between such quotes is left out. */
  private void digits() {
    int end = text.indexOf('\'', at + 1);
    if (end < 0 || end - at > LONGEST_DIGITS || end + 1 >= text.length()) {
      at++;
      return;
    }
    String digits = text.substring(at + 1, end).replaceAll("\\s", "");
    char base = Character.toLowerCase(text.charAt(end + 1));
    int radix = base == 'h' ? 16 : base == 'b' ? 2 : 0;
    if (radix == 0 || !digits.matches(radix == 16 ? "[0-9a-fA-F]*" : "[01]*")) {
      at++;
      return;
    }
    String number = digits.isEmpty() ? "0" : new BigInteger(digits, radix).toString();
    tokens.add(new Token(Token.Kind.NUMBER, number, line));
    line += newLines(at, end);
    at = end + 2;
  }
}
