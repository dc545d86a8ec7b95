package org.aeiou.daemon.simulator.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.Value.NumberType;
import org.aeiou.daemon.backend.Value.OctetsType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingReaderTest {
  @TempDir Path folder;

  @Test
  void everyTagIsReadAsItsType() throws IOException {
    Recording recording =
        read(
            """
            # a comment

            1.3.1.1|2|-5
            1.3.1.2|4|two | words
            1.3.1.3|4x|00ff7C
            1.3.1.4|6|1.3.6.1
            1.3.1.5|64|10.0.0.1
            1.3.1.6|64x|0a000002
            1.3.1.7|65|4294967295
            1.3.1.8|66|7
            1.3.1.9|67|8
            1.3.1.10|70|18446744073709551615
            1.3.1.11|68x|9f7804
            1.3.1.12|4|
            """);
    assertThat(recording.size()).isEqualTo(12);
    assertThat(at(recording, 1)).isEqualTo(new Value.Numeric(NumberType.INTEGER, -5));
    assertThat(at(recording, 2)).isEqualTo(octets("two | words"));
    assertThat(at(recording, 3))
        .isEqualTo(new Value.Octets(OctetsType.OCTETS, new byte[] {0, -1, 0x7c}));
    assertThat(at(recording, 4)).isEqualTo(new Value.Identifier(Oid.of(1, 3, 6, 1)));
    assertThat(at(recording, 5))
        .isEqualTo(new Value.Octets(OctetsType.ADDRESS, new byte[] {10, 0, 0, 1}));
    assertThat(at(recording, 6))
        .isEqualTo(new Value.Octets(OctetsType.ADDRESS, new byte[] {10, 0, 0, 2}));
    assertThat(at(recording, 7)).isEqualTo(new Value.Numeric(NumberType.COUNTER32, 4_294_967_295L));
    assertThat(at(recording, 8)).isEqualTo(new Value.Numeric(NumberType.GAUGE, 7));
    assertThat(at(recording, 9)).isEqualTo(new Value.Numeric(NumberType.TIME, 8));
    assertThat(at(recording, 10)).isEqualTo(new Value.Numeric(NumberType.COUNTER64, -1));
    assertThat(at(recording, 11))
        .isEqualTo(new Value.Octets(OctetsType.OPAQUE, new byte[] {(byte) 0x9f, 0x78, 4}));
    assertThat(at(recording, 12)).isEqualTo(octets(""));
  }

  @Test
  void variationsArePlayedStandingStillOrSkippedAndCounted() throws IOException {
    Recording recording =
        read(
            """
            1.3.1.1|2:numeric|min=1,max=2,wrap=1,initial=2
            1.3.1.2|66:numeric|min=3,max=9
            1.3.1.3|4:writecache|value=one, two=2
            1.3.1.4|4:writecache|hexvalue=4142
            1.3.1.5|4:delay|value=x,wait=100
            1.3.1.6|5|
            """);
    assertThat(at(recording, 1)).isEqualTo(new Value.Numeric(NumberType.INTEGER, 2));
    assertThat(at(recording, 2)).isEqualTo(new Value.Numeric(NumberType.GAUGE, 3));
    assertThat(at(recording, 3)).isEqualTo(octets("one, two=2"));
    assertThat(at(recording, 4)).isEqualTo(octets("AB"));
    assertThat(recording.size()).isEqualTo(4);
    assertThat(recording.skipped()).isEqualTo(2);
  }

  @Test
  void linesMayBeInAnyOrderAndTheFirstOfTwoCounts() throws IOException {
    Recording recording = read("1.3.1.10|2|10\n1.3.1.9|2|9\n1.3.1.10|4|\n");
    assertThat(recording.duplicates()).isEqualTo(1);
    ObjectView.Binding first = recording.next(new int[] {1, 3});
    assertThat(first.name()).containsExactly(1, 3, 1, 9);
    ObjectView.Binding second = recording.next(first.name());
    assertThat(second.value()).isEqualTo(new Value.Numeric(NumberType.INTEGER, 10));
    assertThat(recording.next(second.name())).isNull();
  }

  @Test
  void missingInstanceIsOneWithSiblings() throws IOException {
    Recording recording = read("1.3.1.2.1|2|1\n1.3.1.2.2|2|2\n");
    assertThat(recording.knows(new int[] {1, 3, 1, 2, 9})).isTrue();
    assertThat(recording.knows(new int[] {1, 3, 1, 2})).isTrue();
    assertThat(recording.knows(new int[] {1, 3, 2, 2, 1})).isFalse();
    assertThat(recording.knows(new int[0])).isFalse();
  }

  @Test
  void everyErrorIsToldWithFileAndLine() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    1.3.1.1|2|x
                    1.3.1.a|2|1
                    nothing
                    1.3.1.2|4x|123
                    1.3.1.3|99|1
                    1.3.1.4|65|-1
                    1.3.1.5|64|10.0.0
                    1.3.1.6|two|1
                    """))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("test.snmprec:1: 'x' is no INTEGER32; expected a number from")
        .hasMessageContaining("test.snmprec:2: '1.3.1.a' is not an object identifier")
        .hasMessageContaining("test.snmprec:3: 'nothing' is no object; expected OID|TAG|VALUE")
        .hasMessageContaining("test.snmprec:4: '123' is not hexadecimal")
        .hasMessageContaining("test.snmprec:5: tag 99 is unknown")
        .hasMessageContaining("test.snmprec:6: '-1' is no COUNTER32")
        .hasMessageContaining("test.snmprec:7: '10.0.0' is no IpAddress")
        .hasMessageContaining("test.snmprec:8: tag 'two' is unknown");
  }

  @Test
  void folderWithoutRecordingsIsNamed() {
    assertThatThrownBy(() -> RecordingReader.readAll(folder))
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("*.snmprec");
  }

  private Recording read(String text) throws IOException {
    Files.writeString(folder.resolve("test.snmprec"), text);
    Recording recording = RecordingReader.readAll(folder).get(0);
    assertThat(recording.name()).isEqualTo("test");
    return recording;
  }

  private static Value at(Recording recording, int last) {
    return recording.get(new int[] {1, 3, 1, last});
  }

  private static Value octets(String text) {
    return new Value.Octets(OctetsType.OCTETS, text.getBytes(StandardCharsets.US_ASCII));
  }
}
