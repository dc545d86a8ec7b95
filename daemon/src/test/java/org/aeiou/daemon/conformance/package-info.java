/**
 * The conformance suite of the clients: {@link org.aeiou.daemon.conformance.ConformanceCase Cases}
 * are data of {@code closures/src/test/conformance}, a {@link
 * org.aeiou.daemon.conformance.Performance} plays one of them with all clients at once, each in a
 * {@link org.aeiou.daemon.conformance.ClientDriver process of its own}, and compares what they
 * print. What happens to the daemon and its systems is a {@link
 * org.aeiou.daemon.conformance.World}'s.
 */
package org.aeiou.daemon.conformance;
