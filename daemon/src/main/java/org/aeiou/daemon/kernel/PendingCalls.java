package org.aeiou.daemon.kernel;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The calls that wait for their outcome, by the kernel's number for them. A call is here from the
 * time it is known to be a miss until a thread claims it. Any thread may call any method.
 */
final class PendingCalls {
  private final ConcurrentHashMap<Long, Call> calls = new ConcurrentHashMap<>();
  private volatile boolean stopped;

  /**
   * Adds a call. Its outcome may have come already.
   *
   * @return false if it cannot wait: its number is taken, or the session has ended
   */
  boolean add(Call call) {
    if (calls.putIfAbsent(call.unique, call) != null) {
      return false;
    }
    // The thread that claims a call removes it afterwards. If that was before the line above, this
    // thread removes it. The claim is volatile, so one of the two sees the other.
    if (call.isClaimed()) {
      remove(call);
    }
    // The same between adding and ending.
    return !stopped;
  }

  Call get(long unique) {
    return calls.get(unique);
  }

  void remove(Call call) {
    calls.remove(call.unique, call);
  }

  /** Lets no call wait any more. Those that do are handed over, each at least once. */
  void stop(Consumer<Call> each) {
    stopped = true;
    calls.values().forEach(each);
  }

  long size() {
    return calls.mappingCount();
  }
}
