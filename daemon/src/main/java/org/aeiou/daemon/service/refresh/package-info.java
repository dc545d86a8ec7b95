/**
 * Refreshing readings behind the back of those that read them: when a stale one is read, and, of
 * what is watched or read regularly, before it is stale.
 *
 * <pre>
 *   CachedFetch ── read too late ──▶ RefreshAhead ──▶ Interest, one for a slot that is read regularly
 *   WatchedFiles ── watched ────────▶     │
 *                                         ▼ what is due of one system, in one burst
 *                                  RefreshedSystem ──▶ the scheduler, in the background
 * </pre>
 */
package org.aeiou.daemon.service.refresh;
