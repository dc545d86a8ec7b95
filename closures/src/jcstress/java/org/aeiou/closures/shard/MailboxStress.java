package org.aeiou.closures.shard;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Submitters against each other and against the owner: no mail is lost or seen twice. */
public final class MailboxStress {

  private MailboxStress() {}

  /** A submission while the owner drains, and then closes. */
  @JCStressTest
  @Outcome(id = "7, 0", expect = Expect.ACCEPTABLE, desc = "It came, once, with its content.")
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The submitter was told it is closed.")
  @State
  public static class PushOrClose {
    private final Mailbox mailbox = new Mailbox(0);
    private final Letter letter = new Letter();

    @Actor
    public void submit(II_Result r) {
      letter.content = 7;
      r.r2 = mailbox.push(letter) ? 0 : 1;
    }

    @Actor
    public void own() {
      read(mailbox.drain());
      read(mailbox.close());
    }

    @Arbiter
    public void check(II_Result r) {
      r.r1 = letter.seen;
    }
  }

  /** Two submissions at once, the second one a chain of two. */
  @JCStressTest
  @Outcome(id = "7, 14", expect = Expect.ACCEPTABLE, desc = "All came, each once.")
  @State
  public static class PushAndPush {
    private final Mailbox mailbox = new Mailbox(0);
    private final Letter single = new Letter();
    private final Letter older = new Letter();
    private final Letter newer = new Letter();

    @Actor
    public void submit() {
      single.content = 7;
      mailbox.push(single);
    }

    @Actor
    public void submitChain() {
      older.content = 7;
      newer.content = 7;
      newer.next = older;
      mailbox.push(newer, older);
    }

    @Arbiter
    public void check(II_Result r) {
      read(mailbox.drain());
      r.r1 = single.seen;
      r.r2 = older.seen + newer.seen;
    }
  }

  private static void read(Mail oldest) {
    for (Mail mail = oldest; mail != null; mail = mail.next) {
      mail.receive();
    }
  }

  private static final class Letter extends Mail {
    int content;
    int seen;

    @Override
    protected void receive() {
      seen += content;
    }
  }
}
