/**
 * Reading ahead: a miss of one reader brings along what it is likely to read next, as the kernel
 * does for a file.
 *
 * <pre>
 *   service.AttributeRead ──missed──▶ ReadAhead ──▶ Pattern: what next?   one for each reader and group
 *   cache.Slot ──read, wasted──▶ Prefetched ─────▶ Pattern                what became of it
 *                                ReadAhead ──background requests──▶ scheduler
 * </pre>
 *
 * <p>{@link org.aeiou.daemon.service.ahead.Pattern} decides and asks nothing; {@link
 * org.aeiou.daemon.service.ahead.ReadAhead} asks, and is told.
 */
package org.aeiou.daemon.service.ahead;
