/**
 * The words everything else is written in: a {@link org.aeiou.closures.Closure} runs exactly once
 * at the {@link org.aeiou.closures.Outcome} of a {@link org.aeiou.closures.Request}.
 *
 * <p>In come requests; out go outcomes. A request that the cache can answer runs its closure inside
 * the submitting call (<em>immediate</em>); any other goes through the {@link
 * org.aeiou.closures.scheduler completion scheduler} and its closure runs later, on another thread
 * (<em>delayed</em>). Nothing here knows what a system is made of or how it is asked.
 */
package org.aeiou.closures;
