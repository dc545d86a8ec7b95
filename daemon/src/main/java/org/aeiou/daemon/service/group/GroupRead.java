package org.aeiou.daemon.service.group;

import com.google.common.base.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.endpoint.Lifetimes;
import org.aeiou.daemon.service.fetch.AllRequests;
import org.aeiou.daemon.service.fetch.AttributeRead;
import org.aeiou.daemon.service.fetch.CachePeek;
import org.aeiou.daemon.service.fetch.CachedFetch;
import org.aeiou.daemon.service.fetch.CompositeRequest;
import org.aeiou.daemon.tree.AttributeFile;
import org.aeiou.daemon.tree.Directory;
import org.aeiou.daemon.tree.GroupDirectory;
import org.aeiou.daemon.tree.TableDirectory;
import org.aeiou.daemon.tree.View;

/**
 * Many attributes as one request. Those of a group of scalars, or of a row, are read one by one in
 * one burst, so that they share packets. So are those of a table if nearly all are cached; else its
 * columns are walked, together with what names its rows.
 *
 * <p>It fails if nothing at all was found out; otherwise each attribute has its own outcome. It is
 * one request, whichever of these ways it goes: which, is known only when it has begun.
 */
public final class GroupRead<C> extends CompositeRequest<GroupReading, C> {
  /** So many attributes of a table take about two packets one by one: a walk takes more. */
  static final int MOST_SINGLY = 32;

  /** So many may be, if rates are among them, which no walk brings. */
  private static final int MOST_WITH_RATES = 16_384;

  /** A table of more attributes is not read one by one, as each would wait with an object. */
  private static final int MOST_WAITING = 1024;

  private final CachedFetch fetch;
  private final Map<Value.Rows, WalkedGroup.NamedRows> namedRows;
  private final Ticker ticker;
  private final RequesterBurst burst;
  private List<Attribute> columns;
  private Endpoint endpoint;
  private Lifetimes lifetimes;
  private boolean freshOnly;

  private boolean isTable;
  private boolean hasRates;

  // Of those that are read one by one.
  private List<String> rows;
  private List<Oid> indexes = List.of();
  private Outcome<Value>[] outcomes;
  private AtomicInteger missing;
  private volatile boolean delayed;

  /**
   * A group read.
   *
   * @param namedRows of walks, of {@link WalkedGroup#names}
   */
  public GroupRead(
      CachedFetch fetch,
      Map<Value.Rows, WalkedGroup.NamedRows> namedRows,
      Ticker ticker,
      RequesterBurst burst,
      Closure<GroupReading, C> closure,
      C context) {
    super(closure, context);
    this.fetch = fetch;
    this.namedRows = namedRows;
    this.ticker = ticker;
    this.burst = burst;
  }

  /** Makes it wait for what is not fresh, rather than take what is stale. To be said first. */
  public GroupRead<C> freshOnly() {
    freshOnly = true;
    return this;
  }

  /**
   * Starts it.
   *
   * @param names of the columns; null for all
   */
  public Request start(Directory directory, List<String> names) {
    if (!(directory instanceof GroupDirectory group)) {
      fail(
          Failure.Reason.BAD_REQUEST,
          "is no group of attributes, no table and no row; list it instead");
    } else if (hasColumns(group, names)) {
      endpoint = directory.system().endpoint();
      if (endpoint == null) {
        fail(
            Failure.Reason.UNKNOWN_NAME,
            directory.system().name() + " was taken out of the configuration");
      } else {
        lifetimes = freshOnly ? endpoint.lifetimes().withoutGrace() : endpoint.lifetimes();
        start(group);
      }
    }
    return submitted();
  }

  private void start(GroupDirectory directory) {
    if (directory instanceof TableDirectory table) {
      isTable = true;
      if (hasRates) {
        startTableWithRates(table);
      } else {
        startTable(table);
      }
      return;
    }
    rows = List.of(directory.group() instanceof AttributeGroup.Table ? directory.name() : "");
    readSingly(burst, List.of(directory), empty(columns.size()));
  }

