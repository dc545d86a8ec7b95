package org.aeiou.daemon.systemd;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  @TempDir private Path folder;

  @Test
  void aLineHasItsFieldsAndOneOfSeveralLinesItsLength() throws Exception {
    String name = folder.resolve("journal").toString();
    try (ManagerSocket journald = new ManagerSocket(name);
        Journal journal = new Journal(new Datagrams(name))) {
      Map<String, String> fields =
          new TreeMap<>(Map.of("MESSAGE", "core1 is down", "TEXT", "a\nb"));
      assertThat(journal.send(fields)).isTrue();
      assertThat(new String(journald.receive(2000), ISO_8859_1))
          .isEqualTo("MESSAGE=core1 is down\nTEXT\n\3\0\0\0\0\0\0\0a\nb\n");
    }
  }

  @Test
  void whatIsNotTakenIsSaid() throws Exception {
    try (Journal journal = new Journal(new Datagrams(folder.resolve("none").toString()))) {
      assertThat(journal.send(Map.of("MESSAGE", "x"))).isFalse();
    }
  }

  @Test
  void theJournalIsOnlyWhereTheStandardErrorGoes() throws Exception {
    assertThat(Journal.ofStandardError(Map.of())).isNull();
    assertThat(Journal.ofStandardError(Map.of("JOURNAL_STREAM", "1:2"))).isNull();
    String mine = Journal.stream(Path.of("/proc/self/fd/2"));
    try (Journal journal = Journal.ofStandardError(Map.of("JOURNAL_STREAM", mine))) {
      assertThat(journal).isNotNull();
    }
  }
}
