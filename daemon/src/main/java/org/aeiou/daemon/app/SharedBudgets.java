package org.aeiou.daemon.app;

import com.google.common.base.Ticker;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.exchange.Rate;
import org.aeiou.closures.scheduler.CompletionScheduler;
import org.aeiou.closures.scheduler.pace.Budget;
import org.aeiou.daemon.config.Budgets;
import org.aeiou.daemon.config.Configuration.SystemConfiguration;

/**
 * The budgets of the configuration in effect. One whose rate alone has changed stays the same, with
 * what was taken of it. Changed by one thread at a time; read by any.
 */
final class SharedBudgets {
  /** What that of all systems is called where a person sees it. */
  static final String ALL = "all systems";

  private final CompletionScheduler<?, ?> scheduler;
  private final Ticker ticker;
  private final Map<String, Budget> named = new ConcurrentHashMap<>();
  private volatile Budget all;

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
  boolean change(Budgets next) {
    boolean other = (all == null) != (next.all() == null);
    if (other) {
      all = next.all() == null ? null : scheduler.budget(ALL, next.all(), null);
      named.clear();
    } else if (all != null) {
      change(all, next.all());
    }
    named.keySet().retainAll(next.named().keySet());
    next.named()
        .forEach(
            (name, rate) -> {
              Budget known = named.get(name);
              if (known == null) {
                named.put(name, scheduler.budget(name, rate, all));
              } else {
                change(known, rate);
              }
            });
    return other;
  }

  private void change(Budget budget, Rate rate) {
    if (!budget.rate().equals(rate)) {
      budget.change(rate, ticker.read());
    }
  }

  /** A line for each, for people. */
  String text() {
    StringBuilder text = new StringBuilder();
    Budget top = all;
    if (top != null) {
      line(text, top);
    }
    new TreeMap<>(named).values().forEach(budget -> line(text, budget));
    return text.toString();
  }

  private static void line(StringBuilder text, Budget budget) {
    text.append(
        "budget: %s: %s; %d waited, %d ms in all\n"
            .formatted(
                budget,
                budget.rate(),
                budget.waits(),
                TimeUnit.NANOSECONDS.toMillis(budget.waitedNanos())));
  }

  /** What a system shares; null if nothing. */
  Budget of(SystemConfiguration system) {
    return system.budget() == null ? all : named.get(system.budget());
  }
}
