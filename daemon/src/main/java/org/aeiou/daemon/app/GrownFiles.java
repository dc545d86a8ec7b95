package org.aeiou.daemon.app;

import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.aeiou.daemon.service.AttributeService;
import org.aeiou.daemon.service.Delays;
import org.aeiou.daemon.tree.Network;
import org.aeiou.daemon.tree.Node;

/**
 * Tells observers that files of events have grown: on a thread of its own, as a thread that logs
 * may hold any lock, and once for all that came meanwhile.
 */
final class GrownFiles {
  private final Network network;
  private final AttributeService service;
  private final Delays delays;
  private final Set<Optional<String>> grown = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean underWay = new AtomicBoolean();

  GrownFiles(Network network, AttributeService service, Delays delays) {
    this.network = network;
    this.service = service;
    this.delays = delays;
  }

  /** Something happened to a system, or to the daemon if that is null. Any thread. */
  void grown(String system) {
    grown.add(Optional.empty());
    if (system != null) {
      grown.add(Optional.of(system));
    }
    if (underWay.compareAndSet(false, true)) {
      delays.after(0, this::tell);
    }
  }

  private void tell() {
    // Before looking: what comes from now on is told by the next one.
    underWay.set(false);
    for (Iterator<Optional<String>> each = grown.iterator(); each.hasNext(); ) {
      Optional<String> system = each.next();
      each.remove();
      Node file = network.events(system.orElse(null));
      if (file != null) {
        service.grown(file);
      }
    }
  }
}
