package org.aeiou.daemon.attach.request;

import java.util.concurrent.atomic.LongAdder;

/** What was counted of the requests of all clients. Any thread. */
public final class RequestCounters {
  public final LongAdder completions = new LongAdder();
  public final LongAdder bells = new LongAdder();

  /** Errors of the daemon itself that ended a request or a turn. */
  public final LongAdder faults = new LongAdder();
}
