package org.aeiou.closures.scheduler;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two submitters against an owner that drains and then closes: no mail is lost or seen twice. */
@JCStressTest
@Outcome(id = "7, 7", expect = Expect.ACCEPTABLE, desc = "Both came, each once, with its content.")
@Outcome(id = "7, -1", expect = Expect.ACCEPTABLE, desc = "The second one was told it is closed.")
@Outcome(id = "-1, 7", expect = Expect.ACCEPTABLE, desc = "The first one was told it is closed.")
@Outcome(id = "-1, -1", expect = Expect.ACCEPTABLE, desc = "Both were told it is closed.")
@State
public class MailboxStress {
  private final Mailbox mailbox = new Mailbox();
  private final Letter first = new Letter();
  private final Letter second = new Letter();

  @Actor
  public void submitFirst() {
    first.content = 7;
    if (!mailbox.push(first)) {
      first.seen--;
    }
  }

  @Actor
  public void submitSecond() {
    second.content = 7;
    if (!mailbox.push(second)) {
      second.seen--;
    }
  }

  @Actor
  public void own() {
    read(mailbox.drain());
    read(mailbox.close());
  }

  @Arbiter
  public void sum(II_Result r) {
    r.r1 = first.seen;
    r.r2 = second.seen;
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
    void receive() {
      seen += content;
    }
  }
}
