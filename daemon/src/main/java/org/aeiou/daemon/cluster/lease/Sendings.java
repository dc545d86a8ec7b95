package org.aeiou.daemon.cluster.lease;

/**
 * When the last attempts of a lease to write were sent, by the numbers that their values carry: so
 * that a value that is found tells from when on its lease counts.
 */
final class Sendings {
  /** With one attempt in flight at a time, many times what can come late. */
  private static final int REMEMBERED = 16;

  private long last;
  private final long[] sentAt = new long[REMEMBERED];
  private final long[] stepsAt = new long[REMEMBERED];

  /**
   * The number of an attempt that is sent now.
   *
   * @param steps by how much the store's clock was set forward so far
   */
  long add(long now, long steps) {
    last++;
    sentAt[at(last)] = now;
    stepsAt[at(last)] = steps;
    return last;
  }

  boolean remembers(long number) {
    return number > 0 && number <= last && number > last - REMEMBERED;
  }

  /** When a lease ends that was written by an attempt, if nothing keeps it longer. */
  long end(long number, LeaseTimes times, long steps) {
    return sentAt[at(number)] + times.ttl() - times.margin() - (steps - stepsAt[at(number)]);
  }

  private static int at(long number) {
    return (int) (number % REMEMBERED);
  }

  /** What an attempt writes. */
  static String value(String memberId, long number) {
    return memberId + "#" + Long.toString(number, 36);
  }

  /** Which attempt of a member wrote a value; 0 if none of its did. */
  static long number(String memberId, String value) {
    String start = memberId + "#";
    if (!value.startsWith(start)) {
      return 0;
    }
    try {
      return Long.parseLong(value.substring(start.length()), 36);
    } catch (NumberFormatException other) {
      return 0;
    }
  }
}
