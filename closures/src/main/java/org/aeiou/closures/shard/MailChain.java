package org.aeiou.closures.shard;

/**
 * Mail for one mailbox, linked as the mailbox links it, to be pushed as one. Used by one thread.
 */
public final class MailChain {
  private Mail newest;
  private Mail oldest;

  /** Adds one; it must be in no mailbox. */
  public void add(Mail mail) {
    mail.next = newest;
    newest = mail;
    if (oldest == null) {
      oldest = mail;
    }
  }

  /** Pushes all there is. If the mailbox is closed each is told that it was refused. */
  public void pushInto(Mailbox mailbox) {
    Mail chain = newest;
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
