package org.aeiou.closures.attached;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.aeiou.closures.Request;

/** Threads that wait for some requests of an attachment. Any thread. */
final class Waits {
  /** By request: the threads that wait for it. */
  private final Map<AttachedRequest<?>, Queue<Waiter>> waiting = new ConcurrentHashMap<>();

  /**
   * Waits until so many of the requests have ended or, of a watch, had an event since the call.
   *
   * @return whether that is so; not if it takes longer
   */
  boolean await(Collection<? extends Request> requests, int some, Duration patience)
      throws InterruptedException {
    Map<AttachedRequest<?>, AtomicInteger> left = new HashMap<>();
    int over = 0;
    for (Request request : Set.copyOf(requests)) {
      List<AttachedRequest<?>> parts = parts(request);
      AtomicInteger missing = new AtomicInteger(parts.size());
      parts.forEach(part -> left.put(part, missing));
      over += parts.isEmpty() ? 1 : 0;
    }
    int goal = Math.min(some, Set.copyOf(requests).size()) - over;
    if (goal <= 0) {
      return true;
    }
    Waiter waiter = new Waiter(new ConcurrentHashMap<>(left), new CountDownLatch(goal));
    try {
      for (AttachedRequest<?> each : left.keySet()) {
        waiting.compute(
            each,
            (request, others) -> {
              Queue<Waiter> those = others == null ? new ConcurrentLinkedQueue<>() : others;
              those.add(waiter);
              return those;
            });
        // After it is in there: what ends from here on finds it, what has ended is found here.
        if (each.isOver()) {
          waiter.happened(each);
        }
      }
      return waiter.latch.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      for (AttachedRequest<?> each : left.keySet()) {
        waiting.computeIfPresent(
            each,
            (request, those) -> {
              those.remove(waiter);
              return those.isEmpty() ? null : those;
            });
      }
    }
  }

  /** What has to end for a request to have ended. */
  private static List<AttachedRequest<?>> parts(Request request) {
    if (request instanceof AttachedChain chain) {
      return chain.steps();
    }
    return request instanceof AttachedRequest<?> attached ? List.of(attached) : List.of();
  }

  /** A closure of the request has returned. */
  void happened(AttachedRequest<?> request) {
    if (waiting.isEmpty()) {
      return;
    }
    Queue<Waiter> those = waiting.get(request);
    if (those != null) {
      those.forEach(waiter -> waiter.happened(request));
    }
  }

  /**
   * A thread that waits.
   *
   * @param left by request that it waits for, how many have to end with it to make one of them
   */
  private record Waiter(Map<AttachedRequest<?>, AtomicInteger> left, CountDownLatch latch) {
    void happened(AttachedRequest<?> request) {
      AtomicInteger missing = left.remove(request); // so that it counts once
      if (missing != null && missing.decrementAndGet() == 0) {
        latch.countDown();
      }
    }
  }
}
