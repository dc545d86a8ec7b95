/**
 * Leases: which slots this process owns. A state machine of each slot on an injected clock, and
 * which slots it tries to get.
 *
 * <pre>
 *   Members (who lives) ──▶ which slots to campaign for ──▶ a lease for each slot ──▶ LeaseStore ◀── cluster.nats
 *                                                                   └──▶ Authority, acquired and lost
 * </pre>
 */
package org.aeiou.daemon.cluster.lease;
