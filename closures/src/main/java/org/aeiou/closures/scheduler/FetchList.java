package org.aeiou.closures.scheduler;

/** Fetches in the order in which they will be sent; any of them can be taken out in O(1). */
final class FetchList<K, V> {
  private Fetch<K, V> first;
  private Fetch<K, V> last;
  private int size;

  Fetch<K, V> first() {
    return first;
  }

  int size() {
    return size;
  }

  void addFirst(Fetch<K, V> fetch) {
    fetch.after = first;
    if (first == null) {
      last = fetch;
    } else {
      first.before = fetch;
    }
    first = fetch;
    size++;
  }

  void addLast(Fetch<K, V> fetch) {
    fetch.before = last;
    if (last == null) {
      first = fetch;
    } else {
      last.after = fetch;
    }
    last = fetch;
    size++;
  }

  void remove(Fetch<K, V> fetch) {
    if (fetch.before == null) {
      first = fetch.after;
    } else {
      fetch.before.after = fetch.after;
    }
    if (fetch.after == null) {
      last = fetch.before;
    } else {
      fetch.after.before = fetch.before;
    }
    fetch.before = null;
    fetch.after = null;
    size--;
  }
}
