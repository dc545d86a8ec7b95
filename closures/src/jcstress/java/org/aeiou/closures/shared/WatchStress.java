package org.aeiou.closures.shared;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A change while a client takes the last one: it reads the change, or is told once more. */
@JCStressTest
@Outcome(
    id = {"1, 2", "2, 2", "2, 1", "2, 0", "1, 0"},
    expect = Expect.ACCEPTABLE,
    desc = "It learns of it; 0 is once more.")
@Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "It goes on with what was before.")
@State
public class WatchStress {
  private static final Geometry GEOMETRY = new Geometry(2, 128, 128, 0);
  private static final Completion COMPLETION =
      new Completion(Kind.READING, 0, new byte[] {1}, 0, 0, 0, 0);

  private final Memory submissions =
      new Memory(ByteBuffer.wrap(new byte[GEOMETRY.submissionBytes()]));
  private final Memory completions =
      new Memory(ByteBuffer.wrap(new byte[GEOMETRY.completionBytes()]));
  private final CompletionRing ring = new CompletionRing(completions, submissions, GEOMETRY, 1);

  public WatchStress() {
    ring.accepted(0);
    boolean unused = ring.post(0, 1, 1, COMPLETION, true);
  }

  @Actor
  public void daemon() {
    boolean unused = ring.post(0, 1, 1, COMPLETION, true);
  }

  @Actor
  public void client(II_Result r) {
    submissions.setRelease(SubmissionDescriptor.COMPLETION_HEAD, 1);
    VarHandle.fullFence();
    int at = GEOMETRY.outcome(0);
    long number = completions.getAcquire(at + CompletionDescriptor.NUMBER);
    long times = completions.get(at + CompletionDescriptor.TIMES);
    VarHandle.acquireFence();
    boolean whole =
        number != 0
            && completions.get(at + CompletionDescriptor.NUMBER) == number
            && completions.get(at + CompletionDescriptor.TIMES) == times;
    r.r2 = whole ? (int) times : 0;
  }

  @Arbiter
  public void check(II_Result r) {
    r.r1 = (int) completions.get(CompletionDescriptor.TAIL);
  }
}
