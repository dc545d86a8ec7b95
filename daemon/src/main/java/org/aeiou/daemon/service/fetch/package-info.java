/**
 * One question, or several that make one request: answered from the cache inside the call, or asked
 * through the scheduler.
 *
 * <pre>
 *   AttributeRead ───┐   the row first, then the value with the label that proves it
 *   DirectoryRequest ┴─▶ CachedFetch: a hit, or a miss ─▶ scheduler
 *                          └─▶ SilentSystemProbes
 *   CachePeek: what the cache holds, asking nothing
 * </pre>
 */
package org.aeiou.daemon.service.fetch;
