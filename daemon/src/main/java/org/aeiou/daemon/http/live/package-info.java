/**
 * The event stream: what a browser shows is kept fresh, and told to it as it changes, for as long
 * as it looks.
 *
 * <pre>
 *   GET stream, POST what it shows ──▶ StreamHandler ──▶ Streams ──▶ Stream ──frames──▶ Outlet
 *                                                          │            ▲ which of its cells are new
 *   caches, watches ──(any thread)──▶ Cells ── mail ──────▶│            │
 *        one Cell a path, however many streams: one watch, encoded once ┘
 * </pre>
 *
 * <p>One thread, which never waits, has all of it: streams, cells and what is written. Other
 * threads leave word: that a file has changed, that a frame is written, that a browser has gone.
 *
 * <p>A stream keeps no frames. It knows which of its cells are new since it wrote last, and makes
 * the next frame of those when the one before is written: a reader that is slow gets the newest of
 * each, and costs a frame and a few bytes for each of its cells. A browser that comes back says how
 * far it got, by a number that each change of a cell has; what changed after it is new to it.
 */
package org.aeiou.daemon.http.live;
