package org.aeiou.daemon.cluster.lease;

import java.util.function.Consumer;

/**
 * Where leases are kept: a key-value bucket in which a key ends a time to live after its last
 * update. Any thread may call any method; none waits. Each call has one verdict, from any thread,
 * soon after its time-out at the latest.
 */
public interface LeaseStore extends AutoCloseable {

  /** What became of an attempt. */
  sealed interface Verdict {
    /** It was done; this is the revision now. */
    record Stored(long revision) implements Verdict {}

    /** It was not done: the key is there, or is another revision than was expected. */
    record Refused() implements Verdict {}

    /** What a read found. */
    record Found(long revision, String value) implements Verdict {}

    /** There is no such key. */
    record Absent() implements Verdict {}

    /** It may have been done, or may be done later. */
    record Unknown(String why) implements Verdict {}
  }

  /** Told of the store itself, on a thread of it; must not wait. */
  interface Listener {
    /**
     * The bucket was looked at after a connection was made. What was asked for before is not sent
     * any more.
     *
     * @param incarnation when the bucket was made, in nanoseconds since 1970; another one is
     *     another bucket
     * @param ageNanos how long ago that was, by the server's own clock; 0 if that is not known
     */
    void opened(long incarnation, long ageNanos);

    /** No attempt can succeed until {@link #opened}. */
    void closed();

    /** The server's wall clock, by which keys end, was set by so much. */
    void stepped(long millis);
  }

  /** Makes a key that is not there. */
  void create(int slot, String value, long timeoutNanos, Consumer<Verdict> then);

  /** Updates a key that is still at a revision. */
  void renew(int slot, long revision, String value, long timeoutNanos, Consumer<Verdict> then);

  void read(int slot, long timeoutNanos, Consumer<Verdict> then);

  /**
   * Takes a key away that is still at a revision; leaves no marker. Done: {@link Verdict.Absent}.
   */
  void release(int slot, long revision, long timeoutNanos, Consumer<Verdict> then);

  void listen(Listener listener);

  @Override
  void close();
}
