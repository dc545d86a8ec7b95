package org.aeiou.daemon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.aeiou.daemon.app.Reloading;
import org.aeiou.daemon.attach.ReloadHandler;
import org.aeiou.daemon.fuse.mount.MountPoint;
import org.aeiou.daemon.fuse.mount.Mounting;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "reload",
    description =
        "Make the daemon behind a mount read its configuration again, and say how it went.",
    mixinStandardHelpOptions = true)
final class ReloadCommand implements Callable<Integer> {
  /** Reading a configuration of ten thousand systems takes a second. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MOUNTPOINT", description = "where a network is mounted")
  private Path mountPoint;

  @Override
  public Integer call() throws IOException {
    MountPoint place = place();
    if (!place.isAnswering()) {
      throw failure(place.path() + ": its daemon does not answer; 'aeiou umount' removes it");
    }
    List<String> answer;
    try {
      answer = ask(socket(place.path())).lines().toList();
    } catch (AccessDeniedException e) {
      throw failure(place.path() + ": this user may not enter it, and not make its daemon reload");
    }
    if (answer.isEmpty()) {
      throw failure(place.path() + ": its daemon ended before it said how it went");
    }
    return tell(answer.get(0), answer.subList(1, answer.size()));
  }

  private MountPoint place() {
    String why = "";
    try {
      MountPoint place = MountPoint.of(mountPoint);
      if (place.mounted().filter(e -> e.type().equals(Mounting.TYPE)).isPresent()) {
        return place;
      }
    } catch (IOException e) {
      why = " (" + e.getMessage() + ")";
    }
    throw failure(
        mountPoint.toAbsolutePath()
            + ": no network is mounted there"
            + why
            + "; see 'findmnt -t "
            + Mounting.TYPE
            + "'");
  }

  private int tell(String came, List<String> lines) {
    switch (came) {
      case Reloading.RELOADED -> {
        lines.forEach(spec.commandLine().getOut()::println);
        return ExitCode.OK;
      }
      case ReloadHandler.FORBIDDEN ->
          throw new CommandFailure(
              ExitCode.FAILED,
              mountPoint + ": only root and the user of its daemon may make it reload");
      default -> {
        lines.forEach(line -> spec.commandLine().getErr().println("aeiou: not reloaded: " + line));
        return ExitCode.CONFIGURATION;
      }
    }
  }

  private static Path socket(Path mounted) throws IOException {
    Path file = mounted.resolve(".aeiou");
    String socket = Files.readString(file.resolve("attach"), UTF_8).strip();
    if (socket.isEmpty()) {
      String pid =
          Files.readString(file.resolve("status"), UTF_8)
              .lines()
              .filter(line -> line.startsWith("pid: "))
              .findFirst()
              .orElse("pid: of the daemon")
              .substring("pid: ".length());
      throw failure(
          mounted
              + ": its daemon has no socket (see 'attach' in its configuration, and its log);"
              + " send it SIGHUP instead: kill -HUP "
              + pid);
    }
    return Path.of(socket);
  }

  /** What the daemon says to the order to reload. */
  private static String ask(Path socket) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = Selector.open()) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      ByteBuffer order = ByteBuffer.allocate(ReloadHandler.BYTES).order(ByteOrder.nativeOrder());
      channel.write(order.putLong(0, ReloadHandler.MAGIC));
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
      ByteBuffer read = ByteBuffer.allocate(8192);
      while (true) {
        if (selector.select(PATIENCE.toMillis()) == 0) {
          throw failure(
              socket
                  + ": the daemon has not said within "
                  + PATIENCE.toSeconds()
                  + " s how it went");
        }
        selector.selectedKeys().clear();
        if (channel.read(read) < 0) {
          return answer.toString(UTF_8);
        }
        answer.write(read.array(), 0, read.position());
        read.clear();
      }
    } catch (IOException e) {
      throw failure(socket + ": the daemon cannot be asked: " + e.getMessage());
    }
  }

  private static CommandFailure failure(String message) {
    return new CommandFailure(ExitCode.MOUNT, message);
  }
}
