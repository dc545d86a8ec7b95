package org.aeiou.daemon.attach.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.aeiou.closures.posix.Posix;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An attack by a user that may write to a folder on the way to the socket of a daemon that is root:
 * the link to the socket's folder leads by turns to one that is in order, and to one where the
 * socket's name is a link to a file of root's. What is done to the socket by its path, is then done
 * to that file.
 */
final class SwappedLinksTest {
  private static final int OTHER = 65534;
  private static final int TRIES = 300;

  @TempDir Path temporary;
  private Path shared;
  private Path inOrder;
  private Path evil;
  private Path precious;

  @BeforeEach
  void prepare() throws IOException {
    assumeTrue(Posix.INSTANCE.geteuid() == 0, "only root has files that others want");
    Path top = temporary.toRealPath();
    shared = Files.createDirectory(top.resolve("shared"));
    inOrder = Files.createDirectory(top.resolve("in-order"));
    Files.setAttribute(inOrder, "unix:mode", 0755);
    evil = ofNobody(Files.createDirectory(shared.resolve("evil")));
    precious = Files.writeString(top.resolve("shadow"), "precious");
    Files.setAttribute(precious, "unix:mode", 0600);
  }

  private static Path ofNobody(Path file) throws IOException {
    Files.setAttribute(file, "unix:uid", OTHER, LinkOption.NOFOLLOW_LINKS);
    return file;
  }

  @Test
  void folderOfAnotherUserLeadsTheSocketNowhere() throws Exception {
    ofNobody(shared);
    Files.setAttribute(shared, "unix:mode", 0755);
    attack();
  }

  @Test
  void linkOfAnotherUserInASharedFolderLeadsTheSocketNowhere() throws Exception {
    Files.setAttribute(shared, "unix:mode", 01777);
    attack();
  }

  private void attack() throws Exception {
    Path run = shared.resolve("run");
    link(run, inOrder);
    Thread swapping = new Thread(() -> swapUntilInterrupted(run), "attacker");
    swapping.start();
    AtomicInteger refused = new AtomicInteger();
    try {
      for (int i = 0; i < TRIES; i++) {
        try (ListeningSocket socket = open(run.resolve("net.sock"))) {
          assertThat(socket).isNull();
        } catch (IOException e) {
          refused.incrementAndGet();
        }
      }
    } finally {
      swapping.interrupt();
      swapping.join();
    }
    assertThat(Files.getAttribute(precious, "unix:mode")).isEqualTo(0100600);
    assertThat(Files.getAttribute(precious, "unix:gid")).isEqualTo(0);
    assertThat(Files.getAttribute(precious, "unix:uid")).isEqualTo(0);
    assertThat(precious).hasContent("precious");
    assertThat(inOrder).isEmptyDirectory();
    assertThat(refused).hasValue(TRIES);
  }

  private static ListeningSocket open(Path path) throws IOException {
    return ListeningSocket.open(path, new Permissions(0, OTHER, 0660));
  }

  private void swapUntilInterrupted(Path run) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        link(evil.resolve("net.sock"), precious);
        link(run, evil);
        link(run, inOrder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a link of the other user's, in place of another at once. */
  private static void link(Path where, Path to) throws IOException {
    Path next = where.resolveSibling(where.getFileName() + ".next");
    Files.deleteIfExists(next);
    ofNobody(Files.createSymbolicLink(next, to));
    Files.move(next, where, StandardCopyOption.ATOMIC_MOVE);
  }
}
