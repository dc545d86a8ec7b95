package org.aeiou.daemon.attach.table;

import com.google.common.base.Ticker;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.shared.table.TableDescriptor;
import org.aeiou.closures.shared.table.TableKind;
import org.aeiou.closures.shared.table.ValueTable;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Absence;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.service.FileSystem.Listing;
import org.aeiou.daemon.tree.AttributeFile;
import org.aeiou.daemon.tree.Directory;
import org.aeiou.daemon.tree.GroupDirectory;
import org.aeiou.daemon.tree.Node;

/**
 * Publishes in the value table what clients then find without asking: what one of them has read,
 * listed, looked at or described, as the cache has it, or that there is no such thing. It stays as
 * long as it is right. Any thread may call any method; one at a time writes.
 *
 * <p>Where a listing is published, the first reading of a file in it is known in the listing before
 * any client is told of the reading. As long as readings only are published, that costs a look at a
 * count.
 *
 * <p>It is long because what publishes, what is told of changes and what withdraws are right only
 * together: each relies on the order in which the others look at the cache and take the monitor.
 */
public final class ValueTablePublisher {
  private static final int CHANGE_COUNTS = 1024;

  /** A listing that is stale is not written anew more often. */
  private static final long LISTED_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final FileSystem files;
  private final ValueTable table;
  private final int mostPaths;
  private final Ticker ticker;

  /** What of each node is published. Changed with this monitor held. */
  private final Map<Node, Published> published = new ConcurrentHashMap<>();

  // Guarded by this.
  private final PublishedBySystem bySystem = new PublishedBySystem();
  private final UnknownNames unknown;

  private final PublishedCounts counts = new PublishedCounts();

  /** How much is published, or about to be, that is no reading. */
  private volatile int derived;

  private volatile long generation;

  /** How often the names in directories changed, some of which share a count. */
  private final AtomicIntegerArray changes = new AtomicIntegerArray(CHANGE_COUNTS);

  /** With nothing published; of so many paths at the most. */
  public ValueTablePublisher(FileSystem files, ValueTable table, int mostPaths, Ticker ticker) {
    this.mostPaths = mostPaths;
    this.files = files;
    this.table = table;
    this.ticker = ticker;
    unknown = new UnknownNames(table);
  }

  /** Shows how much is published. */
  public void describe(MetricSet metrics) {
    counts.describe(metrics, this::unknown, this::usedBytes);
  }

  private synchronized long unknown() {
    return unknown.size();
  }

  private synchronized long usedBytes() {
    return table.usedBytes();
  }

  /** That of names: how often any came or went. */
  public long generation() {
    return generation;
  }

  /** How often the names in a directory changed, or in one that shares the count. */
  public int changes(Node directory) {
    return changes.get(directory.hashCode() & CHANGE_COUNTS - 1);
  }

  /**
   * A client has fetched an attribute. What came was published when it came, where the attribute
   * was: in {@link #taken}, of which all are told before the closures.
   *
   * @param path where the table's readers look for it; null if they do not
   * @param generationFound that of names when the path was looked for
   */
  public void fetched(Node file, String path, long generationFound) {
    if (path == null) {
      return;
    }
    Published known = published.get(file);
    if (known == null || !known.path.equals(path)) {
      read(file, path, generationFound);
    }
  }

  /** A client has read an attribute. Its path may be another attribute's by now. */
  public synchronized void read(Node file, String path, long generationFound) {
    if (path != null && generationFound == generation) {
      publish(known(file, path));
    }
  }

  /** A client has asked what stat shows of a node. */
  public synchronized void stat(Node node, String path, long generationFound) {
    if (path != null && generationFound == generation) {
      Published known = known(node, path);
      known.isStat = true;
      derived = derived + 1; // before the cache is looked at
      publish(known);
      countDerived();
    }
  }

  /** A client has asked what is known of an attribute besides its value. */
  public synchronized void described(Node file, String path, long generationFound) {
    if (path != null && generationFound == generation) {
      Published known = known(file, path);
      counts.described(known.isDescribed ? 0 : 1);
      known.isDescribed = true;
      publish(known);
    }
  }

  /** A client was told that a path names nothing. */
  public synchronized void unknown(String path, String sentence, long generationFound) {
    long nanos = files.unknownNanos();
    if (path != null && nanos > 0 && generationFound == generation) {
      if (!unknown.add(path, sentence, nanos, ticker.read())) {
        counts.refused();
      }
    }
  }

