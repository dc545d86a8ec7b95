package org.aeiou.daemon.cluster.gossip;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.daemon.backend.Notification;
import org.aeiou.daemon.cluster.message.Frame;
import org.aeiou.daemon.cluster.message.Post;
import org.aeiou.daemon.metrics.Event;
import org.aeiou.daemon.metrics.EventLog;

/**
 * Tells other members what happened to systems here, and which notifications came here; and takes
 * in what they tell. What was taken in is told to none, so that it goes round once.
 *
 * <p>A notification goes to all members and not only to the one that asks the system: that one
 * reads again what has changed, the others hold answers too, and must not go on to serve them.
 *
 * <p>Any thread.
 */
public final class Gossip implements Notification.Sink {
  private final MetricSet metrics = new MetricSet();
  private final Post post;
  private final EventLog events;
  private final Function<String, String> names;
  private final InstantSource clock;

  private final LongAdder told =
      metrics.counter("events-told", "Events of systems that other members were told of.");
  private final LongAdder heard =
      metrics.counter("events-heard", "Events of systems that other members told of.");
  private final LongAdder untold =
      metrics.counter(
          "untold", "Events and notifications that other members were not told of: no broker.");
  private final LongAdder ofOthers =
      metrics.counter(
          "events-unknown", "Events dropped that are of no system of this configuration.");
  private final LongAdder notified =
      metrics.counter(
          "notified", "Notifications of systems that came to other members, storms included.");

  /** Takes in that what is held of systems may be wrong. On a thread of the broker. */
  public interface Doubts {
    /** A notification came to another member. */
    void changed(Notification notification);

    /** Anything may have changed in these systems. */
    void doubted(List<String> systems);
  }

  /**
   * Tells nothing yet.
   *
   * @param names what members are called, by their ids; null of those that are not known
   */
  public Gossip(Post post, EventLog events, Function<String, String> names, InstantSource clock) {
    this.post = post;
    this.events = events;
    this.names = names;
    this.clock = clock;
  }

  /** Tells and hears from now on. */
  public void start(Doubts doubts) {
    events.share(this::tell);
    post.receive(Frame.Happened.class, this::happened);
    post.receive(
        Frame.Notified.class,
        (sender, frame, age) -> {
          notified.increment();
          doubts.changed(frame.notification());
        });
    post.receive(
        Frame.Doubted.class,
        (sender, frame, age) -> {
          notified.increment();
          doubts.doubted(frame.systems());
        });
  }

  private void tell(Event event, long millis) {
    if (send(post.toEvents(new Frame.Happened(event, Math.max(0, clock.millis() - millis))))) {
      told.increment();
    }
  }

  private boolean send(boolean isSent) {
    if (!isSent) {
      untold.increment();
    }
    return isSent;
  }

  private void happened(String sender, Frame.Happened happened, long ageNanos) {
    String name = names.apply(sender);
    long millis = clock.millis() - happened.agoMillis();
    boolean isTaken =
        events.takeIn(happened.event(), Math.max(0, millis), name == null ? sender : name);
    (isTaken ? heard : ofOthers).increment();
  }

  @Override
  public void notified(Notification notification) {
    send(post.toAll(new Frame.Notified(notification)));
  }

  @Override
  public void dropped(List<String> systems, String from, long count, long nanos) {
    send(post.toAll(new Frame.Doubted(systems)));
  }

  /** What was told and heard. */
  public MetricSet metrics() {
    return metrics;
  }
}
