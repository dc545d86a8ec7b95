package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aeiou.daemon.cli.Main;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A simulated network in a process of its own, as a person starts it. */
@Timeout(60)
final class SimulateIT {

  @Needs(Needs.Thing.SNMPGET)
  @Test
  void aSignalPrintsWhatTheAgentsHaveSeenSoFar(@TempDir Path folder) throws Exception {
    Path configuration = folder.resolve("net.yaml");
    Process process = simulate("--systems=1", "--port=0", "--config-out=" + configuration);
    try (BufferedReader out = process.inputReader(UTF_8)) {
      assertThat(out.readLine()).startsWith("1 agents answer");
      signal(process, "USR1");
      assertThat(out.readLine()).startsWith("so far: Counts[datagrams=0, requests=0, objects=0,");

      Commands.Result got =
          Commands.run(
              "snmpget", "-v2c", "-cpublic", addressIn(configuration), ".1.3.6.1.2.1.1.5.0");
      assertThat(got.exit()).as(got.err()).isZero();
      signal(process, "USR1");
      assertThat(out.readLine()).startsWith("so far: Counts[datagrams=1, requests=1, objects=1,");

      signal(process, "TERM");
      assertThat(out.readLine()).startsWith("in all: Counts[datagrams=1,");
      assertThat(process.waitFor()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process simulate(String... options) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "simulate");
    builder.command().addAll(List.of(options));
    return builder
        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static void signal(Process process, String name) {
    Commands.Result kill = Commands.run("kill", "-" + name, Long.toString(process.pid()));
    assertThat(kill.exit()).as(kill.err()).isZero();
  }

  private static String addressIn(Path configuration) throws IOException {
    Matcher address =
        Pattern.compile("address: (\\S+)").matcher(Files.readString(configuration, UTF_8));
    assertThat(address.find()).isTrue();
    return address.group(1);
  }
}
