package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.junit.jupiter.api.io.TempDir;

/** Tests with a daemon, its simulated network, and programs in Python that attach to it. */
abstract class AttachedPrograms {
  private static final String PREAMBLE =
      """
      import os, re, signal, sys, threading, time
      sys.path[:0] = [sys.argv[1], sys.argv[2]]
      import aeiou
      root, systems = sys.argv[3], sys.argv[4].split(",")
      """;

  @TempDir Path folder;

  final SimulatedDaemon start(int systems, Duration rtt, String more) throws Exception {
    return SimulatedDaemon.start(
        folder,
        SimulationOptions.builder().systems(systems).rows(4).rtt(rtt),
        "timeout: 1s, retries: 1, max-in-flight: 2",
        more);
  }

  static List<SimulatedAgent> agents(SimulatedDaemon simulated) {
    return new ArrayList<>(simulated.network().agents());
  }

  /** Runs a program, which must write nothing to its standard error; returns its output. */
  final String python(SimulatedDaemon simulated, String text, String... more) throws IOException {
    Path script = Files.writeString(folder.resolve("script.py"), PREAMBLE + text);
    List<String> command = new ArrayList<>(List.of("python3", script.toString()));
    command.add(Path.of("../client-py/src").toAbsolutePath().normalize().toString());
    command.add(Path.of("src/test/python").toAbsolutePath().toString());
    command.add(simulated.daemon().path("").toString());
    command.add(String.join(",", agents(simulated).stream().map(SimulatedAgent::name).toList()));
    command.addAll(Arrays.asList(more));
    Commands.Result result = Commands.run(command);
    assertThat(result.err()).isEmpty();
    return result.out();
  }

  /** Compiles a program in C, with sanitizers and further options; warnings are errors. */
  final Path compiled(String source, String... options) {
    Path closures = Path.of("../closures").toAbsolutePath().normalize();
    Path program = folder.resolve("program");
    List<String> command = new ArrayList<>();
    command.addAll(List.of("gcc", "-O1", "-g", "-Wall", "-Wextra", "-Werror"));
    command.addAll(List.of("-fsanitize=address,undefined", "-fno-sanitize-recover=all"));
    command.addAll(Arrays.asList(options));
    command.addAll(List.of("-I", closures.resolve("src/main/c").toString()));
    command.addAll(List.of("-o", program.toString(), closures.resolve(source).toString()));
    Commands.Result result = Commands.run(command);
    assertThat(result.err()).isEmpty();
    return program;
  }

  static long counter(SimulatedDaemon simulated, String name) {
    String stats = Commands.run("cat", simulated.daemon().path(".aeiou/stats").toString()).out();
    return stats
        .lines()
        .filter(line -> line.startsWith(name + ": "))
        .mapToLong(line -> Long.parseLong(line.substring(name.length() + 2)))
        .findFirst()
        .orElseThrow();
  }
}
