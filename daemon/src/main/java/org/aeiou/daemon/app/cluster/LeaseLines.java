package org.aeiou.daemon.app.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.aeiou.daemon.cluster.lease.Leases;

/**
 * What people are told of the leases of this member, a line each.
 *
 * @param problem why there is no broker, or no bucket, with what to do; empty if there are
 */
record LeaseLines(Leases leases, Supplier<String> problem) implements Supplier<List<String>> {
  @Override
  public List<String> get() {
    List<String> lines = new ArrayList<>();
    List<Leases.Lease> own = leases.leases();
    lines.add(
        own.size() + " of the slots are this member's, and it " + standing(leases.standing()));
    if (!own.isEmpty()) {
      long left = own.stream().mapToLong(Leases.Lease::leftNanos).min().orElse(0);
      lines.add("the next one ends in %.1f s if it is not renewed".formatted(left / 1e9));
    }
    String why = problem.get();
    if (!why.isEmpty()) {
      lines.add(why);
    }
    return lines;
  }

  /** As the rest of a sentence about this member. */
  private static String standing(Leases.Standing standing) {
    return switch (standing) {
      case CAMPAIGNS -> "takes more where it is to have them";
      case READS_ONLY -> "only reads";
      case NO_SYSTEMS -> "takes none, as there are no systems in its configuration";
      case DRAINS -> "gives away what it has";
      case OTHER_CONFIGURATION -> "takes no more, as most pollers have another configuration";
      case NO_STORE -> "takes no more, as the leases of the broker cannot be reached";
      case QUARANTINE ->
          "waits, as leases of the broker before its store was lost may be good still";
      case LISTENS -> "listens which members there are";
    };
  }
}
