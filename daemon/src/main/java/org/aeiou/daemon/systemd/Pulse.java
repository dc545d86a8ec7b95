package org.aeiou.daemon.systemd;

import java.util.function.Consumer;

/**
 * A thread that does what it is given, one thing after the other. It is given something to do now
 * and then, to see whether it gets round to it: that also finds one that sleeps and is not woken.
 */
public final class Pulse implements Watched {
  private final String name;
  private final Consumer<Runnable> later;
  private volatile boolean answered = true;
  private long askedNanos;

  /**
   * A thread that was not asked yet.
   *
   * @param later has a task run on that thread, soon; does not wait
   */
  public Pulse(String name, Consumer<Runnable> later) {
    this.name = name;
    this.later = later;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long owedNanos(long nowNanos) {
    if (!answered) {
      return nowNanos - askedNanos;
    }
    answered = false;
    askedNanos = nowNanos;
    later.accept(this::sign);
    return 0;
  }

  private void sign() {
    answered = true;
  }
}
