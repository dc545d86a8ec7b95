package org.aeiou.closures.attached;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Ticker;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.shared.CanonicalPath;
import org.aeiou.closures.shared.Operation;
import org.aeiou.closures.shared.Stat;
import org.aeiou.closures.shared.table.Listing;
import org.aeiou.closures.shared.table.ListingDescriptor;
import org.aeiou.closures.shared.table.TableDescriptor;
import org.aeiou.closures.shared.table.TableKind;
import org.aeiou.closures.shared.table.TableReader;
import org.aeiou.closures.shared.table.ValueTable;

/**
 * What the value table answers, and what was made of it: as long as the sequence of a slot is the
 * same, so are the outcomes. A hit is a look into a map and at a word of the table: no lock,
 * nothing allocated. Any thread may call any method.
 */
final class CachedAnswers {
  /** How many paths are remembered, in whatever spelling they are asked for. */
  private static final int MOST_KNOWN = 1 << 18;

  /** After how long a stale answer is asked for again, if asking did not help. */
  private static final long ASK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final int TYPE = 0170000;
  private static final int DIRECTORY = 0040000;

  /** As the daemon says it. */
  private static final Failure<byte[]> IS_DIRECTORY =
      new Failure<>(Failure.Reason.IS_DIRECTORY, "is a directory");

  private static final Failure<byte[]> NOT_DIRECTORY =
      new Failure<>(Failure.Reason.NOT_DIRECTORY, "is not a directory");

  private final TableReader table;
  private final Ticker ticker;
  private final InstantSource clock;

  /** By path: what is in its own slot. */
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /** By path: what is in the slot of its description. */
  private final Map<String, Known> described = new ConcurrentHashMap<>();

  /** By path, of files that have no slot: where they are listed. */
  private final Map<String, Unread> unread = new ConcurrentHashMap<>();

  CachedAnswers(TableReader table, Ticker ticker, InstantSource clock) {
    this.table = table;
    this.ticker = ticker;
    this.clock = clock;
  }

  /** What was found in a slot, and what was made of it so far. */
  final class Known {
    private final TableReader.Place place;

    /** What a read has; null if that is to be asked for. */
    final Outcome<byte[]> read;

    // Made when they are asked for first; benign race: two threads may make the same.
    private volatile Outcome<byte[]> stat;
    private volatile Outcome<byte[]> list;
    private volatile Reading<byte[]> unreadStat;
    private volatile Description description;

    /** When it is to be asked for: first when it is stale. */
    private volatile long askNanos;

    private Known(TableReader.Place place) {
      this.place = place;
      askNanos = place.entry().freshUntilNanos();
      read = read(place.entry());
    }

    /** What stat has; null if that is to be asked for. */
    Outcome<byte[]> stat() {
      Outcome<byte[]> made = stat;
      if (made == null) {
        made = stat(place.entry());
        stat = made;
      }
      return made;
    }

    /** What a list has; null if that is to be asked for. */
    Outcome<byte[]> list() {
      Outcome<byte[]> made = list;
      if (made == null) {
        made = list(place);
        list = made;
      }
      return made;
    }

    private boolean isCurrent() {
      return table.sequence(place.at()) == place.sequence();
    }

    private boolean isUsable(long nowNanos) {
      return nowNanos - place.entry().usableUntilNanos() < 0;
    }

    private boolean isDirectory() {
      return (place.entry().mode() & TYPE) == DIRECTORY;
    }

    private Outcome<byte[]> read(ValueTable.Entry entry) {
      return switch (entry.kind()) {
        case TableKind.READING -> reading(entry.value(), entry);
        case TableKind.ABSENT -> absent(entry);
        case TableKind.UNKNOWN_NAME -> unknown(entry);
        case TableKind.LISTING -> IS_DIRECTORY;
        default -> entry.kind() == TableKind.STAT_ONLY && isDirectory() ? IS_DIRECTORY : null;
      };
    }

    private Outcome<byte[]> stat(ValueTable.Entry entry) {
      if (entry.kind() == TableKind.UNKNOWN_NAME) {
        return unknown(entry);
      }
      if (entry.mode() == 0 || entry.kind() > TableKind.STAT_ONLY) {
        return null;
      }
      boolean isTaken = entry.kind() == TableKind.READING || entry.kind() == TableKind.STAT_ONLY;
      return CachedAnswers.this.stat(
          entry.mode(),
          isDirectory() ? 0 : entry.size(),
          isTaken ? entry.takenMillis() : entry.changedMillis(),
          entry.changedMillis(),
          isDirectory() ? entry.size() : 1);
    }

    private Outcome<byte[]> list(TableReader.Place from) {
      ValueTable.Entry entry = from.entry();
      return switch (entry.kind()) {
        case TableKind.READING, TableKind.ABSENT -> NOT_DIRECTORY;
        case TableKind.UNKNOWN_NAME -> unknown(entry);
        case TableKind.LISTING -> listing(from.listing(), entry);
        default -> entry.kind() == TableKind.STAT_ONLY && !isDirectory() ? NOT_DIRECTORY : null;
      };
    }

    /** Null if it was written over: its memory is left alone for seconds only. */
    private Outcome<byte[]> listing(Listing listing, ValueTable.Entry entry) {
      if (!isCurrent()) {
        return null;
      }
      byte[] names = listing.text();
      return isCurrent() ? reading(names, entry) : null;
    }

