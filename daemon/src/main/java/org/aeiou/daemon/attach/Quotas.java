package org.aeiou.daemon.attach;

import java.util.Collection;

/** How many may come, and how much memory they may share: in all, and of one user. */
final class Quotas {
  private final AttachOptions options;

  Quotas(AttachOptions options) {
    this.options = options;
  }

  /** Why nobody more may connect; null if they may. */
  String fullBeforeHello(int uid, Collection<Attached> here) {
    // Twice as many, so that those who are too many can be told so when they say hello.
    return full(2, uid, here);
  }

  /** Why nobody more may attach; null if they may. */
  String full(int uid, Collection<Attached> here) {
    return full(1, uid, here.stream().filter(Attached::isClient).toList());
  }

  private String full(int times, int uid, Collection<Attached> those) {
    if (those.size() >= times * options.clients()) {
      return options.clients() + " programs are attached, which is all there may be";
    }
    long ofUser = those.stream().filter(each -> each.uid == uid).count();
    return ofUser < (long) times * options.clientsOfUser()
        ? null
        : options.clientsOfUser()
            + " programs of user "
            + uid
            + " are attached, which is all a user may have";
  }

  /** How much memory there is for one more of a user. */
  long left(int uid, Collection<Attached> here) {
    long all = here.stream().mapToLong(Attached::bytes).sum();
    long ofUser = here.stream().filter(each -> each.uid == uid).mapToLong(Attached::bytes).sum();
    return Math.min(options.memory() - all, options.memory() / 2 - ofUser);
  }
}
