package org.aeiou.daemon.catalogue.syntax;

/** A text that is no value of an attribute. The message says why, and what was expected. */
public final class NoValueException extends Exception {
  private static final long serialVersionUID = 1L;

  private static final int MOST_SHOWN = 40;

  private final boolean outOfRange;

  NoValueException(String message, boolean outOfRange) {
    super(message);
    this.outOfRange = outOfRange;
  }

  static NoValueException wrong(String text, String what, String expected) {
    return new NoValueException(shown(text) + " " + what + "; expected " + expected, false);
  }

  static NoValueException outOfRange(String text, String expected) {
    return new NoValueException(shown(text) + " is out of range; expected " + expected, true);
  }

  private static String shown(String text) {
    String some = text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
    return "'" + PlainText.printable(some).replace('\n', ' ') + "'";
  }

  /** Whether it is of the attribute's type, and too large, too small, too long or too short. */
  public boolean isOutOfRange() {
    return outOfRange;
  }
}
