package org.aeiou.closures;

/**
 * The code that runs at the outcome of a request, exactly once.
 *
 * <p>An <em>immediate</em> closure ({@code delayed == false}) runs inside the submitting call, on
 * the caller's stack and thread; it may do whatever its caller may do. A <em>delayed</em> closure
 * runs on a thread that owns other requests too: it must not block, wait or throw, and should do no
 * more than hand the outcome on. What it throws is counted and logged, and disturbs no other
 * request.
 *
 * <p>The context is the requester's own: it makes one closure serve any number of requests without
 * capturing, so that an immediate one allocates nothing.
 *
 * @param <V> the type of a reading's value
 * @param <C> the type of the requester's context
 */
@FunctionalInterface
public interface Closure<V, C> {

  /**
   * Runs at the outcome.
   *
   * @param context what the requester gave with the request; may be null if it gave null
   * @param outcome what the request ended in
   * @param delayed whether this runs after the submitting call returned, or may do so
   */
  void run(C context, Outcome<V> outcome, boolean delayed);
}
