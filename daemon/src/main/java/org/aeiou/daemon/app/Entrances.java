package org.aeiou.daemon.app;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.aeiou.daemon.app.process.HeapShares;
import org.aeiou.daemon.attach.AttachOptions;
import org.aeiou.daemon.attach.AttachServer;
import org.aeiou.daemon.attach.OrderHandler;
import org.aeiou.daemon.attach.socket.Permissions;
import org.aeiou.daemon.backend.Backend;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.service.Ownership;
import org.aeiou.daemon.state.StateFolder;

/**
 * Where programs, orders and notifications come in to a daemon, and what its files say of where
 * that is. Each entrance is open until what opening it returned is closed.
 */
public final class Entrances {
  private final Daemon daemon;
  private final Supplier<Configuration> configuration;
  private final Collection<Backend> backends;
  private final NotificationIntake notifications;

  /** Where programs attach; empty as long as they cannot. */
  private volatile String attachedAt = "";

  /** Where HTTP is answered, a line each; empty as long as it is not. */
  private volatile String httpAt = "";

  Entrances(Daemon daemon, Collection<Backend> backends, NotificationIntake notifications) {
    this.daemon = daemon;
    this.configuration = daemon::configuration;
    this.backends = backends;
    this.notifications = notifications;
  }

  /**
   * Lets programs attach.
   *
   * @param orders carries out the operator's orders: a word, and what follows it
   * @throws IOException if the socket or the shared memory cannot be had
   */
  public AttachServer attach(Path socket, OrderHandler.Orders orders) throws IOException {
    Configuration.Clients clients = configuration.get().attach().clients();
    AttachServer server =
        listen(socket, orders, new AttachOptions.Clients(clients.all(), clients.ofUser()));
    daemon.metrics().register("attach", server.metrics());
    attachedAt = socket + "\n";
    return server;
  }

  /** Takes orders; no program can attach there. */
  AttachServer takeOrders(Path socket, OrderHandler.Orders orders) throws IOException {
    return listen(socket, orders, new AttachOptions.Clients(0, 0));
  }

  private AttachServer listen(
      Path socket, OrderHandler.Orders orders, AttachOptions.Clients clients) throws IOException {
    Configuration.Mount mount = configuration.get().mount();
    Ownership ownership = new Ownership(mount.uid(), mount.gid(), mount.mode());
    Configuration.Attach attach = configuration.get().attach();
    return new AttachServer(
        new AttachOptions(
            socket,
            new Permissions(mount.uid(), attach.socket().gid(), attach.socket().mode()),
            new Permissions(mount.uid(), mount.gid(), ownership.writableMode()),
            clients,
            new AttachOptions.Room(attach.room().requests(), attach.room().bytes()),
            (long) attach.memory() << 20,
            HeapShares.ofThisProcess().paths(AttachOptions.MOST_PATHS)),
        daemon.service(),
        orders,
        daemon.events()::add,
        daemon.ticker());
  }

  /**
   * Receives notifications where the configuration says.
   *
   * @param state where it is kept what must outlive a run
   * @throws IOException if it cannot listen there
   */
  Closeable listen(StateFolder state) throws IOException {
    for (Backend backend : backends) {
      if (backend.capabilities().contains(Backend.Capability.NOTIFY)) {
        return backend.listen(configuration.get().traps(), state, notifications);
      }
    }
    throw new IOException("traps.listen: no back end of this program receives any");
  }

  void answersHttpAt(List<String> urls) {
    httpAt = urls.isEmpty() ? "" : String.join("\n", urls) + "\n";
  }

  String attachedAt() {
    return attachedAt;
  }

  String httpAt() {
    return httpAt;
  }
}
