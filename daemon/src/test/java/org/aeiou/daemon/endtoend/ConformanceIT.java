package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.aeiou.daemon.conformance.ConformanceCase;
import org.aeiou.daemon.conformance.JavaDriver;
import org.aeiou.daemon.conformance.Performance;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The clients in Python, C and Java promise the same: each case is played with all of them. Prints
 * a table of cases by client; with {@code -Dconformance=word} only cases with that in their title.
 */
@Needs({Needs.Thing.FUSE, Needs.Thing.PYTHON3, Needs.Thing.GCC})
final class ConformanceIT {
  private static final Path CLOSURES = Path.of("../closures").toAbsolutePath().normalize();
  private static final Path CASES = CLOSURES.resolve("src/test/conformance");
  private static final List<String> CLIENTS = List.of("python", "c", "java");

  @TempDir static Path folder;
  private static ConformanceWorld world;
  private static Performance performance;
  private static final List<String> TABLE = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    String driver = compiled();
    world = ConformanceWorld.start(folder);
    String place = world.mountPoint().toString();
    Map<String, List<String>> commands = new LinkedHashMap<>();
    commands.put(
        "python",
        List.of(
            "python3",
            CASES.resolve("driver.py").toString(),
            CLOSURES.resolveSibling("client-py/src").toString(),
            place));
    commands.put("c", List.of(driver, place));
    commands.put(
        "java",
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            JavaDriver.class.getName(),
            place));
    performance = new Performance(commands, world);
  }

  /** The driver in C, with sanitizers; warnings are errors. */
  private static String compiled() {
    String program = folder.resolve("driver").toString();
    List<String> command = new ArrayList<>();
    command.addAll(List.of("gcc", "-O1", "-g", "-Wall", "-Wextra", "-Werror"));
    command.addAll(List.of("-fsanitize=address,undefined", "-fno-sanitize-recover=all"));
    command.addAll(List.of("-I", CLOSURES.resolve("src/main/c").toString()));
    command.addAll(List.of("-o", program, CASES.resolve("driver.c").toString()));
    assertThat(Commands.run(command).err()).isEmpty();
    return program;
  }

  @AfterAll
  static void end() throws IOException {
    TABLE.forEach(System.out::println);
    try (ConformanceWorld ending = world;
        Performance played = performance) {
      assertThat(ending).isNotNull();
      assertThat(played.errors()).isEmpty();
    }
  }

  @TestFactory
  Stream<DynamicContainer> cases() throws IOException {
    String word = System.getProperty("conformance", "");
    List<Path> files;
    try (Stream<Path> all = Files.list(CASES)) {
      files = all.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
    String row = "| %-75s | %-7s | %-7s | %-7s |";
    TABLE.add(row.formatted("case", "Python", "C", "Java"));
    TABLE.add(row.replace(' ', '-').formatted("", "", "", "").replace(' ', '-'));
    return files.stream()
        .flatMap(file -> ConformanceCase.in(file).stream())
        .filter(each -> each.title().contains(word))
        .map(
            each -> {
              Map<String, String> wrong = new LinkedHashMap<>();
              return DynamicContainer.dynamicContainer(
                  each.title(),
                  CLIENTS.stream()
                      .map(
                          client ->
                              DynamicTest.dynamicTest(
                                  client,
                                  () -> {
                                    if (wrong.isEmpty()) {
                                      wrong.putAll(play(each));
                                    }
                                    check(each, client, wrong.get(client));
                                  })));
            });
  }

  private static Map<String, String> play(ConformanceCase each) throws Exception {
    Map<String, String> wrong = performance.play(each);
    List<Object> cells = new ArrayList<>(List.of(each.title()));
    for (String client : CLIENTS) {
      boolean isGood = wrong.get(client).isEmpty();
      cells.add(isGood ? "yes" : each.lacks(client) != null ? "lacks" : "FAILS");
    }
    TABLE.add("| %-75s | %-7s | %-7s | %-7s |".formatted(cells.toArray()));
    return wrong;
  }

  private static void check(ConformanceCase each, String client, String wrong) {
    String lacks = each.lacks(client);
    if (lacks == null) {
      assertThat(wrong).isEmpty();
    } else {
      assertThat(wrong)
          .as("'%s' says that this client lacks %s, and it does not", each.title(), lacks)
          .isNotEmpty();
    }
  }
}
