/**
 * Groups: a burst of requests of one requester.
 *
 * <p>In come a {@link org.aeiou.closures.group.Source} (a cache, with what asks for the rest behind
 * it) and any number of keys, each with a closure; out go closures that ran inside the call,
 * requests that are pending, and {@link org.aeiou.closures.group.Progress} that can be asked for at
 * any time. This package knows {@link org.aeiou.closures} and nothing else.
 */
package org.aeiou.closures.group;
