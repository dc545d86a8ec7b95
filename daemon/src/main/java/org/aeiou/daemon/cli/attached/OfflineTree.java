package org.aeiou.daemon.cli.attached;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.aeiou.closures.Failure;
import org.aeiou.daemon.app.Daemon;
import org.aeiou.daemon.cli.command.PathReader;
import org.aeiou.daemon.cli.output.Item;

/** The tree of a configuration, without a mount: a daemon for one command. */
final class OfflineTree implements Tree {
  private final Daemon daemon;
  private final PathReader reader;
  private final CommandLoop loop;

  /** Takes the daemon over, and closes it. */
  OfflineTree(Daemon daemon, CommandLoop loop) {
    this.daemon = daemon;
    this.reader = new PathReader(daemon.service());
    this.loop = loop;
  }

  @Override
  public void list(String path, Consumer<Listed> then) {
    String shown = path.isEmpty() ? "/" : path;
    var unused =
        reader
            .list(shown)
            .handle(
                (listing, failure) -> {
                  Listed listed =
                      failure != null
                          ? new Listed(List.of(), item(path, shown, failure))
                          : new Listed(
                              listing.entries().stream()
                                  .map(entry -> new Name(entry.name(), entry.node().isDirectory()))
                                  .toList(),
                              null);
                  loop.post(() -> then.accept(listed));
                  return null;
                });
  }

  @Override
  public void read(String path, boolean described, Consumer<Item> then) {
    var unused =
        reader
            .read(path)
            .handle(
                (content, failure) -> {
                  Item item =
                      failure != null
                          ? item(path, path, failure)
                          : Item.value(
                              path,
                              text(content.bytes()),
                              described ? content.description() : Map.of());
                  loop.post(() -> then.accept(item));
                  return null;
                });
  }

  private static String text(byte[] bytes) {
    String text = new String(bytes, UTF_8);
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }

  private static Item item(String path, String shown, Throwable thrown) {
    Throwable cause =
        thrown.getClass() == CompletionException.class && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    String message = String.valueOf(cause.getMessage());
    String start = shown + ": ";
    String rest = message.startsWith(start) ? message.substring(start.length()) : message;
    if (cause instanceof PathReader.Unreadable why) {
      return why.isAbsent() ? Item.absent(path) : Item.failed(path, why.reason(), rest);
    }
    return Item.failed(path, Failure.Reason.BAD_ANSWER, rest);
  }

  @Override
  public void watch(String path, Consumer<Item> then) {
    throw new UnsupportedOperationException("nothing is watched without a mount");
  }

  @Override
  public int mostWatched() {
    return 0;
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    daemon.close();
  }
}