  private boolean hasColumns(GroupDirectory directory, List<String> names) {
    if (names != null && names.isEmpty()) {
      fail(Failure.Reason.BAD_REQUEST, "names no attribute between its braces");
      return false;
    }
    WantedColumns wanted = WantedColumns.of(directory, names);
    if (wanted.unknown() != null) {
      fail(
          Failure.Reason.UNKNOWN_NAME,
          "'%s' has no attribute '%s'".formatted(directory.group().name(), wanted.unknown()));
      return false;
    }
    columns = wanted.columns();
    hasRates = wanted.haveRates();
    return true;
  }

  private void fail(Failure.Reason reason, String why) {
    fail(new Failure<>(reason, why), false);
  }

  private void startTable(TableDirectory table) {
    Question.Walk walk = WalkedGroup.of(table, columns);
    Freshness freshness = leastFreshness();
    boolean isFetched = table.view() == View.UNCACHED;
    if (!isFetched && usable(walk, freshness) == null) {
      Question.Walk whole = WalkedGroup.of(table, table.shown());
      Outcome<Value> known = usable(whole, new Freshness(freshness.ttlNanos(), 0));
      if (known != null) {
        walked(table, whole, freshness, known, false);
        return;
      }
      if (startCachedTable(table)) {
        return;
      }
    }
    pending(
        1,
        fetch.ask(
            table.system(),
            table.view(),
            null,
            walk,
            freshness,
            burst,
            (none, outcome, late) -> walked(table, walk, freshness, outcome, late),
            null));
  }

  private void startTableWithRates(TableDirectory table) {
    pending(
        1,
        fetch.ask(
            table.system(),
            table.view(),
            null,
            table.walk(),
            lifetimes.ofDirectories(),
            burst,
            (none, outcome, late) -> readWithRates(table, outcome, late),
            null));
  }

  /** Reads all of a table one by one: a rate may take several readings. */
  private void readWithRates(TableDirectory table, Outcome<Value> located, boolean late) {
    delayed |= late;
    List<AttributeGroup.NamedRow> named = table.rows(located);
    if (named == null) {
      fail((Failure<?>) located, late);
      return;
    }
    int all = named.size() * columns.size();
    if (all > MOST_WITH_RATES) {
      fail(
          new Failure<>(
              Failure.Reason.BAD_REQUEST,
              "has %d attributes with rates among them, expected at most %d; name fewer of them"
                  .formatted(all, MOST_WITH_RATES)),
          late);
      return;
    }
    readSingly(late ? burst.requester().begin() : burst, rowsOf(table, named), empty(all));
  }

  private void walked(
      TableDirectory table,
      Question.Walk walk,
      Freshness freshness,
      Outcome<Value> outcome,
      boolean late) {
    if (outcome instanceof Reading<Value> reading) {
      GroupReading found =
          new WalkedGroup(namedRows, table, endpoint, columns, walk, reading, freshness, ticker);
      finish(reading.with(found), late);
    } else {
      fail((Failure<?>) outcome, late);
    }
  }

  /** Reads a table one by one if its rows are known and few attributes are missing. */
  private boolean startCachedTable(TableDirectory table) {
    Outcome<Value> located = usable(table.walk(), lifetimes.ofDirectories());
    List<AttributeGroup.NamedRow> named = located == null ? null : table.rows(located);
    if (named == null) {
      return false;
    }
    Outcome<Value>[] known = empty(named.size() * columns.size());
    int wanted = lookAt(named, located, known, table.view());
    boolean mayAsk = wanted <= MOST_SINGLY && known.length <= MOST_WAITING;
    if (wanted > 0 && !mayAsk && table.view() != View.CACHED) {
      return false;
    }
    readSingly(burst, rowsOf(table, named), known);
    return true;
  }

  private List<GroupDirectory> rowsOf(TableDirectory table, List<AttributeGroup.NamedRow> named) {
    rows = named.stream().map(AttributeGroup.NamedRow::name).toList();
    indexes = named.stream().map(AttributeGroup.NamedRow::index).toList();
    return named.stream().map(table::row).toList();
  }