  /**
   * A client has listed a directory.
   *
   * @param changesBefore that of {@link #changes} before it was listed
   * @param takenMillis when it was listed
   */
  public void listed(
      Node directory,
      String path,
      long generationFound,
      int changesBefore,
      Listing listing,
      long takenMillis) {
    if (path == null || listing.usableNanos() <= 0 || isPublishedLately(directory, path)) {
      return;
    }
    long now = ticker.read();
    ListedNames names = new ListedNames(files, path, listing);
    synchronized (this) {
      if (generationFound != generation || changes(directory) != changesBefore) {
        return;
      }
      Published known = known(directory, path);
      // From here on a thread that brings a reading waits for the monitor. What it has brought
      // before is seen when that is put right.
      derived = derived + 1;
      known.unread = Integer.MAX_VALUE;
      known.unread = names.settle();
      if (known.unread < 0) {
        withdraw(known);
        return;
      }
      known.publishedNanos = now;
      known.freshUntilNanos = now + Math.max(0, listing.validNanos());
      known.usableUntilNanos = now + listing.usableNanos();
      put(
          known,
          TableEntries.listing(
              names.value,
              files.attributes(directory),
              known.freshUntilNanos,
              known.usableUntilNanos,
              takenMillis),
          now);
      countDerived();
    }
  }

  private synchronized boolean isPublishedLately(Node directory, String path) {
    Published known = published.get(directory);
    long now = ticker.read();
    return known != null
        && known.kind == TableKind.LISTING
        && known.path.equals(path)
        && (now - known.freshUntilNanos < 0 || now - known.publishedNanos < LISTED_AGAIN_NANOS);
  }

  /** The cache has an outcome of this attribute that is new or newer. */
  public void taken(Node file) {
    if (derived > 0 && file instanceof AttributeFile attribute) {
      takenOfUnread(attribute);
    }
    Published known = published.get(file);
    if (known != null) {
      takenOfPublished(known);
    }
  }

  private synchronized void takenOfPublished(Published known) {
    if (!known.isWithdrawn) {
      publish(known);
    }
  }

  /** What stat shows of the file is its own from now on, and not what it shows of the unread. */
  private void takenOfUnread(AttributeFile file) {
    Directory directory = file.directory();
    Published listing = directory == null ? null : published.get(directory);
    if (listing != null && listing.unread > 0) {
      takenInListing(listing, file);
    }
    if (file.isShared()) {
      synchronized (this) {
        bySystem.forEachDerived(file, each -> takenElsewhere(each, file.attribute().oid()));
      }
    }
  }

  private synchronized void takenInListing(Published listing, Node file) {
    if (listing.unread > 0 && !listing.isWithdrawn && !files.isNeverRead(file)) {
      String path = listing.path.isEmpty() ? file.name() : listing.path + "/" + file.name();
      if (table.read(listing.path, listing.slot, path)) {
        listing.unread = listing.unread - 1;
      }
    }
  }

  /** Another file of the same object may have the same answer, of which it was not told. */
  private void takenElsewhere(Published unread, Oid object) {
    if (unread.node instanceof AttributeFile file) {
      if (file.attribute().oid().equals(object) && !unread.isWithdrawn) {
        publish(unread);
      }
    } else if (unread.unread > 0 && unread.node instanceof GroupDirectory directory) {
      for (AttributeGroup.Attribute attribute : directory.group().attributes()) {
        if (attribute.oid().equals(object)) {
          Node file = directory.find(attribute.name(), Directory.Answers.UNKNOWN);
          if (file != null) {
            takenInListing(unread, file);
          }
        }
      }
    }
  }

  /**
   * Names in a directory came, went, or stand for something else.
   *
   * @param all whether these are systems, and any path may mean something else
   */
  public synchronized void namesChanged(Node directory, Collection<String> names, boolean all) {
    changes.incrementAndGet(directory.hashCode() & CHANGE_COUNTS - 1);
    if (all) {
      generation = generation + 1;
      forget();
      return;
    }
    namesLearned(directory);
    if (!names.isEmpty()) {
      generation = generation + 1;
      String prefix = directory + "/";
      bySystem.withdraw(directory, each -> isBelow(each.path, prefix, names), this::withdraw);
    }
  }

  /** Whether a path, in whatever tree, is that of one of these names in a directory, or below. */
  private static boolean isBelow(String path, String prefix, Collection<String> names) {
    int at = path.startsWith(prefix) ? 0 : path.indexOf("/" + prefix) + 1;
    if (at == 0 && !path.startsWith(prefix)) {
      return false;
    }
    int from = at + prefix.length();
    int slash = path.indexOf('/', from);
    return names.contains(slash < 0 ? path.substring(from) : path.substring(from, slash));
  }

  /** What the names in a directory are worked out from was answered. */
  public synchronized void namesLearned(Node directory) {
    if (unknown.size() > 0) {
      unknown.withdrawAll(ticker.read());
    }
    Published known = published.get(directory);
    if (known != null) {
      withdraw(known);
    }
  }

