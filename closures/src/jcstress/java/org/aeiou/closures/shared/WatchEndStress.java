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

/** A watch ends while a client takes its last change: its end has a completion, and only one. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The change is told, then the end.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The end is told, in its turn.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The end is not told, or twice.")
@State
public class WatchEndStress {
  private static final Geometry GEOMETRY = new Geometry(1, 128, 128, 0);
  private static final Completion CHANGE =
      new Completion(Kind.READING, 0, new byte[] {1}, 0, 0, 0, 0);

  private final Memory submissions =
      new Memory(ByteBuffer.wrap(new byte[GEOMETRY.submissionBytes()]));
  private final Memory completions =
      new Memory(ByteBuffer.wrap(new byte[GEOMETRY.completionBytes()]));
  private final CompletionRing ring = new CompletionRing(completions, submissions, GEOMETRY, 1);

  public WatchEndStress() {
    ring.accepted(0);
    boolean unused = ring.post(0, 1, 1, CHANGE, true);
  }

  @Actor
  public void daemon() {
    boolean unused = ring.post(0, 1, 1, CHANGE, true);
    unused = ring.post(0, 1, 1, new Completion(Kind.FAILURE, 5, new byte[0], 0, 0, 0, 0), false);
  }

  @Actor
  public void client(II_Result r) {
    submissions.setRelease(SubmissionDescriptor.COMPLETION_HEAD, 1);
    VarHandle.fullFence();
    r.r1 = goesOn() ? 1 : 0;
  }

  @Arbiter
  public void rest(II_Result r) {
    long tail = completions.getAcquire(CompletionDescriptor.TAIL);
    for (int position = 1; position < tail; position++) {
      int at = CompletionDescriptor.RING + CompletionDescriptor.ENTRY_BYTES * (position & 1);
      boolean more = completions.getShort(at + CompletionDescriptor.FLAGS) != 0;
      // A change behind the first that finds the end leaves that to the next.
      r.r2 += more ? (goesOn() ? 10 : 0) : 1;
    }
  }

  private boolean goesOn() {
    return completions.getShort(GEOMETRY.outcome(0) + CompletionDescriptor.OUTCOME_FLAGS) != 0;
  }
}
