package org.aeiou.daemon.attach.request;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * The pending requests of a client by their numbers, linked through themselves: a million of them
 * take no objects beside. Guarded by the client's monitor.
 */
final class PendingByNumber {
  /** Not known to the client, which chooses the numbers: it cannot fill one bucket with them. */
  private static final long FACTOR = new SecureRandom().nextLong() | 1;

  private final int most;
  private ClientRequest[] buckets;
  private int shift;
  private int size;

  /**
   * None yet.
   *
   * @param few for about so many there is room at first; a power of two, and at least 2
   * @param most for about so many it grows; likewise
   */
  PendingByNumber(int few, int most) {
    this.most = most;
    resize(few);
  }

  private void resize(int count) {
    buckets = new ClientRequest[count];
    shift = Long.SIZE - Integer.numberOfTrailingZeros(count);
  }

  private void grow() {
    List<ClientRequest> those = all();
    resize(2 * buckets.length);
    size = 0;
    those.forEach(this::add);
  }

  int size() {
    return size;
  }

  void add(ClientRequest request) {
    if (size == buckets.length && size < most) {
      grow();
    }
    int bucket = bucket(request.number);
    request.sameBucket = buckets[bucket];
    buckets[bucket] = request;
    size++;
  }

  void remove(ClientRequest request) {
    int bucket = bucket(request.number);
    ClientRequest before = null;
    for (ClientRequest each = buckets[bucket]; each != null; each = each.sameBucket) {
      if (each == request) {
        if (before == null) {
          buckets[bucket] = each.sameBucket;
        } else {
          before.sameBucket = each.sameBucket;
        }
        each.sameBucket = null;
        size--;
        return;
      }
      before = each;
    }
  }

  /** The request with this number; null if there is none. */
  ClientRequest get(long number) {
    for (ClientRequest each = buckets[bucket(number)]; each != null; each = each.sameBucket) {
      if (each.number == number) {
        return each;
      }
    }
    return null;
  }

  List<ClientRequest> all() {
    List<ClientRequest> all = new ArrayList<>(size);
    for (ClientRequest first : buckets) {
      for (ClientRequest each = first; each != null; each = each.sameBucket) {
        all.add(each);
      }
    }
    return all;
  }

  /** How many share a bucket at the most. */
  int longest() {
    int longest = 0;
    for (ClientRequest first : buckets) {
      int length = 0;
      for (ClientRequest each = first; each != null; each = each.sameBucket) {
        length++;
      }
      longest = Math.max(longest, length);
    }
    return longest;
  }

  private int bucket(long number) {
    // The highest bits of the product depend on all bits of the number.
    return (int) ((number * FACTOR) >>> shift);
  }
}
