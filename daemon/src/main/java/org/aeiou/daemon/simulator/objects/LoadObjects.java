package org.aeiou.daemon.simulator.objects;

import static org.aeiou.daemon.simulator.objects.Cell.inTurn;
import static org.aeiou.daemon.simulator.objects.Cell.integer;
import static org.aeiou.daemon.simulator.objects.Cell.text;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.aeiou.daemon.backend.Value;

/** UCD-SNMP-MIB: load, memory and disks. */
final class LoadObjects {
  private static final String MEMORY = "1.3.6.1.4.1.2021.4.";
  private static final long TOTAL_KIB = 16L * 1024 * 1024;
  private static final long DISK_KIB = 80_000_000;

  private LoadObjects() {}

  static void declare(Profile.Builder profile) {
    load(profile);
    memory(profile);
    disks(profile);
  }

  private static void load(Profile.Builder profile) {
    profile.rows(TableRows.RowKind.LOADS, TableRows.of(3, row -> new int[] {row + 1}));
    profile
        .table("1.3.6.1.4.1.2021.10.1", TableRows.RowKind.LOADS)
        .column(1, integer((moment, row) -> row + 1))
        .column(2, inTurn(text("Load-1"), text("Load-5"), text("Load-15")))
        .column(
            3,
            text((moment, row) -> String.format(Locale.ROOT, "%.2f", percent(moment, row) / 100.0)))
        .column(4, text("12.00"))
        .column(5, integer(LoadObjects::percent))
        .column(6, LoadObjects::asFloat)
        .column(100, integer(0))
        .column(101, text(""));
  }

  private static long percent(Moment moment, int row) {
    return moment.wave(row, 61, 3, 380);
  }

  /** An Opaque that wraps a float, as this MIB has it: tag 9f 78, length 4, IEEE 754. */
  private static Value asFloat(Moment moment, int row) {
    return new Value.Octets(
        Value.OctetsType.OPAQUE,
        ByteBuffer.allocate(7)
            .put(new byte[] {(byte) 0x9f, 0x78, 4})
            .putFloat(percent(moment, row) / 100f)
            .array());
  }

  private static void memory(Profile.Builder profile) {
    profile
        .scalar(MEMORY + 1, integer(0))
        .scalar(MEMORY + 2, text("swap"))
        .scalar(MEMORY + 3, integer(2_097_148))
        .scalar(MEMORY + 4, integer((moment, row) -> moment.wave(0, 62, 1_500_000, 2_097_148)))
        .scalar(MEMORY + 5, integer(TOTAL_KIB))
        .scalar(MEMORY + 6, integer((moment, row) -> moment.wave(0, 63, 500_000, 6_000_000)))
        .scalar(MEMORY + 11, integer((moment, row) -> moment.wave(0, 63, 2_000_000, 7_500_000)))
        .scalar(MEMORY + 12, integer(16_000))
        .scalar(MEMORY + 13, integer(120_000))
        .scalar(MEMORY + 14, integer((moment, row) -> moment.wave(0, 64, 100_000, 400_000)))
        .scalar(MEMORY + 15, integer((moment, row) -> moment.wave(0, 65, 1_000_000, 5_000_000)))
        .scalar(MEMORY + 100, integer(0))
        .scalar(MEMORY + 101, text(""));
  }

  private static void disks(Profile.Builder profile) {
    profile.rows(TableRows.RowKind.DISKS, TableRows.of(2, row -> new int[] {row + 1}));
    profile
        .table("1.3.6.1.4.1.2021.9.1", TableRows.RowKind.DISKS)
        .column(1, integer((moment, row) -> row + 1))
        .column(2, inTurn(text("/"), text("/var")))
        .column(3, inTurn(text("/dev/vda1"), text("/dev/vda2")))
        .column(4, integer(-1))
        .column(5, integer(10))
        .column(6, integer(DISK_KIB))
        .column(7, integer((moment, row) -> DISK_KIB - used(moment, row)))
        .column(8, integer(LoadObjects::used))
        .column(9, integer((moment, row) -> used(moment, row) * 100 / DISK_KIB))
        .column(10, integer(3))
        .column(100, integer(0))
        .column(101, text(""));
  }

  private static long used(Moment moment, int row) {
    return moment.wave(row, 66, DISK_KIB / 10, DISK_KIB / 2);
  }
}
