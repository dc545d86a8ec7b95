/**
 * What the daemon wants of a network and how it is asked for, whatever the protocol.
 *
 * <p>In come {@link org.aeiou.daemon.backend.Question questions}; out go {@link
 * org.aeiou.daemon.backend.Value values}; what is known of objects beforehand is in {@link
 * org.aeiou.daemon.backend.Definitions}. A back end is a {@link
 * org.aeiou.closures.scheduler.Exchanger} of these, one for each system. Nothing outside {@code
 * backend.snmp} and {@code simulator} knows that there is SNMP.
 */
package org.aeiou.daemon.backend;