  /** Fills in what is cached; returns how many attributes are to be asked for. */
  private int lookAt(
      List<AttributeGroup.NamedRow> named,
      Outcome<Value> located,
      Outcome<Value>[] known,
      View view) {
    long now = ticker.read();
    int wanted = 0;
    int i = 0;
    for (AttributeGroup.NamedRow row : named) {
      for (Attribute column : columns) {
        known[i] = cached(row.instance(column), column, located, now, view);
        wanted += known[i++] == null ? 1 : 0;
      }
    }
    return wanted;
  }

  /** The outcome for an attribute that needs no question; null if there is none. */
  private Outcome<Value> cached(
      AttributeGroup.Instance at, Attribute column, Outcome<Value> located, long now, View view) {
    if (at.oid() == null) {
      return new Absent<>(Slot.takenNanos(located), ((Reading<Value>) located).takenMillis());
    }
    Slot slot = endpoint.cache().find(new Question.Get(at.oid(), at.guard()));
    Outcome<Value> held = slot == null ? null : slot.outcome();
    if (held == null) {
      return null;
    }
    Freshness.State state = lifetimes.of(column).at(now - Slot.takenNanos(held));
    boolean isOfUse =
        state == Freshness.State.FRESH || (view == View.CACHED && state == Freshness.State.STALE);
    if (!isOfUse) {
      return null;
    }
    slot.use();
    slot.hit();
    return CachePeek.unguarded(held, at.label());
  }

  /** Reads those attributes one by one that have no outcome yet. */
  private void readSingly(
      RequesterBurst with, List<GroupDirectory> directories, Outcome<Value>[] known) {
    outcomes = known;
    List<Integer> wanted = new ArrayList<>();
    for (int i = 0; i < known.length; i++) {
      if (known[i] == null) {
        wanted.add(i);
      }
    }
    // One more, so that it does not come to its end before everything was asked for.
    missing = new AtomicInteger(wanted.size() + 1);
    List<Request> requests = new ArrayList<>(wanted.size());
    for (int i : wanted) {
      Attribute column = columns.get(i % columns.size());
      AttributeFile file = directories.get(i / columns.size()).file(column);
      Freshness freshness = lifetimes.of(column);
      Request request =
          new AttributeRead<>(fetch, null, file, freshness, with, this::answered, i).start();
      if (request != Request.IMMEDIATE) {
        requests.add(request);
      }
    }
    if (!requests.isEmpty()) {
      pending(hasRates ? 2 : 1, new AllRequests(requests.toArray(new Request[0])));
    }
    if (with != burst) {
      with.end();
    }
    answeredOne(false);
  }

  private void answered(Integer index, Outcome<Value> outcome, boolean late) {
    outcomes[index] = outcome;
    answeredOne(late);
  }

  private void answeredOne(boolean late) {
    if (late) {
      delayed = true;
    }
    // The atomic decrement publishes this thread's outcome to the one that has the last.
    if (missing.decrementAndGet() > 0) {
      return;
    }
    Failure<Value> failure = FetchedGroup.failure(outcomes);
    if (failure != null) {
      fail(failure, delayed);
      return;
    }
    long now = ticker.read();
    GroupReading found = new FetchedGroup(endpoint, isTable, columns, rows, indexes, outcomes, now);
    finish(new Reading<>(found, now, 0, 0), delayed);
  }

  /** An outcome that may be served; null if there is none. */
  private Outcome<Value> usable(Question question, Freshness freshness) {
    Slot slot = endpoint.cache().find(question);
    Outcome<Value> held = slot == null ? null : slot.outcome();
    return held instanceof Reading<Value> reading
            && freshness.at(ticker.read() - reading.takenNanos()) != Freshness.State.EXPIRED
        ? held
        : null;
  }

  /** How long all of the columns can be used. */
  private Freshness leastFreshness() {
    long ttl = Long.MAX_VALUE;
    long end = Long.MAX_VALUE;
    for (Attribute column : columns) {
      Freshness each = lifetimes.of(column);
      ttl = Math.min(ttl, each.ttlNanos());
      end = Math.min(end, each.ttlNanos() + each.graceNanos());
    }
    return new Freshness(ttl, end - ttl);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Outcome<Value>[] empty(int length) {
    return new Outcome[length];
  }
}
