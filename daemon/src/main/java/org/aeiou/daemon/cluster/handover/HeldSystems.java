package org.aeiou.daemon.cluster.handover;

import java.util.Collection;
import org.aeiou.closures.scheduler.SystemQueue;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.ReadingCache;

/** The systems that are configured here. Any thread may call any method. */
public interface HeldSystems {

  /** A system, and what is held of it. */
  record Held(String name, ReadingCache cache, SystemQueue<Question, Value> queue) {}

  /** The system of that name; null if there is none. */
  Held named(String system);

  /** All systems of a slot. */
  Collection<Held> of(int slot);
}
