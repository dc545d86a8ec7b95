package org.aeiou.daemon.simulator;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hands out loopback addresses, one for each agent, in ascending order. */
final class Addresses {
  private static final Pattern LOOPBACK =
      Pattern.compile("127\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
  private static final int LAST = (127 << 24) | 0xfffffe;

  private int next;

  Addresses(String first) {
    next = parse(first);
  }

  /**
   * Reads an address of the loopback network.
   *
   * @throws IllegalArgumentException if it is none, or none that an agent may have
   */
  static int parse(String text) {
    Matcher matcher = LOOPBACK.matcher(text);
    if (matcher.matches()) {
      int x = Integer.parseInt(matcher.group(1));
      int y = Integer.parseInt(matcher.group(2));
      int z = Integer.parseInt(matcher.group(3));
      if (x <= 255 && y <= 255 && z >= 1 && z <= 254) {
        return (127 << 24) | (x << 16) | (y << 8) | z;
      }
    }
    throw new IllegalArgumentException(
        "--first-address: '"
            + text
            + "' is not a loopback address; expected 127.x.y.z with z from 1 to 254");
  }

  /** The next address. */
  InetAddress next() {
    if (next > LAST) {
      throw new IllegalArgumentException(
          "--systems: more than there are addresses behind --first-address;"
              + " expected fewer, or an earlier first address");
    }
    byte[] octets = octets(next);
    next += (next & 0xff) == 254 ? 3 : 1;
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new AssertionError("four octets are always an address", e);
    }
  }

  private static byte[] octets(int address) {
    return new byte[] {
      (byte) (address >>> 24), (byte) (address >>> 16), (byte) (address >>> 8), (byte) address
    };
  }
}
