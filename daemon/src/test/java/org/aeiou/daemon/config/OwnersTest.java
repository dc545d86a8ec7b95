package org.aeiou.daemon.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnersTest {
  @Test
  void ownNumbersAreThoseThatIdPrints() throws IOException {
    assertThat(Owners.ownUser()).isEqualTo(id("-u"));
    assertThat(Owners.ownGroup()).isEqualTo(id("-g"));
  }

  @Test
  void namesAreLookedUpInTheSystem() throws IOException {
    assertThat(Owners.user("daemon")).isEqualTo(id("-u", "daemon"));
    assertThat(Owners.group("daemon")).isEqualTo(id("-g", "daemon"));
    assertThat(Owners.user("root")).isZero();
  }

  @Test
  void numbersNeedNoName() {
    assertThat(Owners.user("54321")).isEqualTo(54321);
    assertThat(Owners.group("54321")).isEqualTo(54321);
  }

  private static int id(String... arguments) throws IOException {
    ProcessBuilder command = new ProcessBuilder("id");
    command.command().addAll(List.of(arguments));
    String printed = new String(command.start().getInputStream().readAllBytes(), UTF_8);
    return Integer.parseInt(printed.strip());
  }
}
