package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.aeiou.daemon.testing.Eventually;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that starts Java: which one, with what, and what does not count when it is root. */
final class LauncherIT {
  private static final Path SCRIPTS = Path.of("../mount-scripts").toAbsolutePath().normalize();
  private static final Path APP = Path.of("target/app").toAbsolutePath();

  @TempDir Path folder;
  private Path home;
  private Path ran;

  /** A Java that tells what it was started with, instead of starting; and tools that tell, too. */
  @BeforeEach
  void makeOtherJava() throws IOException {
    home = Files.createDirectory(folder.resolve("home"));
    ran = folder.resolve("ran");
    Files.createDirectory(home.resolve("bin"));
    for (String tool :
        List.of("java", "readlink", "stat", "dirname", "cat", "sed", "nice", "env", "compgen")) {
      Path file = home.resolve("bin").resolve(tool);
      Files.writeString(
          file,
          """
          #!/bin/bash
          echo %s >> %s
          printf 'argument %%s\\n' "$@"
          printf 'arenas %%s\\n' "${MALLOC_ARENA_MAX:-unbound}"
          """
              .formatted(tool, ran));
      assertThat(file.toFile().setExecutable(true)).isTrue();
    }
  }

  private static boolean isRoot() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  /** Runs it with something more in the environment; {@code -NAME} takes one out. */
  private static Commands.Result aeiou(List<String> environment, String... arguments) {
    return run(List.of(), SCRIPTS.resolve("aeiou"), environment, arguments);
  }

  private static Commands.Result run(
      List<String> prefix, Path script, List<String> environment, String... arguments) {
    List<String> command = new ArrayList<>(List.of("/usr/bin/env"));
    for (String name : List.of("SUDO_UID", "JAVA_HOME", "AEIOU_JAVA_OPTS", "JAVA_TOOL_OPTIONS")) {
      command.addAll(List.of("-u", name));
    }
    command.addAll(environment);
    command.addAll(prefix);
    command.add(script.toString());
    command.addAll(List.of(arguments));
    return Commands.run(command);
  }

  private static void assertThatItIsTheRealOne(Commands.Result version) {
    assertThat(version.out()).matches("aeiou .*\\(Java .*\\)\n");
    assertThat(version.exit()).isZero();
  }

  @Test
  void environmentOfAnotherUserDoesNotSteerWhatIsRunAsRoot() throws Exception {
    assumeTrue(isRoot());
    Path sourced = Files.writeString(folder.resolve("sourced"), "echo sourced >> " + ran + "\n");
    List<String> environment =
        List.of(
            "SUDO_UID=1000",
            "JAVA_HOME=" + home,
            "PATH=" + home.resolve("bin") + ":" + System.getenv("PATH"),
            "BASH_ENV=" + sourced,
            "ENV=" + sourced,
            "BASH_FUNC_readlink%%=() { echo function >> " + ran + "; }",
            "BASH_FUNC_stat%%=() { echo function >> " + ran + "; }",
            "SHELLOPTS=xtrace",
            "PS4=$(echo traced >> " + ran + ")",
            "IFS=/",
            "AEIOU_JAVA_OPTS=-XX:Flags=" + sourced,
            "JAVA_TOOL_OPTIONS=-XX:Flags=" + sourced,
            "_JAVA_OPTIONS=-XX:Flags=" + sourced,
            "JDK_JAVA_OPTIONS=-XX:Flags=" + sourced,
            "CLASSPATH=" + home,
            "own=true",
            "home=" + home,
            "java=" + home.resolve("bin/java"),
            "jars=" + home,
            "settings=" + sourced,
            "settings_options=-XX:Flags=" + sourced,
            "system_path=" + home.resolve("bin"));

    Commands.Result version = aeiou(environment, "version");

    assertThatItIsTheRealOne(version);
    assertThat(version.err())
        .isEqualTo(
            "aeiou: JAVA_HOME and AEIOU_JAVA_OPTS of another user do not count as root;"
                + " set them in /etc/default/aeiou\n");
    assertThat(ran).doesNotExist();
  }

