/**
 * This process as a member of a cluster: puts the rooms below {@code cluster} together.
 *
 * <pre>
 *   configuration ─▶ Clustering ─▶ ClusterPlaces   where each system is asked
 *                      ├─ Settings                 what the configuration says, for those rooms
 *                      └─ KnownMembers             names of members; that they come and go
 * </pre>
 *
 * <p>Only {@code app.Daemon} knows it, and only where a cluster is configured: else no class of it
 * is loaded.
 */
package org.aeiou.daemon.app.cluster;
