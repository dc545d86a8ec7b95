/**
 * Groups: a burst of requests of one requester.
 *
 * <p>In come a {@link org.aeiou.closures.group.Source} (whoever knows what is in the cache, and
 * whom to ask for the rest) and any number of keys, each with a closure; out go closures that ran
 * inside the call, requests that are pending, and {@link org.aeiou.closures.group.Progress} that
 * can be asked for at any time. This package knows {@link org.aeiou.closures} and the {@link
 * org.aeiou.closures.Burst} of the scheduler, and neither of them knows it.
 */
package org.aeiou.closures.group;
