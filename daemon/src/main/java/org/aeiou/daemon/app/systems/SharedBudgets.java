package org.aeiou.daemon.app.systems;

import com.google.common.base.Ticker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.aeiou.closures.exchange.Rate;
import org.aeiou.closures.scheduler.CompletionScheduler;
import org.aeiou.closures.scheduler.pace.Budget;
import org.aeiou.daemon.config.Budgets;
import org.aeiou.daemon.config.Configuration.SystemConfiguration;

/**
 * The budgets of the configuration in effect. One whose rate alone has changed stays the same, with
 * what was taken of it. In a cluster each member goes by as much of a budget as it asks of the
 * systems that share it. Any thread.
 */
final class SharedBudgets {
  /** What that of all systems is called where a person sees it. */
  static final String ALL = "all systems";

  /** That of the slowest rate there is. */
  private static final double LEAST_RATE = 0.001;

  /** A token that waits for one of the larger budget must not keep the next one out. */
  private static final int LEAST_BURST = 2;

  private final CompletionScheduler<?, ?> scheduler;
  private final Ticker ticker;
  private final Map<String, Budget> named = new ConcurrentHashMap<>();
  private volatile Budget all;

  // As configured, and which part of it is this process's; guarded by this.
  private Budgets configured = new Budgets(null, Map.of());
  private final Map<String, Double> shares = new HashMap<>();

  /** None yet. */
  SharedBudgets(CompletionScheduler<?, ?> scheduler, Ticker ticker) {
    this.scheduler = scheduler;
    this.ticker = ticker;
  }

  /**
   * Goes by these from now on.
   *
   * @return whether the budget of all systems came or went: then each system shares another one
   */
  synchronized boolean change(Budgets next) {
    configured = next;
    boolean other = (all == null) != (next.all() == null);
    if (other) {
      all = next.all() == null ? null : scheduler.budget(ALL, share(ALL, next.all()), null);
      named.clear();
    } else if (all != null) {
      change(all, share(ALL, next.all()));
    }
    named.keySet().retainAll(next.named().keySet());
    next.named()
        .forEach(
            (name, whole) -> {
              Rate rate = share(name, whole);
              Budget known = named.get(name);
              if (known == null) {
                named.put(name, scheduler.budget(name, rate, all));
              } else {
                change(known, rate);
              }
            });
    return other;
  }

  /**
   * Goes by as much of each budget from now on as this process asks of the systems that share it.
   *
   * @param isAsked whether this process asks a system
   */
  synchronized void share(Collection<SystemConfiguration> systems, Predicate<String> isAsked) {
    if (configured.all() == null && configured.named().isEmpty()) {
      return;
    }
    Map<String, Integer> sharing = new HashMap<>();
    Map<String, Integer> asked = new HashMap<>();
    for (SystemConfiguration system : systems) {
      int own = isAsked.test(system.name()) ? 1 : 0;
      for (String name : namesOf(system)) {
        sharing.merge(name, 1, Integer::sum);
        asked.merge(name, own, Integer::sum);
      }
    }
    shares.clear();
    // One that asks nothing has as much as for one system: it may be about to.
    sharing.forEach(
        (name, number) -> shares.put(name, Math.max(1, asked.get(name)) / (double) number));
    var unused = change(configured);
  }

  private List<String> namesOf(SystemConfiguration system) {
    List<String> names = new ArrayList<>();
    if (configured.all() != null) {
      names.add(ALL);
    }
    if (system.budget() != null) {
      names.add(system.budget());
    }
    return names;
  }

  private Rate share(String name, Rate whole) {
    double share = shares.getOrDefault(name, 1.0);
    return share >= 1
        ? whole
        : new Rate(
            Math.max(LEAST_RATE, whole.perSecond() * share),
            (int)
                Math.max(Math.min(LEAST_BURST, whole.burst()), Math.round(whole.burst() * share)));
  }

  private void change(Budget budget, Rate rate) {
    if (!budget.rate().equals(rate)) {
      budget.change(rate, ticker.read());
    }
  }

  /** A line for each, for people. */
  synchronized String text() {
    StringBuilder text = new StringBuilder();
    Budget top = all;
    if (top != null) {
      line(text, top, configured.all());
    }
    new TreeMap<>(named)
        .forEach((name, budget) -> line(text, budget, configured.named().get(name)));
    return text.toString();
  }

  private static void line(StringBuilder text, Budget budget, Rate whole) {
    text.append(
        "budget: %s: %s%s; %d waited, %d ms in all\n"
            .formatted(
                budget,
                budget.rate(),
                budget.rate().equals(whole) ? "" : ", this member's share of " + whole,
                budget.waits(),
                TimeUnit.NANOSECONDS.toMillis(budget.waitedNanos())));
  }

  /** What a system shares; null if nothing. */
  Budget of(SystemConfiguration system) {
    return system.budget() == null ? all : named.get(system.budget());
  }
}
