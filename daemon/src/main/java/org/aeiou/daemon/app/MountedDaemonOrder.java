package org.aeiou.daemon.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.app.process.AttachSocket;
import org.aeiou.daemon.attach.OrderHandler;
import org.aeiou.daemon.fuse.mount.MountPoint;
import org.aeiou.daemon.fuse.mount.Mounting;

/** An order to the daemon behind a mount, through the socket that programs attach at. */
public final class MountedDaemonOrder {
  /** Reading a configuration of ten thousand systems takes a second. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private MountedDaemonOrder() {}

  /** The order cannot be given; the message says why, and what to do. */
  public static class NotGivenException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Whether this user may not give it; else there is no daemon to give it to. */
    private final boolean forbidden;

    NotGivenException(String message, boolean forbidden) {
      super(message);
      this.forbidden = forbidden;
    }

    public boolean isForbidden() {
      return forbidden;
    }
  }

  /** The daemon does not answer in time. */
  public static final class NotAnsweredException extends NotGivenException {
    private static final long serialVersionUID = 1L;

    NotAnsweredException(String message) {
      super(message, false);
    }
  }

  /**
   * Gives an order.
   *
   * @param order {@link OrderHandler#RELOAD}, {@link OrderHandler#DRAIN} or {@link
   *     OrderHandler#FORGET}
   * @param text what follows it; may be empty
   * @param otherwise what to do by hand where the daemon has no socket, with its process id behind
   * @return what came of it, and then what there is to say; at least one line
   * @throws NotGivenException if it cannot be given
   */
  public static List<String> give(Path mountPoint, long order, String text, String otherwise)
      throws IOException {
    Path socket = socketOf(mountPoint, otherwise);
    return give(mountPoint.toString(), socket, order, text, PATIENCE);
  }

  /**
   * Gives an order to a poller, of this user or, for root, of any.
   *
   * @param pid its process
   */
  public static List<String> giveToPoller(long pid, long order) throws IOException {
    return giveToPoller(pid, order, PATIENCE);
  }

  /**
   * As {@link #giveToPoller(long, long)}.
   *
   * @param patience how long it may take
   * @throws NotAnsweredException if it takes longer
   */
  public static List<String> giveToPoller(long pid, long order, Duration patience)
      throws IOException {
    String name = "process " + pid;
    Path socket;
    try {
      Path process = Path.of("/proc", Long.toString(pid));
      int uid = (Integer) Files.getAttribute(process, "unix:uid");
      socket = AttachSocket.ofPoller(pid, environment(process), uid);
    } catch (NoSuchFileException e) {
      throw failure(name + ": there is no such process");
    }
    if (!Files.exists(socket)) {
      throw failure(name + ": takes no orders: there is no " + socket + "; is it a poller?");
    }
    return give(name, socket, order, "", patience);
  }

  /** Of a process; this one's where that may not be known. */
  private static Map<String, String> environment(Path process) {
    Map<String, String> environment = new HashMap<>();
    try {
      String all = Files.readString(process.resolve("environ"), ISO_8859_1);
      for (String each : Splitter.on('\0').omitEmptyStrings().split(all)) {
        int equals = each.indexOf('=');
        if (equals > 0) {
          environment.put(each.substring(0, equals), each.substring(equals + 1));
        }
      }
      return environment;
    } catch (IOException e) {
      return System.getenv();
    }
  }

  private static List<String> give(
      String name, Path socket, long order, String text, Duration patience) throws IOException {
    List<String> answer = ask(socket, order, text, patience).lines().toList();
    if (answer.isEmpty()) {
      throw failure(name + ": its daemon ended before it said how it went");
    }
    if (answer.get(0).equals(OrderHandler.FORBIDDEN)) {
      throw new NotGivenException(
          name + ": only root and the user of its daemon may give it orders", true);
    }
    return answer;
  }

  /**
   * Where the daemon behind a mount listens.
   *
   * @param otherwise what to do where it does not, with its process id behind
   * @throws NotGivenException if there is no daemon, or this user may not enter its mount
   */
  public static Path socketOf(Path mountPoint, String otherwise) throws IOException {
    MountPoint place = place(mountPoint);
    if (!place.isAnswering()) {
      throw failure(place.path() + ": its daemon does not answer; 'aeiou umount' removes it");
    }
    try {
      return socket(place.path(), otherwise);
    } catch (AccessDeniedException e) {
      throw failure(place.path() + ": this user may not enter it, and not give its daemon orders");
    }
  }

  private static MountPoint place(Path mountPoint) throws NotGivenException {
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

  private static Path socket(Path mounted, String otherwise) throws IOException {
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
              + ": its daemon has no socket (see 'attach' in its configuration, and its log); "
              + otherwise
              + pid);
    }
    return Path.of(socket);
  }

  private static String ask(Path socket, long what, String text, Duration patience)
      throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = Selector.open()) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      byte[] follows = text.getBytes(UTF_8);
      ByteBuffer order = ByteBuffer.allocate(OrderHandler.BYTES).order(ByteOrder.nativeOrder());
      order.putLong(0, what).putInt(OrderHandler.LENGTH, follows.length);
      channel.write(order);
      channel.write(ByteBuffer.wrap(follows));
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
      ByteBuffer read = ByteBuffer.allocate(8192);
      while (true) {
        if (selector.select(patience.toMillis()) == 0) {
          throw new NotAnsweredException(
              socket
                  + ": the daemon has not said within "
                  + patience.toSeconds()
                  + " s how it went");
        }
        selector.selectedKeys().clear();
        if (channel.read(read) < 0) {
          return answer.toString(UTF_8);
        }
        answer.write(read.array(), 0, read.position());
        read.clear();
      }
    } catch (NotGivenException e) {
      throw e;
    } catch (IOException e) {
      throw failure(socket + ": the daemon cannot be asked: " + e.getMessage());
    }
  }

  private static NotGivenException failure(String message) {
    return new NotGivenException(message, false);
  }
}
