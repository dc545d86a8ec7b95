package org.aeiou.daemon.app.systems;

import java.util.Map;
import java.util.function.Supplier;
import org.aeiou.closures.exchange.CompletionHandler;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.scheduler.SystemQueue;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.CacheListener;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.config.Configuration.SystemConfiguration;

/** Where systems are asked: in this process, or in the one of a cluster that owns them. */
public interface Places {

  /** Whether systems are asked in this process at all: if not, no back end need be connected. */
  boolean isAsking();

  /** What is told of changes in the cache of a system. */
  CacheListener listener(String system, CacheListener observers);

  /**
   * The exchanger as it may be used: at no time when another process may ask the system, and for no
   * write that another one asks for and the system's configuration does not allow.
   */
  Exchanger<Question, Value> guarded(
      SystemConfiguration system, Exchanger<Question, Value> exchanger);

  /**
   * The queue of a system.
   *
   * @param guarded how it is asked here
   * @param stepOne step 1 of every completion
   */
  SystemQueue<Question, Value> open(
      SystemConfiguration system,
      Exchanger<Question, Value> guarded,
      CompletionHandler<Question, Value> stepOne,
      ReadingCache cache);

  /** Whether a system is asked in this process now. */
  boolean isAsked(String system);

  /** What people are told of where a system is asked, by key. */
  Supplier<Map<String, String>> place(String system);

  /** A system is configured no more; its queue is closed. */
  void closed(String system, SystemQueue<Question, Value> queue);
}
