package org.aeiou.closures.shared;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A client that copies a value and is done with it while its space is wanted for another. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "It copies the value.")
@Outcome(expect = Expect.FORBIDDEN, desc = "It copies some of the other value.")
@State
public class DoneStress {
  private static final int LENGTH = 128;
  private static final Geometry GEOMETRY = new Geometry(2, 128, 128, LENGTH);

  private final Memory submissions =
      new Memory(ByteBuffer.wrap(new byte[GEOMETRY.submissionBytes()]));
  private final Memory completions =
      new Memory(ByteBuffer.wrap(new byte[GEOMETRY.completionBytes()]));
  private final CompletionRing ring = new CompletionRing(completions, submissions, GEOMETRY, 1);

  public DoneStress() {
    ring.accepted(0);
    ring.accepted(1);
    boolean unused = ring.post(0, 1, 1, completion(1), false);
  }

  private static Completion completion(int each) {
    byte[] value = new byte[LENGTH];
    Arrays.fill(value, (byte) each);
    return new Completion(Kind.READING, 0, value, 0, 0, 0, 0);
  }

  @Actor
  public void daemon() {
    if (ring.fits(1, LENGTH)) {
      boolean unused = ring.post(1, 2, 2, completion(2), false);
    }
  }

  @Actor
  public void client(II_Result r) {
    byte[] copy = new byte[LENGTH];
    completions.getBytes(GEOMETRY.arenaAt(), copy, 0, LENGTH);
    r.r1 = copy[0];
    r.r2 = copy[LENGTH - 1];
    submissions.setRelease(SubmissionDescriptor.DONE, 1);
  }
}
