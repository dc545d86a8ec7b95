package org.aeiou.daemon.simulator.objects;

import java.util.List;

/** What kind of system a generated agent is; it decides which groups it has, and its names. */
enum Role {
  ROUTER("router", 1),
  SWITCH("switch", 2),
  SERVER("server", 3),
  UPS("ups", 4);

  private static final List<Role> TURN =
      List.of(ROUTER, SWITCH, SWITCH, SERVER, SWITCH, UPS, SERVER, SWITCH);
  private static final List<String> SITES = List.of("lon", "par", "ber", "nyc");

  final String label;

  /** What its sysObjectID ends in. */
  final int product;

  Role(String label, int product) {
    this.label = label;
    this.product = product;
  }

  /** The role of the agent of that number, from 0. */
  static Role of(int agent) {
    return TURN.get(agent % TURN.size());
  }

  /** The name of the agent of that number, from 0; unique. */
  static String name(int agent) {
    Role role = of(agent);
    int before = (int) TURN.subList(0, agent % TURN.size()).stream().filter(role::equals).count();
    int each = (int) TURN.stream().filter(role::equals).count();
    int count = agent / TURN.size() * each + before + 1;
    return switch (role) {
      case ROUTER -> "core" + count;
      case SWITCH ->
          count % 2 == 0 ? "sw" + count : SITES.get(count / 2 % SITES.size()) + "/edge" + count;
      case SERVER -> "srv" + count;
      case UPS -> "ups" + count;
    };
  }

  /** ifName of the row of that number. */
  String interfaceName(int row) {
    if (row == 0) {
      return "lo";
    }
    return this == SWITCH ? "Gi1/0/" + row : "eth" + (row - 1);
  }

  /** ifIndex of the row of that number, before any renumbering: neither its place nor in order. */
  int interfaceIndex(int row) {
    if (row == 0) {
      return 1;
    }
    int swapped = (row - 1) ^ 1;
    return switch (this) {
      case ROUTER -> 500 + 3 * swapped;
      case SWITCH -> 10_101 + swapped;
      case SERVER, UPS -> 2 + swapped;
    };
  }
}
