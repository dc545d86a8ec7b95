package org.aeiou.daemon.cluster.lease;

import java.util.HashMap;
import java.util.Map;
import org.aeiou.daemon.cluster.lease.LeaseStore.Verdict;

/**
 * The server: a bucket on a disk, in which a key ends a time to live after its last update by the
 * server's wall clock, not a moment later.
 */
final class ModelBucket {
  private record Entry(long revision, String value, long stored) {}

  private final ModelTime time;
  private final long ttl;
  private final Map<Integer, Entry> entries = new HashMap<>();
  private final Map<Integer, Long> written = new HashMap<>();
  private long sequence;
  private long made;

  /** What the wall clock shows beyond the time. */
  private long wall = 1_000_000_000_000_000_000L;

  boolean isUp = true;

  /** Counts its starts: what was sent to an earlier run does not reach a later one. */
  int run;

  /** What came to it, and how much it sent. */
  long received;

  ModelBucket(ModelTime time, long ttl) {
    this.time = time;
    this.ttl = ttl;
    this.made = wall();
  }

  /** When a key was written last. */
  long written(int slot) {
    return written.getOrDefault(slot, 0L);
  }

  long wall() {
    return wall + time.now;
  }

  long incarnation() {
    return made;
  }

  long age() {
    return wall() - made;
  }

  void step(long nanos) {
    wall += nanos;
  }

  void stop() {
    isUp = false;
    run++;
  }

  void start(boolean isWiped) {
    isUp = true;
    if (isWiped) {
      entries.clear();
      sequence = 0;
      made = wall();
    }
  }

  private Entry at(int slot) {
    Entry entry = entries.get(slot);
    if (entry != null && wall() - entry.stored >= ttl) {
      entries.remove(slot);
      return null;
    }
    return entry;
  }

  Verdict write(int slot, long expected, String value) {
    received++;
    Entry entry = at(slot);
    if ((entry == null ? 0 : entry.revision) != expected) {
      return new Verdict.Refused();
    }
    entries.put(slot, new Entry(++sequence, value, wall()));
    written.put(slot, time.now);
    return new Verdict.Stored(sequence);
  }

  Verdict read(int slot) {
    received++;
    Entry entry = at(slot);
    return entry == null ? new Verdict.Absent() : new Verdict.Found(entry.revision, entry.value);
  }

  Verdict release(int slot, long revision) {
    received++;
    Entry entry = at(slot);
    if (entry != null && entry.revision <= revision) {
      entries.remove(slot);
    }
    return new Verdict.Absent();
  }
}
