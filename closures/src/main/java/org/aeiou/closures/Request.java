package org.aeiou.closures;

/**
 * One thing wanted by one requester. Returned by the submitting call; ends in exactly one {@link
 * Outcome}.
 *
 * <p>Any thread may call any method.
 */
public interface Request {

  /**
   * What a submitting call returns when the closure has already run: nothing is pending, nothing
   * can be cancelled.
   */
  Request IMMEDIATE = new Immediate();

  /**
   * Withdraws the request. Its closure runs soon with {@link Failure.Reason#CANCELLED}, on the
   * thread that would have run it, unless its outcome comes first; a fetch that no other request
   * waits for is dropped if it was not yet sent. Never blocks and never runs the closure inside
   * this call. Calling it again does nothing.
   */
  void cancel();

  /** Whether the request has had its outcome. */
  boolean isDone();
}
