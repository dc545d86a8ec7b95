package org.aeiou.closures.shared;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.aeiou.closures.Failure;
import org.junit.jupiter.api.Test;

/** What a group read found comes out as it went in; what is none of it is refused. */
final class GroupValuesTest {
  private static final long TAKEN = 1_700_000_001_234L;

  /** The one in the golden file. */
  static GroupWriter table() {
    GroupWriter table =
        new GroupWriter(
            GroupDescriptor.TABLE, List.of("ifOperStatus", "ifAlias"), List.of("eth0", "Gerät 1"));
    reading(table, "up", TAKEN);
    reading(table, "", TAKEN - 2500);
    table.absent(TAKEN - 1);
    table.failure(Reasons.number(Failure.Reason.TIMEOUT), "no answer");
    return table;
  }

  private static void reading(GroupWriter writer, String text, long taken) {
    byte[] line = (text + "\n").getBytes(UTF_8);
    writer.reading(line, line.length - 1, taken);
  }

  private static List<String> lines(GroupValues values) {
    List<String> lines = new ArrayList<>();
    while (values.next()) {
      lines.add(
          String.join(
              " ",
              values.row(),
              values.column(),
              "" + values.kind(),
              "" + values.reason(),
              "'" + values.value() + "'",
              "" + (values.takenMillis() == 0 ? 0 : TAKEN - values.takenMillis())));
    }
    return lines;
  }

  @Test
  void eachAttributeHasAnOutcomeAndATimeOfItsOwn() {
    GroupWriter table = table();
    assertThat(table.takenMillis()).isEqualTo(TAKEN);
    assertThat(table.bytes()).isEqualTo(table.value().length);
    GroupValues values = GroupValues.of(table.value(), TAKEN);

    assertThat(values.form()).isEqualTo(GroupDescriptor.TABLE);
    assertThat(values.columns()).containsExactly("ifOperStatus", "ifAlias");
    assertThat(values.rows()).containsExactly("eth0", "Gerät 1");
    assertThat(values.count()).isEqualTo(4);
    assertThat(lines(values))
        .containsExactly(
            "eth0 ifOperStatus 1 null 'up' 0",
            "eth0 ifAlias 1 null '' 2500",
            "Gerät 1 ifOperStatus 2 null '' 1",
            "Gerät 1 ifAlias 3 TIMEOUT 'no answer' 0");
    assertThat(values.next()).isFalse();
  }

  @Test
  void tableWithoutRowsHasItsColumns() {
    GroupWriter none = new GroupWriter(GroupDescriptor.TABLE, List.of("a", "b"), List.of());

    GroupValues values = GroupValues.of(none.value(), 0);

    assertThat(values.columns()).containsExactly("a", "b");
    assertThat(values.next()).isFalse();
  }

  /** An odd number of kinds, which end at no multiple of four. */
  @Test
  void oddNumberOfAttributesIsReadAsItWasWritten() {
    GroupWriter odd =
        new GroupWriter(GroupDescriptor.ATTRIBUTES, List.of("a", "b", "c"), List.of(""));
    reading(odd, "1", TAKEN);
    reading(odd, "2", TAKEN);
    reading(odd, "3", TAKEN - 7);

    assertThat(lines(GroupValues.of(odd.value(), TAKEN)))
        .containsExactly(" a 1 null '1' 0", " b 1 null '2' 0", " c 1 null '3' 7");
  }

  @Test
  void agesLongerThanTheirFieldAreTheLongestThatItHolds() {
    GroupWriter old = new GroupWriter(GroupDescriptor.ATTRIBUTES, List.of("a", "b"), List.of(""));
    reading(old, "1", TAKEN);
    reading(old, "2", 1);

    assertThat(lines(GroupValues.of(old.value(), TAKEN)).get(1)).endsWith(" 4294967295");
  }

  @Test
  void noiseIsReadOrRefusedAndNothingElseHappens() {
    byte[] value = table().value();
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = Arrays.copyOf(value, random.nextInt(value.length + 1));
      for (int j = random.nextInt(4); j > 0 && noise.length > 0; j--) {
        noise[random.nextInt(Math.min(noise.length, 48))] = (byte) random.nextInt();
      }
      try {
        var unused = lines(GroupValues.of(noise, TAKEN));
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageContaining("group");
      }
    }
    assertThatThrownBy(() -> GroupValues.of("core1".getBytes(UTF_8), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("these 5 bytes are no values of a group; readGroup asks for those");
  }
}