    /** What stat shows of all files in it of which nothing was read. */
    private Reading<byte[]> unreadStat() {
      Reading<byte[]> made = unreadStat;
      if (made == null) {
        Listing listing = place.listing();
        made =
            CachedAnswers.this.stat(
                listing.mode(),
                ListingDescriptor.UNREAD_SIZE,
                listing.takenMillis(),
                listing.changedMillis(),
                1);
        unreadStat = made;
      }
      return made;
    }
  }

  /** A file that is listed, and of which nothing was read. */
  private record Unread(Known directory, int number) {
    boolean isSo(long nowNanos) {
      // In this order: as long as the sequence is the same the byte is this file's.
      return directory.place.listing().isUnread(number)
          && directory.isCurrent()
          && directory.isUsable(nowNanos);
    }
  }

  /** What was described, as it was at some time. */
  private record Description(Outcome<byte[]> outcome, long ageMillis, boolean isFresh) {}

  /** What is in a path's slot, fresh or stale; null if there is none that is usable by now. */
  Known find(String path, long nowNanos) {
    return find(known, path, "", nowNanos);
  }

  private Known find(Map<String, Known> all, String path, String suffix, long nowNanos) {
    Known found = all.get(path);
    if (found == null || !found.isCurrent()) {
      found = look(all, path, suffix);
      if (found == null) {
        return null;
      }
    }
    return found.isUsable(nowNanos) ? found : null;
  }

  private Known look(Map<String, Known> all, String path, String suffix) {
    TableReader.Place place = table.locate(CanonicalPath.of(path) + suffix);
    if (place == null) {
      all.remove(path);
      return null;
    }
    Known found = new Known(place);
    if (all.size() >= MOST_KNOWN) {
      all.clear();
    }
    all.put(path, found);
    return found;
  }

  /** What stat has; null if that is to be asked for. Stat asks no system, also not for later. */
  Outcome<byte[]> stat(String path, long nowNanos) {
    Unread listed = unread.get(path);
    if (listed != null) {
      if (listed.isSo(nowNanos)) {
        return listed.directory.unreadStat();
      }
      unread.remove(path, listed);
    }
    Known own = find(path, nowNanos);
    Outcome<byte[]> outcome = own == null ? null : own.stat();
    return outcome != null ? outcome : listedStat(path, nowNanos);
  }

  private Outcome<byte[]> listedStat(String path, long nowNanos) {
    String canonical = CanonicalPath.of(path);
    int slash = canonical.lastIndexOf('/');
    Known directory = find(slash < 0 ? "" : canonical.substring(0, slash), nowNanos);
    if (directory == null || directory.place.listing() == null || canonical.isEmpty()) {
      return null;
    }
    int number = directory.place.listing().find(canonical);
    if (number < 0) {
      return null;
    }
    Unread listed = new Unread(directory, number);
    if (!listed.isSo(nowNanos)) {
      return null;
    }
    if (unread.size() >= MOST_KNOWN) {
      unread.clear();
    }
    unread.put(path, listed);
    return directory.unreadStat();
  }

  /** What is known of an attribute besides its value; null if that is to be asked for. */
  Known description(String path, long nowNanos) {
    return find(described, path, TableDescriptor.DESCRIPTION, nowNanos);
  }

  /** A description's outcome, as it is by now: the same object for a millisecond. */
  Outcome<byte[]> described(Known found, long nowNanos) {
    ValueTable.Entry entry = found.place.entry();
    if (entry.kind() != TableKind.READING) {
      return entry.kind() == TableKind.ABSENT ? found.read : null;
    }
    boolean isFresh = nowNanos - entry.freshUntilNanos() < 0;
    long ageMillis = Math.max(0, clock.millis() - entry.takenMillis());
    Description made = found.description;
    if (made == null || made.ageMillis != ageMillis || made.isFresh != isFresh) {
      long left = Math.max(0, entry.freshUntilNanos() - nowNanos);
      byte[] pairs =
          DescriptionPairs.by(
              entry.value(), ageMillis, TimeUnit.NANOSECONDS.toMillis(left), isFresh);
      made = new Description(reading(pairs, entry), ageMillis, isFresh);
      found.description = made;
    }
    return made.outcome;
  }

  /** With which operation an answer that is stale is asked for anew; 0 if it need not be. */
  static int refresh(Known found, int operation, long nowNanos) {
    if (nowNanos - found.askNanos < 0) {
      return 0;
    }
    // Benign race: two threads may ask for the same one.
    found.askNanos = nowNanos + ASK_AGAIN_NANOS;
    return found.place.listing() == null ? operation : Operation.LIST;
  }

  private Reading<byte[]> reading(byte[] value, ValueTable.Entry entry) {
    return Receiver.reading(value, entry.takenMillis(), entry.changedMillis(), ticker, clock);
  }

  private Absent<byte[]> absent(ValueTable.Entry entry) {
    long age = Math.max(0, clock.millis() - entry.takenMillis());
    return new Absent<>(ticker.read() - TimeUnit.MILLISECONDS.toNanos(age), entry.takenMillis());
  }

  private static Failure<byte[]> unknown(ValueTable.Entry entry) {
    return new Failure<>(Failure.Reason.UNKNOWN_NAME, new String(entry.value(), UTF_8));
  }

  private Reading<byte[]> stat(
      int mode, long size, long takenMillis, long changedMillis, long links) {
    Stat stat =
        new Stat(
            mode,
            Integer.toUnsignedLong(table.uid()),
            Integer.toUnsignedLong(table.gid()),
            size,
            takenMillis,
            changedMillis,
            links);
    return Receiver.reading(stat.value(), takenMillis, changedMillis, ticker, clock);
  }
}
