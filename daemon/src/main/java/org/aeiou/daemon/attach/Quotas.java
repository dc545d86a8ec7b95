package org.aeiou.daemon.attach;

import java.io.IOException;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many may come, and how much memory they may share: in all, and of one user. How many may come
 * is what the configuration says, or what there are file descriptors for.
 */
final class Quotas {
  private static final Logger LOG = LoggerFactory.getLogger(Quotas.class);

  private final int clients;
  private final int clientsOfUser;
  private final long memory;
  private final String bound;

  /**
   * Those of this process; says where they are less than what is configured, and what to do.
   *
   * @throws IOException if there are no descriptors for any program
   */
  static Quotas of(AttachOptions options, FileLimit files) throws IOException {
    Quotas quotas = new Quotas(options, files);
    int all = files.neededFor(options.clients());
    String remedy =
        "for all %d: ulimit -n %d, or LimitNOFILE=%d in a unit"
            .formatted(options.clients(), all, all);
    if (quotas.clients == 0) {
      throw new IOException(
          "only %d files may be open, and the daemon needs %d for itself and more for each program; %s"
              .formatted(files.limit(), files.neededFor(0), remedy));
    }
    if (quotas.clients < options.clients()) {
      LOG.warn(
          "only {} programs can attach at once, as only {} files may be open; {}",
          quotas.clients,
          files.limit(),
          remedy);
    }
    return quotas;
  }

  private Quotas(AttachOptions options, FileLimit files) {
    clients = Math.min(options.clients(), files.clients());
    // As large a part as it is of what was configured.
    clientsOfUser =
        Math.max(1, (int) ((long) options.clientsOfUser() * clients / options.clients()));
    memory = options.memory();
    bound =
        clients == options.clients()
            ? ""
            : "; the daemon may only have " + files.limit() + " files open";
  }

  /** Why no more may connect; null if they may. */
  String fullBeforeHello(int uid, Collection<Connection> here) {
    // Twice as many, so that those who are too many can be told so when they say hello.
    return full(2, uid, here);
  }

  /** Why no more may attach; null if they may. */
  String full(int uid, Collection<Connection> here) {
    return full(1, uid, here.stream().filter(Connection::isClient).toList());
  }

  private String full(int times, int uid, Collection<Connection> those) {
    if (those.size() >= times * clients) {
      return clients + " programs are attached, which is all there may be" + bound;
    }
    long ofUser = those.stream().filter(each -> each.uid == uid).count();
    return ofUser < (long) times * clientsOfUser
        ? null
        : clientsOfUser
            + " programs of user "
            + uid
            + " are attached, which is all a user may have"
            + bound;
  }

  /** How much memory there is for one more of a user. */
  long left(int uid, Collection<Connection> here) {
    long all = here.stream().mapToLong(Connection::bytes).sum();
    long ofUser = here.stream().filter(each -> each.uid == uid).mapToLong(Connection::bytes).sum();
    return Math.min(memory - all, memory / 2 - ofUser);
  }
}
