package org.aeiou.daemon.simulator.objects;

import static org.aeiou.daemon.simulator.objects.Cell.address;
import static org.aeiou.daemon.simulator.objects.Cell.identifier;
import static org.aeiou.daemon.simulator.objects.Cell.integer;
import static org.aeiou.daemon.simulator.objects.Cell.ticks;

/** IP-MIB: ipAddrTable and ipAddressTable. Every fourth interface has an address. */
final class AddressObjects {
  private static final int STEP = 4;
  private static final int[] LOOPBACK = {127, 0, 0, 1};

  private AddressObjects() {}

  static void declare(Profile.Builder profile, int interfaces) {
    int count = (interfaces + STEP - 1) / STEP;
    profile
        .rows(TableRows.RowKind.IPV4_ADDRESSES, TableRows.of(count, AddressObjects::version4))
        .rows(TableRows.RowKind.IP_ADDRESSES, TableRows.of(2 * count, AddressObjects::anyVersion))
        .scalar("1.3.6.1.2.1.4.1", integer((moment, row) -> moment.role() == Role.ROUTER ? 1 : 2))
        .scalar("1.3.6.1.2.1.4.2", integer(64));
    profile
        .table("1.3.6.1.2.1.4.20.1", TableRows.RowKind.IPV4_ADDRESSES)
        .column(1, address((moment, row) -> octets(version4(row))))
        .column(2, integer((moment, row) -> moment.interfaceIndex(row * STEP)))
        .column(3, address((moment, row) -> octets(255, row == 0 ? 0 : 255, row == 0 ? 0 : 255, 0)))
        .column(4, integer(1))
        .column(5, integer(65_535));
    profile
        .table("1.3.6.1.2.1.4.34.1", TableRows.RowKind.IP_ADDRESSES)
        .column(3, integer((moment, row) -> moment.interfaceIndex(row / 2 * STEP)))
        .column(4, integer(1))
        .column(5, identifier("0.0"))
        .column(6, integer(2))
        .column(7, integer((moment, row) -> moment.hash(row, 41) % 9 == 0 ? 3 : 1))
        .column(8, ticks((moment, row) -> Math.min(500, moment.uptimeTicks())))
        .column(9, ticks((moment, row) -> Math.min(500, moment.uptimeTicks())))
        .column(10, integer(1))
        .column(11, integer(2));
  }

  private static int[] version4(int row) {
    return row == 0
        ? LOOPBACK
        : new int[] {10, (row >>> 16) & 0xff, (row >>> 8) & 0xff, row & 0xff};
  }

  /** InetAddressType, length, octets: even rows are IPv4, odd ones IPv6. */
  private static int[] anyVersion(int row) {
    int[] four = version4(row / 2);
    if (row % 2 == 0) {
      return new int[] {1, 4, four[0], four[1], four[2], four[3]};
    }
    int[] six = new int[18];
    six[0] = 2;
    six[1] = 16;
    six[17] = 1;
    if (row > 1) {
      // 2001:db8::/32 is the prefix for examples (RFC 3849).
      six[2] = 0x20;
      six[3] = 0x01;
      six[4] = 0x0d;
      six[5] = 0xb8;
      six[8] = four[2];
      six[9] = four[3];
    }
    return six;
  }

  private static byte[] octets(int... octets) {
    return new byte[] {(byte) octets[0], (byte) octets[1], (byte) octets[2], (byte) octets[3]};
  }
}
