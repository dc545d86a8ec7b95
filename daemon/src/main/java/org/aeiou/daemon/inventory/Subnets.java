package org.aeiou.daemon.inventory;

import com.google.common.net.InetAddresses;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The addresses of subnets, as in {@code 10.1.0.0/24}; of IPv6 too, where there are few. */
public final class Subnets {
  /** A subnet of 16 bits. */
  static final int MOST = 1 << 16;

  private Subnets() {}

  /**
   * All addresses of some subnets, each once, without those of IPv4 that are the subnet itself and
   * its broadcast.
   *
   * @throws IllegalArgumentException if one is not a subnet, or they have too many addresses
   */
  public static List<String> addresses(List<String> subnets) {
    Set<String> all = new LinkedHashSet<>();
    for (String subnet : subnets) {
      add(subnet, all);
    }
    return List.copyOf(all);
  }

  private static void add(String subnet, Set<String> all) {
    int slash = subnet.indexOf('/');
    String first = slash < 0 ? subnet : subnet.substring(0, slash);
    if (!InetAddresses.isInetAddress(first)) {
      throw notASubnet(subnet);
    }
    byte[] octets = InetAddresses.forString(first).getAddress();
    int bits = octets.length * 8;
    int prefix = slash < 0 ? bits : prefix(subnet, slash, bits);
    int free = bits - prefix;
    if (free > 16 || all.size() + (1 << free) > MOST) {
      throw new IllegalArgumentException(
          "'" + subnet + "' has too many addresses; expected " + MOST + " at most, in all");
    }
    BigInteger base = new BigInteger(1, octets).shiftRight(free).shiftLeft(free);
    boolean hasBroadcast = octets.length == 4 && free > 1;
    for (int i = hasBroadcast ? 1 : 0; i < (1 << free) - (hasBroadcast ? 1 : 0); i++) {
      all.add(written(base.add(BigInteger.valueOf(i)), octets.length));
    }
  }

  private static int prefix(String subnet, int slash, int bits) {
    String text = subnet.substring(slash + 1);
    int prefix = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : bits + 1;
    if (prefix > bits) {
      throw notASubnet(subnet);
    }
    return prefix;
  }

  private static String written(BigInteger number, int length) {
    InetAddress address =
        length == 4
            ? InetAddresses.fromInteger(number.intValue())
            : InetAddresses.fromIPv6BigInteger(number);
    return InetAddresses.toAddrString(address);
  }

  private static IllegalArgumentException notASubnet(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is not a subnet; expected one such as 10.1.0.0/24, or an address");
  }
}
