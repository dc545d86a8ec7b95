package org.aeiou.closures.shard;

/**
 * How much of what many share one user may take: {@value #SHARE} times what is still free, and one
 * as long as there is any (A. Choudhury and E. Hahne, IEEE/ACM Transactions on Networking 6, 1998).
 * So one user alone has nearly all of it, and however many take what they can get there is always
 * room for another one.
 */
public final class DynamicThreshold {
  private static final long SHARE = 8;

  private DynamicThreshold() {}

  /**
   * Whether a user may have what it took.
   *
   * @param ofUser how much the user has with it
   * @param free how much is left after it; negative if it was not there to be taken
   */
  public static boolean allows(long ofUser, long free) {
    return free >= 0 && ofUser <= Math.max(1, SHARE * free);
  }
}
