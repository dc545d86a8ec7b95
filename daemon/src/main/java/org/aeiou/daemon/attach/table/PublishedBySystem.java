package org.aeiou.daemon.attach.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.aeiou.daemon.tree.MonitoredSystem;
import org.aeiou.daemon.tree.Node;
import org.aeiou.daemon.tree.SystemNode;

/** What is published of each system. One thread at a time. */
final class PublishedBySystem {
  private static final int FEW = 64;

  /** Of a system: all, some of which may be withdrawn; and those that are no readings. */
  private static final class One {
    private List<Published> all = new ArrayList<>();
    private int compactAt = FEW;
    private final Set<Published> derived = new HashSet<>();
  }

  private final Map<MonitoredSystem, One> systems = new HashMap<>();

  private static MonitoredSystem system(Node node) {
    return node instanceof SystemNode of ? of.system() : null;
  }

  void add(Published published) {
    One one = systems.computeIfAbsent(system(published.node), any -> new One());
    if (one.all.size() >= one.compactAt) {
      one.all.removeIf(each -> each.isWithdrawn);
      one.compactAt = Math.max(FEW, 2 * one.all.size());
    }
    one.all.add(published);
  }

  /** What it is has changed: a reading, or not. */
  void changed(Published published) {
    One one = systems.get(system(published.node));
    if (one != null) {
      if (published.isDerived() && !published.isWithdrawn) {
        one.derived.add(published);
      } else {
        one.derived.remove(published);
      }
    }
  }

  /** Each that is no reading of the system of a node; it may be withdrawn, or become one. */
  void forEachDerived(Node of, Consumer<Published> action) {
    One one = systems.get(system(of));
    if (one != null && !one.derived.isEmpty()) {
      List.copyOf(one.derived).forEach(action);
    }
  }

  /** Withdraws some of what is published of the system of a node. */
  void withdraw(Node of, Predicate<Published> those, Consumer<Published> withdraw) {
    One one = systems.get(system(of));
    if (one != null) {
      List<Published> kept = new ArrayList<>();
      for (Published each : one.all) {
        if (!each.isWithdrawn && those.test(each)) {
          withdraw.accept(each);
        } else if (!each.isWithdrawn) {
          kept.add(each);
        }
      }
      one.all = kept;
    }
  }

  void clear() {
    systems.clear();
  }
}
