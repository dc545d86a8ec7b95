/**
 * What was read lately: one {@link org.aeiou.daemon.cache.ReadingCache} for each system.
 *
 * <p>In come outcomes, from the thread that owns the system; out go readings, to any thread,
 * without a lock. How old a reading may be is the asker's business: the cache only knows when it
 * was taken.
 */
package org.aeiou.daemon.cache;
