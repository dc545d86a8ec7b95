package org.aeiou.daemon.catalogue.mib;

/** Text of a MIB as one line that any terminal and any YAML reader takes. */
final class PlainLine {
  private PlainLine() {}

  /** The text in one line, cut with an ellipsis; null if there is nothing in it. */
  static String of(String text, int longest) {
    if (text == null) {
      return null;
    }
    StringBuilder line = new StringBuilder(Math.min(text.length(), longest));
    boolean isSpace = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || Character.isISOControl(c) || Character.isSpaceChar(c)) {
        isSpace = !line.isEmpty();
        continue;
      }
      if (line.length() >= longest - 2) {
        return line.append('…').toString();
      }
      if (isSpace) {
        line.append(' ');
        isSpace = false;
      }
      boolean isOdd = Character.isSurrogate(c) || Character.getType(c) == Character.FORMAT;
      line.append(isOdd ? '?' : c);
    }
    return line.isEmpty() ? null : line.toString();
  }
}
