package org.aeiou.closures.shard;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * One permit, given back by one shard while another one wants it: it gets it, at once or by mail,
 * and does not sleep hungry beside a free one.
 */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "It has it, and it is counted once.")
@State
public class PermitsStress {
  private final Permits permits = new Permits(1, 2);
  private final Mailbox mailbox = new Mailbox(1);
  private final Permits.OfShard holder = permits.share(0, new Mailbox(0));
  private final Permits.OfShard hungry = permits.share(1, mailbox);

  public PermitsStress() {
    boolean unused = holder.take();
  }

  @Actor
  public void giving() {
    holder.giveBack();
  }

  @Actor
  public void wanting(II_Result r) {
    r.r1 = hungry.take() ? 1 : 0;
  }

  @Arbiter
  public void check(II_Result r) {
    Mail grant = mailbox.drain();
    if (grant != null) {
      grant.receive();
      r.r1 += r.r1 == 0 && hungry.take() ? 1 : 0;
    }
    r.r2 = permits.inFlight();
  }
}
