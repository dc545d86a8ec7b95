package org.aeiou.daemon.cli;

import com.google.common.base.Splitter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.document.Spelling;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.tree.Node;

/**
 * Reads the tree by path without mounting it. Asynchronous like everything: a command that has
 * nothing else to do joins the futures on its own thread.
 */
final class PathReader {
  /** A command has its daemon to itself: any number will do. */
  private static final int OWN_UID = 0;

  private final FileSystem files;
  private final Requester requester;

  PathReader(FileSystem files) {
    this.files = files;
    this.requester = files.requester(OWN_UID);
  }

  /** A path that cannot be read, in words. */
  static final class Unreadable extends CompletionException {
    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
      super(message);
    }
  }

  CompletableFuture<byte[]> read(String path) {
    return find(path)
        .thenCompose(
            node -> {
              if (node.isDirectory()) {
                throw new Unreadable(path + ": is a directory; use 'aeiou ls'");
              }
              CompletableFuture<Outcome<FileSystem.Content>> content = new CompletableFuture<>();
              files.read(requester, node, into(), content);
              return content;
            })
        .thenApply(outcome -> value(path, outcome).bytes());
  }

  CompletableFuture<FileSystem.Listing> list(String path) {
    return find(path)
        .thenCompose(
            node -> {
              if (!node.isDirectory()) {
                throw new Unreadable(path + ": is not a directory; use 'aeiou get'");
              }
              CompletableFuture<Outcome<FileSystem.Listing>> listing = new CompletableFuture<>();
              files.list(requester, node, into(), listing);
              return listing;
            })
        .thenApply(outcome -> value(path, outcome));
  }

  private CompletableFuture<Node> find(String path) {
    CompletableFuture<Node> found = CompletableFuture.completedFuture(files.root());
    for (String name : Splitter.on('/').omitEmptyStrings().split(path)) {
      found = found.thenCompose(directory -> child(path, directory, name));
    }
    return found;
  }

  private CompletableFuture<Node> child(String path, Node directory, String name) {
    if (!directory.isDirectory()) {
      throw new Unreadable(path + ": there is nothing below a file");
    }
    CompletableFuture<Outcome<FileSystem.Entry>> entry = new CompletableFuture<>();
    files.find(requester, directory, name, into(), entry);
    return entry.thenCompose(
        outcome -> {
          Node node = value(path, outcome).node();
          return node != null
              ? CompletableFuture.completedFuture(node)
              : nearest(directory, name)
                  .thenApply(
                      nearest -> {
                        throw new Unreadable(path + ": there is no '" + name + "'" + nearest);
                      });
        });
  }

  /** The name in a directory that may have been meant, as the end of a message; or nothing. */
  private CompletableFuture<String> nearest(Node directory, String name) {
    CompletableFuture<Outcome<FileSystem.Listing>> listed = new CompletableFuture<>();
    files.list(requester, directory, into(), listed);
    return listed.thenApply(
        outcome -> {
          String nearest =
              outcome instanceof Reading<FileSystem.Listing> listing
                  ? Spelling.nearest(
                      name, listing.value().entries().stream().map(FileSystem.Entry::name).toList())
                  : null;
          return nearest == null ? "" : "; did you mean '" + nearest + "'?";
        });
  }

  private static <T> Closure<T, CompletableFuture<Outcome<T>>> into() {
    return (future, outcome, delayed) -> future.complete(outcome);
  }

  private static <T> T value(String path, Outcome<T> outcome) {
    if (outcome instanceof Reading<T> reading) {
      return reading.value();
    }
    throw new Unreadable(
        path
            + ": "
            + (outcome instanceof Absent<T>
                ? "this system does not have it"
                : ((Failure<T>) outcome).message()));
  }
}
