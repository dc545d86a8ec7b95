package org.aeiou.daemon.backend.snmp.walk;

/**
 * What was learned of one agent by walking it. Any thread; what a race loses is learned again.
 *
 * @param limit how much fits into a response
 * @param pace whether time is gained by asking side by side
 * @param landmarks where its long tables have their middles
 * @param firstColumns of which tables the first column names the rows
 */
public record WalkLessons(
    Limit limit, Pace pace, WalkLandmarks landmarks, FirstColumns firstColumns) {

  public WalkLessons() {
    this(new Limit(), new Pace(), new WalkLandmarks(), new FirstColumns());
  }

  /** How many values one response of an agent may carry, as learned from its tooBig. */
  public static final class Limit {
    private volatile int cells = Integer.MAX_VALUE;

    public int cells() {
      return cells;
    }

    /** The agent said tooBig to a request for {@code asked} values. */
    public void tooBig(int asked) {
      cells = Math.min(cells, Math.max(1, asked / 2));
    }
  }

  /**
   * How long an agent takes to answer a walk's exchange, alone and beside another of the same walk.
   * One that does one thing after the other takes twice as long for two at once.
   */
  public static final class Pace {
    private volatile long alone;
    private volatile long beside;

    public void answered(boolean besideAnother, long nanos) {
      if (besideAnother) {
        beside = smoothed(beside, nanos);
      } else {
        alone = smoothed(alone, nanos);
      }
    }

    private static long smoothed(long before, long sample) {
      return before == 0 ? sample : before + (sample - before) / 8;
    }

    /**
     * Whether there is something to gain: not, if two at once took nearly twice as long. That is
     * forgotten little by little, as it may have been the network.
     */
    public boolean gains() {
      long two = beside;
      boolean gains = alone == 0 || two < alone + alone / 4 * 3;
      if (!gains) {
        beside = two - two / 64;
      }
      return gains;
    }
  }
}
