/**
 * What all members of a cluster tell each other of systems: what happened to them, and that what is
 * held of them may be wrong.
 *
 * <pre>
 *   EventLog ──▶ Gossip ──Happened──▶ other members' Gossip ──▶ their EventLog
 *   notifications ──▶ Gossip ──Notified, Doubted──▶ other members' Gossip ──▶ what they read again
 * </pre>
 */
package org.aeiou.daemon.cluster.gossip;
