package org.aeiou.daemon.app;

import org.aeiou.daemon.app.process.Reloading;
import org.aeiou.daemon.attach.OrderHandler;

/** What an operator orders of a daemon, with a mount or without. */
final class OperatorOrders implements OrderHandler.Orders {
  private final Daemon daemon;
  private final Reloading reloading;
  private final String whereSystemsAre;

  /**
   * Orders to a daemon.
   *
   * @param whereSystemsAre follows what is said of a system that is not there: how to find those
   *     that are; may be empty
   */
  OperatorOrders(Daemon daemon, Reloading reloading, String whereSystemsAre) {
    this.daemon = daemon;
    this.reloading = reloading;
    this.whereSystemsAre = whereSystemsAre;
  }

  @Override
  public String reload() {
    return reloading.ordered();
  }

  @Override
  public String forget(String system) {
    return daemon.forget(system)
        ? OrderHandler.DONE + "\n" + system + ": what was learned of it is forgotten\n"
        : OrderHandler.REFUSED + "\n" + system + ": no such system" + whereSystemsAre + "\n";
  }

  @Override
  public String drain() {
    return daemon.membership().drain();
  }

  @Override
  public String status() {
    String http = daemon.entrances().httpAt().lines().findFirst().orElse("");
    return OrderHandler.DONE
        + "\n"
        + daemon.status()
        + (http.isEmpty() ? "" : "http: " + http + "\n");
  }
}
