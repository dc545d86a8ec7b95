package org.aeiou.daemon.simulator.objects;

import static org.aeiou.daemon.simulator.objects.Cell.integer;
import static org.aeiou.daemon.simulator.objects.Cell.octets;
import static org.aeiou.daemon.simulator.objects.Cell.text;

/** LLDP-MIB: the local system, its ports and lldpRemTable. Every fifth port has a neighbour. */
final class NeighbourObjects {
  private static final String LOCAL = "1.0.8802.1.1.2.1.3.";
  private static final int STEP = 5;

  private NeighbourObjects() {}

  static void declare(Profile.Builder profile, int interfaces) {
    profile
        .scalar(LOCAL + 1, integer(4))
        .scalar(LOCAL + 2, octets((moment, row) -> chassis(moment.agent())))
        .scalar(LOCAL + 3, text((moment, row) -> moment.name()))
        .scalar(LOCAL + 4, text((moment, row) -> "Simulated " + moment.role().label));
    int ports = Math.max(0, interfaces - 1);
    profile.rows(TableRows.RowKind.LOCAL_PORTS, TableRows.of(ports, row -> new int[] {row + 1}));
    profile
        .table(LOCAL + "7.1", TableRows.RowKind.LOCAL_PORTS)
        .column(2, integer(5))
        .column(3, text((moment, row) -> moment.role().interfaceName(row + 1)))
        .column(4, text((moment, row) -> "port " + (row + 1)));
    // lldpRemTimeMark, lldpRemLocalPortNum, lldpRemIndex
    profile.rows(
        TableRows.RowKind.NEIGHBOURS,
        TableRows.of(
            (interfaces + STEP - 2) / STEP, row -> new int[] {100 + row % 3, port(row), row + 1}));
    profile
        .table("1.0.8802.1.1.2.1.4.1.1", TableRows.RowKind.NEIGHBOURS)
        .column(4, integer(4))
        .column(5, octets((moment, row) -> chassis(neighbour(moment, row))))
        .column(6, integer(5))
        .column(7, text((moment, row) -> Role.of(neighbour(moment, row)).interfaceName(row + 1)))
        .column(8, text((moment, row) -> "uplink " + (row + 1)))
        .column(9, text((moment, row) -> Role.name(neighbour(moment, row))))
        .column(10, text((moment, row) -> "Simulated " + Role.of(neighbour(moment, row)).label))
        .column(11, octets((moment, row) -> new byte[] {0x28}))
        .column(12, octets((moment, row) -> new byte[] {0x20}));
  }

  /** The bridge port, which stays when interfaces are renumbered. */
  private static int port(int row) {
    return 1 + row * STEP;
  }

  private static int neighbour(Moment moment, int row) {
    return moment.agent() + row + 1;
  }

  private static byte[] chassis(int agent) {
    return new byte[] {2, (byte) (agent >>> 16), (byte) (agent >>> 8), (byte) agent, 0, 0};
  }
}
