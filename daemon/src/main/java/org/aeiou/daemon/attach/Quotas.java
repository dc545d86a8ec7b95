package org.aeiou.daemon.attach;

import java.io.IOException;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many programs may attach, and how much memory they may share: in all, and of one user. How
 * many may attach is what the configuration says, or what there are file descriptors for.
 */
final class Quotas {
  private static final Logger LOG = LoggerFactory.getLogger(Quotas.class);

  private final int clients;
  private final int clientsOfUser;
  private final long memory;
  private final String bound;

  /**
   * The quotas of this process; warns where they are less than what is configured.
   *
   * @throws IOException if there are no descriptors for any program
   */
  static Quotas of(AttachOptions options, FileLimit files) throws IOException {
    Quotas quotas = new Quotas(options, files);
    int wanted = options.clients().all();
    int all = files.neededFor(wanted);
    String remedy =
        "for all %d: ulimit -n %d, or LimitNOFILE=%d in a unit".formatted(wanted, all, all);
    if (quotas.clients == 0 && wanted > 0) {
      throw new IOException(
          "only %d files may be open, and the daemon needs %d for itself and more for each program; %s"
              .formatted(files.limit(), files.neededFor(0), remedy));
    }
    if (quotas.clients < wanted) {
      LOG.warn(
          "only {} programs can attach at once, as only {} files may be open; {}",
          quotas.clients,
          files.limit(),
          remedy);
    }
    return quotas;
  }

  private Quotas(AttachOptions options, FileLimit files) {
    AttachOptions.Clients wanted = options.clients();
    clients = Math.min(wanted.all(), files.clients());
    // As large a part as it is of what was configured.
    clientsOfUser =
        wanted.all() == 0
            ? 0
            : Math.max(1, (int) ((long) wanted.ofUser() * clients / wanted.all()));
    memory = options.memory();
    bound =
        clients == wanted.all()
            ? ""
            : "; the daemon may only have " + files.limit() + " files open";
  }

  /** Why a user's program may not connect; null if it may. */
  String fullBeforeHello(int uid, Collection<Connection> here) {
    // Twice as many, so that a program that is one too many can be told so when it says hello, and
    // one more at least, as it may only give an order.
    return full(2, 1, uid, here);
  }

  /** Why a user's program may not attach; null if it may. */
  String full(int uid, Collection<Connection> here) {
    return full(1, 0, uid, here.stream().filter(Connection::isClient).toList());
  }

  private String full(int times, int least, int uid, Collection<Connection> those) {
    if (those.size() >= Math.max(least, times * clients)) {
      return clients + " programs are attached, which is all there may be" + bound;
    }
    long ofUser = those.stream().filter(each -> each.uid == uid).count();
    return ofUser < Math.max(least, (long) times * clientsOfUser)
        ? null
        : clientsOfUser
            + " programs of user "
            + uid
            + " are attached, which is all a user may have"
            + bound;
  }

  /** How many bytes one more program of a user may share. */
  long left(int uid, Collection<Connection> here) {
    long all = here.stream().mapToLong(Connection::bytes).sum();
    long ofUser = here.stream().filter(each -> each.uid == uid).mapToLong(Connection::bytes).sum();
    return Math.min(memory - all, memory / 2 - ofUser);
  }
}
