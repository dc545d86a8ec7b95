package org.aeiou.daemon.attach.request;

import com.google.common.base.Ticker;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.shard.Timer;
import org.aeiou.closures.shard.TimingWheel;
import org.aeiou.closures.shared.Operation;

/**
 * When the requests of a client must have ended, those that say so: in a timing wheel, so that a
 * hundred thousand of them take no thread, and no look at each. Guarded by the client's monitor.
 */
public final class Deadlines {
  /** Of clients of an older minor version the place in a page means nothing. */
  private static final int FIRST_MINOR = 3;

  /** How many are told of at once: the client's other requests have their turns between them. */
  private static final int MOST = 256;

  private final Ticker ticker;
  private final boolean areHeeded;

  /** Null until a request has a deadline. */
  private TimingWheel wheel;

  private final List<ClientRequest> passed = new ArrayList<>();

  /**
   * None yet.
   *
   * @param ticker CLOCK_MONOTONIC, which the client reads too
   * @param minor the minor version of the protocol that the client speaks
   */
  public Deadlines(Ticker ticker, int minor) {
    this.ticker = ticker;
    areHeeded = minor >= FIRST_MINOR;
  }

  /** The time by which a request must have ended. */
  final class Deadline extends Timer {
    private final ClientRequest request;

    Deadline(ClientRequest request) {
      this.request = request;
    }

    @Override
    protected void fire() {
      passed.add(request);
    }

    /** When it is, by the ticker. */
    long nanos() {
      return dueNanos;
    }

    private boolean hasPassed(long nowNanos) {
      return dueNanos - nowNanos <= 0;
    }
  }

  /**
   * Takes in the deadline of a request.
   *
   * @param nanos what its page says; 0 for none, and from 2<sup>63</sup> on it never comes
   */
  void add(ClientRequest request, long nanos) {
    if (nanos <= 0 || !areHeeded || !mayHaveOne(request.operation)) {
      return;
    }
    if (wheel == null) {
      wheel = new TimingWheel(ticker.read());
    }
    request.deadline = new Deadline(request);
    wheel.add(request.deadline, nanos);
  }

  /** In the page of a cancel its target is there; a watch ends when it is withdrawn. */
  private static boolean mayHaveOne(int operation) {
    return operation != Operation.CANCEL
        && operation != Operation.CANCEL_GROUP
        && operation != Operation.WATCH;
  }

  /** The request has its outcome. */
  void remove(ClientRequest request) {
    if (request.deadline != null) {
      wheel.remove(request.deadline);
    }
  }

  /** Whether the deadline of a request, if it has one, has passed. */
  boolean hasPassed(ClientRequest request) {
    return request.deadline != null && request.deadline.hasPassed(ticker.read());
  }

  /** Whether a request ever had one. The thread that adds them, also without the monitor. */
  boolean wereAny() {
    return wheel != null;
  }

  /** Takes out those whose deadlines have passed, or some of them; there must have been one. */
  List<ClientRequest> takePassed() {
    wheel.advance(ticker.read(), MOST);
    List<ClientRequest> those = List.copyOf(passed);
    passed.clear();
    return those;
  }

  /** For how long from now none passes; there must have been one. */
  long nanosToNext() {
    return wheel.nanosToNext(ticker.read());
  }

  /** How many requests have one. */
  int size() {
    return wheel == null ? 0 : wheel.size();
  }
}
