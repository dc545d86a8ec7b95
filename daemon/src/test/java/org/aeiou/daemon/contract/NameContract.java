package org.aeiou.daemon.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.testing.Programs.Running;
import org.junit.jupiter.api.Test;

/** What programs see of the tree: names, directories, attributes. */
interface NameContract extends Mounted {

  /** Of 255 octets, in characters of three. */
  String LONGEST_NAME = "∕".repeat(85);

  List<String> STRANGE_NAMES =
      List.of(
          "Gi1∕0∕24",
          "with blank",
          "with\nnewline",
          "with\ttab",
          "quote\"'`$(x)\\",
          "-n",
          "...",
          "~1",
          "*",
          "ü-ж-語-🛰",
          LONGEST_NAME);

  @Test
  default void listsADirectoryInTheOrderOfTheFileSystem() throws Exception {
    for (String name : List.of("zebra", "alpha", "Beta")) {
      files().file("/core1/" + name, name);
    }
    mounts().mount();

    assertThat(programs().run("ls", "-U", path("/core1")).good()).isEqualTo("zebra\nalpha\nBeta\n");
    assertThat(programs().run("ls", "-aU", path("/core1")).good().lines())
        .contains(".", "..")
        .hasSize(5);
  }

  @Test
  default void walksTheTreeAndKnowsDirectoriesFromFiles() throws Exception {
    files().file("/core1/system/sysName", "a");
    files().file("/core1/interfaces/eth0/ifOperStatus", "up");
    files().directory("/lon/edge7");
    mounts().mount();

    assertThat(programs().run("find", path(""), "-mindepth", "1", "-printf", "%P %y\n").good())
        .isEqualTo(
            """
            core1 d
            core1/system d
            core1/system/sysName f
            core1/interfaces d
            core1/interfaces/eth0 d
            core1/interfaces/eth0/ifOperStatus f
            lon d
            lon/edge7 d
            """);
    assertThat(programs().run("ls", "-R", path("/core1/interfaces")).good())
        .isEqualTo(
            path("/core1/interfaces")
                + ":\neth0\n\n"
                + path("/core1/interfaces/eth0")
                + ":\nifOperStatus\n");
    assertThat(programs().run("grep", "-rl", "up", path("/core1")).good())
        .isEqualTo(path("/core1/interfaces/eth0/ifOperStatus") + "\n");
  }

