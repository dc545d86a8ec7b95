package org.aeiou.daemon.backend.snmp.trap;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aeiou.daemon.state.StateFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our own engine, to which agents send informs of v3: its id, and how often it has booted (RFC
 * 3414, section 2.2). Both are kept, as an agent takes an engine that forgets them for an attack.
 */
final class OwnEngine {
  private static final Logger LOG = LoggerFactory.getLogger(OwnEngine.class);
  private static final String FILE = "engine";
  private static final int MOST_BYTES = 1024;
  private static final Pattern KEPT =
      Pattern.compile("id: ([0-9a-f]{10,64})\\nboots: ([0-9]{1,10})\\n");

  /** RFC 3411, SnmpEngineID: the enterprise for examples (RFC 5612), format 128, random octets. */
  private static final byte[] PREFIX = {(byte) 0x80, 0, 0x7e, (byte) 0xd9, (byte) 0x80};

  private static final int RANDOM_OCTETS = 12;

  private final byte[] id;
  private final int boots;
  private final Ticker ticker;
  private final long startNanos;

  private OwnEngine(byte[] id, int boots, Ticker ticker) {
    this.id = id;
    this.boots = boots;
    this.ticker = ticker;
    this.startNanos = ticker.read();
  }

  /**
   * The engine of this run: the one of the run before, one boot later.
   *
   * @throws IOException if what is kept of it can be neither read nor written; says what to do
   */
  static OwnEngine start(StateFolder folder, Ticker ticker) throws IOException {
    byte[] id = null;
    long boots = 0;
    String kept = folder.read(FILE, MOST_BYTES);
    Matcher matcher = kept == null ? null : KEPT.matcher(kept);
    if (matcher != null && matcher.matches()) {
      id = HexFormat.of().parseHex(matcher.group(1));
      boots = Long.parseLong(matcher.group(2));
    } else if (kept != null) {
      LOG.warn("{} cannot be used: a new engine id is made", folder.setAside(FILE));
    }
    if (id == null || boots >= Integer.MAX_VALUE - 1) {
      // At the last boot an engine is to be given another id (RFC 3414, section 2.2.1).
      id = new byte[PREFIX.length + RANDOM_OCTETS];
      new SecureRandom().nextBytes(id);
      System.arraycopy(PREFIX, 0, id, 0, PREFIX.length);
      boots = 0;
    }
    boots++;
    folder.write(FILE, "id: " + HexFormat.of().formatHex(id) + "\nboots: " + boots + "\n");
    return new OwnEngine(id, (int) boots, ticker);
  }

  byte[] id() {
    return id;
  }

  int boots() {
    return boots;
  }

  /** Seconds since the boot. */
  int time() {
    return (int) TimeUnit.NANOSECONDS.toSeconds(ticker.read() - startNanos);
  }
}
