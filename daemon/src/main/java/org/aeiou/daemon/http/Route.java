package org.aeiou.daemon.http;

import org.eclipse.jetty.server.Handler;

/**
 * What answers a path.
 *
 * @param path {@code /metrics} for this path alone, {@code /api/v1/*} for it and all below; the
 *     longest that matches counts
 * @param handler answers and returns at once; completes the callback from any thread; always
 *     returns true
 * @param open whether it is answered without token and certificate: it tells nothing of value
 */
public record Route(String path, Handler handler, boolean open) {
  /** What is answered to those that may read. */
  public Route(String path, Handler handler) {
    this(path, handler, false);
  }
}
