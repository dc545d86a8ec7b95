package org.aeiou.closures.shard;

/**
 * Mail for one mailbox, linked as the mailbox links it, to be pushed as one. Used by one thread.
 */
public final class MailChain {
  private Mail newest;
  private Mail oldest;

  /** The oldest of the last run, which are those that were added since one began. */
  private Mail first;

  private int run;

  /**
   * Adds one; it must be in no mailbox.
   *
   * @param beginsRun whether it has nothing to do with the one before
   */
  public void add(Mail mail, boolean beginsRun) {
    mail.next = newest;
    newest = mail;
    if (oldest == null) {
      oldest = mail;
    }
    if (beginsRun || first == null) {
      first = mail;
      run = 0;
    }
    run++;
  }

  /** Pushes all there is but the last run. Returns how many are kept. */
  public int pushAllButRun(Mailbox mailbox) {
    Mail kept = newest;
    Mail keptOldest = first;
    int many = run;
    if (keptOldest == null) {
      return 0;
    }
    newest = keptOldest.next;
    keptOldest.next = null;
    pushInto(mailbox);
    newest = kept;
    oldest = keptOldest;
    first = keptOldest;
    run = many;
    return many;
  }

  /** Pushes all there is. If the mailbox is closed each is told that it was refused. */
  public void pushInto(Mailbox mailbox) {
    Mail chain = newest;
    first = null;
    run = 0;
    if (chain != null && !mailbox.push(chain, oldest)) {
      // The owner is gone and will not take them; no other thread has them.
      for (Mail mail = chain; mail != null; ) {
        Mail older = mail.next;
        mail.next = null;
        mail.refused();
        mail = older;
      }
    }
    newest = null;
    oldest = null;
  }
}
