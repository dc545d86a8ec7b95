package org.aeiou.daemon.simulator.objects;

import static org.aeiou.daemon.simulator.objects.Cell.identifier;
import static org.aeiou.daemon.simulator.objects.Cell.integer;
import static org.aeiou.daemon.simulator.objects.Cell.octets;
import static org.aeiou.daemon.simulator.objects.Cell.text;

/** BRIDGE-MIB and Q-BRIDGE-MIB: ports, and which station is behind which. */
final class BridgeObjects {
  private static final String BRIDGE = "1.3.6.1.2.1.17.";
  private static final int STATIONS_EACH = 2;

  private BridgeObjects() {}

  static void declare(Profile.Builder profile, int interfaces) {
    int ports = interfaces - 1;
    profile
        .rows(TableRows.RowKind.BRIDGE_PORTS, TableRows.of(ports, row -> new int[] {row + 1}))
        .rows(
            TableRows.RowKind.STATIONS, TableRows.of(ports * STATIONS_EACH, BridgeObjects::station))
        .rows(
            TableRows.RowKind.VLAN_STATIONS,
            TableRows.of(ports * STATIONS_EACH, BridgeObjects::vlanStation))
        .rows(TableRows.RowKind.VLANS, TableRows.of(3, row -> new int[] {vlan(row)}))
        .scalar(
            BRIDGE + "1.1",
            octets(
                (moment, row) ->
                    new byte[] {2, 0, (byte) (moment.agent() >>> 8), (byte) moment.agent(), 0, 0}))
        .scalar(
            BRIDGE + "1.2", integer((moment, row) -> moment.rowsOf(TableRows.RowKind.BRIDGE_PORTS)))
        .scalar(BRIDGE + "1.3", integer(2))
        .scalar(BRIDGE + "4.2", integer(300));
    profile
        .table(BRIDGE + "1.4.1", TableRows.RowKind.BRIDGE_PORTS)
        .column(1, integer((moment, row) -> row + 1))
        .column(2, integer((moment, row) -> moment.interfaceIndex(row + 1)))
        .column(3, identifier("0.0"));
    profile
        .table(BRIDGE + "4.3.1", TableRows.RowKind.STATIONS)
        .column(1, octets((moment, row) -> octetsOf(station(row))))
        .column(2, integer((moment, row) -> port(row)))
        .column(3, integer(3));
    profile
        .table(BRIDGE + "7.1.2.2.1", TableRows.RowKind.VLAN_STATIONS)
        .column(2, integer((moment, row) -> port(row)))
        .column(3, integer(3));
    profile
        .table(BRIDGE + "7.1.4.3.1", TableRows.RowKind.VLANS)
        .column(1, Cell.inTurn(text("default"), text("office"), text("voice")))
        .column(5, integer(1));
  }

  private static int port(int row) {
    return row / STATIONS_EACH + 1;
  }

  /** 1, 10, 20. */
  private static int vlan(int row) {
    return Math.max(1, row % 3 * 10);
  }

  private static int[] station(int row) {
    return new int[] {0x02, 0x5a, 0x10, (row >>> 16) & 0xff, (row >>> 8) & 0xff, row & 0xff};
  }

  private static int[] vlanStation(int row) {
    int[] mac = station(row);
    return new int[] {vlan(row), mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]};
  }

  private static byte[] octetsOf(int[] ids) {
    byte[] octets = new byte[ids.length];
    for (int i = 0; i < ids.length; i++) {
      octets[i] = (byte) ids[i];
    }
    return octets;
  }
}
