package org.aeiou.daemon.simulator.objects;

import static org.aeiou.daemon.simulator.objects.Cell.counter32;
import static org.aeiou.daemon.simulator.objects.Cell.counter64;
import static org.aeiou.daemon.simulator.objects.Cell.gauge;
import static org.aeiou.daemon.simulator.objects.Cell.identifier;
import static org.aeiou.daemon.simulator.objects.Cell.integer;
import static org.aeiou.daemon.simulator.objects.Cell.octets;
import static org.aeiou.daemon.simulator.objects.Cell.text;
import static org.aeiou.daemon.simulator.objects.Cell.ticks;

/** IF-MIB: ifTable and ifXTable. The low 32 bits of a 64-bit count are the 32-bit one. */
final class InterfaceObjects {
  private static final int UP = 1;
  private static final int DOWN = 2;
  private static final byte[] NONE = {};

  private InterfaceObjects() {}

  static void declare(Profile.Builder profile, Role role, int count) {
    profile.rows(
        TableRows.RowKind.INTERFACES,
        TableRows.of(count, row -> new int[] {role.interfaceIndex(row)}));
    profile.scalar(
        "1.3.6.1.2.1.2.1", integer((moment, row) -> moment.rowsOf(TableRows.RowKind.INTERFACES)));
    profile
        .table("1.3.6.1.2.1.2.2.1", TableRows.RowKind.INTERFACES)
        .column(1, integer(Moment::interfaceIndex))
        .column(2, text(InterfaceObjects::description))
        .column(3, integer((moment, row) -> row == 0 ? 24 : 6))
        .column(4, integer((moment, row) -> row == 0 ? 65_536 : 1_500))
        .column(5, gauge((moment, row) -> Math.min(0xffffffffL, megabits(moment, row) * 1_000_000)))
        .column(6, octets((moment, row) -> row == 0 ? NONE : physicalAddress(moment, row)))
        .column(7, integer(InterfaceObjects::wanted))
        .column(8, integer(InterfaceObjects::state))
        .column(9, ticks(InterfaceObjects::lastChange))
        .column(10, counter32(traffic(10)))
        .column(11, counter32(packets(11)))
        .column(12, counter32(packets(12)))
        .column(13, counter32(errors(13)))
        .column(14, counter32(errors(14)))
        .column(15, counter32(errors(15)))
        .column(16, counter32(traffic(16)))
        .column(17, counter32(packets(17)))
        .column(18, counter32(packets(18)))
        .column(19, counter32(errors(19)))
        .column(20, counter32(errors(20)))
        .column(21, gauge((moment, row) -> 0))
        .column(22, identifier("0.0"));
    profile
        .table("1.3.6.1.2.1.31.1.1.1", TableRows.RowKind.INTERFACES)
        .column(1, text((moment, row) -> moment.role().interfaceName(row)))
        .column(2, counter32(packets(32)))
        .column(3, counter32(packets(33)))
        .column(4, counter32(packets(34)))
        .column(5, counter32(packets(35)))
        .column(6, counter64(traffic(10)))
        .column(7, counter64(packets(11)))
        .column(8, counter64(packets(32)))
        .column(9, counter64(packets(33)))
        .column(10, counter64(traffic(16)))
        .column(11, counter64(packets(17)))
        .column(12, counter64(packets(34)))
        .column(13, counter64(packets(35)))
        .column(14, integer((moment, row) -> moment.hash(row, 36) % 4 == 0 ? 2 : 1))
        .column(15, gauge(InterfaceObjects::megabits))
        .column(16, integer(2))
        .column(17, integer((moment, row) -> row == 0 ? 2 : 1))
        .column(18, text(InterfaceObjects::alias))
        .column(19, ticks((moment, row) -> moment.discontinuityTicks()));
  }

  private static String description(Moment moment, int row) {
    return moment.role() == Role.SWITCH && row > 0
        ? "GigabitEthernet1/0/" + row
        : moment.role().interfaceName(row);
  }

  private static String alias(Moment moment, int row) {
    return row == 0 || moment.hash(row, 37) % 3 == 0 ? "" : "to room " + moment.hash(row, 38) % 500;
  }

  private static long megabits(Moment moment, int row) {
    return row == 0 ? 10 : moment.hash(row, 5) % 5 == 0 ? 10_000 : 1_000;
  }

  private static byte[] physicalAddress(Moment moment, int row) {
    int agent = moment.agent();
    return new byte[] {
      2, (byte) (agent >>> 16), (byte) (agent >>> 8), (byte) agent, (byte) (row >>> 8), (byte) row
    };
  }

  /** The loopback and the first real interface are always up. */
  private static long wanted(Moment moment, int row) {
    return row > 1 && moment.hash(row, 8) % 16 == 0 ? DOWN : UP;
  }

  private static long state(Moment moment, int row) {
    return (row > 1 && moment.hash(row, 8) % 6 <= 1) || wanted(moment, row) == DOWN ? DOWN : UP;
  }

  private static long lastChange(Moment moment, int row) {
    return Math.min(moment.hash(row, 9) % 360_000, moment.uptimeTicks());
  }

  private static Cell.Figure traffic(int salt) {
    return counted(salt, 1_000, 50_000_000);
  }

  private static Cell.Figure packets(int salt) {
    return counted(salt, 1, 50_000);
  }

  private static Cell.Figure errors(int salt) {
    return (moment, row) -> moment.counted(row, salt, 0, 3) / 1_000;
  }

  private static Cell.Figure counted(int salt, long slowest, long fastest) {
    return (moment, row) ->
        state(moment, row) == UP ? moment.counted(row, salt, slowest, fastest) : 0;
  }
}
