package org.aeiou.daemon.attach;

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
import org.aeiou.daemon.service.AttributeService;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.tree.AttributeFile;
import org.aeiou.daemon.tree.Node;
import org.aeiou.daemon.tree.View;

/**
 * Watches of clients. One keeps its file fresh, and is told of what comes; one of what is cached
 * only is told of what others bring. Any thread may call any method.
 */
final class Watching {
  private final AttributeService files;
  private final Ticker ticker;

  /** For what no client in particular asks. */
  private final Requester own;

  /** Those that keep their files fresh. */
  private final Watchers watchers = new Watchers();

  /** Those that leave the network alone. */
  private final Watchers onlookers = new Watchers();

  Watching(AttributeService files, Ticker ticker) {
    this.files = files;
    this.ticker = ticker;
    this.own = files.requester(Posix.INSTANCE.geteuid());
  }

  /** Registers a watch; false if it has ended, then or because there are too many. */
  boolean begin(Pending request, Node node) {
    boolean looksOnly = request.has(Operation.HIT_ONLY);
    // What is cached changes when others read the same attribute, which they do in its own view.
    List<Node> watched =
        looksOnly && node instanceof AttributeFile file
            ? List.of(node, file.in(View.NORMAL))
            : List.of(node);
    synchronized (request.client) {
      request.watched = watched;
    }
    for (Node each : watched) {
      if (!(looksOnly ? onlookers : watchers).add(each, request)) {
        end(request);
        request.client.fail(
            request,
            new Failure<>(
                Failure.Reason.OVERLOADED,
                "is watched " + Watchers.MOST + " times by this program already"));
        return false;
      }
    }
    FileSystem.Watch watch = looksOnly ? () -> {} : files.watch(request.client.requester, node);
    boolean ended;
    synchronized (request.client) {
      ended = request.done;
      request.watch = watch;
    }
    if (ended) {
      watch.close();
      end(request);
    }
    return !ended;
  }

  /** A request has ended; if it watched something, it does so no longer. */
  void end(Pending request) {
    for (Node each : request.watched) {
      watchers.remove(each, request);
      onlookers.remove(each, request);
    }
  }

  /** Tells a watch of an outcome; that there was none is so now. */
  void tell(Pending watch, Outcome<Content> outcome) {
    tell(watch, outcome, ticker.read());
  }

  private void tell(Pending watch, Outcome<Content> outcome, long failedNanos) {
    if (outcome instanceof Reading<Content> reading) {
      Completion completion = Outcomes.of(reading.value(), ticker.read());
      watch.client.tell(watch, completion, reading.value().takenNanos());
    } else if (outcome instanceof Absent<Content> absent) {
      watch.client.tell(watch, Outcomes.other(outcome), absent.takenNanos());
    } else {
      watch.client.tell(watch, Outcomes.other(outcome), failedNanos);
    }
  }

  /** A file's outcome is another one than before. */
  void changed(Node file) {
    onlookers.forEach(file, this::look);
    if (!watchers.has(file)) {
      return;
    }
    Content content = files.cached(file);
    if (content == null) {
      // It is absent now, or failed: a read says which, and is what the watch asks for anyhow.
      files.read(
          own,
          file,
          (those, outcome, delayed) -> those.forEach(file, watch -> tell(watch, outcome)),
          watchers);
      return;
    }
    Completion reading = Outcomes.of(content, ticker.read());
    watchers.forEach(file, watch -> watch.client.tell(watch, reading, content.takenNanos()));
  }

  /**
   * Systems came or went. Those that keep their files fresh learn it by that; the others are told
   * here, as of any file of which nothing is cached.
   */
  void systemsChanged() {
    for (Node file : onlookers.files()) {
      if (files.cached(file) == null) {
        onlookers.forEach(file, this::look);
      }
    }
  }

  private void look(Pending onlooker) {
    // That there is nothing was so before looking: what comes meanwhile is newer.
    long now = ticker.read();
    files.read(
        onlooker.client.requester,
        onlooker.watched.get(0),
        (same, outcome, late) -> tell(same, outcome, now),
        onlooker);
  }
}
