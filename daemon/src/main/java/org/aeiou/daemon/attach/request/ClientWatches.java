package org.aeiou.daemon.attach.request;

import com.google.common.base.Ticker;
import java.util.List;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.posix.Posix;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.Operation;
import org.aeiou.daemon.attach.completion.Completions;
import org.aeiou.daemon.service.AttributeService;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.tree.AnsweredFile;
import org.aeiou.daemon.tree.Node;
import org.aeiou.daemon.tree.View;

/**
 * The watches of all clients. One keeps its file fresh, and is told of what comes; one that is hit
 * only leaves the network alone, and is told of what other requests bring. Any thread may call any
 * method.
 */
final class ClientWatches {
  private final AttributeService files;
  private final Ticker ticker;

  /** For a read that no client in particular asks for. */
  private final Requester own;

  private final WatchIndex refreshing = new WatchIndex();
  private final WatchIndex hitOnly = new WatchIndex();

  ClientWatches(AttributeService files, Ticker ticker) {
    this.files = files;
    this.ticker = ticker;
    this.own = files.requester(Posix.INSTANCE.geteuid());
  }

  /** Registers a watch; null if it has ended, then or because there are too many. */
  ClientWatch begin(ClientRequest request, Node node) {
    boolean isHitOnly = request.has(Operation.HIT_ONLY);
    // What is cached changes when others read the same attribute, which they do in its own view.
    List<Node> watched =
        isHitOnly && node instanceof AnsweredFile file
            ? List.of(node, file.in(View.NORMAL, file.only()))
            : List.of(node);
    ClientWatch watch = new ClientWatch(request, watched);
    WatchIndex index = isHitOnly ? hitOnly : refreshing;
    if (!index.add(watch)) {
      index.remove(watch);
      request.fail(
          Failure.Reason.OVERLOADED,
          "is watched " + WatchIndex.MOST + " times by this program already");
      return null;
    }
    FileSystem.Watch refresh = isHitOnly ? () -> {} : files.watch(request.requester(), node);
    if (!request.whenEnded(outcome -> end(watch, index, refresh))) {
      end(watch, index, refresh);
      return null;
    }
    return watch;
  }

  private static void end(ClientWatch watch, WatchIndex index, FileSystem.Watch refresh) {
    refresh.close();
    index.remove(watch);
  }

  /** Tells a watch of an outcome; that there was none is so now. */
  void tell(ClientWatch watch, Outcome<Content> outcome) {
    tell(watch, outcome, ticker.read());
  }

  private void tell(ClientWatch watch, Outcome<Content> outcome, long failedNanos) {
    long takenNanos = failedNanos;
    if (outcome instanceof Reading<Content> reading) {
      takenNanos = reading.value().takenNanos();
    } else if (outcome instanceof Absent<Content> absent) {
      takenNanos = absent.takenNanos();
    }
    watch.tell(Completions.ofContent(outcome, ticker.read()), takenNanos);
  }

  /** A file's outcome is another one than before. */
  void changed(Node file) {
    hitOnly.forEach(file, this::look);
    if (!refreshing.has(file)) {
      return;
    }
    Content content = files.cached(file);
    if (content == null) {
      // It is absent now, or failed: a read says which, and is what the watch asks for anyhow.
      files.read(
          own,
          file,
          (those, outcome, delayed) -> those.forEach(file, watch -> tell(watch, outcome)),
          refreshing);
      return;
    }
    Completion reading = Completions.of(content, ticker.read());
    refreshing.forEach(file, watch -> watch.tell(reading, content.takenNanos()));
  }

  /** A file that watches keep fresh could not be read. */
  void unreadable(Node file, Failure<Content> why) {
    long failedNanos = ticker.read();
    if (files.cached(file) == null) { // else it could, meanwhile, or it may be served yet
      refreshing.forEach(file, watch -> tell(watch, why, failedNanos));
    }
  }

  /**
   * Systems came or went. Watches that keep their files fresh learn it by that; the others are told
   * here, as of any file of which nothing is cached.
   */
  void systemsChanged() {
    for (Node file : hitOnly.files()) {
      if (files.cached(file) == null) {
        hitOnly.forEach(file, this::look);
      }
    }
  }

  private void look(ClientWatch watch) {
    // That there is nothing was so before looking: what comes meanwhile is newer.
    long now = ticker.read();
    files.read(
        watch.request.requester(),
        watch.files.get(0),
        (same, outcome, late) -> tell(same, outcome, now),
        watch);
  }
}