  @Test
  void ownEnvironmentChoosesTheJavaAndItsOptions() throws Exception {
    Commands.Result started =
        aeiou(
            List.of("JAVA_HOME=" + home, "AEIOU_JAVA_OPTS=-Xmx77m -Dpattern=/*"),
            "get",
            "two words");

    assertThat(ran).hasContent("java\n");
    List<String> lines = started.out().lines().toList();
    assertThat(lines)
        .contains(
            "argument -XX:+ExitOnOutOfMemoryError",
            "argument -Xmx77m",
            "argument -Dpattern=/*",
            "arenas 2")
        .containsSequence(
            "argument org.aeiou.daemon.cli.Main", "argument get", "argument two words");
    // The last one counts.
    assertThat(lines.lastIndexOf("argument -Xmx77m"))
        .isGreaterThan(first(lines, "argument -Xmx\\d+m"));
    assertThat(lines).anyMatch(line -> line.matches("argument -XX:MaxDirectMemorySize=\\d+m"));
  }

  private static int first(List<String> lines, String pattern) {
    return lines.indexOf(
        lines.stream().filter(line -> line.matches(pattern)).findFirst().orElseThrow());
  }

  @Test
  void javaIsFoundOnTheUsersOwnPath() throws Exception {
    String path = "PATH=" + home.resolve("bin") + ":" + System.getenv("PATH");

    assertThat(aeiou(List.of(path), "version").out()).contains("argument version");
    // Only Java: the script's own tools are the system's.
    assertThat(ran).hasContent("java\n");
  }

  @Test
  void settingsOfRootCountForEveryUserIfOnlyRootCanChangeThem() throws Exception {
    assumeTrue(isRoot());
    Path settings = Files.createDirectory(folder.resolve("default"));
    Path file = settings.resolve("aeiou");
    Files.writeString(
        file, "# Java\nJAVA_HOME=\"" + home + "\"\nAEIOU_JAVA_OPTS='-Xmx99m -Da=b'\nPATH=/none\n");
    for (List<String> environment : List.of(List.of("SUDO_UID=1000"), List.<String>of())) {
      Commands.Result started = withSettings(settings, environment);
      assertThat(started.err()).isEmpty();
      assertThat(started.out()).contains("argument -Xmx99m\nargument -Da=b\n", "argument version");
    }

    Files.setAttribute(file, "unix:mode", 0646);
    assertThat(withSettings(settings, List.of()).err())
        .startsWith("aeiou: /etc/default/aeiou: others than root can change it")
        .contains("chmod 644 /etc/default/aeiou");
    Files.setAttribute(file, "unix:mode", 0644);
    Files.setAttribute(file, "unix:uid", 65534);
    assertThat(withSettings(settings, List.of()).exit()).isEqualTo(1);
    Files.setAttribute(file, "unix:uid", 0);
    Files.setAttribute(settings, "unix:mode", 01777);
    assertThat(withSettings(settings, List.of()).err()).contains("or a folder it is in");
  }

  private static Commands.Result withSettings(Path settings, List<String> environment) {
    String mount = "mkdir -p /etc/default && mount --bind \"$0\" /etc/default && exec \"$@\"";
    List<String> prefix =
        List.of("unshare", "--mount", "/bin/sh", "-c", mount, settings.toString());
    return run(prefix, SCRIPTS.resolve("aeiou"), environment, "version");
  }

  @Test
  void heapIsAPartOfTheMemoryBetweenBounds() {
    assertThat(heap(300)).isEqualTo("-Xmx150m");
    assertThat(heap(512)).isEqualTo("-Xmx256m");
    assertThat(heap(4096)).isEqualTo("-Xmx1024m");
    assertThat(heap(65536)).isEqualTo("-Xmx2048m");
  }

