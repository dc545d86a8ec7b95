package org.aeiou.daemon.testing;

import java.io.File;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/**
 * What the machine must have for a test class or method to run. If it lacks something, the test is
 * aborted with a message that says what to install; with {@code CI=true} in the environment it
 * fails, so that a machine for tests cannot pass them by not running them.
 *
 * <p>For example {@code @Needs({Thing.FUSE, Thing.SNMPD})} before a class.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Inherited
@ExtendWith(Needs.Check.class)
public @interface Needs {
  Thing[] value();

  /** Something a machine may lack. */
  enum Thing {
    BASH_COMPLETION(
        Kind.FILE, "/usr/share/bash-completion/bash_completion", "apt install bash-completion"),
    CHROMIUM(Kind.PROGRAM, "chromium", "apt install chromium"),
    DPKG(Kind.PROGRAM, "dpkg-shlibdeps", "apt install dpkg-dev"),
    FAKETIME(Kind.PROGRAM, "faketime", "apt install faketime"),
    FUSE(Kind.DEVICE, "/dev/fuse", "modprobe fuse, or run as root"),
    LIBFUSE2(Kind.LIBRARY, "libfuse.so.2", "apt install libfuse2"),
    FUSERMOUNT(Kind.PROGRAM, "fusermount", "apt install fuse3"),
    FUSERMOUNT3(Kind.PROGRAM, "fusermount3", "apt install fuse3"),
    GCC(Kind.PROGRAM, "gcc", "apt install gcc libc6-dev"),
    GETFATTR(Kind.PROGRAM, "getfattr", "apt install attr"),
    JQ(Kind.PROGRAM, "jq", "apt install jq"),
    LINTIAN(Kind.PROGRAM, "lintian", "apt install lintian"),
    MANDOC(Kind.PROGRAM, "mandoc", "apt install mandoc"),
    NATS_SERVER(Kind.PROGRAM, "nats-server", "apt install nats-server"),
    PERL(Kind.PROGRAM, "perl", "apt install perl-base"),
    PYTHON3(Kind.PROGRAM, "python3", "apt install python3"),
    PROMETHEUS(Kind.PROGRAM, "prometheus", "apt install prometheus"),
    SNMP_EXPORTER(Kind.PROGRAM, "prometheus-snmp-exporter", "apt install prometheus-snmp-exporter"),
    PROMTOOL(Kind.PROGRAM, "promtool", "apt install prometheus"),
    PLOCATE(Kind.PROGRAM, "updatedb.plocate", "apt install plocate"),
    SNMPD(Kind.PROGRAM, "snmpd", "apt install snmpd"),
    SNMPGET(Kind.PROGRAM, "snmpget", "apt install snmp"),
    STRACE(Kind.PROGRAM, "strace", "apt install strace"),
    SYSTEMD(Kind.FILE, "/lib/systemd/systemd", "apt install systemd"),
    UNSHARE(Kind.PROGRAM, "unshare", "apt install util-linux"),
    XVFB(Kind.PROGRAM, "Xvfb", "apt install xvfb"),
    ZSH(Kind.PROGRAM, "zsh", "apt install zsh");

    private enum Kind {
      DEVICE,
      FILE,
      LIBRARY,
      PROGRAM
    }

    private final Kind kind;
    private final String word;
    private final String remedy;

    Thing(Kind kind, String word, String remedy) {
      this.kind = kind;
      this.word = word;
      this.remedy = remedy;
    }

    /** Whether this machine has it. */
    public boolean isThere() {
      return switch (kind) {
        case DEVICE -> Files.isReadable(Path.of(word)) && Files.isWritable(Path.of(word));
        case FILE -> Files.isReadable(Path.of(word));
        case LIBRARY -> library(word);
        case PROGRAM -> program(word);
      };
    }

    @Override
    public String toString() {
      return word + " (" + remedy + ")";
    }

    private static boolean program(String name) {
      // Daemons are installed where the path of a user other than root does not lead.
      String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
      return Stream.of(path.split(File.pathSeparator, -1))
          .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }

    private static boolean library(String name) {
      String machine = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
      return Stream.of("/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib")
          .flatMap(folder -> Stream.of(folder, folder + "/" + machine + "-linux-gnu"))
          .anyMatch(folder -> Files.exists(Path.of(folder, name)));
    }
  }

  /** Looks before the first test of a class, and before each test that needs something itself. */
  final class Check implements BeforeAllCallback, BeforeEachCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
      check(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
      check(context);
    }

    private static void check(ExtensionContext context) {
      context
          .getElement()
          .map(element -> element.getAnnotation(Needs.class))
          .ifPresent(
              needs ->
                  missing(
                      Arrays.stream(needs.value()).filter(thing -> !thing.isThere()).toList(),
                      System.getenv()));
    }

    /** Ends the test if anything is missing. */
    static void missing(List<Thing> things, Map<String, String> environment) {
      if (things.isEmpty()) {
        return;
      }
      String message =
          "this machine has no "
              + things.stream().map(Thing::toString).collect(Collectors.joining(", no "));
      if ("true".equals(environment.get("CI"))) {
        throw new AssertionFailedError(message + "; with CI=true it must");
      }
      throw new TestAbortedException(message);
    }
  }
}
