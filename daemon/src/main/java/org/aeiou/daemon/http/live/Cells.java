package org.aeiou.daemon.http.live;

import com.google.common.base.Ticker;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.daemon.http.json.CellJson;
import org.aeiou.daemon.http.json.Shown;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.tree.Node;
import org.aeiou.daemon.tree.TextFile;

/**
 * All cells that streams show, by path. Each is looked for, read in a burst with the others that
 * are asked for with it, and then watched, so that the cache tells of it. The stream thread alone
 * calls this.
 */
final class Cells {
  /** A cell that would be larger is not shown: it is for reading. */
  static final int MOST_OCTETS = 64 << 10;

  /** So many are begun in one turn, so that what others show is not held up. */
  private static final int MOST_IN_TURN = 1000;

  /** How soon to try again what failed. */
  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The same of what was not found. */
  private static final long FIND_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** How often the daemon's own texts are looked at. */
  private static final long TEXT_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** What is fresh is refreshed before it is stale, or just then. */
  private static final long LATE_MILLIS = 300;

  private final CellSource source;
  private final CellMail mail;
  private final StreamCounters counters;
  private final Ticker ticker;
  private final InstantSource clock;
  private final Map<String, Cell> byPath = new HashMap<>();
  private final ArrayDeque<Cell> toBegin = new ArrayDeque<>();

  /** What is asked for in this turn, by requester. */
  private final Map<Requester, RequesterBurst> bursts = new HashMap<>();

  private long changes;

  /**
   * No cells yet.
   *
   * @param mail is told what is shown
   */
  Cells(
      CellSource source,
      CellMail mail,
      StreamCounters counters,
      Ticker ticker,
      InstantSource clock) {
    this.source = source;
    this.mail = mail;
    this.counters = counters;
    this.ticker = ticker;
    this.clock = clock;
  }

  int size() {
    return byPath.size();
  }

  /** The number of the last change of any cell. */
  long changes() {
    return changes;
  }

  /** A number for a change of something else. */
  long nextChange() {
    return ++changes;
  }

  /** Whether a stream shows this path. */
  boolean has(String path) {
    return byPath.containsKey(path);
  }

  /** Adds a stream to those that show a path. */
  Subscription subscribe(String path, Stream stream, int index) {
    Cell cell = byPath.get(path);
    if (cell == null) {
      cell = new Cell(path, stream.requester);
      cell.change = ++changes;
      byPath.put(path, cell);
      toBegin.add(cell);
    }
    Subscription added = new Subscription(stream, index, cell);
    cell.subscriptions.add(added);
    return added;
  }

  /** Takes a stream away from those that show a path; the last one ends what is done for it. */
  void unsubscribe(Subscription ended) {
    Cell cell = ended.cell;
    cell.subscriptions.remove(ended);
    if (!cell.isGone()) {
      return;
    }
    byPath.remove(cell.path);
    if (cell.request != null) {
      cell.request.cancel();
      cell.request = null;
    }
    if (cell.watch != null) {
      cell.watch.close();
    }
    if (cell.node != null) {
      mail.forget(cell.node, cell);
    }
  }

  /** Begins what was subscribed to, a part of it each turn; whether there is more. */
  boolean begin() {
    for (int i = 0; i < MOST_IN_TURN && !toBegin.isEmpty(); i++) {
      Cell cell = toBegin.remove();
      if (!cell.isGone()) {
        find(cell);
      }
    }
    sendOff();
    return !toBegin.isEmpty();
  }

  /** Sends off what this turn asks for. */
  private void sendOff() {
    bursts.values().forEach(RequesterBurst::end);
    bursts.clear();
  }

  private void find(Cell cell) {
    cell.retryNanos = 0;
    cell.isAsked = true;
    Request request =
        source.resolve(
            cell.requester,
            cell.path,
            (to, outcome, delayed) -> {
              if (delayed) {
                mail.send(() -> found(to, outcome));
              } else {
                found(to, outcome);
              }
            },
            cell);
    await(cell, request);
  }

  /** After an immediate answer it may be a later request that the cell waits for. */
  private static void await(Cell cell, Request request) {
    if (request != Request.IMMEDIATE) {
      cell.request = request;
    }
  }

