/**
 * What carries messages between members: the seam to the engine, which room {@code cluster.nats}
 * is. Knows no message.
 *
 * <pre>
 *   cluster.member, cluster.remote, cluster.owner ──▶ Broker ◀── cluster.nats
 * </pre>
 */
package org.aeiou.daemon.cluster.broker;