  private static String heap(int memory) {
    return Commands.run(
            "bash",
            "-c",
            ". \"$1\"; memory=$2; choose_options; printf '%s\\n' \"${options[@]}\"",
            "bash",
            SCRIPTS.resolve("aeiou").toString(),
            Integer.toString(memory))
        .out()
        .lines()
        .filter(line -> line.startsWith("-Xmx"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void tooFewDescriptorsAreSaidWithTheNumberThatIsNeeded() {
    for (int limit : new int[] {20, 64}) {
      String limits = "--nofile=" + limit + ":" + limit;
      Commands.Result refused =
          run(List.of("prlimit", limits), SCRIPTS.resolve("aeiou"), List.of(), "version");
      assertThat(refused.exit()).isEqualTo(1);
      assertThat(refused.out()).isEmpty();
      assertThat(refused.err())
          .startsWith("aeiou: only " + limit + " files may be open here; expected at least 128")
          .contains("ulimit -n", "LimitNOFILE=")
          .hasLineCount(1);
    }
  }

  @Test
  void copiedTreeStartsWithoutAWordAndHasItsArchiveMadeAnew() throws Exception {
    Path tree = Files.createDirectories(folder.resolve("tree/daemon/target"));
    for (List<Path> copy : List.of(List.of(SCRIPTS, folder.resolve("tree/")), List.of(APP, tree))) {
      assertThat(Commands.run("cp", "-r", copy.get(0).toString(), copy.get(1).toString()).exit())
          .isZero();
    }
    Path script = folder.resolve("tree/mount-scripts/aeiou");
    String java = "JAVA_HOME=" + System.getProperty("java.home");

    Commands.Result first = run(List.of(), script, List.of(java), "version");
    assertThatItIsTheRealOne(first);
    assertThat(first.err()).isEmpty();
    awaitArchive(tree.resolve("app"));

    String traced = "AEIOU_JAVA_OPTS=-Xlog:class+load:stderr";
    Commands.Result second = run(List.of(), script, List.of(java, traced), "version");
    assertThatItIsTheRealOne(second);
    assertThat(second.err())
        .contains("org.aeiou.daemon.cli.Main source: shared objects file (top)");

    // A jar that is newer: what is shared is not used, and nothing is said of it.
    Path jar = jar(tree.resolve("app"));
    assertThat(Commands.run("touch", "-d", "2001-01-01", jar.toString()).exit()).isZero();
    Commands.Result third = run(List.of(), script, List.of(java), "version");
    assertThatItIsTheRealOne(third);
    assertThat(third.err()).isEmpty();
  }

  /** Waits until what makes it has taken its lock, and then for that. */
  private static void awaitArchive(Path app) throws Exception {
    Eventually.eventually(
        "an archive is made",
        () -> hasArchive(app) || Commands.run("flock", "-n", app.toString(), "true").exit() != 0);
    assertThat(Commands.run("flock", app.toString(), "true").exit()).isZero();
    assertThat(hasArchive(app)).isTrue();
  }

  private static boolean hasArchive(Path app) throws IOException {
    try (Stream<Path> files = Files.list(app)) {
      return files.anyMatch(file -> file.toString().endsWith(".jsa.of"));
    }
  }

  private static Path jar(Path app) throws IOException {
    try (Stream<Path> files = Files.list(app)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("guava"))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  @Needs(Needs.Thing.FUSE)
  void runningDaemonHasNothingInSharedFolders() throws Exception {
    Path configuration =
        Files.writeString(
            folder.resolve("net.yaml"), "systems: {core1: {address: \"127.0.0.1:1\"}}\n");
    Path net = Files.createDirectory(folder.resolve("net"));
    Path log = folder.resolve("log");
    Process daemon =
        new ProcessBuilder(
                SCRIPTS.resolve("aeiou").toString(), "mount", configuration.toString(), "" + net)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      Eventually.eventually("mounted", () -> Files.readString(log).contains("mounted 1 systems"));
      String maps = Files.readString(Path.of("/proc/" + daemon.pid() + "/maps"));

      assertThat(maps.lines().filter(line -> line.contains("libjffi")))
          .isNotEmpty()
          .allMatch(line -> line.contains(APP + "/native/"));
      assertThat(maps).doesNotContain("hsperfdata");
      String opened = Commands.run("ls", "-l", "/proc/" + daemon.pid() + "/fd").out();
      assertThat(opened).doesNotContain(" /tmp/jffi", "/tmp/hsperfdata");
    } finally {
      daemon.destroy();
      assertThat(daemon.waitFor()).isZero();
    }
  }
}
