package org.aeiou.daemon.simulator.objects;

import static org.aeiou.daemon.simulator.objects.Cell.identifier;
import static org.aeiou.daemon.simulator.objects.Cell.integer;
import static org.aeiou.daemon.simulator.objects.Cell.octets;
import static org.aeiou.daemon.simulator.objects.Cell.text;
import static org.aeiou.daemon.simulator.objects.Cell.ticks;

/** ENTITY-MIB entPhysicalTable and ENTITY-SENSOR-MIB: a chassis, what is in it, how hot it is. */
final class EntityObjects {

  /**
   * A physical thing.
   *
   * @param kind entPhysicalClass
   * @param inside entPhysicalIndex of what it is in, or 0
   */
  private record Thing(int index, String name, int kind, int inside) {}

  private static final Thing[] THINGS = {
    new Thing(1, "Chassis", 3, 0),
    new Thing(10, "Slot 1", 5, 1),
    new Thing(11, "Module 1", 9, 10),
    new Thing(20, "Power supply A", 6, 1),
    new Thing(21, "Power supply B", 6, 1),
    new Thing(30, "Fan tray", 7, 1),
    new Thing(1001, "Inlet temperature", 8, 1),
    new Thing(1002, "Module 1 temperature", 8, 11),
    new Thing(1003, "Fan speed", 8, 30),
    new Thing(1004, "Power supply A voltage", 8, 20),
  };
  private static final int SENSORS = 4;
  private static final int FIRST_SENSOR = THINGS.length - SENSORS;

  private EntityObjects() {}

  static void declare(Profile.Builder profile) {
    profile.rows(
        TableRows.RowKind.ENTITIES,
        TableRows.of(THINGS.length, row -> new int[] {THINGS[row].index}));
    profile
        .table("1.3.6.1.2.1.47.1.1.1.1", TableRows.RowKind.ENTITIES)
        .column(2, text((moment, row) -> "Simulated " + THINGS[row].name))
        .column(3, identifier("0.0"))
        .column(4, integer((moment, row) -> THINGS[row].inside))
        .column(5, integer((moment, row) -> THINGS[row].kind))
        .column(6, integer((moment, row) -> row))
        .column(7, text((moment, row) -> THINGS[row].name))
        .column(8, text((moment, row) -> row == 0 ? "V02" : ""))
        .column(9, text(""))
        .column(10, text((moment, row) -> row == 2 ? "12.4(3)" : ""))
        .column(11, text((moment, row) -> row == 0 ? "SIM" + (100_000 + moment.agent()) : ""))
        .column(12, text("aeiou"))
        .column(13, text((moment, row) -> row == 0 ? "SIM-" + moment.role().label : ""))
        .column(14, text(""))
        .column(15, text(""))
        .column(16, integer((moment, row) -> row > 0 && row < FIRST_SENSOR ? 1 : 2))
        .column(17, octets((moment, row) -> new byte[] {7, (byte) 0xe4, 1, 2, 3, 4, 5, 0}));
    sensors(profile);
  }

  private static void sensors(Profile.Builder profile) {
    profile.rows(
        TableRows.RowKind.SENSORS,
        TableRows.of(SENSORS, row -> new int[] {THINGS[FIRST_SENSOR + row].index}));
    profile
        .table("1.3.6.1.2.1.99.1.1.1", TableRows.RowKind.SENSORS)
        .column(1, Cell.inTurn(integer(8), integer(8), integer(10), integer(4)))
        .column(2, Cell.inTurn(integer(9), integer(9), integer(9), integer(8)))
        .column(3, Cell.inTurn(integer(1), integer(0), integer(0), integer(0)))
        .column(
            4,
            Cell.inTurn(
                integer((moment, row) -> moment.wave(row, 71, 180, 260)),
                integer((moment, row) -> moment.wave(row, 72, 35, 61)),
                integer((moment, row) -> moment.wave(row, 73, 4_000, 6_200)),
                integer((moment, row) -> moment.wave(row, 74, 11_900, 12_100))))
        .column(5, integer((moment, row) -> moment.hash(row, 75) % 12 == 0 ? 3 : 1))
        .column(6, Cell.inTurn(text("Celsius"), text("Celsius"), text("rpm"), text("millivolts")))
        .column(7, ticks((moment, row) -> moment.uptimeTicks() / 6_000 * 6_000))
        .column(8, Cell.gauge((moment, row) -> 60_000));
  }
}
