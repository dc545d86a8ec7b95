package org.aeiou.closures.scheduler;

import java.util.ArrayList;
import java.util.List;

/**
 * The fetches of one system that wait for an exchange, interactive ones before background ones.
 * Used by the owner of the system only.
 */
final class SendQueue<K, V> {
  /**
   * How many fetches of other kinds a batch looks past. Without a bound, filling each batch could
   * walk the whole queue.
   */
  private static final int LOOK_PAST = 256;

  private final FetchList<K, V> interactive = new FetchList<>();
  private final FetchList<K, V> background = new FetchList<>();

  int size() {
    return interactive.size() + background.size();
  }

  void addLast(Fetch<K, V> fetch) {
    fetch.phase = Fetch.Phase.QUEUED;
    listOf(fetch).addLast(fetch);
  }

  /** Puts {@code fetch} before all others of its priority. */
  void addFirst(Fetch<K, V> fetch) {
    fetch.phase = Fetch.Phase.QUEUED;
    listOf(fetch).addFirst(fetch);
  }

  void remove(Fetch<K, V> fetch) {
    listOf(fetch).remove(fetch);
  }

  /** Makes {@code fetch} interactive, behind those that already are. */
  void promote(Fetch<K, V> fetch) {
    background.remove(fetch);
    fetch.interactive = true;
    interactive.addLast(fetch);
  }

  /** Takes out what the next exchange carries: as many as {@code most} allows, all of one kind. */
  List<Fetch<K, V>> takeBatch(BatchLimit most) {
    Fetch<K, V> first = interactive.first() == null ? background.first() : interactive.first();
    int limit = most.afterFailures(first.failedAttempts);
    List<Fetch<K, V>> batch = new ArrayList<>(Math.min(limit, size()));
    remove(first);
    batch.add(first);
    if (first.kind != null) {
      gather(interactive, first.kind, limit, batch);
      gather(background, first.kind, limit, batch);
    }
    return batch;
  }

  private void gather(FetchList<K, V> from, Object kind, int limit, List<Fetch<K, V>> batch) {
    int passed = 0;
    Fetch<K, V> fetch = from.first();
    while (fetch != null && batch.size() < limit && passed < LOOK_PAST) {
      Fetch<K, V> after = fetch.after;
      if (kind.equals(fetch.kind)) {
        from.remove(fetch);
        batch.add(fetch);
      } else {
        passed++;
      }
      fetch = after;
    }
  }

  private FetchList<K, V> listOf(Fetch<K, V> fetch) {
    return fetch.interactive ? interactive : background;
  }
}
