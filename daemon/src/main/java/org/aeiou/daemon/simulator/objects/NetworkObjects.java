package org.aeiou.daemon.simulator.objects;

import com.google.common.base.Ticker;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/**
 * What all agents of a network have in common: the seed, the clock, and one profile for each role.
 * Immutable.
 */
public final class NetworkObjects {
  private final long seed;
  private final Ticker ticker;
  private final long startedAt;
  private final Instant started;
  private final Map<Role, Profile> profiles = new EnumMap<>(Role.class);

  /**
   * @param now wall time as the network starts; from then on time is the ticker's
   * @param interfaces of each generated agent
   */
  public NetworkObjects(long seed, Ticker ticker, Instant now, int interfaces) {
    this.seed = seed;
    this.ticker = ticker;
    this.startedAt = ticker.read();
    this.started = now;
    for (Role role : Role.values()) {
      profiles.put(role, profile(role, interfaces));
    }
  }

  long seed() {
    return seed;
  }

  Ticker ticker() {
    return ticker;
  }

  /** The ticker's time when the network started. */
  long startedAt() {
    return startedAt;
  }

  /** Wall time when the network started. */
  Instant started() {
    return started;
  }

  Profile profile(Role role) {
    return profiles.get(role);
  }

  /** The profile of a role with that many interfaces. */
  private static Profile profile(Role role, int interfaces) {
    Profile.Builder builder = new Profile.Builder();
    SystemObjects.declare(builder);
    InterfaceObjects.declare(builder, role, interfaces);
    AddressObjects.declare(builder, interfaces);
    if (role == Role.SERVER) {
      HostObjects.declare(builder);
      LoadObjects.declare(builder);
    }
    if (role == Role.SWITCH) {
      BridgeObjects.declare(builder, interfaces);
    }
    if (role == Role.SWITCH || role == Role.ROUTER) {
      NeighbourObjects.declare(builder, interfaces);
      EntityObjects.declare(builder);
    }
    if (role == Role.UPS) {
      PowerObjects.declare(builder);
    }
    return builder.build();
  }
}
