package org.aeiou.daemon.cli.attached;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.aeiou.closures.attached.RequestOptions;
import org.aeiou.daemon.cli.command.Program;
import org.aeiou.daemon.cli.output.Item;

/**
 * The daemon's own files behind a mount, by the attachment: what reads them never hangs in the
 * kernel, also if the daemon does.
 */
public final class MountedFiles implements AutoCloseable {
  /** A line for each of forty thousand systems. */
  private static final int ARENA_BYTES = 16 << 20;

  private static final int PAGES = 16;

  private final MountedNetwork network;
  private final AttachedTree tree;

  private MountedFiles(MountedNetwork network, AttachedTree tree) {
    this.network = network;
    this.tree = tree;
  }

  /**
   * Attaches.
   *
   * @param mountPoint null for the only one there is
   * @param program that asks
   */
  public static MountedFiles open(Path mountPoint, Program program) throws IOException {
    MountedNetwork network = MountedNetwork.of(mountPoint, "", "");
    return new MountedFiles(
        network,
        new AttachedTree(
            network.socket("read its files instead; the daemon is process "),
            PAGES,
            ARENA_BYTES,
            RequestOptions.NONE,
            Runnable::run,
            program));
  }

  /** Where the network is mounted. */
  public String place() {
    return network.toString();
  }

  /**
   * What a file holds. One thread at a time.
   *
   * @throws IOException with the reason, if that cannot be read in this time
   */
  public String read(String path, Duration patience) throws IOException {
    CompletableFuture<Item> read = new CompletableFuture<>();
    tree.read(path, false, read::complete);
    tree.flush();
    try {
      Item item = read.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (item.text() == null) {
        throw new IOException(item.complaint());
      }
      return item.text();
    } catch (TimeoutException e) {
      throw new IOException("the daemon has not answered for " + patience.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    tree.close();
  }
}
