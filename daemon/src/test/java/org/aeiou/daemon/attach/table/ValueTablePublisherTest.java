package org.aeiou.daemon.attach.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.nio.ByteBuffer;
import org.aeiou.closures.shared.Memory;
import org.aeiou.closures.shared.table.TableDescriptor;
import org.aeiou.closures.shared.table.ValueTable;
import org.aeiou.daemon.contract.MemoryFileSystem;
import org.aeiou.daemon.tree.Node;
import org.junit.jupiter.api.Test;

/** What clients find without asking. */
final class ValueTablePublisherTest {
  private static final int SLOTS = 128;

  private final MemoryFileSystem files = new MemoryFileSystem().cached();
  private final Memory memory =
      new Memory(ByteBuffer.allocateDirect(ValueTable.bytes(SLOTS, 1 << 16)));
  private final ValueTablePublisher publisher =
      new ValueTablePublisher(
          files, ValueTable.create(memory, SLOTS, 0, 0, 1), 16, Ticker.systemTicker());

  /** How often the file was looked at. */
  private int looks;

  private void look() {
    looks++;
    files.afterCached = this::look;
  }

  private void publish(String path, int length) {
    Node node = new MemoryFileSystem.Place(path, false);
    files.file(path, "x".repeat(length) + "\n");
    files.afterCached = this::look;
    publisher.read(node, path, publisher.generation());
    publisher.taken(node);
  }

  @Test
  void aValueThatWasPublishedIsPublishedAgainWhenAnotherComes() {
    publish("core1/system/.table", 100);
    assertThat(looks).isEqualTo(2);
  }

  @Test
  void aValueThatDoesNotFitIsLeftAloneUntilItIsAskedForAgain() {
    publish("core1/interfaces/.table", TableDescriptor.LONGEST_VALUE + 1);
    assertThat(looks).isEqualTo(1);
  }
}
