package org.aeiou.closures.shared;

import java.nio.ByteBuffer;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A client that goes to sleep while an outcome is posted: it sees it, or its bell is rung. */
@JCStressTest
@Outcome(
    id = {"0, 1", "1, 0", "1, 1"},
    expect = Expect.ACCEPTABLE,
    desc = "It learns of it.")
@Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "It sleeps beside an outcome.")
@State
public class BellStress {
  private static final Geometry GEOMETRY = new Geometry(1, 128, 128, 0);
  private static final Completion COMPLETION =
      new Completion(Kind.READING, 0, new byte[] {1}, 0, 0, 0, 0);

  private final Memory submissions =
      new Memory(ByteBuffer.wrap(new byte[GEOMETRY.submissionBytes()]));
  private final Memory completions =
      new Memory(ByteBuffer.wrap(new byte[GEOMETRY.completionBytes()]));
  private final CompletionRing ring = new CompletionRing(completions, submissions, GEOMETRY, 1);

  private final CompletionReader client = new CompletionReader(completions, submissions, GEOMETRY);

  public BellStress() {
    submissions.set(SubmissionDescriptor.WAKE_AT, -1);
    ring.accepted(0);
  }

  @Actor
  public void daemon(II_Result r) {
    r.r1 = ring.post(0, 1, 1, COMPLETION, false) ? 1 : 0;
  }

  @Actor
  public void client(II_Result r) {
    r.r2 = client.sleeps() ? 0 : 1;
  }
}
