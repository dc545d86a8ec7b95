package org.aeiou.daemon.tree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.charset.Charset;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.metrics.EventRing;

/**
 * One monitored network element, by its name. What it is asked through changes when the
 * configuration is reloaded; nodes that were found before go on with the new one.
 *
 * <p>Any thread may call any method.
 */
public final class MonitoredSystem {
  private final String name;
  private final EventRing events;

  /**
   * Null after the system was taken out of the configuration. Written by a reload, published whole.
   */
  private volatile Endpoint endpoint;

  private volatile boolean shownByClass;

  private final Map<View, Node> nodes = new ConcurrentHashMap<>();

  MonitoredSystem(String name, EventRing events, Endpoint endpoint) {
    this.name = name;
    this.events = events;
    this.endpoint = endpoint;
  }

  /** The name, with slashes if it has any. */
  public String name() {
    return name;
  }

  /** What happened to it lately. */
  EventRing events() {
    return events;
  }

  /** What it is asked through now, or null if it was taken out of the configuration. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** What its texts are written in where they are not UTF-8. */
  public Charset charset() {
    Endpoint now = endpoint;
    return now == null ? ISO_8859_1 : now.charset();
  }

  /** Whether its attributes may be known in trees that show one TTL class. */
  boolean isShownByClass() {
    return shownByClass;
  }

  /** Takes note that such a tree has it. */
  void showByClass() {
    if (!shownByClass) {
      shownByClass = true;
    }
  }

  /** Returns whether it is another one than before; what is in it does not matter. */
  @SuppressWarnings("ReferenceEquality")
  boolean attach(Endpoint next) {
    boolean other = endpoint != next;
    endpoint = next;
    return other;
  }

  /** A node that there is once in each view, as many requests hold it; made when first wanted. */
  Node once(View view, Supplier<Node> made) {
    Node known = nodes.get(view);
    return known != null ? known : nodes.computeIfAbsent(view, any -> made.get());
  }
}
