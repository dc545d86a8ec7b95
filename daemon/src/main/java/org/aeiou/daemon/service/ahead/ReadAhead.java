package org.aeiou.daemon.service.ahead;

import com.google.common.base.Ticker;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Request;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.endpoint.RowNames;
import org.aeiou.daemon.tree.AttributeFile;
import org.aeiou.daemon.tree.Directory;
import org.aeiou.daemon.tree.View;

/**
 * Fetches what a reader is likely to read next, behind the request that it waits for: what is read
 * ahead goes to the scheduler as background requests of the same burst, which fill the packet of
 * the miss, and only then travel in packets of their own.
 *
 * <p>Each reader has a {@link Pattern} in each group it reads; the patterns are bounded in number.
 * Their monitors are held for a moment, and never while another lock is taken.
 */
public final class ReadAhead {
  private static final int MOST_PATTERNS = 4096;
  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(1);

  /** A reader that asks for nothing for so long goes on with something else, or begins again. */
  private static final long PAUSE_NANOS = 5_000_000_000L;

  /** A reader that has listed a row reads it at once, if it does. */
  private static final long LISTED_NANOS = 2_000_000_000L;

  /** How many files are looked at for one that is not fresh. */
  private static final int LOOKED_AT = 4;

  private static final Closure<Value, Prefetched> ENDED =
      (prefetched, outcome, delayed) -> prefetched.ended(outcome);

  private final Ticker ticker;
  private final Cache<Key, Reader> readers;
  private final Cache<Requester, Listed> listings;
  private final LongAdder asked = new LongAdder();
  private final LongAdder used = new LongAdder();
  private final LongAdder wasted = new LongAdder();
  private final LongAdder withheld = new LongAdder();
  private final MetricSet metrics = new MetricSet();

  /** How many values may be fetched and not read, for one reader in one group; 0: none at all. */
  private volatile int most;

  private record Key(Requester requester, Directory group) {}

  private record Listed(Directory row, long nanos) {}

  /**
   * Reads nothing ahead until {@link #most} says how much.
   *
   * @param ticker the one that readings are taken by
   */
  public ReadAhead(Ticker ticker) {
    this.ticker = ticker;
    this.readers = bounded();
    this.listings = bounded();
    metrics.counter(
        "asked", "", Unit.COUNT, "Values that were asked ahead of readers.", asked::sum);
    metrics.counter(
        "used", "", Unit.COUNT, "Values fetched ahead that a reader then read.", used::sum);
    metrics.counter(
        "wasted",
        "",
        Unit.COUNT,
        "Values fetched ahead that no reader read while they were of use.",
        wasted::sum);
    metrics.counter(
        "withheld",
        "",
        Unit.COUNT,
        "Misses that brought nothing along, as guesses for their reader had been wrong.",
        withheld::sum);
  }

  private <K, V> Cache<K, V> bounded() {
    return CacheBuilder.newBuilder()
        .maximumSize(MOST_PATTERNS)
        .expireAfterAccess(FORGOTTEN_AFTER)
        .ticker(ticker)
        .build();
  }

  /** What was asked ahead, and what became of it. */
  public MetricSet metrics() {
    return metrics;
  }

  /**
   * Sets the bound, from now on.
   *
   * @param values how many may be fetched and not read yet, for one reader in one group; 0 to read
   *     nothing ahead
   */
  public void most(int values) {
    most = values;
  }

  /** A reader lists a directory. */
  public void listed(Requester requester, Directory directory) {
    if (most > 0 && directory.view() != View.UNCACHED) {
      listings.put(requester, new Listed(directory, ticker.read()));
    }
  }

  /**
   * A file has to be fetched for a reader; its request is in {@code burst}, which has not ended.
   *
   * @param located where its row is; as for {@link AttributeFile#place}
   * @param asked what was asked for it
   */
  public void missed(
      AttributeFile file, Outcome<Value> located, Question asked, RequesterBurst burst) {
    Endpoint endpoint = file.system().endpoint();
    if (most == 0 || file.group() == null || file.view() == View.UNCACHED || endpoint == null) {
      return;
    }
    Slot slot = endpoint.cache().find(asked);
    if (slot == null || !slot.missed()) {
      reader(burst.requester(), file.group()).missed(endpoint, file, located, burst);
    }
  }

  private Reader reader(Requester requester, Directory group) {
    return readers.asMap().computeIfAbsent(new Key(requester, group), key -> new Reader(requester));
  }

  /** A requester in one group. */
  private final class Reader {
    private final Requester requester;
    private final Pattern pattern = new Pattern();

    /** How many values were fetched for it, or are under way, and not read. */
    private final AtomicInteger unread = new AtomicInteger();

    private long lastNanos = ticker.read();

    Reader(Requester requester) {
      this.requester = requester;
    }

