package org.aeiou.daemon.http.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Ticker;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.service.fetch.CachePeek;
import org.aeiou.daemon.service.group.GroupText;
import org.aeiou.daemon.tree.AnsweredFile;
import org.aeiou.daemon.tree.AttributeFile;
import org.aeiou.daemon.tree.Node;

/** What is shown of files, by what the cache holds and by outcomes. Any thread. */
public final class ShownFiles {
  private final FileSystem files;
  private final CachePeek peek = new CachePeek();
  private final Ticker ticker;

  public ShownFiles(FileSystem files, Ticker ticker) {
    this.files = files;
    this.ticker = ticker;
  }

  /** What is shown of a file by what is cached; null if nothing of it is that can be served. */
  public Shown cached(Node node) {
    if (!(node instanceof AnsweredFile file)) {
      return null;
    }
    CachePeek.Sight sight = peek.at(file);
    Outcome<Value> outcome = sight.outcome();
    if (outcome == null) {
      CachePeek.Absence absence = peek.absence(file);
      return absence == null ? null : shown(file, absence.outcome(), absence.freshness(), null);
    }
    return shown(file, outcome, sight.freshness(), sight.failure());
  }

  private Shown shown(
      AnsweredFile file, Outcome<?> outcome, Freshness freshness, Failure<Value> failure) {
    Freshness.State age = freshness.at(ticker.read() - Slot.takenNanos(outcome));
    if (age == Freshness.State.EXPIRED) {
      return null;
    }
    long ttlMillis = TimeUnit.NANOSECONDS.toMillis(freshness.ttlNanos());
    boolean isStale = age == Freshness.State.STALE;
    String error = isStale && failure != null ? failure.message() : null;
    if (outcome instanceof Absent<?> absent) {
      return new Shown(Shown.State.ABSENT, null, false, absent.takenMillis(), 0, ttlMillis, error);
    }
    Reading<?> reading = (Reading<?>) outcome;
    Value value = (Value) reading.value();
    String text = text(file, value);
    return text == null
        ? null
        : new Shown(
            isStale ? Shown.State.STALE : Shown.State.FRESH,
            text,
            file instanceof AttributeFile of && GroupText.isNumber(of.attribute(), value, text),
            reading.takenMillis(),
            reading.changedMillis(),
            ttlMillis,
            error);
  }

  private String text(AnsweredFile file, Value value) {
    if (file instanceof AttributeFile attribute) {
      byte[] line = attribute.attribute().syntax().line(value, file.system().charset());
      return new String(line, 0, line.length - 1, UTF_8);
    }
    Content whole = files.cached(file);
    return whole == null ? null : new String(whole.value(), UTF_8);
  }

  /**
   * What is shown of a file by the outcome of reading it.
   *
   * @param outcome what came just now
   */
  public Shown of(Node node, Outcome<Content> outcome) {
    Shown cached = cached(node);
    if (outcome instanceof Failure<Content> failure) {
      return cached == null || failure.reason() == Failure.Reason.UNKNOWN_NAME
          ? Shown.failed(failure)
          : cached.stale(failure.message());
    }
    if (cached != null) {
      return cached;
    }
    if (!(outcome instanceof Reading<Content> reading)) {
      return new Shown(
          Shown.State.ABSENT, null, false, ((Absent<?>) outcome).takenMillis(), 0, 0, null);
    }
    // Of a file that is in no cache, or is there no more.
    String text = new String(reading.value().value(), UTF_8);
    return new Shown(
        Shown.State.FRESH,
        text,
        false,
        reading.takenMillis(),
        reading.value().attributes().changedMillis(),
        0,
        null);
  }
}
