package org.aeiou.daemon.catalogue.mib;

/**
 * A word of a MIB file.
 *
 * @param text of a string what is between its quotes
 * @param line counted from 1
 */
record Token(Kind kind, String text, int line) {

  /** What words there are. */
  enum Kind {
    /** A name or a keyword; real files have names that begin with a digit or hold underscores. */
    WORD,
    /** A decimal number, or one of quoted hexadecimal or binary digits; its text is decimal. */
    NUMBER,
    STRING,
    /** {@code ::=}, {@code ..}, or a single character. */
    SYMBOL,
    END
  }

  boolean is(String expected) {
    return kind != Kind.STRING && text.equals(expected);
  }

  boolean isWord() {
    return kind == Kind.WORD;
  }
}