    void missed(
        Endpoint endpoint, AttributeFile file, Outcome<Value> located, RequesterBurst burst) {
      int packet = endpoint.queue().health().batchLimit();
      RowNames rows = file.rows(located);
      boolean listed = hasListed(file);
      List<AttributeFile> next;
      int room;
      synchronized (pattern) {
        reads(file, rows);
        if (!pattern.missed(unread.get(), packet)) {
          withheld.increment();
          return;
        }
        room = packet - 1 + Math.max(0, pattern.earned() - unread.get());
        if (pattern.isForWholeRow(file, listed)) {
          room = Math.max(room, Math.min(most, file.attributes().size()));
        }
        next = pattern.next(file, rows, listed, room * LOOKED_AT, lives(endpoint));
      }
      ask(endpoint, next, room, located, burst);
    }

    /** A value that was fetched ahead is read: another packet may be due. */
    void read(AttributeFile file) {
      Endpoint endpoint = file.system().endpoint();
      if (endpoint == null) {
        return;
      }
      Outcome<Value> located = located(endpoint, file);
      RowNames rows = file.rows(located);
      List<AttributeFile> next;
      int room;
      synchronized (pattern) {
        reads(file, rows);
        pattern.used(most);
        if (rows == null || !pattern.isGoing()) {
          return;
        }
        int packet = endpoint.queue().health().batchLimit();
        room = pattern.earned() - unread.get();
        if (room < packet && unread.get() > 0) {
          return;
        }
        next = pattern.next(file, rows, false, (room + unread.get()) * LOOKED_AT, lives(endpoint));
      }
      RequesterBurst burst = requester.begin();
      ask(endpoint, next, room, located, burst);
      burst.end();
    }

    /** With the pattern's monitor held. */
    private void reads(AttributeFile file, RowNames rows) {
      long now = ticker.read();
      if (now - lastNanos > PAUSE_NANOS) {
        pattern.pause(file);
      }
      lastNanos = now;
      pattern.reads(file, rows);
    }

    private boolean hasListed(AttributeFile file) {
      Listed listed = listings.getIfPresent(requester);
      return listed != null
          && ticker.read() - listed.nanos < LISTED_NANOS
          && file.directory().equals(listed.row);
    }

    private void ask(
        Endpoint endpoint,
        List<AttributeFile> files,
        int room,
        Outcome<Value> located,
        RequesterBurst burst) {
      int left = room;
      for (AttributeFile file : files) {
        if (left <= 0) {
          return;
        }
        AttributeFile.Place place = file.place(located);
        if (place != null
            && place.question() != null
            && ask(endpoint, file, place.question(), burst)) {
          left--;
        }
      }
    }

    private boolean ask(
        Endpoint endpoint, AttributeFile file, Question question, RequesterBurst burst) {
      Freshness freshness = endpoint.lifetimes().of(file.attribute());
      Slot known = endpoint.cache().find(question);
      if (known != null && (known.isUnderWay() || isFresh(known.outcome(), freshness))) {
        return false;
      }
      if (!endpoint.queue().hasRoom(requester)) {
        return false;
      }
      Slot slot = endpoint.cache().open(question, freshness);
      slot.note(file);
      Prefetched prefetched = new Prefetched(this, file, slot);
      if (!slot.prefetch(prefetched)) {
        slot.answered();
        return false;
      }
      unread.incrementAndGet();
      asked.increment();
      Request request =
          endpoint
              .queue()
              .submit(
                  question,
                  Priority.BACKGROUND,
                  ticker.read() + endpoint.patienceNanos(),
                  burst,
                  ENDED,
                  prefetched);
      if (request == null) {
        slot.answered();
        prefetched.forget();
        return false;
      }
      return true;
    }

    private boolean isFresh(Outcome<Value> outcome, Freshness freshness) {
      return outcome != null
          && freshness.at(ticker.read() - Slot.takenNanos(outcome)) == Freshness.State.FRESH;
    }
  }

  private static Pattern.Lives lives(Endpoint endpoint) {
    return attribute -> endpoint.lifetimes().of(attribute).ttlNanos();
  }

  private static Outcome<Value> located(Endpoint endpoint, AttributeFile file) {
    Slot walked = file.locator() == null ? null : endpoint.cache().find(file.locator());
    return walked == null ? null : walked.outcome();
  }

  /** One value that was asked ahead of a reader. */
  private final class Prefetched implements Slot.Prefetch {
    private final Reader reader;
    private final AttributeFile file;
    private final Slot slot;

    /** Written by the thread that owns the system; a reader that sees it late joins an answer. */
    private volatile boolean arrived;

    Prefetched(Reader reader, AttributeFile file, Slot slot) {
      this.reader = reader;
      this.file = file;
      this.slot = slot;
    }

    void ended(Outcome<Value> outcome) {
      arrived = true;
      slot.answered();
      if (outcome instanceof Failure) {
        forget();
      }
    }

    /** Nothing came of it. */
    void forget() {
      if (slot.takePrefetch() != null) {
        wasted();
      }
    }

    @Override
    public void hit() {
      reader.unread.decrementAndGet();
      used.increment();
      reader.read(file);
    }

    @Override
    public boolean missed() {
      boolean underWay = !arrived;
      if (underWay) {
        hit();
      } else {
        wasted(); // it came too early
      }
      return underWay;
    }

    @Override
    public void wasted() {
      reader.unread.decrementAndGet();
      wasted.increment();
    }
  }
}
