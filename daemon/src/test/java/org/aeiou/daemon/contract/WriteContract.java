package org.aeiou.daemon.contract;

import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.daemon.testing.Programs.Result;
import org.aeiou.daemon.testing.Programs.Running;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** What programs that write get, and what others read meanwhile. */
interface WriteContract extends Mounted {
  String STATE = "/core1/state";

  /** Ways to write {@code down} and a newline to the file {@code $0}. */
  List<String> WAYS_TO_WRITE =
      List.of(
          "echo down > $0",
          "printf 'down\\n' > $0",
          "echo down | tee $0 > /dev/null",
          "echo down | dd status=none of=$0 conv=fsync",
          "echo down | dd status=none of=$0 conv=notrunc",
          "echo down 1<> $0",
          "source=$(mktemp); echo down > $source; cp $source $0; s=$?; rm $source; exit $s",
          "source=$(mktemp); echo down > $source; cat $source > $0; s=$?; rm $source; exit $s",
          "python3 -c 'with open(__import__(\"sys\").argv[1], \"w\") as f: f.write(\"down\\n\")' $0",
          "python3 -c 'with open(__import__(\"sys\").argv[1], \"r+\") as f: f.write(\"down\\n\")' $0");

  private Result shell(String script) throws Exception {
    return programs().run("bash", "-c", script, path(STATE));
  }

  private Running startShell(String script) throws Exception {
    return programs().start("bash", "-c", script, path(STATE));
  }

  private void mountForWriting() throws Exception {
    mounts().allowWriting();
    mounts().mount();
  }

  @ParameterizedTest
  @FieldSource("org.aeiou.daemon.contract.WriteContract#WAYS_TO_WRITE")
  default void everyWayOfWritingWritesTheValueOnce(String way) throws Exception {
    files().file(STATE, "lowerLayerDown\n");
    files().writable(STATE);
    mountForWriting();
    assertThat(shell("cat $0").good()).isEqualTo("lowerLayerDown\n");

    shell(way).good();

    assertThat(files().writes()).containsExactly("0 down\n");
    assertThat(shell("cat $0; wc -c < $0").good()).isEqualTo("down\n5\n");
  }

  @ParameterizedTest
  @FieldSource("org.aeiou.daemon.contract.WriteContract#WAYS_TO_WRITE")
  default void everyWayOfWritingTellsOfTheSystemsRefusal(String way) throws Exception {
    files().file(STATE, "up\n");
    files().refusesWrites(STATE, Reason.REFUSED);
    mountForWriting();
    assertThat(shell("cat $0").good()).isEqualTo("up\n");

    Result refused = shell(way);

    assertThat(refused.status()).isNotZero();
    assertThat(refused.errors()).contains("Permission denied");
    assertThat(shell("cat $0; wc -c < $0").good()).isEqualTo("up\n3\n");
  }

  @ParameterizedTest
  @CsvSource({
    "REFUSED, Permission denied",
    "BAD_REQUEST, Invalid argument",
    "NOT_WRITABLE, Read-only file system",
    "OUT_OF_RANGE, Numerical result out of range",
    "NOT_DONE, Input/output error",
    "TIMEOUT, Connection timed out"
  })
  default void echoShowsTheVerdict(Reason reason, String words) throws Exception {
    files().file(STATE, "up\n");
    files().refusesWrites(STATE, reason);
    mountForWriting();

    assertThat(shell("LC_ALL=C; echo down > $0").errors())
        .endsWith("echo: write error: " + words + "\n");
  }

  @Test
  default void showsInItsModeWhatCanBeWritten() throws Exception {
    files().file(STATE, "up\n");
    files().writable(STATE);
    files().file("/core1/other", "1\n");
    mountForWriting();

    assertThat(mounts().shown()).contains("rw,", "nosuid", "default_permissions");
    assertThat(programs().run("stat", "-c", "%A", path(STATE), path("/core1/other")).good())
        .isEqualTo("-rw-rw-r--\n-r--r--r--\n");
    assertThat(shell("echo 2 > ${0%state}other").errors()).contains("Read-only file system");
  }

  @Test
  default void aPartOfAValueReachesNoSystem() throws Exception {
    files().file(STATE, "up\n");
    files().writable(STATE);
    mountForWriting();

    assertThat(shell("echo down >> $0").errors()).contains("Invalid argument");
    assertThat(shell("echo x | dd of=$0 seek=1 bs=2 conv=notrunc").errors())
        .contains("Invalid argument");
    assertThat(
            shell("head -c 100000 /dev/zero | tr '\\0' x | dd of=$0 bs=100k iflag=fullblock")
                .errors())
        .contains("File too large");
    assertThat(files().writes()).isEmpty();
    assertThat(shell("cat $0").good()).isEqualTo("up\n");
  }

  @Test
  default void openingToWriteLeavesTheValueAlone() throws Exception {
    files().file(STATE, "up\n");
    files().writable(STATE);
    mountForWriting();

    assertThat(shell(": > $0; cat $0; truncate -s 0 $0; cat $0; wc -c < $0").good())
        .isEqualTo("up\nup\n3\n");
    assertThat(files().writes()).isEmpty();
  }

