package org.aeiou.closures.shared;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.aeiou.closures.shared.SubmissionRing.BrokenClient;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The daemon goes to sleep while a client submits: it sees the submission, or the client rings. */
@JCStressTest
@Outcome(
    id = {"0, 1", "1, 0", "1, 1"},
    expect = Expect.ACCEPTABLE,
    desc = "It is taken.")
@Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "It is left until another one rings.")
@State
public class DoorbellStress {
  private static final Geometry GEOMETRY = new Geometry(1, 128, 128, 0);

  private final Memory submissions =
      new Memory(ByteBuffer.wrap(new byte[GEOMETRY.submissionBytes()]));
  private final Memory completions =
      new Memory(ByteBuffer.wrap(new byte[GEOMETRY.completionBytes()]));
  private final SubmissionRing ring = new SubmissionRing(submissions, completions, GEOMETRY, 1);

  private final SubmissionWriter client = new SubmissionWriter(submissions, completions, GEOMETRY);

  @Actor
  public void daemon(II_Result r) {
    ring.asleep(true);
    VarHandle.fullFence();
    try {
      r.r1 = ring.waiting();
    } catch (BrokenClient e) {
      r.r1 = -1;
    }
  }

  @Actor
  public void client(II_Result r) {
    client.enter(0);
    r.r2 = client.publish() ? 1 : 0;
  }
}
