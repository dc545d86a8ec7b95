package org.aeiou.daemon.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Reading;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.shared.Memory;
import org.aeiou.closures.shared.table.Listing;
import org.aeiou.closures.shared.table.TableDescriptor;
import org.aeiou.closures.shared.table.TableKind;
import org.aeiou.closures.shared.table.TableReader;
import org.aeiou.closures.shared.table.ValueTable;
import org.aeiou.daemon.attach.table.ValueTablePublisher;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.tree.Node;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What of a service comes to the value table, and when it goes. */
final class PublishedTest extends ServiceFixture {
  private static final int SLOTS = 8192;
  private static final String LOCATION = "core1/system/sysLocation";

  private final Memory memory =
      new Memory(ByteBuffer.allocateDirect(ValueTable.bytes(SLOTS, 8 << 20)));
  private ValueTablePublisher publisher;
  private TableReader reader;
  private final MetricSet metrics = new MetricSet();

  @BeforeEach
  void publish() {
    // A cache that says since when nothing is known.
    cache = new ReadingCache(ticker, observers, bound, TimeUnit.NANOSECONDS.toMillis(now) - 5);
    queue = new HandQueue(cache);
    network.replace(Map.of("core1", new Endpoint(queue, cache, lifetimes, MINUTE)));
    publisher =
        new ValueTablePublisher(service, ValueTable.create(memory, SLOTS, 0, 0, 1), SLOTS, ticker);
    publisher.describe(metrics);
    reader = new TableReader(memory);
    service.observe(
        new FileSystem.Observer() {
          @Override
          public void contentChanged(Node file) {
            publisher.taken(file);
          }

          @Override
          public void contentConfirmed(Node file) {
            publisher.taken(file);
          }

          @Override
          public void namesChanged(Node directory, Collection<String> names) {
            publisher.namesChanged(directory, names, false);
          }

          @Override
          public void namesLearned(Node directory) {
            publisher.namesLearned(directory);
          }

          @Override
          public void forgotten(Node node) {
            publisher.forgotten(node);
          }
        });
  }

  private FileSystem.Listing listing(Node directory) {
    AtomicReference<FileSystem.Listing> listing = new AtomicReference<>();
    service.<Void>list(
        requester,
        directory,
        (none, outcome, delayed) -> {
          assertThat(delayed).isFalse();
          listing.set(((Reading<FileSystem.Listing>) outcome).value());
        },
        null);
    return listing.get();
  }

  private void list(String path) {
    Node directory = node(path);
    int changes = publisher.changes(directory);
    FileSystem.Listing listing = listing(directory);
    publisher.listed(directory, path, publisher.generation(), changes, listing, 7);
  }

  private Listing listed(String path) {
    TableReader.Place place = reader.locate(path);
    return place == null ? null : place.listing();
  }

  private boolean isUnread(String directory, String name) {
    return listed(directory).isUnread(listed(directory).find(directory + "/" + name));
  }

  private void readAndPublish(String path) {
    service.<Void>read(
        requester,
        node(path),
        (none, outcome, delayed) -> publisher.read(node(path), path, publisher.generation()),
        null);
  }

  private long gauge(String name) {
    return metrics.values().get(name);
  }

  @Test
  void firstReadingIsKnownInItsListingBeforeAClosureIsTold() {
    list("core1/system");
    assertThat(isUnread("core1/system", "sysLocation")).isTrue();
    TableReader.Place before = reader.locate("core1/system");
    List<Boolean> seen = new ArrayList<>();
    service.<Void>read(
        requester,
        node(LOCATION),
        (none, outcome, delayed) -> seen.add(isUnread("core1/system", "sysLocation")),
        null);
    queue.answer(text("here"));
    assertThat(seen).containsExactly(false);
    assertThat(isUnread("core1/system", "sysName")).isTrue();
    assertThat(reader.sequence(before.at())).as("in place").isEqualTo(before.sequence());
  }

  @Test
  void readingOfTheSameObjectByAnotherNameIsKnownInTheListingToo() {
    list("core1/system");
    publisher.stat(node("core1/system/sysName"), "core1/system/sysName", publisher.generation());
    assertThat(reader.find("core1/system/sysName").kind()).isEqualTo(TableKind.STAT_ONLY);
    for (String oid : new String[] {"1.3.6.1.2.1.1.6.0", "1.3.6.1.2.1.1.5.0"}) {
      read("core1/.oid/" + oid);
      queue.answer(text("here"));
    }
    assertThat(isUnread("core1/system", "sysLocation")).isFalse();
    assertThat(isUnread("core1/system", "sysContact")).isTrue();
    assertThat(reader.find("core1/system/sysName").kind()).isEqualTo(TableKind.READING);
  }

