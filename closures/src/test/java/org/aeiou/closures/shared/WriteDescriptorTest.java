package org.aeiou.closures.shared;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.aeiou.closures.shared.WriteDescriptor.Assignment;
import org.aeiou.closures.shared.WriteDescriptor.Change;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriteDescriptorTest {
  private static final Geometry GEOMETRY = new Geometry(2, 256, 256, 0);

  private static final List<Assignment> ROW =
      List.of(
          new Assignment("core1/interfaces/eth0/ifAlias", "to Zürich"),
          new Assignment("/core1/interfaces/eth0//ifAdminStatus", "up\n"));

  private static final List<Change> CHANGES =
      List.of(new Change("ifAlias", null, "to Zürich"), new Change("ifAdminStatus", "down", null));

  @Test
  void theBytesOfAWriteAndOfWhatItEndsInAreGolden() throws Exception {
    Memory submissions = GoldenFile.memory(GEOMETRY.submissionBytes());
    Memory completions = GoldenFile.memory(GEOMETRY.completionBytes());
    FileDescriptor.begin(submissions, SubmissionDescriptor.MAGIC, 0x1122334455667788L);
    SubmissionWriter writer = new SubmissionWriter(submissions, completions, GEOMETRY);
    byte[] asked = WriteDescriptor.asked(ROW).getBytes(UTF_8);
    writer.write(1, Operation.WRITE, Operation.BACKGROUND, asked, 9, 0, 0, 0);
    // What it ends in stands behind it, where a page has nothing.
    byte[] value = WriteDescriptor.value(CHANGES);
    submissions.setBytes(GEOMETRY.page(1) + 192, value, 0, value.length);
    assertThat(GoldenFile.text(submissions)).isEqualTo(GoldenFile.read("write.txt", submissions));
  }

  @Test
  void whatIsAskedAndWhatItEndsInAreReadAsTheyWereWritten() {
    assertThat(WriteDescriptor.assignments(WriteDescriptor.asked(ROW)))
        .containsExactly(ROW.get(0), new Assignment("core1/interfaces/eth0/ifAdminStatus", "up\n"));
    assertThat(WriteDescriptor.changes(WriteDescriptor.value(CHANGES))).isEqualTo(CHANGES);
    List<Change> empty = List.of(new Change("sysName", "", "="));
    assertThat(WriteDescriptor.changes(WriteDescriptor.value(empty))).isEqualTo(empty);
    assertThat(WriteDescriptor.changes(new byte[0])).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "core1/system/sysName", "a/b\0text\0c", "a/b\0text\0c/d\0text"})
  void whatIsNoWriteIsTold(String asked) {
    assertThat(WriteDescriptor.assignments(asked)).isNull();
  }

  @Test
  void whatCannotBeWrittenTogetherIsRefused() {
    assertThatThrownBy(() -> WriteDescriptor.asked(List.of())).hasMessageContaining("nothing");
    assertThatThrownBy(
            () ->
                WriteDescriptor.asked(
                    List.of(new Assignment("a/b", ""), new Assignment("a/c/d", ""))))
        .hasMessage("a/c/d is not below a/, as what is written with it");
    assertThatThrownBy(() -> new Assignment("a/b", "a\0b")).hasMessageContaining("NUL");
  }
}
