package org.aeiou.closures.scheduler;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * One permit, held by one shard, wanted by two others while it is given back: one of them gets it,
 * at once or by mail, and never both, and never nobody.
 */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "One has it, and it is counted once.")
@State
public class PermitsStress {
  private final Permits permits = new Permits(1, 3);
  private final Mailbox[] mailboxes = {new Mailbox(), new Mailbox(), new Mailbox()};
  private final Permits.Share holder = permits.share(0, mailboxes[0]);
  private final Permits.Share second = permits.share(1, mailboxes[1]);
  private final Permits.Share third = permits.share(2, mailboxes[2]);
  private final boolean held = holder.take();
  private int taken;

  private boolean secondHas;
  private boolean thirdHas;

  @Actor
  public void giving() {
    if (held) {
      holder.giveBack();
    }
  }

  @Actor
  public void wantingSecond() {
    secondHas = second.take();
  }

  @Actor
  public void wantingThird() {
    thirdHas = third.take();
  }

  @Arbiter
  public void check(II_Result r) {
    taken = (secondHas ? 1 : 0) + (thirdHas ? 1 : 0);
    // What came by mail counts for whoever went hungry.
    taken += secondHas ? 0 : afterMail(mailboxes[1], second);
    taken += thirdHas ? 0 : afterMail(mailboxes[2], third);
    r.r1 = taken;
    r.r2 = permits.inFlight();
  }

  private static int afterMail(Mailbox mailbox, Permits.Share share) {
    Mail mail = mailbox.drain();
    if (mail == null) {
      return 0;
    }
    mail.receive();
    return share.take() ? 1 : 0;
  }
}