  @Test
  void absenceIsServedForAsLongAsTheDaemonServesItAndIsNoReadingInTheListing() {
    list("core1/system");
    readAndPublish(LOCATION);
    queue.answer(new Absent<>(now, TimeUnit.NANOSECONDS.toMillis(now)));
    ValueTable.Entry entry = reader.find(LOCATION);
    assertThat(entry.kind()).isEqualTo(TableKind.ABSENT);
    assertThat(entry.freshUntilNanos()).isEqualTo(now + 5 * MINUTE);
    assertThat(entry.usableUntilNanos()).isEqualTo(now + 10 * MINUTE);
    assertThat(entry.takenMillis()).isEqualTo(TimeUnit.NANOSECONDS.toMillis(now));
    FileSystem.Attributes shown = service.attributes(node(LOCATION));
    assertThat(entry.changedMillis()).isEqualTo(shown.takenMillis());
    assertThat(entry.changedMillis()).isEqualTo(shown.changedMillis());
    assertThat((long) entry.size()).isEqualTo(shown.size());
    assertThat(gauge("absences")).isEqualTo(1);

    now += 6 * MINUTE;
    readAndPublish(LOCATION); // it is stale, and asked for again
    queue.answer(text("here"));
    assertThat(reader.find(LOCATION).kind()).isEqualTo(TableKind.READING);
    assertThat(gauge("absences")).isZero();
    assertThat(gauge("readings")).isEqualTo(1);
  }

  @Test
  void whatIsNotKnownAnyMoreIsNotPublishedAnyMore() {
    readAndPublish(LOCATION);
    queue.answer(text("here"));
    publisher.described(node(LOCATION), LOCATION, publisher.generation());
    list("core1/system");
    assertThat(reader.find(LOCATION)).isNotNull();
    assertThat(new String(reader.find(LOCATION + TableDescriptor.DESCRIPTION).value(), UTF_8))
        .startsWith("value\0here\0oid\0001.3.6.1.2.1.1.6.0\0");
    assertThat(gauge("descriptions")).isEqualTo(1);

    cache.invalidate(new Question.Get(SYS_LOCATION));
    assertThat(reader.find(LOCATION)).isNull();
    assertThat(reader.find(LOCATION + TableDescriptor.DESCRIPTION)).isNull();
    assertThat(gauge("descriptions") + gauge("readings")).isZero();
  }

  @Test
  void listingShowsAnotherTimeOfTheUnreadOnceSomethingWasForgotten() {
    list("core1/system");
    readAndPublish(LOCATION);
    queue.answer(text("here"));
    publisher.stat(node("core1/system/sysName"), "core1/system/sysName", publisher.generation());
    now += 11 * MINUTE;
    list("core1/system");
    Listing before = listed("core1/system");
    long shown = before.takenMillis();
    now += TimeUnit.SECONDS.toNanos(2);
    cache.sweep();
    FileSystem.Attributes unread = service.attributes(node("core1/system/sysContact"));
    assertThat(unread.takenMillis()).isNotEqualTo(shown);
    Listing after = listed("core1/system");
    assertThat(after.takenMillis()).isEqualTo(unread.takenMillis());
    assertThat(after.changedMillis()).isEqualTo(unread.changedMillis());
    assertThat(after.text()).isEqualTo(before.text());
    assertThat(isUnread("core1/system", "sysContact")).isTrue();
    assertThat(isUnread("core1/system", "sysLocation")).as("not again").isFalse();
    assertThat(before.takenMillis()).as("for readers that go on with it").isEqualTo(shown);
    assertThat(reader.find("core1/system/sysName").takenMillis()).isEqualTo(unread.takenMillis());
  }

  @Test
  void whatASweepTakesOutOfTheCacheIsWithdrawn() {
    readAndPublish(LOCATION);
    queue.answer(text("here"));
    now += 11 * MINUTE;
    publisher.stat(node(LOCATION), LOCATION, publisher.generation());
    ValueTable.Entry expired = reader.find(LOCATION);
    assertThat(expired.kind()).isEqualTo(TableKind.STAT_ONLY);
    assertThat(expired.size()).isEqualTo(4096);
    assertThat(expired.takenMillis()).isEqualTo(service.attributes(node(LOCATION)).takenMillis());
    cache.sweep();
    assertThat(reader.find(LOCATION)).isNull();
  }