  /** What was known of a node is not any more. */
  public void forgotten(Node node) {
    if (published.isEmpty()) {
      return;
    }
    synchronized (this) {
      Published known = published.get(node);
      if (known != null) {
        withdraw(known);
      }
      bySystem.forEachDerived(node, this::showUnread);
    }
  }

  /** Stat shows another time of what was never read of its system, perhaps. */
  private void showUnread(Published known) {
    long millis = files.unreadMillis(known.node);
    if (millis == known.unreadMillis) {
      return;
    }
    known.unreadMillis = millis;
    if (known.kind != TableKind.LISTING) {
      publish(known);
    } else if (known.unread > 0) {
      long now = ticker.read();
      // A cache that is full forgets all the time: then it is listed anew when a client asks.
      if (now - known.publishedNanos < LISTED_AGAIN_NANOS
          || !table.show(known.path, known.slot, millis, millis, now)) {
        withdraw(known);
      } else {
        known.publishedNanos = now;
      }
    }
  }

  private void forget() {
    List.copyOf(published.values()).forEach(this::withdraw);
    bySystem.clear();
    unknown.withdrawAll(ticker.read());
  }

  /** What is published of a node under a path; nothing yet, perhaps. With the monitor held. */
  private Published known(Node node, String path) {
    // First this, then what is cached. The thread that takes a newer reading does it the other way
    // round, and one of the two sees the other.
    Published known = published.get(node);
    if (known != null && known.path.equals(path)) {
      return known;
    }
    if (known != null) {
      withdraw(known);
    }
    if (published.size() >= mostPaths) {
      // A path that is still asked for comes back.
      forget();
    }
    known = new Published(node, path);
    published.put(node, known);
    bySystem.add(known);
    return known;
  }

  /** Publishes what is cached now, which with the monitor held never goes back in time. */
  private void publish(Published known) {
    Node node = known.node;
    if (known.kind == TableKind.LISTING && ticker.read() - known.usableUntilNanos < 0) {
      return; // which says what stat shows as well
    }
    Content content = node.isDirectory() ? null : files.cached(node);
    Absence absence = content == null && !node.isDirectory() ? files.absence(node) : null;
    long now = ticker.read();
    if (content != null) {
      put(known, TableEntries.reading(content, now), now);
    } else if (absence != null) {
      put(known, TableEntries.absent(absence, files.attributes(node), now), now);
    } else {
      long nanos = known.isStat ? files.existsNanos(node) : 0;
      if (nanos <= 0) {
        withdraw(known);
        return;
      }
      put(known, TableEntries.statOnly(files.attributes(node), now + nanos), now);
    }
    if (known.isDescribed && !known.isWithdrawn) {
      describe(known, content, absence, now);
    }
  }

  private void describe(Published known, Content content, Absence absence, long now) {
    String path = known.path + TableDescriptor.DESCRIPTION;
    ValueTable.Entry entry = null;
    if (content != null) {
      byte[] pairs = TableEntries.description(content.value(), files.description(known.node));
      entry = TableEntries.reading(content, pairs, now);
    } else if (absence != null) {
      entry = TableEntries.absent(absence, files.attributes(known.node), now);
    }
    if (entry == null) {
      table.withdraw(path, now);
      known.descriptionSlot = ValueTable.UNKNOWN;
      return;
    }
    known.descriptionSlot = table.publish(path, known.descriptionSlot, entry, now);
    if (known.descriptionSlot == ValueTable.UNKNOWN) {
      counts.refused();
    }
  }

  private void put(Published known, ValueTable.Entry entry, long now) {
    if (unknown.size() > 0) {
      unknown.remove(known.path);
    }
    known.slot = table.publish(known.path, known.slot, entry, now);
    if (known.slot == ValueTable.UNKNOWN) {
      // As a whole table, which may be megabytes: not copied again for each change of it.
      counts.refused();
      withdraw(known);
      return;
    }
    if (known.kind != entry.kind()) {
      kind(known, entry.kind());
    }
    if (known.isDerived()) {
      known.unreadMillis = files.unreadMillis(known.node);
    }
  }

  private void kind(Published known, int kind) {
    boolean wasDerived = known.kind != TableKind.NOTHING && known.isDerived();
    counts.changed(known.kind, kind);
    countDerived();
    known.kind = kind;
    if (wasDerived != known.isDerived()) {
      bySystem.changed(known);
    }
  }

  private void countDerived() {
    derived = counts.derived();
  }

  private void withdraw(Published known) {
    if (known.isWithdrawn) {
      return;
    }
    known.isWithdrawn = true;
    published.remove(known.node, known);
    long now = ticker.read();
    table.withdraw(known.path, now);
    if (known.isDescribed) {
      counts.described(-1);
      table.withdraw(known.path + TableDescriptor.DESCRIPTION, now);
    }
    bySystem.changed(known);
    counts.changed(known.kind, TableKind.NOTHING);
    countDerived();
  }
}
