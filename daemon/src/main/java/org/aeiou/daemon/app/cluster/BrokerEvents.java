package org.aeiou.daemon.app.cluster;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.aeiou.daemon.cluster.broker.Broker;
import org.aeiou.daemon.metrics.Event;
import org.aeiou.daemon.metrics.Events;

/**
 * Tells how the broker is once it has been so for a moment: of what is told, the last must be what
 * holds, and a server that is started anew passes through more states than are told in a minute.
 */
final class BrokerEvents {
  static final long MOMENT_NANOS = Duration.ofMillis(300).toNanos();

  /** Runs what is to be done later, one after another. */
  interface Timer {
    void after(long nanos, Runnable task);
  }

  private final Supplier<Broker.State> broker;
  private final Timer timer;
  private final Consumer<Event> events;

  /** What was told last; of the timer's thread. */
  private Broker.State told;

  /**
   * Nothing is told yet.
   *
   * @param broker how it is at the moment
   */
  BrokerEvents(Supplier<Broker.State> broker, Timer timer, Consumer<Event> events) {
    this.broker = broker;
    this.timer = timer;
    this.events = events;
  }

  /** It is another than before. Any thread. */
  void changed(Broker.State state) {
    timer.after(
        MOMENT_NANOS,
        () -> {
          if (broker.get() == state && told != state) {
            told = state;
            events.accept(Events.broker(state.name().toLowerCase(Locale.ROOT)));
          }
        });
  }
}
