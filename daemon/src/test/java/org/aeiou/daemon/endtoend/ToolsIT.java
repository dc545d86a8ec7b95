package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What people point at a file gets the value and nothing else: never read, just read, expired. */
@Needs({Needs.Thing.FUSE, Needs.Thing.PYTHON3})
final class ToolsIT {
  private static final Oid LOCATION = Oid.parse("1.3.6.1.2.1.1.6.0");
  private static final int TTL_MILLIS = 150;

  /** Long enough for a reading to be past its grace period, too. */
  private static final int PAST_USE_MILLIS = 2 * TTL_MILLIS + 100;

  /** A program, and what it says of a value. */
  enum Tool {
    CAT("cat \"$1\""),
    COUNT("wc -c < \"$1\"") {
      @Override
      String says(String text) {
        return text.length() + "\n";
      }
    },
    COUNT_BY_NAME("wc -c \"$1\" | cut -d' ' -f1") {
      @Override
      String says(String text) {
        return text.length() + "\n";
      }
    },
    LAST_LINE("tail -n 1 \"$1\""),
    LAST_BYTES("tail -c 9 \"$1\"") {
      @Override
      String says(String text) {
        return text.substring(text.length() - 9);
      }
    },
    FIRST_BYTES("head -c 5 \"$1\"") {
      @Override
      String says(String text) {
        return text.substring(0, 5);
      }
    },
    SEARCH("grep : \"$1\""),
    COPY("cp \"$1\" \"$2\" && cat \"$2\""),
    COPY_SPARSELY("cp --sparse=always --reflink=auto \"$1\" \"$2\" && cat \"$2\""),
    PAGER("less \"$1\" | cat"),
    BLOCKS("dd if=\"$1\" bs=7 status=none"),
    ONE_BLOCK("dd if=\"$1\" bs=64k count=1 status=none"),
    PAST_THE_PAGES("dd if=\"$1\" iflag=direct bs=64k status=none"),
    ARCHIVE("tar -C \"${1%/*}\" -cf - \"${1##*/}\" | tar -xOf -"),
    SYNCHRONIZE("rsync --inplace \"$1\" \"$2\" && cat \"$2\""),
    SHELL("read -r line < \"$1\"; echo \"$line\""),
    PYTHON("python3 -c 'import sys; print(open(sys.argv[1]).read(), end=\"\")' \"$1\""),
    MAPPING(
        "python3 -c 'import mmap, sys; f = open(sys.argv[1]); f.read(1);"
            + " print(mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ)[:].decode(), end=\"\")' \"$1\"");

    private final String line;

    Tool(String line) {
      this.line = line;
    }

    String says(String text) {
      return text;
    }
  }

  @TempDir static Path folder;
  private static SimulatedDaemon simulated;
  private static final Map<Tool, SimulatedAgent> AGENTS = new EnumMap<>(Tool.class);

  /** A system for each program, so that it is the first to read there. */
  @BeforeAll
  static void start() throws Exception {
    simulated =
        SimulatedDaemon.start(
            folder,
            SimulationOptions.builder().systems(Tool.values().length).rows(1),
            "timeout: 2s, retries: 2, max-in-flight: 2",
            "ttl: {attributes: {sysLocation: " + TTL_MILLIS + "ms}}\n");
    Iterator<SimulatedAgent> free = simulated.network().agents().iterator();
    for (Tool tool : Tool.values()) {
      AGENTS.put(tool, free.next());
    }
  }

  @AfterAll
  static void stop() throws IOException {
    if (simulated != null) {
      simulated.close();
    }
  }

  private static String shortLived(Tool tool) {
    return path(tool, "", "sysLocation");
  }

  private static String path(Tool tool, String view, String attribute) {
    String name = AGENTS.get(tool).name();
    return simulated.daemon().path(view + name + "/system/" + attribute).toString();
  }

  /** Says itself which one it is, at its beginning and its end; as long as a text may be. */
  private static String value(int number) {
    return "%05d:%s:%05d\n".formatted(number, "-".repeat(number * 37 % 240), number);
  }

  private static void set(Tool tool, int number) {
    byte[] value = value(number).strip().getBytes(UTF_8);
    AGENTS.get(tool).set(LOCATION, new Value.Octets(Value.OctetsType.OCTETS, value));
  }

  private static Path copy(Tool tool) {
    return folder.resolve("copy-" + tool);
  }

  private static Commands.Result run(Tool tool, String path) {
    return Commands.run("bash", "-c", tool.line, tool.name(), path, copy(tool).toString());
  }

  private static void assertSays(Tool tool, String path, int number) {
    Commands.Result result = run(tool, path);
    assertThat(result.err()).as(tool.line).isEmpty();
    assertThat(result.out()).as(tool.line).isEqualTo(tool.says(value(number)));
  }

  /** Also those that go by the size, as they look at a file more than once before they read it. */
  @ParameterizedTest
  @EnumSource
  void getsTheValueNoMatterWhetherItIsCached(Tool tool) throws Exception {
    for (int number : new int[] {1, 20, 3}) {
      set(tool, number);
      TimeUnit.MILLISECONDS.sleep(PAST_USE_MILLIS);
      assertSays(tool, shortLived(tool), number);
      assertSays(tool, shortLived(tool), number);
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"SYNCHRONIZE", "ARCHIVE", "LAST_BYTES", "MAPPING"})
  void getsOneValueWholeWhileItChangesItsLength(Tool tool) throws Exception {
    List<String> possible = new ArrayList<>();
    for (int number = 0; number < 600; number++) {
      possible.add(tool.says(value(number)));
    }
    set(tool, 0);
    Thread changes = new Thread(() -> change(tool, possible.size()), "changes");
    changes.setDaemon(true);
    changes.start();
    try {
      for (int i = 0; i < 12; i++) {
        Commands.Result result = run(tool, shortLived(tool));
        assertThat(result.err()).as(tool.line).isEmpty();
        assertThat(possible).as(tool.line).contains(result.out());
      }
    } finally {
      changes.interrupt();
      changes.join();
    }
  }

  private static void change(Tool tool, int count) {
    for (int number = 1; number < count && !Thread.currentThread().isInterrupted(); number++) {
      set(tool, number);
      LockSupport.parkNanos(
          TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextInt(2, 60)));
    }
  }
}
