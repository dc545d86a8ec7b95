package org.aeiou.daemon.attach;

import com.google.common.base.Ticker;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which programs were cut off, and why: a few lines a minute for each user, so that a program
 * that comes back again and again does not fill the log. Used by the server's thread.
 */
final class CutOffLog {
  private static final Logger LOG = LoggerFactory.getLogger(CutOffLog.class);
  private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int LINES_A_MINUTE = 5;

  private final Ticker ticker;
  private final Map<Integer, Minute> users = new HashMap<>();

  CutOffLog(Ticker ticker) {
    this.ticker = ticker;
  }

  /** What was said of a user's programs since a time. */
  private static final class Minute {
    private long begunNanos;
    private int lines;
    private long unsaid;
  }

  /** A program was cut off. */
  void add(int pid, int uid, String why) {
    long now = ticker.read();
    Minute minute = users.computeIfAbsent(uid, user -> begun(now));
    if (now - minute.begunNanos >= MINUTE_NANOS) {
      minute.begunNanos = now;
      minute.lines = 0;
    }
    if (minute.lines == LINES_A_MINUTE) {
      minute.unsaid++;
      return;
    }
    minute.lines++;
    String more = minute.unsaid == 0 ? "" : " (and " + minute.unsaid + " more of this user before)";
    minute.unsaid = 0;
    LOG.warn("process {} of user {} is cut off: {}{}", pid, uid, why, more);
  }

  private static Minute begun(long nowNanos) {
    Minute minute = new Minute();
    minute.begunNanos = nowNanos;
    return minute;
  }
}
