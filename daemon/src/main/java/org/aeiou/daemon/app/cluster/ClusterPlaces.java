package org.aeiou.daemon.app.cluster;

import com.google.common.base.Ticker;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.aeiou.closures.exchange.CompletionHandler;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.scheduler.SystemQueue;
import org.aeiou.daemon.app.systems.NeverAsked;
import org.aeiou.daemon.app.systems.Places;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.CacheListener;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.catalogue.WritableObjects;
import org.aeiou.daemon.cluster.ClusterTexts;
import org.aeiou.daemon.cluster.SlotSystems;
import org.aeiou.daemon.cluster.broker.Broker;
import org.aeiou.daemon.cluster.member.Members;
import org.aeiou.daemon.cluster.member.Owner;
import org.aeiou.daemon.cluster.owner.OwnedSystems;
import org.aeiou.daemon.cluster.remote.RemoteSystems;
import org.aeiou.daemon.cluster.remote.RoutedQueue;
import org.aeiou.daemon.config.Configuration.SystemConfiguration;
import org.aeiou.daemon.endpoint.Endpoint;

/**
 * Each system is asked by the member that owns its slot.
 *
 * @param isAsking whether this process asks any
 * @param catalogue says of which attribute an object is
 */
record ClusterPlaces(
    boolean isAsking,
    Catalogue catalogue,
    Members members,
    KnownMembers known,
    Broker broker,
    SlotSystems systems,
    RemoteSystems remote,
    OwnedSystems owned,
    Ticker ticker,
    InstantSource clock)
    implements Places {

  @Override
  public CacheListener listener(String system, CacheListener observers) {
    return owned.listener(observers);
  }

  @Override
  public Exchanger<Question, Value> guarded(
      SystemConfiguration system, Exchanger<Question, Value> exchanger) {
    return owned.guard(
        system.name(),
        exchanger == null ? new NeverAsked(system.name()) : exchanger,
        new WritableObjects(catalogue, system.write().allowed())::doubt);
  }

  @Override
  public SystemQueue<Question, Value> open(
      SystemConfiguration system,
      Exchanger<Question, Value> guarded,
      CompletionHandler<Question, Value> stepOne,
      ReadingCache cache) {
    RoutedQueue queue =
        remote.open(
            system.name(), system.limits(), guarded, owned.stepOne(system.name(), stepOne), cache);
    systems.add(system.name(), queue, cache);
    return queue;
  }

  @Override
  public boolean isAsked(String system) {
    return systems.isOwn(system);
  }

  @Override
  public Supplier<Map<String, String>> place(String system) {
    int slot = members.slotOf(system);
    return () -> place(slot);
  }

  private Map<String, String> place(int slot) {
    Map<String, String> place = new LinkedHashMap<>();
    String site = members.slots().siteOf(slot);
    if (!site.isEmpty()) {
      place.put("site", site);
    }
    Owner owner = members.of(slot);
    String mismatch = members.mismatch(slot);
    if (owner == null || mismatch != null) {
      place.put(Endpoint.OWNER, "none");
      if (mismatch != null) {
        place.put("owner_problem", mismatch);
      }
      return place;
    }
    boolean isSelf = owner.member().id().equals(members.self().id());
    place.put(Endpoint.OWNER, owner.member().name());
    place.put(
        "owner_since",
        clock
            .instant()
            .minusNanos(ticker.read() - owner.sinceNanos())
            .truncatedTo(ChronoUnit.SECONDS)
            .toString());
    place.put("epoch", owner.epoch().toString());
    if (owner.suspect()) {
      place.put("owner_suspect", "not heard of lately");
    }
    if (!isSelf && broker.roundTripNanos() >= 0) {
      place.put(
          "distance_ms",
          ClusterTexts.millis(broker.roundTripNanos() + known.distanceNanos(owner.member().id())));
    }
    return place;
  }

  @Override
  public void closed(String system, SystemQueue<Question, Value> queue) {
    systems.remove(system, queue);
  }
}
