package org.aeiou.closures.shared;

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
  private static final Completion FIRST =
      new Completion(Kind.READING, 0, new byte[] {1}, 1, 0, 0, 0);
  private static final Completion SECOND =
      new Completion(Kind.READING, 0, new byte[] {2}, 2, 0, 0, 0);

  private final Memory submissions =
      new Memory(ByteBuffer.wrap(new byte[GEOMETRY.submissionBytes()]));
  private final Memory completions =
      new Memory(ByteBuffer.wrap(new byte[GEOMETRY.completionBytes()]));
  private final CompletionRing ring = new CompletionRing(completions, submissions, GEOMETRY, 1);

  private final CompletionReader client = new CompletionReader(completions, submissions, GEOMETRY);

  public WatchStress() {
    ring.accepted(0);
    boolean unused = ring.post(0, 1, 1, FIRST, true);
  }

  @Actor
  public void daemon() {
    boolean unused = ring.post(0, 1, 1, SECOND, true);
  }

  @Actor
  public void client(II_Result r) {
    client.take();
    CompletionReader.Copy copy = client.outcome();
    r.r2 = copy == null ? 0 : (int) copy.completion().takenMillis();
  }

  @Arbiter
  public void check(II_Result r) {
    r.r1 = (int) completions.get(CompletionDescriptor.TAIL);
  }
}