  @Test
  default void whatChangesNamesAndModesSaysThatItCannot() throws Exception {
    files().file(STATE, "up\n");
    files().writable(STATE);
    mountForWriting();

    assertThat(shell("sed -i s/up/down/ $0").errors())
        .contains("couldn't open temporary file", "Permission denied");
    assertThat(shell("touch $0").errors()).contains("setting times", "Operation not permitted");
    assertThat(shell("chmod 777 $0").errors()).contains("Operation not permitted");
    assertThat(shell("chown 1 $0").errors()).contains("Operation not permitted");
    assertThat(shell("truncate -s 1 $0").errors()).contains("Invalid argument");
    assertThat(shell("rm -f $0").errors()).contains("Operation not permitted");
    assertThat(shell("mv $0 $0.old").errors()).contains("Operation not permitted");
    assertThat(shell("mkdir $0.d").errors()).contains("Operation not permitted");
    assertThat(shell("ln -s x $0.l").errors()).contains("Operation not permitted");
    assertThat(shell("echo 1 > $0.new").errors()).contains("Permission denied");
    assertThat(shell("mkfifo $0.new").errors()).contains("Permission denied");
    assertThat(shell("setfattr -n user.x -v 1 $0").errors()).contains("not supported");
    assertThat(files().writes()).isEmpty();
  }

  @Test
  default void copyingWithTimesWritesTheValueAndSaysWhatItCannotKeep() throws Exception {
    files().file(STATE, "up\n");
    files().writable(STATE);
    mountForWriting();

    Result copy =
        shell("source=$(mktemp); echo down > $source; cp -p $source $0; s=$?; rm $source; exit $s");

    assertThat(copy.status()).isEqualTo(1);
    assertThat(copy.errors()).contains("Operation not permitted");
    assertThat(files().writes()).containsExactly("0 down\n");
  }

  @Test
  default void aProgramReadsBackThroughTheSameFileWhatThereIsToRead() throws Exception {
    files().file(STATE, "lowerLayerDown\n");
    files().writable(STATE);
    mountForWriting();

    assertThat(
            python(
                """
                import os, sys
                with open(sys.argv[1], 'r+b', buffering=0) as file:
                    for value in b'up\\n', b'lowerLayerDown\\n', b'testing\\n':
                        file.seek(0)
                        print(file.write(value), os.pread(file.fileno(), 100, 0), os.fstat(file.fileno()).st_size)
                        os.fsync(file.fileno())
                """,
                path(STATE)))
        .isEqualTo("3 b'up\\n' 3\n15 b'lowerLayerDown\\n' 15\n8 b'testing\\n' 8\n");
  }

  @Test
  default void othersReadWholeValuesWhileAWriteWaits() throws Exception {
    files().keepContent(TimeUnit.MINUTES.toNanos(1));
    files().keepNames(TimeUnit.MINUTES.toNanos(1));
    files().file(STATE, "up\n");
    files().slowToWrite(STATE);
    mountForWriting();
    Running holder =
        programs()
            .python(
                """
                import os, sys
                file = os.open(sys.argv[1], os.O_RDONLY)
                for line in sys.stdin:
                    print(os.pread(file, 100, 0), flush=True)
                """,
                path(STATE));
    holder.say("read");
    eventually("the first value is read", () -> holder.said().contains("up"));

    Running echo = startShell("echo lowerLayerDown > $0");
    files().awaitPending(STATE, 1);

    assertThat(shell("cat $0; wc -c < $0").good()).isEqualTo("up\n3\n");
    for (int i = 0; i < 20; i++) {
      String before = holder.said();
      holder.say("read");
      eventually("it is read again", () -> holder.said().length() > before.length());
    }
    assertThat(holder.said().lines()).containsOnly("b'up\\n'");
    files().writable(STATE);
    echo.await().good();
    assertThat(shell("cat $0").good()).isEqualTo("lowerLayerDown\n");
  }

  @Test
  default void aSignalEndsTheWaitOfAWriter() throws Exception {
    files().file(STATE, "up\n");
    files().slowToWrite(STATE);
    mountForWriting();

    Running echo =
        programs()
            .start(
                "python3",
                "-c",
                "import os, sys; os.write(os.open(sys.argv[1], 1), b'down')",
                path(STATE));
    files().awaitPending(STATE, 1);
    echo.signal("KILL");

    assertThat(echo.await().status()).isGreaterThan(128);
    eventually("the write is withdrawn", () -> files().cancelled(STATE) == 1);
    files().writable(STATE);
    shell("echo down > $0").good();
    assertThat(shell("cat $0").good()).isEqualTo("down\n");
  }

  @Test
  default void whatIsWrittenThroughAMemoryMappingReachesNoSystem() throws Exception {
    files().file(STATE, "up\n");
    files().writable(STATE);
    mountForWriting();

    assertThat(
            python(
                """
                import mmap, os, sys
                file = os.open(sys.argv[1], os.O_RDWR)
                os.pread(file, 3, 0)
                try:
                    with mmap.mmap(file, 3) as page:
                        page[0:2] = b'no'
                        page.flush()
                    print('flushed')
                except OSError as error:
                    print('refused')
                try:
                    os.close(file)
                except OSError as error:
                    print('refused at the end')
                """,
                path(STATE)))
        .startsWith("refused\n");
    assertThat(files().writes()).isEmpty();
    assertThat(shell("cat $0").good()).isEqualTo("up\n");
  }
}
