package org.aeiou.daemon.cli.command;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.document.Spelling;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.PathResolver;
import org.aeiou.daemon.tree.Node;

/**
 * Reads the tree by path without mounting it. Asynchronous like everything: a command that has
 * nothing else to do joins the futures on its own thread.
 */
public final class PathReader {
  /** A command has its daemon to itself: any number will do. */
  private static final int OWN_UID = 0;

  private final FileSystem files;
  private final Requester requester;

  public PathReader(FileSystem files) {
    this.files = files;
    this.requester = files.requester(OWN_UID);
  }

  /** A path that cannot be read, in words. */
  public static final class Unreadable extends CompletionException {
    private static final long serialVersionUID = 1L;

    private final Failure.Reason reason;

    private Unreadable(String message, Failure.Reason reason) {
      super(message);
      this.reason = reason;
    }

    /** What kind of failure it is; null if the system does not have it. */
    public Failure.Reason reason() {
      return reason;
    }

    /** Whether it could be read if the system had it. */
    public boolean isAbsent() {
      return reason == null;
    }
  }

  /**
   * What a file holds.
   *
   * @param description what else is known, by name
   */
  public record Content(byte[] bytes, Map<String, String> description) {}

  /** Reads a file. */
  public CompletableFuture<Content> read(String path) {
    return find(path)
        .thenCompose(
            node -> {
              if (node.isDirectory()) {
                throw new Unreadable(
                    path + ": is a directory; use 'aeiou ls'", Failure.Reason.IS_DIRECTORY);
              }
              CompletableFuture<Outcome<FileSystem.Content>> content = new CompletableFuture<>();
              files.read(requester, node, into(), content);
              return content.thenApply(
                  outcome -> new Content(value(path, outcome).bytes(), files.description(node)));
            });
  }

  public CompletableFuture<FileSystem.Listing> list(String path) {
    return find(path)
        .thenCompose(
            node -> {
              if (!node.isDirectory()) {
                throw new Unreadable(
                    path + ": is not a directory; use 'aeiou get'", Failure.Reason.NOT_DIRECTORY);
              }
              CompletableFuture<Outcome<FileSystem.Listing>> listing = new CompletableFuture<>();
              files.list(requester, node, into(), listing);
              return listing;
            })
        .thenApply(outcome -> value(path, outcome));
  }

  private CompletableFuture<Node> find(String path) {
    Trail trail = new Trail();
    CompletableFuture<Outcome<Node>> found = new CompletableFuture<>();
    PathResolver.resolve(files.root(), trail, path, into(), found);
    return found.thenCompose(
        outcome ->
            outcome instanceof Failure<Node> failure
                    && failure.reason() == Failure.Reason.UNKNOWN_NAME
                ? trail
                    .nearest()
                    .thenApply(
                        nearest -> refuse(path, failure.message() + nearest, failure.reason()))
                : CompletableFuture.completedFuture(value(path, outcome)));
  }

  private static Node refuse(String path, String why, Failure.Reason reason) {
    throw new Unreadable(path + ": " + why, reason);
  }

  /** Looks names up, and knows where it looked last. */
  private final class Trail implements PathResolver.LookUp {
    private Node directory;
    private String name;

    @Override
    public Request find(Node directory, String name, Closure<FileSystem.Entry, Void> closure) {
      this.directory = directory;
      this.name = name;
      return files.find(requester, directory, name, closure, null);
    }

    /** The name that may have been meant instead, as the end of a message; or nothing. */
    CompletableFuture<String> nearest() {
      CompletableFuture<Outcome<FileSystem.Listing>> listed = new CompletableFuture<>();
      files.list(requester, directory, into(), listed);
      return listed.thenApply(
          outcome -> {
            String nearest =
                outcome instanceof Reading<FileSystem.Listing> listing
                    ? Spelling.nearest(
                        name,
                        listing.value().entries().stream().map(FileSystem.Entry::name).toList())
                    : null;
            return nearest == null ? "" : "; did you mean '" + nearest + "'?";
          });
    }
  }

  private static <T> Closure<T, CompletableFuture<Outcome<T>>> into() {
    return (future, outcome, delayed) -> future.complete(outcome);
  }

  private static <T> T value(String path, Outcome<T> outcome) {
    if (outcome instanceof Reading<T> reading) {
      return reading.value();
    }
    if (outcome instanceof Failure<T> failure) {
      throw new Unreadable(path + ": " + failure.message(), failure.reason());
    }
    throw new Unreadable(path + ": this system does not have it", null);
  }
}
