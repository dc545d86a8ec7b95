/**
 * NATS as the broker and the store of leases: the only room that knows its library. None of it is
 * loaded where nothing is configured of a cluster.
 */
package org.aeiou.daemon.cluster.nats;
