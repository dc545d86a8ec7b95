package org.aeiou.daemon.simulator.objects;

import static org.aeiou.daemon.simulator.objects.Cell.identifier;
import static org.aeiou.daemon.simulator.objects.Cell.inTurn;
import static org.aeiou.daemon.simulator.objects.Cell.integer;
import static org.aeiou.daemon.simulator.objects.Cell.text;
import static org.aeiou.daemon.simulator.objects.Cell.ticks;

import java.util.List;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;

/** SNMPv2-MIB: the name and place of the agent, and since when it is up. */
final class SystemObjects {
  private static final String SYSTEM = "1.3.6.1.2.1.1.";
  private static final List<String> TOWNS = List.of("London", "Paris", "Berlin", "New York");

  /** An enterprise number for examples (RFC 5612), and one below it for each role. */
  private static final Oid PRODUCTS = Oid.parse("1.3.6.1.4.1.32473.1");

  private SystemObjects() {}

  static void declare(Profile.Builder profile) {
    profile
        .scalar(
            SYSTEM + 1,
            text(
                (moment, row) ->
                    "Simulated " + moment.role().label + ", version " + version(moment)))
        .scalar(
            SYSTEM + 2,
            (moment, row) -> new Value.Identifier(PRODUCTS.append(moment.role().product)))
        .scalar(SYSTEM + 3, ticks((moment, row) -> moment.uptimeTicks()))
        .scalar(SYSTEM + 4, text("Network operations <noc@example.net>"))
        .scalar(SYSTEM + 5, text((moment, row) -> moment.name()))
        .scalar(SYSTEM + 6, text((moment, row) -> place(moment)))
        .scalar(SYSTEM + 7, integer((moment, row) -> services(moment.role())))
        .scalar(SYSTEM + 8, ticks((moment, row) -> Math.min(12, moment.uptimeTicks())));
    profile.rows(TableRows.RowKind.MODULES, TableRows.of(3, row -> new int[] {row + 1}));
    profile
        .table(SYSTEM + "9.1", TableRows.RowKind.MODULES)
        .column(
            2,
            inTurn(
                identifier("1.3.6.1.6.3.1"),
                identifier("1.3.6.1.2.1.31"),
                identifier("1.3.6.1.6.3.15.2.1.1")))
        .column(
            3,
            inTurn(
                text("The MIB module for SNMPv2 entities"),
                text("The MIB module to describe generic objects for network interfaces"),
                text("The management information definitions for the SNMP user-based security")))
        .column(4, ticks((moment, row) -> Math.min(12, moment.uptimeTicks())));
  }

  private static String version(Moment moment) {
    return 10 + moment.hash(0, 1) % 8 + "." + moment.hash(0, 2) % 10;
  }

  private static String place(Moment moment) {
    return TOWNS.get(moment.hash(0, 3) % TOWNS.size())
        + ", room "
        + (1 + moment.hash(0, 4) % 40)
        + ", rack "
        + (1 + moment.agent() % 60);
  }

  private static int services(Role role) {
    return switch (role) {
      case ROUTER -> 4 + 2;
      case SWITCH -> 2;
      case SERVER -> 64 + 8;
      case UPS -> 64;
    };
  }
}
