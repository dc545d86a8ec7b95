package org.aeiou.daemon.cluster.member;

/**
 * Which ownership of a slot: a later one is greater. What carries an older one than is known is
 * dropped.
 *
 * @param incarnation which bucket of leases it was: when that was made, in nanoseconds since 1970
 * @param revision the revision at which the lease was acquired; renewals do not change it
 */
public record Epoch(long incarnation, long revision) implements Comparable<Epoch> {
  @Override
  public int compareTo(Epoch other) {
    int first = Long.compare(incarnation, other.incarnation);
    return first != 0 ? first : Long.compare(revision, other.revision);
  }

  @Override
  public String toString() {
    return Long.toString(incarnation, 36) + "." + revision;
  }
}
