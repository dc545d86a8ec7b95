/**
 * The server that all that is answered over HTTP stands on: where it listens, which requests it
 * refuses, and the bounds. It knows none of what it serves.
 *
 * <pre>
 *   a connection ──▶ HttpServer ──▶ Guard ──▶ the Route with the longest path ──▶ its Handler
 *                                     │
 *                                     └ Reply: a short answer, in one call
 * </pre>
 *
 * <p>A route is a path and a {@link org.eclipse.jetty.server.Handler}, which returns at once and
 * completes its callback later, from any thread. {@code app} hands the routes in. No class of this
 * room, and none of Jetty's, is loaded where HTTP is not configured.
 */
package org.aeiou.daemon.http;
