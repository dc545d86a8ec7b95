package org.aeiou.closures.shared.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.aeiou.closures.shared.GoldenFile;
import org.aeiou.closures.shared.Memory;
import org.junit.jupiter.api.Test;

/** Directories in the table: what readers find, and for how long they may hold on to it. */
final class ListingTest {
  private static final int MODE = 0100444;
  private static final int SLOTS = 128;
  private static final int DATA = 1 << 20;

  private final Memory memory = GoldenFile.memory(ValueTable.bytes(SLOTS, DATA));
  private final ValueTable table = ValueTable.create(memory, SLOTS, 0, 0, 1);
  private final TableReader reader = new TableReader(memory);

  private static ValueTable.Entry entry(byte[] value) {
    return new ValueTable.Entry(TableKind.LISTING, value, 0, 100, 2, 1, 040555, 1);
  }

  private static ListingWriter names(String directory, int count, String prefix) {
    ListingWriter writer = new ListingWriter(directory, MODE, 7, 6);
    for (int i = 0; i < count; i++) {
      writer.add(prefix + i, i % 5 == 0 ? ListingDescriptor.DIRECTORY : ListingDescriptor.UNREAD);
    }
    return writer;
  }

  private static int find(Listing listing, String path) {
    byte[] bytes = path.getBytes(UTF_8);
    return listing.find(bytes, ValueTable.hash(bytes));
  }

  @Test
  void eachNameIsFoundByItsPathAndNoOther() {
    for (int count : new int[] {0, 1, 2, 3, 30, 1023, 5000}) {
      for (String directory : new String[] {"", "core1/system"}) {
        String before = directory.isEmpty() ? "" : directory + "/";
        ListingWriter writer = names(directory, count, "n");
        assertThat(writer.value()).hasSize((int) writer.bytes());
        assertThat(table.publish(directory, entry(writer.value()), 0)).isTrue();
        Listing listing = reader.locate(directory).listing();
        assertThat(listing.size()).isEqualTo(count);
        for (int i = 0; i < count; i++) {
          assertThat(find(listing, before + "n" + i)).isEqualTo(i);
          assertThat(listing.name(i)).isEqualTo("n" + i);
          assertThat(listing.isDirectory(i)).isEqualTo(i % 5 == 0);
          assertThat(listing.isUnread(i)).isEqualTo(i % 5 != 0);
        }
        assertThat(find(listing, before + "n" + count)).isEqualTo(-1);
        assertThat(find(listing, before + "m0")).isEqualTo(-1);
        assertThat(listing.mode()).isEqualTo(MODE);
        assertThat(listing.takenMillis()).isEqualTo(7);
        assertThat(listing.changedMillis()).isEqualTo(6);
      }
    }
  }

  @Test
  void itsTextIsWhatARequestForTheNamesHas() {
    table.publish("d", entry(names("d", 6, "é").value()), 0);
    assertThat(new String(reader.locate("d").listing().text(), UTF_8))
        .isEqualTo("é0/\0é1\0é2\0é3\0é4\0é5/\0");
  }

  @Test
  void fileThatIsReadIsUnreadNoMoreAndAllElseStaysTheSame() {
    int place = table.publish("d", ValueTable.UNKNOWN, entry(names("d", 9, "n").value()), 0);
    TableReader.Place found = reader.locate("d");
    byte[] text = found.listing().text();
    table.read("d", place, "d/n3");
    table.read("d", place, "d/n77");
    table.read("e", place, "e/n4");
    table.read("d", ValueTable.UNKNOWN, "d/n4");
    assertThat(found.listing().isUnread(3)).isFalse();
    assertThat(found.listing().isUnread(4)).isTrue();
    assertThat(found.listing().text()).isEqualTo(text);
    assertThat(reader.sequence(found.at())).isEqualTo(found.sequence());
    table.publish("d", place, entry(names("d", 9, "n").value()), 0);
    assertThat(reader.sequence(found.at())).isNotEqualTo(found.sequence());
  }

  @Test
  void listingThatWasReplacedOrWithdrawnIsNotWrittenOverForTenSeconds() {
    long start = Long.MAX_VALUE - 5; // the clock may begin anywhere
    table.publish("d", entry(names("d", 30, "a").value()), start);
    Listing first = reader.locate("d").listing();
    byte[] text = first.text();
    // The second is as long as the first.
    table.publish("d", entry(names("d", 30, "b").value()), start);
    Listing second = reader.locate("d").listing();
    table.withdraw("d", start + 1);
    fill(start + Blocks.REST_NANOS - 1);
    assertThat(first.text()).isEqualTo(text);
    assertThat(second.mode()).isEqualTo(MODE);

    fill(start + Blocks.REST_NANOS);
    assertThat(first.mode()).as("the test can see that it is used again").isZero();
    assertThat(second.mode()).as("it rests from when it was withdrawn").isEqualTo(MODE);
    fill(start + Blocks.REST_NANOS + 1);
    assertThat(second.mode()).isZero();
  }

