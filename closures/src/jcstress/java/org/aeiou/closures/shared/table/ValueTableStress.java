package org.aeiou.closures.shared.table;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.aeiou.closures.shared.Memory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A reader beside a writer that replaces a value: all of one value and its times, or of the other.
 */
@JCStressTest
@Outcome(id = "8, 97, 1", expect = Expect.ACCEPTABLE, desc = "What it was.")
@Outcome(id = "16, 98, 2", expect = Expect.ACCEPTABLE, desc = "What it is.")
@Outcome(
    id = "0, 0, 0",
    expect = Expect.ACCEPTABLE_INTERESTING,
    desc = "A miss: the writer stood still in the middle for as long as the reader is patient.")
@State
public class ValueTableStress {
  private final Memory memory = new Memory(ByteBuffer.wrap(new byte[ValueTable.bytes(2, 4096)]));
  private final ValueTable table = ValueTable.create(memory, 2, 0, 0, 1);
  private final TableReader reader = new TableReader(memory);

  public ValueTableStress() {
    publish((byte) 'a', 8, 1);
  }

  private void publish(byte letter, int length, long taken) {
    byte[] value = new byte[length];
    Arrays.fill(value, letter);
    boolean unused =
        table.publish(
            "p", new ValueTable.Entry(TableKind.READING, value, 0, 100, taken, 0, 0, 0), 0);
  }

  @Actor
  public void writer() {
    publish((byte) 'b', 16, 2);
  }

  @Actor
  public void reader(III_Result r) {
    ValueTable.Entry found = reader.find("p");
    if (found != null) {
      r.r1 = found.value().length;
      r.r2 = found.value()[0];
      for (byte each : found.value()) {
        r.r2 = each == r.r2 ? r.r2 : -1;
      }
      r.r3 = (int) found.takenMillis();
    }
  }
}