  @Test
  void rowThatIsGoneIsWithdrawnWithAllThatIsBelowItAndOthersStay() {
    knowInterfaces();
    String gone = "core1/interfaces/eth0";
    String kept = "core1/interfaces/eth1";
    for (String row : new String[] {gone, kept}) {
      list(row);
      readAndPublish(row + "/ifOperStatus");
      queue.answer(reading(status(1, row.substring(row.length() - 4))));
      publisher.described(
          node(row + "/ifOperStatus"), row + "/ifOperStatus", publisher.generation());
    }
    list("core1/interfaces");
    long generation = publisher.generation();
    publisher.namesChanged(node("core1/interfaces"), Set.of("eth0"), false);
    assertThat(publisher.generation()).isNotEqualTo(generation);
    assertThat(reader.find("core1/interfaces")).isNull();
    assertThat(reader.find(gone)).isNull();
    assertThat(reader.find(gone + "/ifOperStatus")).isNull();
    assertThat(reader.find(gone + "/ifOperStatus\0")).isNull();
    assertThat(reader.find(kept)).isNotNull();
    assertThat(reader.find(kept + "/ifOperStatus")).isNotNull();
    assertThat(reader.find(kept + "/ifOperStatus\0")).isNotNull();
  }

  @Test
  void listingOfBeforeAChangeIsNotPublishedAfterIt() {
    knowInterfaces();
    Node directory = node("core1/interfaces");
    int changes = publisher.changes(directory);
    FileSystem.Listing before = listing(directory);
    publisher.namesChanged(directory, List.of(), false);
    publisher.listed(directory, "core1/interfaces", publisher.generation(), changes, before, 7);
    assertThat(reader.find("core1/interfaces")).isNull();
    list("core1/interfaces");
    assertThat(listed("core1/interfaces").size()).isEqualTo(2);
  }

  @Test
  void listingIsFreshAndUsableForAsLongAsTheKernelMayKeepItAndTheGracePeriod() {
    knowInterfaces();
    list("core1/interfaces");
    FileSystem.Listing listing = listing(node("core1/interfaces"));
    ValueTable.Entry entry = reader.find("core1/interfaces");
    assertThat(entry.freshUntilNanos()).isEqualTo(now + listing.validNanos());
    assertThat(entry.usableUntilNanos()).isEqualTo(now + listing.usableNanos());
    assertThat(listing.usableNanos()).isGreaterThan(listing.validNanos());
    assertThat(entry.takenMillis()).isEqualTo(7);
    assertThat(entry.changedMillis())
        .isEqualTo(service.attributes(node("core1/interfaces")).changedMillis());

    long sequence = reader.locate("core1/interfaces").sequence();
    list("core1/interfaces");
    assertThat(reader.locate("core1/interfaces").sequence()).as("fresh").isEqualTo(sequence);
  }

  @Test
  void whatStatShowsOfARowIsServedForAsLongAsTheListingThatNamesIt() {
    knowInterfaces();
    long fresh = now;
    list("core1/interfaces");
    long usable = reader.find("core1/interfaces").usableUntilNanos();
    now = fresh + listing(node("core1/interfaces")).validNanos() + 1;
    String row = "core1/interfaces/eth0";
    publisher.stat(node(row), row, publisher.generation());
    assertThat(reader.find(row).usableUntilNanos()).isEqualTo(usable);
  }

  @Test
  void unknownNamesAreFewAndGoWhenAnyNamesCome() {
    for (int i = 0; i < 5000; i++) {
      publisher.unknown("core1/none" + i, "there is no 'none'", publisher.generation());
    }
    assertThat(gauge("unknownNames")).isEqualTo(4096);
    assertThat(reader.find("core1/none0")).isNull();
    ValueTable.Entry entry = reader.find("core1/none4999");
    assertThat(entry.kind()).isEqualTo(TableKind.UNKNOWN_NAME);
    assertThat(new String(entry.value(), UTF_8)).isEqualTo("there is no 'none'");
    assertThat(entry.usableUntilNanos()).isEqualTo(now + TimeUnit.SECONDS.toNanos(1));

    long found = publisher.generation();
    publisher.namesChanged(node("core1/interfaces"), Set.of("none1"), false);
    assertThat(reader.find("core1/none4999")).isNull();
    publisher.unknown("core1/none1", "there is no 'none1'", found);
    assertThat(reader.find("core1/none1")).as("found before it came").isNull();
    assertThat(gauge("unknownNames")).isZero();
  }

  @Test
  void newSystemsTakeAllAway() {
    list("core1/system");
    publisher.stat(node("core1"), "core1", publisher.generation());
    publisher.unknown("core2", "there is no 'core2'", publisher.generation());
    publisher.namesChanged(service.root(), Set.of("core2"), true);
    for (String path : new String[] {"core1/system", "core1", "core2"}) {
      assertThat(reader.find(path)).as(path).isNull();
    }
    assertThat(gauge("listings") + gauge("stats") + gauge("unknownNames")).isZero();
    list("core1/system");
    assertThat(listed("core1/system")).isNotNull();
  }
}
