package org.aeiou.daemon.attach.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.aeiou.closures.posix.Posix;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the socket may be, what it is like, and what it replaces. */
final class ListeningSocketTest {
  private static final int UID = Posix.INSTANCE.geteuid();

  @TempDir Path temporary;
  private Path folder;
  private Path path;

  @BeforeEach
  void choosePath() throws IOException {
    folder = temporary.toRealPath().resolve("run");
    path = folder.resolve("net.sock");
  }

  private static ListeningSocket open(Path path) throws IOException {
    return ListeningSocket.open(path, new Permissions(UID, gid(path), 0640));
  }

  private static int gid(Path path) throws IOException {
    Path there = path;
    while (!Files.exists(there)) {
      there = there.getParent();
    }
    return (Integer) Files.getAttribute(there, "unix:gid");
  }

  private static int mode(Path file) throws IOException {
    return (Integer) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(each -> each.getFileName().toString()).toList();
    }
  }

  private static Path made(Path folder, int mode) throws IOException {
    Files.createDirectory(folder);
    Files.setAttribute(folder, "unix:mode", mode);
    return folder;
  }

  /** Opens it, connects, and closes it. */
  private void assertThatProgramsCanConnect() throws IOException {
    try (ListeningSocket socket = open(path);
        SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      assertThat(socket.fd()).isPositive();
      assertThat(client.isConnected()).isTrue();
    }
  }

  @Test
  void socketHasItsModeAndMissingFoldersAreMadeForOthersToEnter() throws Exception {
    path = folder.resolve("deeper/net.sock");
    try (ListeningSocket socket = open(path)) {
      assertThat(socket.fd()).isPositive();
      assertThat(mode(path)).isEqualTo(0640);
      assertThat(mode(folder)).isEqualTo(0755);
      assertThat(mode(path.getParent())).isEqualTo(0755);
      assertThat(names(path.getParent())).containsExactly("net.sock");
    }
    assertThat(names(path.getParent())).isEmpty();
  }

  @Test
  void folderThatOthersCanWriteToIsRefusedWithItsOwnerItsModeAndWhatToDo() throws Exception {
    for (int mode : new int[] {0777, 0757, 0775}) {
      Path open = made(temporary.toRealPath().resolve("open" + mode), mode);
      assertThatThrownBy(() -> open(open.resolve("net.sock")))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(open + "/net.sock: " + open + ": ")
          .hasMessageContainingAll(
              "can write to it",
              "owner " + UID,
              "mode %04o".formatted(mode),
              "chmod go-w " + open,
              "attach.socket");
      assertThatThrownBy(() -> open(open.resolve("below/net.sock"))).hasMessageContaining("go-w");
      assertThat(names(open)).isEmpty();
    }
  }

  @Test
  void stickyFolderMayBeOnTheWayButMayNotHoldTheSocket() throws Exception {
    Path sticky = made(temporary.toRealPath().resolve("shared"), 01777);
    assertThatThrownBy(() -> open(sticky.resolve("net.sock")))
        .hasMessageContainingAll("mode 1777", "mkdir -m 755 " + sticky + "/");
    path = sticky.resolve("mine/net.sock");
    assertThatProgramsCanConnect();
  }

  @Test
  void fileInTheSocketsPlaceIsLeftAlone() throws Exception {
    made(folder, 0755);
    Files.writeString(path, "precious");
    assertThatThrownBy(() -> open(path)).hasMessageContainingAll("not a socket", "attach.socket");
    assertThat(path).hasContent("precious");

    Files.delete(path);
    Path precious = Files.writeString(folder.resolve("precious"), "precious");
    Files.createSymbolicLink(path, precious);
    int mode = mode(precious);
    assertThatThrownBy(() -> open(path)).hasMessageContaining("not a socket");
    assertThat(path).isSymbolicLink();
    assertThat(precious).hasContent("precious");
    assertThat(mode(precious)).isEqualTo(mode);
  }

  @Test
  void staleSocketIsReplacedAndSoIsAnUnfinishedOne() throws Exception {
    made(folder, 0755);
    ServerSocketChannel gone = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    gone.bind(UnixDomainSocketAddress.of(path));
    gone.close();
    Path unfinished = made(folder.resolve(".net.sock.new"), 0700);
    ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    killed.bind(UnixDomainSocketAddress.of(unfinished.resolve("socket")));
    killed.close();
    assertThat(path).exists();

    assertThatProgramsCanConnect();
    assertThat(names(folder)).isEmpty();
  }

  @Test
  void socketThatIsServedIsLeftToItsDaemonWhichIsNamed() throws Exception {
    made(folder, 0755);
    try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      other.bind(UnixDomainSocketAddress.of(path));
      Thread serving = new Thread(() -> answer(other));
      serving.start();
      assertThatThrownBy(() -> open(path))
          .hasMessageContaining("process " + ProcessHandle.current().pid() + " serves");
      serving.join();
      assertThat(path).exists();
    }
  }

  /** As a daemon does that is said nothing sensible to. */
  private static void answer(ServerSocketChannel other) {
    try (SocketChannel client = other.accept()) {
      var unused = client.read(ByteBuffer.allocate(64));
      unused = client.write(ByteBuffer.wrap("no".getBytes(UTF_8)));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void atTheEndOnlyItsOwnSocketIsRemoved() throws Exception {
    ListeningSocket first = open(path);
    Files.delete(path);
    try (ListeningSocket second = open(path)) {
      first.close();
      assertThat(second.fd()).isPositive();
      assertThat(path).exists();
    }
    assertThat(path).doesNotExist();

    ListeningSocket third = open(path);
    Files.delete(path);
    Files.writeString(path, "precious");
    third.close();
    assertThat(path).hasContent("precious");
  }

  @Test
  void linksOfThisUserAreFollowed() throws Exception {
    Path real = made(temporary.toRealPath().resolve("real"), 0755);
    Files.createSymbolicLink(folder, Path.of("../" + temporary.getFileName() + "/real"));
    assertThatProgramsCanConnect();
    Files.delete(folder);
    Files.createSymbolicLink(folder, real);
    assertThatProgramsCanConnect();
    Files.delete(folder);
    Files.createSymbolicLink(folder, folder);
    assertThatThrownBy(() -> open(path)).hasMessageContaining("symbolic links");
  }

  @Test
  void pathThatIsTooLongForASocketIsRefused() {
    assertThatThrownBy(() -> open(folder.resolve("x".repeat(107))))
        .hasMessageContaining("107 bytes");
  }
}
