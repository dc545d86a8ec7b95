package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.List;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/**
 * This machine's files as a copy of their own, whose changes are in memory and gone at the end, and
 * with processes of its own: where packages are installed without this machine's packages being
 * touched. The network is this machine's. Needs root.
 */
final class IsolatedRoot implements AutoCloseable {
  private static final String MAKE =
      """
      set -e
      mount --make-rprivate /
      mount -t tmpfs -o size=1g none "$0"
      mkdir "$0"/upper "$0"/work "$0"/root
      mount -t overlay overlay -o "lowerdir=/,upperdir=$0/upper,workdir=$0/work" "$0/root"
      cd "$0/root"
      mkdir -p tmp srv/packages
      chmod 1777 tmp
      mount --rbind /dev dev
      mount -t proc proc proc
      mount --bind "$1" srv/packages
      exec chroot . bash -c 'echo ready; read -r _'
      """;

  private final Process init;
  private final long pid;

  private IsolatedRoot(Process init, long pid) {
    this.init = init;
    this.pid = pid;
  }

  /**
   * Makes one; ends the test where the kernel does not let it.
   *
   * @param folder an empty folder, which nothing shows in
   * @param packages a folder that is {@code /srv/packages} in there
   */
  static IsolatedRoot start(Path folder, Path packages) throws IOException {
    List<String> command =
        List.of(
            "unshare",
            "--mount",
            "--pid",
            "--fork",
            "--kill-child",
            "bash",
            "-c",
            MAKE,
            folder.toString(),
            packages.toString());
    Process init = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said =
        new BufferedReader(new InputStreamReader(init.getInputStream(), UTF_8)).readLine();
    if (!"ready".equals(said)) {
      init.destroyForcibly();
      String message = "no root of its own can be made here (as root, on overlayfs): " + said;
      if ("true".equals(System.getenv("CI"))) {
        throw new AssertionFailedError(message + "; with CI=true it must");
      }
      throw new TestAbortedException(message);
    }
    long pid = init.children().findFirst().orElseThrow().pid();
    return new IsolatedRoot(init, pid);
  }

  /** Runs a line of shell in there. */
  Commands.Result run(String line) {
    return Commands.run(
        "nsenter",
        "--target=" + pid,
        "--mount",
        "--pid",
        "--root",
        "--wd",
        "env",
        "-i",
        "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
        "LANG=C.UTF-8",
        "DEBIAN_FRONTEND=noninteractive",
        "bash",
        "-c",
        line);
  }

  /** Ends all that runs in there. */
  @Override
  public void close() throws IOException {
    init.getOutputStream().close();
    init.destroyForcibly();
  }
}
