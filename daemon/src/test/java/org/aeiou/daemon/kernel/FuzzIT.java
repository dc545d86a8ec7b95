package org.aeiou.daemon.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.fuse.Golden;
import org.aeiou.daemon.fuse.HeaderDescriptor;
import org.aeiou.daemon.fuse.Opcode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Feeds the session what a coverage-guided fuzzer makes up, in a JVM of its own; begins with one of
 * each request. For longer: {@code -Daeiou.fuzz.inputs=10000000}, or for a while each night with
 * {@code -Daeiou.fuzz.seconds=3600}.
 */
final class FuzzIT {
  private static final long INPUTS = Long.getLong("aeiou.fuzz.inputs", -1);
  private static final int SECONDS = Integer.getInteger("aeiou.fuzz.seconds", INPUTS < 0 ? 12 : 0);
  private static final int HEADER = HeaderDescriptor.IN_LENGTH;

  @TempDir Path folder;

  @Test
  void noBytesMakeTheSessionThrowReplyTwiceOrLeaveARequest() throws Exception {
    Path corpus = Files.createDirectory(folder.resolve("corpus"));
    seed(corpus);
    Path log = folder.resolve("log");
    Process fuzzer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-XX:+EnableDynamicAgentLoading",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + SessionFuzzTarget.class.getName(),
                "--instrumentation_includes=org.aeiou.daemon.kernel.**",
                "--disabled_hooks=*",
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + folder + "/",
                "-runs=" + INPUTS,
                "-max_total_time=" + SECONDS,
                "-max_len=600",
                "-rss_limit_mb=0",
                "-print_final_stats=1",
                corpus.toString())
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

  /** One of each request, each with something before and behind it. */
  private static void seed(Path corpus) throws IOException {
    List<byte[]> requests =
        List.of(
            Golden.LOOKUP_IN,
            Golden.GETATTR_IN,
            Golden.READ_IN,
            Golden.READDIR_IN,
            Golden.READDIRPLUS_IN,
            Golden.STATFS_IN,
            Golden.GETXATTR_IN,
            Golden.LISTXATTR_IN,
            Golden.OPEN_IN,
            Golden.POLL_IN,
            Golden.BATCH_FORGET_IN,
            Golden.INIT_IN);
    for (int i = 0; i < requests.size(); i++) {
      byte[] request = requests.get(i);
      ByteArrayOutputStream steps = new ByteArrayOutputStream();
      ask(steps, Opcode.LOOKUP.number, 1, KernelSide.name("slow"));
      byte[] body = Arrays.copyOfRange(request, HEADER, request.length);
      int opcode = HeaderDescriptor.opcode(ByteBuffer.wrap(request).order(ByteOrder.LITTLE_ENDIAN));
      for (int node = 1; node <= 4; node++) {
        ask(steps, opcode, node, body);
      }
      steps.write(SessionFuzzTarget.INTERRUPT);
      steps.write(0);
      steps.write(SessionFuzzTarget.COMPLETE);
      ask(steps, Opcode.READ.number, 2, KernelSide.read(0, 4096));
      steps.write(SessionFuzzTarget.PASS);
      steps.write(SessionFuzzTarget.RAW);
      steps.write(request.length);
      steps.writeBytes(request);
      Files.write(corpus.resolve("seed-" + i), steps.toByteArray());
    }
  }

  private static void ask(ByteArrayOutputStream steps, int opcode, int node, byte[] body) {
    steps.write(SessionFuzzTarget.ASK);
    steps.write(opcode);
    steps.write(node);
    steps.write(node);
    steps.write(body.length);
    steps.writeBytes(body);
  }
}
