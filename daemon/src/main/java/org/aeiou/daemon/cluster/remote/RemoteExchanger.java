package org.aeiou.daemon.cluster.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.Health;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.cluster.message.Frame.Wanted;

/**
 * How one system is asked that another member owns. It answers each exchange itself, so that none
 * times out: a lost message or an owner that is gone tells nothing of the system.
 */
final class RemoteExchanger implements Exchanger<Question, Value> {
  /** What is watched is of use at least for so long. */
  private static final long WATCHED_MILLIS = 60_000;

  private static final Object TOGETHER = "questions";

  private final Asks asks;
  private final String system;
  private final int slot;
  private final ReadingCache cache;
  private final Map<Exchange<Question, Value>, RemoteAsk> underWay = new ConcurrentHashMap<>();

  /** Is told how the system is; set before anything is asked. */
  private Consumer<Health> told = health -> {};

  /**
   * Asks nothing yet.
   *
   * @param slot the slot that the system is in
   * @param cache knows how old an answer may be
   */
  RemoteExchanger(Asks asks, String system, int slot, ReadingCache cache) {
    this.asks = asks;
    this.system = system;
    this.slot = slot;
    this.cache = cache;
  }

  void tells(Consumer<Health> health) {
    told = health;
  }

  void told(Health health) {
    if (health != null) {
      told.accept(health);
    }
  }

  String system() {
    return system;
  }

  int slot() {
    return slot;
  }

  /** Whether the system may have refreshed what can be served still. */
  boolean mayRefresh() {
    return asks.mayRefresh(slot, system);
  }

  ReadingCache cache() {
    return cache;
  }

  /** What its owner was asked for, or is to be. */
  Iterable<RemoteAsk> underWay() {
    return underWay.values();
  }

  @Override
  public Object kind(Question key) {
    return key instanceof Question.Walk ? null : TOGETHER;
  }

  @Override
  public boolean isRepeatable(Question key) {
    return !(key instanceof Question.Set);
  }

  @Override
  public boolean concerns(Question write, Question key) {
    return ((Question.Set) write).concerns(key);
  }

  @Override
  public void start(Exchange<Question, Value> exchange) {
    boolean isWrite = exchange.items().get(0).key() instanceof Question.Set;
    RemoteAsk ask = new RemoteAsk(this, exchange, isWrite);
    underWay.put(exchange, ask);
    asks.begin(ask);
  }

  @Override
  public void abandoned(Exchange<Question, Value> exchange) {
    RemoteAsk ask = underWay.get(exchange);
    if (ask != null) {
      asks.underWay().abandon(ask);
    }
  }

  /**
   * Gives all that is under way to another exchanger, but for what was sent and may have been done
   * once. Called by the thread that owns the system.
   */
  void handOver(Consumer<Exchange<Question, Value>> next) {
    for (RemoteAsk ask : List.copyOf(underWay.values())) {
      if (asks.underWay().takeBack(ask)) {
        next.accept(ask.exchange());
      }
    }
  }

  void ended(RemoteAsk ask) {
    underWay.remove(ask.exchange());
  }

  // --- how old an answer may be

  /**
   * What is wanted now.
   *
   * @param before what was wanted when it was sent last; null if it was not
   */
  List<Wanted> wanted(Exchange<Question, Value> exchange, List<Wanted> before, long nowNanos) {
    List<Wanted> wanted = new ArrayList<>(exchange.items().size());
    for (int i = 0; i < exchange.items().size(); i++) {
      Question question = exchange.items().get(i).key();
      boolean isForced = before != null && before.get(i).mostAgeMillis() == 0;
      wanted.add(wanted(question, isForced, nowNanos));
    }
    return wanted;
  }

  private Wanted wanted(Question question, boolean isForced, long nowNanos) {
    Slot place = cache.find(question);
    if (place == null) {
      return new Wanted(question, 0, 0);
    }
    boolean isDemanded = place.takeDemand();
    long keep = place.keepMillis();
    return new Wanted(
        question,
        isForced || isDemanded ? 0 : mostAgeMillis(place, nowNanos),
        place.isWatched(nowNanos) ? Math.max(keep, WATCHED_MILLIS) : keep);
  }

  /** As old as the reader takes it, and younger than what is here. */
  private static long mostAgeMillis(Slot place, long nowNanos) {
    if (place.outcome() == null) {
      return place.held() == null ? place.freshMillis() : 0; // what is here is said to be wrong
    }
    long age = (nowNanos - Slot.takenNanos(place.outcome())) / 1_000_000;
    return Math.max(0, Math.min(place.freshMillis(), age - 1));
  }

  /** Whether an answer is too old for a request that came after the question was sent. */
  boolean isTooOld(Wanted wanted) {
    Slot place = wanted.mostAgeMillis() == 0 ? null : cache.find(wanted.question());
    return place != null && place.isDemanded();
  }
}
