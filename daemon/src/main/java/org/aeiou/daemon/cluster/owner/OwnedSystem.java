package org.aeiou.daemon.cluster.owner;

import org.aeiou.closures.scheduler.SystemQueue;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.ReadingCache;

/**
 * A system of this member's configuration, as others are answered for it.
 *
 * @param queue its own, through which this member asks it, and no other; null while it does not, or
 *     gives the system away
 * @param cache what it answered
 */
public record OwnedSystem(SystemQueue<Question, Value> queue, ReadingCache cache) {}
