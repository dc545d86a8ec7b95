package org.aeiou.closures.shared.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.aeiou.closures.shared.GoldenFile;
import org.aeiou.closures.shared.Memory;
import org.junit.jupiter.api.Test;

/** What readers find in a table that another writes. */
final class ValueTableTest {
  private final Memory memory = GoldenFile.memory(ValueTable.bytes(128, 1 << 16));
  private final ValueTable table = ValueTable.create(memory, 128, 7, 8, 1);
  private final TableReader reader = new TableReader(memory);

  private static ValueTable.Entry entry(String value, long usableUntil) {
    return new ValueTable.Entry(
        TableKind.READING,
        value.getBytes(UTF_8),
        0,
        usableUntil,
        2,
        1,
        0100444,
        value.length() + 1);
  }

  private String find(String path) {
    ValueTable.Entry found = reader.find(path);
    return found == null ? null : new String(found.value(), UTF_8);
  }

  @Test
  void readerFindsWhatWasPublishedLast() {
    assertThat(find("a")).isNull();
    assertThat(table.publish("a", entry("one", 100), 0)).isTrue();
    assertThat(find("a")).isEqualTo("one");
    assertThat(reader.find("a").mode()).isEqualTo(0100444);
    assertThat(reader.find("a").size()).isEqualTo(4);
    assertThat(reader.uid()).isEqualTo(7);
    assertThat(reader.gid()).isEqualTo(8);
    table.publish("a", entry("two", 100), 0);
    assertThat(find("a")).isEqualTo("two");
    table.publish("a", entry("x".repeat(5000), 100), 0);
    assertThat(find("a")).hasSize(5000);
    table.withdraw("a", 0);
    assertThat(find("a")).isNull();
  }

  @Test
  void placeThatAWriterKeepsIsUsedOnlyAsLongAsItIsThePaths() {
    int place = table.publish("a", ValueTable.UNKNOWN, entry("one", 100), 0);
    assertThat(table.publish("a", place, entry("two", 100), 0)).isEqualTo(place);
    assertThat(find("a")).isEqualTo("two");
    assertThat(table.publish("a", place, entry("x".repeat(5000), 100), 0)).isEqualTo(place);
    assertThat(find("a")).hasSize(5000);

    int other = table.publish("b", place, entry("of b", 100), 0);
    assertThat(other).isNotEqualTo(place);
    assertThat(find("a")).hasSize(5000);
    assertThat(find("b")).isEqualTo("of b");

    table.withdraw("a", 0);
    assertThat(find("a")).isNull();
    assertThat(table.publish("a", place, entry("again", 100), 0)).isNotNegative();
    assertThat(find("a")).isEqualTo("again");
    assertThat(
            table.publish("a", place, entry("x".repeat(TableDescriptor.LONGEST_VALUE + 1), 100), 0))
        .isEqualTo(ValueTable.UNKNOWN);
    assertThat(find("a")).as("older than what there was no room for").isNull();
  }

  @Test
  void tableThatIsFullTakesThePlaceOfWhatIsPastItsUse() {
    List<String> published = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      if (table.publish("path" + i, entry("v" + i, 100), 50)) {
        published.add("path" + i);
      }
    }
    assertThat(published).hasSizeBetween(64, 128);
    published.forEach(path -> assertThat(find(path)).isEqualTo("v" + path.substring(4)));
    assertThat(table.publish("new", entry("value", 300), 50)).isFalse();
    assertThat(table.publish("new", entry("value", 300), 200)).isTrue();
    assertThat(find("new")).isEqualTo("value");
  }

  @Test
  void valueThatIsTooLongIsNotServedAsWhatItWasBefore() {
    table.publish("a", entry("short", 100), 0);
    String longest = "x".repeat(TableDescriptor.LONGEST_VALUE + 1);
    assertThat(table.publish("a", entry(longest, 100), 0)).isFalse();
    assertThat(find("a")).isNull();
  }

  @Test
  void roomOfWhatWasWithdrawnIsUsedAgain() {
    for (int i = 0; i < 10_000; i++) {
      String path = "path" + i % 300;
      assertThat(table.publish(path, entry("x".repeat(i % 700), 100), 0)).isTrue();
      assertThat(find(path)).hasSize(i % 700);
      table.withdraw(path, 0);
    }
  }

  @Test
  void tableIsWhatAMapIsThroughRandomChanges() {
    Random random = new Random(4);
    Map<String, String> expected = new HashMap<>();
    for (int i = 0; i < 50_000; i++) {
      String path = "p" + random.nextInt(60);
      if (random.nextInt(4) == 0) {
        table.withdraw(path, 0);
        expected.remove(path);
      } else {
        String value = i + "=".repeat(random.nextInt(200));
        assertThat(table.publish(path, entry(value, 100), 0)).isTrue();
        expected.put(path, value);
      }
      String asked = "p" + random.nextInt(60);
      assertThat(find(asked)).isEqualTo(expected.get(asked));
    }
  }

  @Test
  void otherMemoryIsRefused() {
    assertThatThrownBy(() -> new TableReader(GoldenFile.memory(8192)))
        .hasMessageContaining("no value table of version 1");
  }

  @Test
  void readerThatMeetsAWriterWhoDiedFindsNothing() {
    table.publish("a", entry("one", 100), 0);
    for (int at = TableDescriptor.FIRST_SLOT;
        at < TableDescriptor.FIRST_SLOT + 128 * 64;
        at += 64) {
      if (memory.get(at) != 0) {
        memory.set(at, memory.get(at) + 1);
      }
    }
    assertThat(find("a")).isNull();
  }

  @Test
  void noReaderSeesHalfOfOneValueAndHalfOfAnother() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    AtomicReference<String> torn = new AtomicReference<>();
    Thread[] readers = new Thread[2];
    for (int i = 0; i < readers.length; i++) {
      readers[i] =
          new Thread(
              () -> {
                TableReader mine = new TableReader(memory);
                for (int n = 0; !done.get(); n++) {
                  ValueTable.Entry found = mine.find("p" + n % 4);
                  if (found != null) {
                    String text = new String(found.value(), UTF_8);
                    long same = text.chars().filter(c -> c == text.charAt(0)).count();
                    if (same != text.length() || found.takenMillis() != text.length()) {
                      torn.set(text);
                    }
                  }
                }
              });
      readers[i].start();
    }
    for (int i = 0; i < 300_000; i++) {
      int length = 1 + i % 400;
      String value = String.valueOf((char) ('a' + i % 26)).repeat(length);
      ValueTable.Entry entry =
          new ValueTable.Entry(
              TableKind.READING, value.getBytes(UTF_8), 0, 100, length, 0, 1, length);
      table.publish("p" + i % 4, entry, 0);
      if (i % 7 == 0) {
        table.withdraw("p" + (i + 1) % 4, 0);
      }
    }
    done.set(true);
    for (Thread each : readers) {
      each.join();
    }
    assertThat(torn.get()).isNull();
  }
}
