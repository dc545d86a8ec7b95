package org.aeiou.closures.shared.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.aeiou.closures.shared.GoldenFile;
import org.aeiou.closures.shared.Memory;
import org.junit.jupiter.api.Test;

/** The value table, byte for byte: the clients in Python and C are tested with the same files. */
final class GoldenTableTest {
  private static final long EPOCH = 0x1122334455667788L;
  private static final long NANOS = 1_000_000_000L;
  private static final int FILE = 0100444;
  private static final int DIRECTORY = 040555;
  private static final long TAKEN = 1_700_000_001_234L;
  private static final long CHANGED = 1_600_000_001_234L;

  private static ValueTable.Entry entry(int kind, byte[] value, int mode, int size) {
    return new ValueTable.Entry(kind, value, 5 * NANOS, 10 * NANOS, TAKEN, CHANGED, mode, size);
  }

  private static ValueTable.Entry reading(String value) {
    byte[] bytes = value.getBytes(UTF_8);
    return entry(TableKind.READING, bytes, FILE, bytes.length + 1);
  }

  @Test
  void readingsAreAsDrawn() throws Exception {
    Memory memory = GoldenFile.memory(ValueTable.bytes(64, 4096));
    ValueTable table = ValueTable.create(memory, 64, 1001, 1002, EPOCH);
    table.publish("core1/system/sysName", reading("core1"), NANOS);
    table.publish("core1/system/sysDescr", reading("Gerät Nr. 1"), NANOS);
    table.publish("core1/system/sysName", reading("core-one"), NANOS);
    table.publish("core2/system/sysName", reading(""), NANOS);
    table.withdraw("core2/system/sysName", NANOS);

    assertThat(GoldenFile.text(memory)).isEqualTo(GoldenFile.read("table.txt", memory));
  }

  @Test
  void allKindsAreAsDrawn() throws Exception {
    Memory memory = GoldenFile.memory(ValueTable.bytes(64, 8192));
    ValueTable table = ValueTable.create(memory, 64, 1001, 1002, EPOCH);
    table.publish("core1/system/sysName", reading("core1"), NANOS);
    table.publish(
        "core1/system/sysName" + TableDescriptor.DESCRIPTION,
        reading("value\0core1\0age_ms\0000\0state\0fresh\0"),
        NANOS);
    table.publish(
        "core1/system/sysContact", entry(TableKind.ABSENT, new byte[0], FILE, 4096), NANOS);
    byte[] sentence = "there is no 'nothing'".getBytes(UTF_8);
    table.publish("core1/nothing", entry(TableKind.UNKNOWN_NAME, sentence, 0, 0), NANOS);
    table.publish("core1/interfaces", entry(TableKind.STAT_ONLY, new byte[0], DIRECTORY, 1), NANOS);
    table.publish(
        "core1/snmp/snmpInPkts", entry(TableKind.STAT_ONLY, new byte[0], FILE, 4096), NANOS);
    table.publish("core1/system", entry(TableKind.LISTING, system(), DIRECTORY, 1), NANOS);
    table.publish("", entry(TableKind.LISTING, root(), DIRECTORY, 1), NANOS);

    assertThat(GoldenFile.text(memory)).isEqualTo(GoldenFile.read("kinds.txt", memory));
  }

  @Test
  void listingIsAsDrawn() throws Exception {
    byte[] value = system();
    Memory memory = GoldenFile.memory((value.length + 15) / 16 * 16);
    memory.setBytes(0, value, 0, value.length);

    assertThat(GoldenFile.text(memory)).isEqualTo(GoldenFile.read("listing.txt", memory));
  }

  /** One file that was read, two that were not, and a directory. */
  private static byte[] system() {
    ListingWriter names = new ListingWriter("core1/system", FILE, TAKEN - 1, CHANGED - 1);
    names.add("sysName", 0);
    names.add("sysDescr", ListingDescriptor.UNREAD);
    names.add("Gerät", ListingDescriptor.UNREAD);
    names.add("more", ListingDescriptor.DIRECTORY);
    return names.value();
  }

  private static byte[] root() {
    ListingWriter names = new ListingWriter("", FILE, TAKEN, CHANGED);
    names.add("core1", ListingDescriptor.DIRECTORY);
    names.add("core2", ListingDescriptor.DIRECTORY);
    return names.value();
  }
}
