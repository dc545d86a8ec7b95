package org.aeiou.daemon.backend.snmp.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class NotesTest {
  private Instant now = Instant.parse("2026-01-02T03:04:05.678Z");
  private final Notes notes = new Notes("core1", (InstantSource) () -> now);

  @Test
  void theLastOfEachKindAboutEachThingIsKeptWithItsTime() {
    notes.add("{} is out of order", "ifDescr");
    now = now.plusSeconds(60);
    notes.add("{} is out of order", "ifName");
    notes.add("{} is out of order", "ifDescr");
    notes.add("the clock was set back");
    assertThat(notes.all())
        .containsExactly(
            "ifName is out of order (2026-01-02T03:05:05Z)",
            "ifDescr is out of order (2026-01-02T03:05:05Z)",
            "the clock was set back (2026-01-02T03:05:05Z)");
  }

  @Test
  void noMoreThanEightAreKept() {
    for (int i = 0; i < 12; i++) {
      notes.add("kind " + i);
    }
    assertThat(notes.all()).hasSize(8);
    assertThat(notes.all().get(7)).startsWith("kind 11 ");
  }
}
