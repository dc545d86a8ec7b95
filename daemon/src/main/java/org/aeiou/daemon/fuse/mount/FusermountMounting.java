package org.aeiou.daemon.fuse.mount;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jnr.constants.platform.Fcntl;
import jnr.posix.CmsgHdr;
import jnr.posix.MsgHdr;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import jnr.posix.SpawnFileAction;
import org.aeiou.closures.posix.Posix;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.fuse.HeaderDescriptor;

/**
 * Mounts through {@code fusermount3}, which may mount for any user. It is given one end of a
 * socket, and sends the descriptor of {@code /dev/fuse} back through it.
 */
final class FusermountMounting implements Mounting {
  private static final String PROGRAM = "fusermount3";
  private static final Path CONNECTIONS = Path.of("/sys/fs/fuse/connections");

  /** What the child finds its end of the socket as. */
  private static final int CHILD_SOCKET = 3;

  private static final int STANDARD_ERROR = 2;
  private static final int LONGEST_COMPLAINT = 4096;
  private static final int DEADLINE_SECONDS = 30;

  /** Where it is looked for; by default what the environment says and the usual places. */
  private final List<Path> path;

  FusermountMounting() {
    this(
        Stream.concat(
                Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1)),
                Stream.of("/usr/bin", "/bin", "/usr/local/bin"))
            .filter(directory -> directory.startsWith("/"))
            .map(Path::of)
            .toList());
  }

  FusermountMounting(List<Path> path) {
    this.path = path;
  }

  /** Loading it takes longer than all that unmounting does, which can do without. */
  private static final class Native {
    static final POSIX CALLS = POSIXFactory.getNativePOSIX();
  }

  private static POSIX posix() {
    return Native.CALLS;
  }

  @Override
  public int mount(Path mountPoint, MountOptions options) throws IOException {
    Path program = program(mountPoint);
    int[] sockets = new int[2];
    if (posix().socketpair(Posix.AF_UNIX, Posix.SOCK_STREAM | Posix.SOCK_CLOEXEC, 0, sockets) < 0) {
      throw failed(mountPoint, "socketpair");
    }
    int[] complaints = new int[2];
    if (posix().pipe(complaints) < 0) {
      close(sockets);
      throw failed(mountPoint, "pipe");
    }
    try {
      for (int fd : complaints) {
        posix().fcntlInt(fd, Fcntl.F_SETFD, 1);
      }
      long child = spawn(program, mountPoint, options, sockets[1], complaints[1]);
      // With the child's ends closed here, the end of the child is the end of what it sends.
      sockets[1] = closed(sockets[1]);
      complaints[1] = closed(complaints[1]);
      if (child < 0) {
        throw failed(mountPoint, "starting " + program);
      }
      int fd = receiveDescriptor(sockets[0]);
      String complaint = readAll(complaints[0]);
      int[] status = new int[1];
      posix().waitpid(child, status, 0);
      if (fd < 0) {
        throw new IOException(cannotMount(mountPoint, complaint));
      }
      return fd;
    } finally {
      close(sockets);
      close(complaints);
    }
  }

  /**
   * Starts the program. Not through {@link ProcessBuilder}: its children have nothing open but
   * their standard streams, and this one needs the socket. What else this process has open it gets,
   * unless that is close-on-exec as the devices of other mounts are; it lives for milliseconds.
   */
  private static long spawn(
      Path program, Path mountPoint, MountOptions options, int socket, int complaints) {
    List<String> command =
        List.of(program.toString(), "-o", mountOptions(options), "--", mountPoint.toString());
    List<String> environment = new ArrayList<>();
    System.getenv()
        .forEach(
            (name, value) -> {
              if (!name.equals("LC_ALL") && !name.equals("_FUSE_COMMFD")) {
                environment.add(name + "=" + value);
              }
            });
    // Its complaints are read for what they say.
    environment.add("LC_ALL=C");
    environment.add("_FUSE_COMMFD=" + CHILD_SOCKET);
    // The copies made by dup2 are not close-on-exec. The one that is made last must not be where
    // the other comes from: the complaints go first, to 2, and neither of the two is 2.
    List<SpawnFileAction> actions =
        List.of(
            SpawnFileAction.dup(complaints, STANDARD_ERROR),
            SpawnFileAction.dup(socket, CHILD_SOCKET));
    return posix().posix_spawnp(program.toString(), actions, command, environment);
  }

  private static String mountOptions(MountOptions options) {
    String source = options.source().replace("\\", "\\\\").replace(",", "\\,");
    return "%s,nosuid,nodev,noexec,default_permissions,max_read=%d,subtype=%s,fsname=%s%s"
        .formatted(
            options.access(),
            HeaderDescriptor.LONGEST_PAYLOAD,
            SUBTYPE,
            source,
            options.allowOther() ? ",allow_other" : "");
  }

  /** The descriptor that comes with the next byte; -1 if the other end closes first. */
  private static int receiveDescriptor(int socket) {
    MsgHdr message = posix().allocateMsgHdr();
    ByteBuffer data = ByteBuffer.allocateDirect(1);
    message.setIov(new ByteBuffer[] {data});
    CmsgHdr control = message.allocateControl(Integer.BYTES);
    control.setLevel(Posix.SOL_SOCKET);
    control.setType(Posix.SCM_RIGHTS);
    int received;
    do {
      received = posix().recvmsg(socket, message, Posix.MSG_CMSG_CLOEXEC);
    } while (received < 0 && posix().errno() == Errno.EINTR);
    if (received <= 0) {
      return -1;
    }
    for (CmsgHdr header : message.getControls()) {
      if (header.getLevel() == Posix.SOL_SOCKET && header.getType() == Posix.SCM_RIGHTS) {
        return header.getData().order(ByteOrder.nativeOrder()).getInt(0);
      }
    }
    return -1;
  }

  private static String readAll(int fd) {
    byte[] text = new byte[LONGEST_COMPLAINT];
    int length = 0;
    while (length < text.length) {
      ByteBuffer rest = ByteBuffer.wrap(text, length, text.length - length).slice();
      int count = posix().read(fd, rest, rest.remaining());
      if (count == 0 || (count < 0 && posix().errno() != Errno.EINTR)) {
        break;
      }
      length += Math.max(0, count);
    }
    return new String(text, 0, length, Charset.defaultCharset()).strip();
  }

  private static String cannotMount(Path mountPoint, String complaint) {
    String lower = complaint.toLowerCase(Locale.ROOT);
    String advice = "";
    if (lower.contains("allow_other")) {
      advice = "; add the line 'user_allow_other' to /etc/fuse.conf, or mount without allow-other";
    } else if (lower.contains("/dev/fuse: permission denied")) {
      advice = "; let every user open it, as is usual, as root: chmod 666 /dev/fuse";
    } else if (lower.contains("failed to open /dev/fuse") || lower.contains("device not found")) {
      advice = "; load the kernel's module, as root: modprobe fuse";
    } else if (lower.contains("too many fuse")) {
      advice = "; unmount others, or raise mount_max in /etc/fuse.conf";
    } else if (lower.contains("operation not permitted")
        || lower.contains("permission denied")
        || lower.contains("no write access")
        || lower.contains("not owned by user")) {
      advice =
          "; the directory must be yours and writable by you, and %s setuid root"
              .formatted(PROGRAM);
    }
    return "%s: cannot be mounted: %s%s"
        .formatted(
            mountPoint,
            complaint.isEmpty() ? PROGRAM + " failed without a word" : complaint,
            advice);
  }

  @Override
  public Unmounted unmount(Path mountPoint) throws IOException {
    String complaint = run(mountPoint, "-u");
    if (complaint.isEmpty() || complaint.contains("not found in")) {
      return Unmounted.YES;
    }
    if (complaint.toLowerCase(Locale.ROOT).contains("busy")) {
      return Unmounted.BUSY;
    }
    throw new IOException("%s: cannot be unmounted: %s".formatted(mountPoint, complaint));
  }

  @Override
  public void hide(Path mountPoint) throws IOException {
    String complaint = run(mountPoint, "-uz");
    if (!complaint.isEmpty()) {
      throw new IOException("%s: cannot be unmounted: %s".formatted(mountPoint, complaint));
    }
  }

  @Override
  public void detach(Path mountPoint) throws IOException {
    Optional<MountTable.Entry> there = MountTable.read().at(mountPoint);
    hide(mountPoint);
    if (there.isPresent()) {
      abort(there.get().device());
    }
  }

  /**
   * Ends the connection of a mount that is out of the tree but still open somewhere, if the machine
   * has the file for that, which belongs to the user that mounted. Otherwise it ends when the last
   * program closes its files.
   */
  private static void abort(String device) throws IOException {
    Path abort = CONNECTIONS.resolve(device.substring(device.indexOf(':') + 1)).resolve("abort");
    if (Files.isWritable(abort)) {
      Files.writeString(abort, "1");
    }
  }

  /** Runs the program and returns what it complains about; nothing if it does not. */
  private String run(Path mountPoint, String action) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(program(mountPoint).toString(), action, "--", mountPoint.toString());
    builder.environment().put("LC_ALL", "C");
    builder.redirectErrorStream(true);
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      // Before it is read: its complaints end with it, and are shorter than what a pipe holds.
      if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
        return PROGRAM + " does not end";
      }
      String output =
          new String(process.getInputStream().readAllBytes(), Charset.defaultCharset()).strip();
      if (process.exitValue() == 0) {
        return "";
      }
      return output.isEmpty() ? PROGRAM + " failed without a word" : output;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted while waiting for " + PROGRAM;
    } finally {
      process.destroy();
    }
  }

  private Path program(Path mountPoint) throws IOException {
    return path.stream()
        .map(directory -> directory.resolve(PROGRAM))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new IOException(
                    "%s: only root can do without %s, and it is not installed: apt install fuse3"
                        .formatted(mountPoint, PROGRAM)));
  }

  private static IOException failed(Path mountPoint, String what) {
    return new IOException(
        "%s: cannot be mounted: %s failed with %s"
            .formatted(mountPoint, what, Errno.text(posix().errno())));
  }

  private static void close(int[] fds) {
    for (int fd : fds) {
      closed(fd);
    }
  }

  private static int closed(int fd) {
    if (fd >= 0) {
      posix().close(fd);
    }
    return -1;
  }
}