  @Test
  void listingThatShowsOtherTimesIsAnotherOneWithTheSameNames() {
    int place = table.publish("d", ValueTable.UNKNOWN, entry(names("d", 30, "n").value()), 0);
    table.read("d", place, "d/n3");
    TableReader.Place before = reader.locate("d");
    assertThat(table.show("d", place, 71, 61, 0)).isTrue();
    TableReader.Place after = reader.locate("d");
    assertThat(after.sequence()).isNotEqualTo(before.sequence());
    assertThat(after.listing().takenMillis()).isEqualTo(71);
    assertThat(after.listing().changedMillis()).isEqualTo(61);
    assertThat(before.listing().takenMillis()).isEqualTo(7);
    assertThat(after.listing().text()).isEqualTo(before.listing().text());
    assertThat(after.listing().isUnread(3)).isFalse();
    assertThat(find(after.listing(), "d/n29")).isEqualTo(29);
    assertThat(table.show("e", place, 1, 1, 0)).isFalse();
    table.withdraw("d", 0);
    assertThat(table.show("d", place, 1, 1, 0)).isFalse();
  }

  /** Takes all the room there is. */
  private void fill(long nowNanos) {
    byte[] value = new byte[names("d", 30, "a").value().length];
    List<String> published = new ArrayList<>();
    ValueTable.Entry entry =
        new ValueTable.Entry(TableKind.READING, value, 0, Long.MAX_VALUE, 2, 1, MODE, 1);
    for (int i = 0; i < SLOTS; i++) {
      if (table.publish("f" + i, entry, nowNanos)) {
        published.add("f" + i);
      }
    }
    assertThat(published).isNotEmpty();
    published.forEach(path -> table.withdraw(path, nowNanos));
  }

  @Test
  void longListingIsPublishedAndOneThatIsTooLongIsNot() {
    Memory large = GoldenFile.memory(ValueTable.bytes(2, 4 << 20));
    ValueTable all = ValueTable.create(large, 2, 0, 0, 1);
    byte[] value = names("d", 45_000, "n").value();
    assertThat(value.length).isGreaterThan(700_000);
    assertThat(all.publish("d", entry(value), 0)).isTrue();
    Listing listing = new TableReader(large).locate("d").listing();
    assertThat(listing.name(find(listing, "d/n44999"))).isEqualTo("n44999");
    byte[] longer = names("d", 60_000, "n").value();
    assertThat(longer.length).isGreaterThan(TableDescriptor.LONGEST_LISTING);
    assertThat(all.publish("d", entry(longer), 0)).isFalse();
    assertThat(new TableReader(large).locate("d")).as("older than that").isNull();
  }

  @Test
  void blockIsLessThanAQuarterLongerThanWhatItIsFor() {
    int before = -1;
    for (int bytes = 0; bytes < 2 << 20; bytes += 61) {
      int needed = Math.max(1, (bytes + 63) / 64);
      int size = Blocks.size(bytes);
      assertThat(size).isGreaterThanOrEqualTo(before);
      assertThat(Blocks.units(size)).isBetween(needed, needed + needed / 4);
      before = size;
    }
  }

  @Test
  void noReaderOfAListingSeesHalfOfOneAndHalfOfAnother() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    AtomicReference<String> torn = new AtomicReference<>();
    AtomicLong whole = new AtomicLong();
    Thread[] readers = new Thread[2];
    for (int i = 0; i < readers.length; i++) {
      readers[i] =
          new Thread(
              () -> {
                TableReader mine = new TableReader(memory);
                while (!done.get()) {
                  TableReader.Place place = mine.locate("d");
                  if (place != null && place.listing() != null) {
                    whole.addAndGet(check(place, torn) ? 1 : 0);
                  }
                }
              });
      readers[i].start();
    }
    long now = 0;
    for (int i = 0; i < 20_000; i++) {
      now += Blocks.REST_NANOS / 20; // which is a millisecond or so of a reader's: it may hold on
      int count = 1 + i % 40;
      table.publish("d", entry(names("d", count, (char) ('a' + i % 26) + "-").value()), now);
      table.publish("e", entry(names("e", 40 - i % 40, "other").value()), now);
      if (i % 7 == 0) {
        table.withdraw("d", now);
      }
    }
    done.set(true);
    for (Thread each : readers) {
      each.join();
    }
    assertThat(torn.get()).isNull();
    assertThat(whole.get()).isPositive();
  }

  /** Whether it was whole. As a reader that may be stopped for long, it looks at the sequence. */
  private boolean check(TableReader.Place place, AtomicReference<String> torn) {
    String seen;
    try {
      seen = seen(place.listing());
    } catch (RuntimeException e) {
      seen = e.toString();
    }
    if (seen == null) {
      return true;
    }
    if (reader.sequence(place.at()) == place.sequence()) {
      torn.set(seen);
    }
    return false;
  }

  /** Null if the names are those of one listing. */
  private static String seen(Listing listing) {
    StringBuilder seen = new StringBuilder();
    boolean same = true;
    for (int i = 0; i < listing.size(); i++) {
      String name = listing.name(i);
      same &= name.substring(1).equals("-" + i) && name.charAt(0) == listing.name(0).charAt(0);
      same &= find(listing, "d/" + name) == i;
      seen.append(name).append(' ');
    }
    return same ? null : seen.toString();
  }
}
