package org.aeiou.daemon.cli.attached;

import java.util.Comparator;

/** Of names with numbers in them: {@code eth2} comes before {@code eth10}. */
enum NaturalOrder implements Comparator<String> {
  INSTANCE;

  @Override
  public int compare(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() && j < b.length()) {
      int endA = endOfDigits(a, i);
      int endB = endOfDigits(b, j);
      int order;
      if (endA > i && endB > j) {
        String numberA = a.substring(i, endA).replaceFirst("^0+", "");
        String numberB = b.substring(j, endB).replaceFirst("^0+", "");
        order = Integer.compare(numberA.length(), numberB.length());
        order = order != 0 ? order : numberA.compareTo(numberB);
        i = endA;
        j = endB;
      } else {
        // A slash ends a name, and what is below it comes before what has a longer name.
        order = Integer.compare(rank(a.charAt(i++)), rank(b.charAt(j++)));
      }
      if (order != 0) {
        return order;
      }
    }
    int order = Integer.compare(a.length() - i, b.length() - j);
    return order != 0 ? order : a.compareTo(b);
  }

  private static int rank(char c) {
    return c == '/' ? 0 : c + 1;
  }

  private static int endOfDigits(String text, int from) {
    int end = from;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }
}
