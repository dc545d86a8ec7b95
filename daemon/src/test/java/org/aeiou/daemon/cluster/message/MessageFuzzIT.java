package org.aeiou.daemon.cluster.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Feeds a member what a coverage-guided fuzzer makes of messages, in a JVM of its own. For longer:
 * {@code -Daeiou.fuzz.inputs=10000000}, or {@code -Daeiou.fuzz.seconds=3600}.
 */
final class MessageFuzzIT {
  private static final long INPUTS = Long.getLong("aeiou.fuzz.inputs", -1);
  private static final int SECONDS = Integer.getInteger("aeiou.fuzz.seconds", INPUTS < 0 ? 2 : 0);

  @TempDir Path folder;

  @Test
  void noBytesEndAMemberOrMeanAnotherThingWhenTheyAreSentOn() throws Exception {
    Path corpus = Files.createDirectory(folder.resolve("corpus"));
    for (int seed = 0; seed < 24; seed++) {
      Files.write(corpus.resolve("" + seed), AnyBytesTest.message(new SplittableRandom(seed)));
    }
    Path log = folder.resolve("log");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx1g",
            "-XX:+UseSerialGC",
            "-XX:+EnableDynamicAgentLoading",
            "-cp",
            System.getProperty("java.class.path"),
            "com.code_intelligence.jazzer.Jazzer",
            "--target_class=" + MessageFuzzTarget.class.getName(),
            "--instrumentation_includes=org.aeiou.daemon.cluster.message.**",
            "--disabled_hooks=*",
            "--reproducer_path=" + folder,
            "-artifact_prefix=" + folder + "/",
            "-runs=" + INPUTS,
            "-max_total_time=" + SECONDS,
            "-max_len=4000",
            "-timeout=20",
            "-rss_limit_mb=0",
            "-print_final_stats=1",
            corpus.toString());
    Process fuzzer =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .start();
    try {
      assertThat(fuzzer.waitFor(6, TimeUnit.HOURS)).isTrue();
    } finally {
      fuzzer.destroyForcibly();
    }
    String said = Files.readString(log, StandardCharsets.ISO_8859_1);
    assertThat(fuzzer.exitValue()).as(said).isZero();
    assertThat(said).contains("stat::number_of_executed_units");
    said.lines()
        .filter(line -> line.contains("stat::number_of_executed_units") || line.contains("DONE"))
        .forEach(line -> System.out.println("fuzz: " + line));
  }
}
