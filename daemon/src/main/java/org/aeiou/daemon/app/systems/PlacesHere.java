package org.aeiou.daemon.app.systems;

import java.util.Map;
import java.util.function.Supplier;
import org.aeiou.closures.exchange.CompletionHandler;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.scheduler.CompletionScheduler;
import org.aeiou.closures.scheduler.SystemQueue;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.CacheListener;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.config.Configuration.SystemConfiguration;
import org.aeiou.daemon.endpoint.Endpoint;

/** All systems are asked here: the process is alone. */
public record PlacesHere(CompletionScheduler<Question, Value> scheduler) implements Places {
  @Override
  public boolean isAsking() {
    return true;
  }

  @Override
  public CacheListener listener(String system, CacheListener observers) {
    return observers;
  }

  @Override
  public Exchanger<Question, Value> guarded(
      SystemConfiguration system, Exchanger<Question, Value> exchanger) {
    return exchanger;
  }

  @Override
  public SystemQueue<Question, Value> open(
      SystemConfiguration system,
      Exchanger<Question, Value> guarded,
      CompletionHandler<Question, Value> stepOne,
      ReadingCache cache) {
    return scheduler.open(system.name(), system.limits(), guarded, stepOne);
  }

  @Override
  public boolean isAsked(String system) {
    return true;
  }

  @Override
  public Supplier<Map<String, String>> place(String system) {
    return Endpoint.HERE;
  }

  @Override
  public void closed(String system, SystemQueue<Question, Value> queue) {}
}
