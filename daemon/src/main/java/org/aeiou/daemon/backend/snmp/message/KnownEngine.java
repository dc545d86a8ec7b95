package org.aeiou.daemon.backend.snmp.message;

import java.time.InstantSource;
import java.util.HexFormat;
import org.aeiou.daemon.backend.AgentProfile;

/**
 * An agent's SNMP engine from one run of the daemon to the next: its id, how often it has started,
 * and when it started last. So an agent is not looked for again after a restart, and usually not
 * asked for its clock either. What is kept is no secret: it is in every message of the agent's. If
 * it is no longer true the agent says so, and the exchange goes on with what it says. Any thread.
 */
public final class KnownEngine {
  private static final String BOOTS = "engine_boots";

  /** Seconds since 1970, by this machine's clock. */
  private static final String STARTED = "engine_started_s";

  private static final int MOST_OCTETS = 32;

  private final AgentProfile profile;
  private final InstantSource clock;

  /** Whether what an earlier run knew has been taken up, or was found to be wrong. */
  private volatile boolean taken;

  public KnownEngine(AgentProfile profile, InstantSource clock) {
    this.profile = profile;
    this.clock = clock;
  }

  /** The id that an earlier run knew; null if there is none that has not been taken up. */
  byte[] id() {
    String text = taken ? null : profile.text(AgentProfile.ENGINE_ID);
    if (text == null || text.length() > 2 * MOST_OCTETS) {
      return null;
    }
    try {
      byte[] id = HexFormat.of().parseHex(text);
      return id.length < 5 ? null : id;
    } catch (IllegalArgumentException e) {
      return null; // the file was changed by hand
    }
  }

  /** It was taken up, or is wrong. */
  void taken() {
    taken = true;
  }

  /** Lets an engine go by the clock that is to be expected. */
  void expectClock(AuthoritativeEngine engine) {
    long boots = profile.number(BOOTS, -1);
    long time = clock.millis() / 1000 - profile.number(STARTED, Long.MAX_VALUE);
    if (boots >= 0 && boots < Integer.MAX_VALUE && time >= 0 && time < Integer.MAX_VALUE) {
      engine.expectClock((int) boots, (int) time);
    }
  }

  /** The agent said what its clock shows, authentically; null if that is not known. */
  void clock(AuthoritativeEngine.Clock shown) {
    if (shown != null) {
      profile.learn(BOOTS, shown.boots());
      profile.learn(STARTED, clock.millis() / 1000 - shown.time());
    }
  }

  /** The agent has this engine. */
  void confirmed(byte[] id, AuthoritativeEngine.Clock shown) {
    taken = true;
    if (id != null) {
      profile.identify(AgentProfile.ENGINE_ID, HexFormat.of().formatHex(id));
      clock(shown);
    }
  }
}
