package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Going back and forth in files and directories, also while those change. */
@Needs({Needs.Thing.FUSE, Needs.Thing.PYTHON3})
final class PositionsIT {
  private static final Oid LOCATION = Oid.parse("1.3.6.1.2.1.1.6.0");

  @TempDir Path folder;
  private SimulatedDaemon simulated;
  private SimulatedAgent agent;
  private String root;

  @BeforeEach
  void start() throws Exception {
    simulated =
        SimulatedDaemon.start(
            folder,
            SimulationOptions.builder().systems(1).rows(40),
            "timeout: 2s, retries: 2, max-in-flight: 2",
            "ttl: {directory: 300ms}\n");
    agent = simulated.network().agents().iterator().next();
    agent.set(LOCATION, new Value.Octets(Value.OctetsType.OCTETS, "Rack 7".getBytes(UTF_8)));
    root = simulated.daemon().path(agent.name()).toString();
  }

  @AfterEach
  void stop() throws IOException {
    simulated.close();
  }

  private static void assertSucceeds(String... command) {
    Commands.Result result = Commands.run(command);
    assertThat(result.err()).isEmpty();
    assertThat(result.exit()).isZero();
  }

  @Test
  void aFileCanBeSoughtInFromItsBeginningItsEndAndForDataAndHoles() {
    assertSucceeds(
        "python3",
        "-c",
        """
        import errno, os, sys
        file = os.open(sys.argv[1], os.O_RDONLY)
        assert os.read(file, 4) == b"Rack"
        assert os.lseek(file, 0, os.SEEK_CUR) == 4
        assert os.lseek(file, 0, os.SEEK_END) == 7
        assert os.read(file, 10) == b""
        assert os.lseek(file, -2, os.SEEK_END) == 5
        assert os.read(file, 10) == b"7\\n"
        assert os.lseek(file, 1, os.SEEK_SET) == 1
        assert os.read(file, 3) == b"ack"
        assert os.lseek(file, 2, os.SEEK_DATA) == 2
        assert os.lseek(file, 2, os.SEEK_HOLE) == 7
        for whence, at in ((os.SEEK_SET, -1), (os.SEEK_DATA, 7)):
            try:
                os.lseek(file, at, whence)
                assert False, whence
            except OSError as e:
                assert e.errno in (errno.EINVAL, errno.ENXIO), e
        """,
        root + "/system/sysLocation");
  }

  @Test
  void statxSaysWhatAFileIsAndWhenItsValueWasTakenAndChanged() {
    Commands.run("cat", root + "/system/sysLocation");
    Commands.Result stat =
        Commands.run("stat", "-c", "%F %s %a %h %w %b", root + "/system/sysLocation");
    assertThat(stat.out()).isEqualTo("regular file 7 444 1 - 1\n");
    assertThat(Commands.run("stat", "-c", "%F %a", root + "/system").out())
        .isEqualTo("directory 555\n");
  }

  @Test
  void extendedAttributesOfAWholeDirectoryCostNoExchangeForEachFile() {
    Commands.run("ls", root + "/system");
    agent.resetCounts();
    Commands.Result all = Commands.run("getfattr", "-d", "-R", "-m", "-", root + "/system");
    assertThat(all.exit()).as(all.err()).isZero();
    assertThat(all.out()).contains("user.aeiou.oid=\"1.3.6.1.2.1.1.6.0\"");
    // Before it asks for these it looks at each file twice, as a reader does, until that is known.
    assertThat(agent.counts().requests()).isLessThanOrEqualTo(2);
  }

  /** Perl has what Python has not: telldir and seekdir. */
  @Test
  void aDirectoryCanBeReadOnFromAnyPlaceAndFromItsBeginning() {
    assertSucceeds(
        "perl",
        "-e",
        """
        opendir(my $directory, $ARGV[0]) or die $!;
        my (@names, @places);
        while (1) {
          push @places, telldir($directory);
          my $name = readdir($directory);
          last unless defined $name;
          push @names, $name;
        }
        die "only @names" if @names < 42;
        for my $i (reverse(0 .. $#names), map { int(rand(@names)) } 1 .. 200) {
          seekdir($directory, $places[$i]);
          my $name = readdir($directory);
          die "$name instead of $names[$i] at $i" if $name ne $names[$i];
        }
        rewinddir($directory);
        my @again = readdir($directory);
        die "@again" if "@again" ne "@names";
        """,
        root + "/interfaces");
  }

  @Test
  void listingWhileRowsComeAndGoShowsEachOfTheOthersOnce() throws Exception {
    String others =
        String.join(" ", Commands.run("ls", root + "/interfaces").out().lines().toList());
    Thread changes = new Thread(this::comeAndGo, "changes");
    changes.setDaemon(true);
    changes.start();
    try {
      assertSucceeds(
          "python3",
          "-c",
          """
          import os, sys, time
          from collections import Counter
          sizes = set()
          end = time.monotonic() + 4
          while time.monotonic() < end:
              names = Counter(os.listdir(sys.argv[1]))
              assert max(names.values()) == 1, names
              missing = [n for n in sys.argv[2].split() if n not in names]
              assert not missing, missing
              sizes.add(len(names))
          assert len(sizes) > 1, sizes
          """,
          root + "/interfaces",
          others);
    } finally {
      changes.interrupt();
      changes.join();
    }
  }

  private void comeAndGo() {
    while (!Thread.currentThread().isInterrupted()) {
      String added = agent.addInterface();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(400));
      agent.removeInterface(added);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(400));
    }
  }
}
