package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program that walks the whole tree twice, with a real daemon. */
@Needs({Needs.Thing.FUSE, Needs.Thing.PYTHON3, Needs.Thing.STRACE})
final class TreeWalkIT extends AttachedPrograms {
  private static final Pattern PASS =
      Pattern.compile(
          "pass (\\d): (\\d+) directories, (\\d+) files, 0 failed; (\\d+) immediate, (\\d+) delayed, in .* ms");

  /** Of the memory that Python takes and gives back. */
  private static final Pattern MEMORY =
      Pattern.compile("\\d+ +(brk|mmap|munmap|mremap|madvise)\\(.*");

  @ParameterizedTest
  @ValueSource(strings = {"--passes=2", "--callbacks"})
  void secondWalkHasNoDelayedClosureAndMakesNoSystemCall(String way) throws Exception {
    try (SimulatedDaemon simulated = start(5, Duration.ofMillis(2), "")) {
      Path trace = folder.resolve("trace");
      String out = walk(simulated, List.of("strace", "-f", "-o", trace.toString()), way);

      Matcher pass = PASS.matcher(out);
      assertThat(pass.find()).as(out).isTrue();
      List<String> found = List.of(pass.group(2), pass.group(3));
      assertThat(Integer.parseInt(pass.group(5))).as(out).isPositive();
      assertThat(pass.find()).as(out).isTrue();
      assertThat(List.of(pass.group(2), pass.group(3))).as(out).isEqualTo(found);
      assertThat(pass.group(5)).as(out).isEqualTo("0");
      assertThat(callsInPass(2, trace))
          .filteredOn(call -> !MEMORY.matcher(call).matches())
          .isEmpty();
      assertThat(callsInPass(1, trace)).filteredOn(call -> call.contains("poll(")).isNotEmpty();
    }
  }

  @Test
  void walkFindsWhatFindFinds() throws Exception {
    try (SimulatedDaemon simulated = start(5, Duration.ofMillis(2), "")) {
      String root = simulated.daemon().path("").toString();
      long files =
          Commands.run("find", root, "-mindepth", "2", "-type", "f", "-not", "-path", "*/.*")
              .out()
              .lines()
              .count();

      assertThat(walk(simulated, List.of(), "--passes=1"))
          .contains(" " + files + " files, 0 failed");
    }
  }

  private static String walk(SimulatedDaemon simulated, List<String> under, String option) {
    List<String> command = new ArrayList<>();
    command.add("env");
    command.add("PYTHONPATH=" + Path.of("../client-py/src").toAbsolutePath().normalize());
    command.addAll(under);
    command.add("python3");
    command.add(Path.of("../mount-scripts/walk.py").toAbsolutePath().normalize().toString());
    command.addAll(List.of("--traced", option, simulated.daemon().path("").toString()));
    Commands.Result result = Commands.run(command);
    assertThat(result.err()).isEmpty();
    return result.out();
  }

  /** What the program called between its marks of a pass. */
  private static List<String> callsInPass(int number, Path trace) throws Exception {
    List<String> calls = new ArrayList<>();
    boolean isInside = false;
    for (String line : Files.readAllLines(trace)) {
      if (line.contains("\"/walk/" + number + "\"")) {
        isInside = !isInside;
      } else if (isInside) {
        calls.add(line);
      }
    }
    return calls;
  }
}
