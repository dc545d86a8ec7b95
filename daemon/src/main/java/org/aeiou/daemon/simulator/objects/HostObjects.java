package org.aeiou.daemon.simulator.objects;

import static org.aeiou.daemon.simulator.objects.Cell.gauge;
import static org.aeiou.daemon.simulator.objects.Cell.identifier;
import static org.aeiou.daemon.simulator.objects.Cell.inTurn;
import static org.aeiou.daemon.simulator.objects.Cell.integer;
import static org.aeiou.daemon.simulator.objects.Cell.octets;
import static org.aeiou.daemon.simulator.objects.Cell.text;
import static org.aeiou.daemon.simulator.objects.Cell.ticks;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;

/** HOST-RESOURCES-MIB: system, storage, devices, processors and processes. */
final class HostObjects {
  private static final String HOST = "1.3.6.1.2.1.25.";
  private static final int MEMORY_KIB = 16 * 1024 * 1024;
  private static final int PROCESSES = 12;
  private static final int PROCESSORS = 4;

  /** hrDeviceIndex of processors, as others number them. */
  private static final int FIRST_PROCESSOR = 196_608;

  private static final Value NETWORK = new Value.Identifier(Oid.parse(HOST + "3.1.4"));
  private static final Value PROCESSOR = new Value.Identifier(Oid.parse(HOST + "3.1.3"));
  private static final Value NO_ERRORS = new Value.Numeric(Value.NumberType.COUNTER32, 0);

  private HostObjects() {}

  static void declare(Profile.Builder profile) {
    profile
        .scalar(HOST + "1.1", ticks((moment, row) -> moment.uptimeTicks()))
        .scalar(HOST + "1.2", octets((moment, row) -> date(moment)))
        .scalar(HOST + "1.3", integer(393_216))
        .scalar(HOST + "1.4", text("BOOT_IMAGE=/boot/vmlinuz root=/dev/vda1 ro\n"))
        .scalar(HOST + "1.5", gauge((moment, row) -> moment.wave(0, 51, 0, 5)))
        .scalar(HOST + "1.6", gauge((moment, row) -> PROCESSES))
        .scalar(HOST + "1.7", integer(0))
        .scalar(HOST + "2.2", integer(MEMORY_KIB));
    storage(profile);
    devices(profile);
    processes(profile);
  }

  private static void storage(Profile.Builder profile) {
    profile.rows(
        TableRows.RowKind.STORAGE, TableRows.of(4, row -> new int[] {row == 0 ? 1 : 29 + 2 * row}));
    profile
        .table(HOST + "2.3.1", TableRows.RowKind.STORAGE)
        .column(
            1,
            integer((moment, row) -> moment.rows().get(TableRows.RowKind.STORAGE).indexOf(row)[0]))
        .column(
            2,
            inTurn(
                identifier(HOST + "2.1.2"),
                identifier(HOST + "2.1.4"),
                identifier(HOST + "2.1.4"),
                identifier(HOST + "2.1.4")))
        .column(3, inTurn(text("Physical memory"), text("/"), text("/var"), text("/srv/data")))
        .column(4, integer((moment, row) -> row == 0 ? 1_024 : 4_096))
        .column(5, integer((moment, row) -> size(row)))
        .column(6, integer((moment, row) -> moment.wave(row, 52, size(row) / 4, size(row) / 2)))
        .column(7, Cell.counter32((moment, row) -> 0));
  }

  private static long size(int row) {
    return row == 0 ? MEMORY_KIB : 5_000_000L * row;
  }

  private static void devices(Profile.Builder profile) {
    profile.rows(
        TableRows.RowKind.DEVICES,
        TableRows.of(
            PROCESSORS + 2, row -> new int[] {row < 2 ? 262_145 + row : processor(row - 2)}));
    profile.rows(
        TableRows.RowKind.PROCESSORS, TableRows.of(PROCESSORS, row -> new int[] {processor(row)}));
    profile
        .table(HOST + "3.2.1", TableRows.RowKind.DEVICES)
        .column(
            1,
            integer((moment, row) -> moment.rows().get(TableRows.RowKind.DEVICES).indexOf(row)[0]))
        .column(2, (moment, row) -> row < 2 ? NETWORK : PROCESSOR)
        .column(3, text((moment, row) -> row < 2 ? "network interface" : "Simulated CPU @ 2.40GHz"))
        .column(4, identifier("0.0"))
        .column(5, integer(2))
        // Processors have no error count, as the MIB allows: a hole in the table.
        .column(6, (moment, row) -> row < 2 ? NO_ERRORS : null);
    profile
        .table(HOST + "3.3.1", TableRows.RowKind.PROCESSORS)
        .column(1, identifier("0.0"))
        .column(2, integer((moment, row) -> moment.wave(row, 53, 1, 90)));
  }

  private static int processor(int row) {
    return FIRST_PROCESSOR + row;
  }

  private static void processes(Profile.Builder profile) {
    profile.rows(TableRows.RowKind.PROCESSES, TableRows.of(PROCESSES, row -> new int[] {pid(row)}));
    profile
        .table(HOST + "4.2.1", TableRows.RowKind.PROCESSES)
        .column(1, integer((moment, row) -> pid(row)))
        .column(2, inTurn(text("systemd"), text("kthreadd"), text("sshd"), text("postgres")))
        .column(3, identifier("0.0"))
        .column(
            4,
            inTurn(
                text("/usr/lib/systemd/systemd"),
                text(""),
                text("/usr/sbin/sshd"),
                text("/usr/lib/postgresql/bin/postgres")))
        .column(5, text((moment, row) -> row % 4 == 1 ? "" : "--worker " + row))
        .column(6, integer((moment, row) -> row % 4 == 1 ? 2 : 4))
        .column(7, integer((moment, row) -> moment.hash(row, 54) % 5 == 0 ? 1 : 2));
    profile
        .table(HOST + "5.1.1", TableRows.RowKind.PROCESSES)
        .column(1, integer((moment, row) -> moment.counted(row, 55, 0, 10) & Integer.MAX_VALUE))
        .column(2, integer((moment, row) -> moment.wave(row, 56, 1_000, 200_000)));
  }

  private static int pid(int row) {
    return row == 0 ? 1 : row * 97;
  }

  /** DateAndTime (RFC 2579): 8 octets, to a tenth of a second, no zone. */
  private static byte[] date(Moment moment) {
    ZonedDateTime now = moment.now().atZone(ZoneOffset.UTC);
    return new byte[] {
      (byte) (now.getYear() >>> 8),
      (byte) now.getYear(),
      (byte) now.getMonthValue(),
      (byte) now.getDayOfMonth(),
      (byte) now.getHour(),
      (byte) now.getMinute(),
      (byte) now.getSecond(),
      (byte) (now.getNano() / 100_000_000)
    };
  }
}