  @Test
  default void aLargeDirectoryIsWhole() throws Exception {
    for (int i = 0; i < 1000; i++) {
      files().file("/core1/interfaces/interface-with-a-long-name-" + i, "x");
    }
    mounts().mount();

    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      expected.add("interface-with-a-long-name-" + i);
    }
    assertThat(programs().run("ls", "-U", path("/core1/interfaces")).good().lines())
        .containsExactlyElementsOf(expected);
    assertThat(programs().run("ls", "-l", path("/core1/interfaces")).good().lines()).hasSize(1001);
  }

  @Test
  default void listingReadsNoFile() throws Exception {
    files().coldFile("/core1/state");
    mounts().mount();

    assertThat(programs().run("ls", "-l", path("/core1")).good()).contains("state");
    assertThat(programs().run("find", path(""), "-size", "0").good()).isNotEmpty();
    assertThat(files().reads("/core1/state")).isZero();
  }

  @Test
  default void aSlowDirectoryIsWaitedFor() throws Exception {
    files().slowDirectory("/core1/interfaces");
    files().file("/core1/interfaces/eth0", "x");
    files().file("/core2/state", "up");
    mounts().mount();

    Running ls = programs().start("ls", path("/core1/interfaces"));
    files().awaitPending("/core1/interfaces", 1);
    assertThat(programs().run("cat", path("/core2/state")).good()).isEqualTo("up");
    assertThat(ls.isAlive()).isTrue();
    files().release("/core1/interfaces");

    assertThat(ls.await().good()).isEqualTo("eth0\n");
  }

  @Test
  default void aSlowNameIsWaitedFor() throws Exception {
    files().slowNames("/core1/interfaces");
    files().file("/core1/interfaces/eth0", "x");
    mounts().mount();

    Running cat = programs().start("cat", path("/core1/interfaces/eth0"));
    files().awaitPending("/core1/interfaces", 1);
    files().release("/core1/interfaces");

    assertThat(cat.await().good()).isEqualTo("x");
  }

  @Test
  default void anyNameThatUnixAllowsCanBeListedAndRead() throws Exception {
    for (String name : STRANGE_NAMES) {
      files().file("/core1/" + name, "value of " + name);
    }
    mounts().mount();

    String listed = programs().run("find", path("/core1"), "-type", "f", "-printf", "%f\\0").good();
    assertThat(listed.split("\0")).containsExactlyElementsOf(STRANGE_NAMES);
    for (String name : STRANGE_NAMES) {
      assertThat(programs().run("cat", path("/core1/" + name)).good())
          .isEqualTo("value of " + name);
    }
  }

  @Test
  default void namesThatCannotBeAreRefused() throws Exception {
    files().file("/core1/state", "x");
    mounts().mount();

    // The second is not UTF-8; it is neither found nor mistaken for the name it resembles.
    files().file("/core1/\uFFFDx", "x");
    assertThat(
            python(
                """
                import errno, os, sys
                for name in b'nothing', b'\\xffx', b'a' * 256, b'\\xff' * 256, b'state/x', b'a' * 255:
                    try:
                        os.stat(os.fsencode(sys.argv[1]) + b'/' + name)
                        print('ok')
                    except OSError as error:
                        print(errno.errorcode[error.errno])
                """,
                path("/core1")))
        .isEqualTo("ENOENT\nENOENT\nENAMETOOLONG\nENAMETOOLONG\nENOTDIR\nENOENT\n");
  }

  @Test
  default void aNameThatAppearsIsFoundOnceItsAbsenceIsNoLongerValid() throws Exception {
    files().keepNames(0);
    files().directory("/core1");
    mounts().mount();

    assertThat(readErrors(path("/core1/state"))).containsExactly("ENOENT");
    files().file("/core1/state", "x");
    assertThat(readErrors(path("/core1/state"))).containsExactly("ok");
  }

  @Test
  default void statShowsWhatIsKnown() throws Exception {
    files().file("/core1/state", "12345\n");
    files().coldFile("/core1/cold");
    mounts().mount();
    String format = "%F %s %a %h %u %g %.3X %.3Y %.3Z\n";

    assertThat(
            programs()
                .run("stat", "--printf", format, path("/core1/state"), path("/core1"), path(""))
                .good())
        .isEqualTo(
            """
            regular file 6 444 1 0 0 1700000005.678 1700000001.234 1700000001.234
            directory 0 555 2 0 0 1700000005.678 1700000001.234 1700000001.234
            directory 0 555 2 0 0 1700000005.678 1700000001.234 1700000001.234
            """);
    assertThat(programs().run("stat", "-c", "%s", path("/core1/cold")).good()).isEqualTo("4096\n");
    assertThat(files().reads("/core1/cold")).isZero();
  }

  @Test
  default void theSizeIsRightAfterAReading() throws Exception {
    files().coldFile("/core1/state");
    mounts().mount();

    assertThat(programs().run("stat", "-c", "%s", path("/core1/state")).good()).isEqualTo("4096\n");
    files().file("/core1/state", "1234\n");
    assertThat(programs().run("cat", path("/core1/state")).good()).isEqualTo("1234\n");
    assertThat(programs().run("stat", "-c", "%s", path("/core1/state")).good()).isEqualTo("5\n");
  }

  @Test
  default void statfsShowsHowManyFilesThereAreAndNoBlocks() throws Exception {
    mounts().mount();

    assertThat(programs().run("stat", "-f", "-c", "%S %b %f %a %c %d %l", path("")).good())
        .isEqualTo("512 0 0 0 12 0 255\n");
  }

  @Test
  default void extendedAttributesAreListedAndRead() throws Exception {
    files().file("/core1/state", "up\n");
    files().extended("/core1/state", "user.aeiou.oid", "1.3.6.1".getBytes(StandardCharsets.UTF_8));
    files().extended("/core1/state", "user.aeiou.raw", new byte[] {0, (byte) 0xff, 10});
    files().extended("/core1/state", "user.aeiou.units", new byte[0]);
    mounts().mount();

    assertThat(
            programs()
                .run("getfattr", "-d", "--absolute-names", "-e", "hex", path("/core1/state"))
                .good())
        .isEqualTo(
            "# file: "
                + path("/core1/state")
                + "\nuser.aeiou.oid=0x312e332e362e31\nuser.aeiou.raw=0x00ff0a\nuser.aeiou.units=0x\n\n");
    assertThat(
            python(
                """
                import errno, os, sys
                print(os.listxattr(sys.argv[1]), os.listxattr(sys.argv[2]))
                for name in 'user.aeiou.none', 'user.\\udcff':
                    try:
                        os.getxattr(sys.argv[1], name)
                    except OSError as error:
                        print(errno.errorcode[error.errno])
                """,
                path("/core1/state"),
                path("/core1")))
        .isEqualTo(
            "['user.aeiou.oid', 'user.aeiou.raw', 'user.aeiou.units'] []\nENODATA\nENODATA\n");
  }
}