  private void found(Cell cell, Outcome<Node> outcome) {
    cell.answered();
    if (cell.isGone()) {
      return;
    }
    if (!(outcome instanceof Reading<Node> reading)) {
      show(cell, Shown.failed((Failure<?>) outcome));
      cell.retryNanos = ticker.read() + FIND_AGAIN_NANOS;
    } else if (reading.value().isDirectory()) {
      show(cell, Shown.failed("is a directory, not a value"));
    } else {
      cell.node = reading.value();
      mail.remember(cell.node, cell);
      read(cell);
    }
  }

  private void read(Cell cell) {
    RequesterBurst burst = bursts.computeIfAbsent(cell.requester, Requester::begin);
    cell.isAsked = true;
    Request request =
        source.read(
            burst,
            cell.node,
            (to, outcome, delayed) -> {
              if (delayed) {
                mail.send(() -> had(to, outcome));
              } else {
                had(to, outcome);
              }
            },
            cell);
    await(cell, request);
  }

  private void had(Cell cell, Outcome<Content> outcome) {
    cell.answered();
    if (cell.isGone()) {
      return;
    }
    show(cell, source.of(cell.node, outcome));
    if (cell.node instanceof TextFile) {
      cell.retryNanos = ticker.read() + TEXT_NANOS;
    } else if (outcome instanceof Failure) {
      // Not at once: the watch would ask again what has failed just now.
      cell.retryNanos = ticker.read() + AGAIN_NANOS;
    } else {
      watch(cell);
    }
  }

  private void watch(Cell cell) {
    cell.retryNanos = 0;
    if (cell.watch == null) {
      cell.watch = source.watch(cell.requester, cell.node);
    }
  }

  /** Looks at what is cached of a cell that something has happened to. */
  void look(Cell cell) {
    if (cell.isGone() || cell.node == null || cell.isAsked) {
      return;
    }
    Shown now = source.cached(cell.node);
    if (now != null) {
      show(cell, now);
    } else {
      read(cell); // absent, failed, or too old: a read says which
    }
  }

  /** A watched cell could not be refreshed. */
  void unreadable(Cell cell, Failure<Content> why) {
    if (!cell.isGone() && cell.node != null) {
      show(cell, source.of(cell.node, why));
    }
  }

  /** Ends a turn in which cells were looked at. */
  void looked() {
    sendOff();
  }

  private void show(Cell cell, Shown now) {
    if (now.equals(cell.shown)) {
      return;
    }
    boolean isNew = !now.isSameButForAge(cell.shown);
    byte[] json = CellJson.inShort(cell.path, now);
    if (json.length > MOST_OCTETS) {
      Shown tooLarge =
          Shown.failed(
              "has "
                  + now.value().length()
                  + " characters, too many for a cell; read it with /api/v1/read");
      if (tooLarge.equals(cell.shown)) {
        return;
      }
      now = tooLarge;
      json = CellJson.inShort(cell.path, now);
      isNew = true;
    }
    cell.shown = now;
    cell.json = json;
    cell.change = ++changes;
    counters.encoded.increment();
    for (Subscription each : cell.subscriptions) {
      if (each.stream.changed(each.index, isNew)) {
        counters.coalesced.increment();
      }
    }
  }

  /**
   * What is to be done now and then: what failed is tried again, what should have been refreshed is
   * looked at.
   *
   * @param areNamesNew whether what was not found may be there now
   */
  void sweep(boolean areNamesNew) {
    long now = ticker.read();
    long millis = clock.millis();
    int begun = 0;
    for (Cell cell : List.copyOf(byPath.values())) {
      if (cell.isAsked) {
        continue;
      }
      boolean isDue = cell.retryNanos != 0 && now - cell.retryNanos >= 0;
      if (cell.node == null) {
        if ((isDue || (areNamesNew && cell.retryNanos != 0)) && begun < MOST_IN_TURN) {
          begun++;
          find(cell);
        }
      } else if (isDue && cell.node instanceof TextFile) {
        read(cell);
      } else if (isDue) {
        watch(cell);
      } else if (isLate(cell.shown, millis)) {
        lookAgain(cell);
      }
    }
    sendOff();
  }

  private static boolean isLate(Shown shown, long millis) {
    return shown.state() == Shown.State.STALE
        || (shown.ttlMillis() != 0
            && millis - shown.takenMillis() > shown.ttlMillis() + LATE_MILLIS);
  }

  /** What is too old to be served is being asked for by the watch, which tells. */
  private void lookAgain(Cell cell) {
    Shown now = source.cached(cell.node);
    if (now != null) {
      show(cell, now);
    }
  }
}
