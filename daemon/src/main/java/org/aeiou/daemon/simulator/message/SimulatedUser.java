package org.aeiou.daemon.simulator.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.snmp.message.UsmUser;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Authentication;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Privacy;
import org.snmp4j.security.AuthHMAC128SHA224;
import org.snmp4j.security.AuthHMAC192SHA256;
import org.snmp4j.security.AuthHMAC256SHA384;
import org.snmp4j.security.AuthHMAC384SHA512;
import org.snmp4j.security.AuthMD5;
import org.snmp4j.security.AuthSHA;
import org.snmp4j.security.AuthenticationProtocol;
import org.snmp4j.security.PrivAES128;
import org.snmp4j.security.PrivAES192;
import org.snmp4j.security.PrivAES256;
import org.snmp4j.security.PrivDES;
import org.snmp4j.security.PrivacyProtocol;
import org.snmp4j.smi.OctetString;

/**
 * A user of v3 and the keys that its passwords become.
 *
 * <p>RFC 3414, A.2, makes a key in two steps: a mebibyte of password is hashed, then the result is
 * hashed with the engine's identifier. The first step takes milliseconds and is the same for all
 * agents, so it is done once for a network; the second is done once for each agent that is asked.
 */
final class SimulatedUser {
  private static final int EXPANDED = 1 << 20;

  /** Keys for one engine; null where the user has no such protocol. */
  record Keys(byte[] authentication, byte[] privacy) {}

  private final UsmUser user;
  private final AuthenticationProtocol authentication;
  private final PrivacyProtocol privacy;
  private byte[] authenticationKey;
  private byte[] privacyKey;

  SimulatedUser(UsmUser user) {
    this.user = user;
    this.authentication = protocol(user.authentication());
    this.privacy = protocol(user.privacy());
    check(authentication != null, user.authenticationPass(), "authentication password");
    check(privacy != null, user.privacyPass(), "privacy password");
    if (privacy != null && authentication == null) {
      throw new IllegalArgumentException(
          "user " + user.name() + ": privacy without authentication; expected both or neither");
    }
  }

  private void check(boolean needed, Secret pass, String what) {
    if (needed && (pass == null || pass.reveal().length() < 8)) {
      throw new IllegalArgumentException(
          "user " + user.name() + ": " + what + " is too short; expected at least 8 characters");
    }
  }

  String name() {
    return user.name();
  }

  /** Null if the user has none. */
  AuthenticationProtocol authentication() {
    return authentication;
  }

  /** Null if the user has none. */
  PrivacyProtocol privacy() {
    return privacy;
  }

  /** The keys for an engine. Any thread. */
  Keys keysFor(byte[] engineId) {
    if (authentication == null) {
      return new Keys(null, null);
    }
    byte[] first;
    byte[] second;
    synchronized (this) {
      if (authenticationKey == null) {
        authenticationKey = expand(user.authenticationPass());
        privacyKey = privacy == null ? null : expand(user.privacyPass());
      }
      first = authenticationKey;
      second = privacyKey;
    }
    return new Keys(localize(first, engineId), second == null ? null : cipherKey(second, engineId));
  }

  private byte[] expand(Secret pass) {
    byte[] octets = pass.reveal().getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[EXPANDED];
    for (int i = 0; i < EXPANDED; i++) {
      all[i] = octets[i % octets.length];
    }
    return authentication.hash(all);
  }

  private byte[] localize(byte[] key, byte[] engineId) {
    byte[] all = Arrays.copyOf(key, 2 * key.length + engineId.length);
    System.arraycopy(engineId, 0, all, key.length, engineId.length);
    System.arraycopy(key, 0, all, key.length + engineId.length, key.length);
    return authentication.hash(all);
  }

  private byte[] cipherKey(byte[] expanded, byte[] engineId) {
    byte[] key = localize(expanded, engineId);
    if (key.length >= privacy.getMinKeyLength()) {
      return Arrays.copyOf(key, Math.min(key.length, privacy.getMaxKeyLength()));
    }
    OctetString pass = new OctetString(user.privacyPass().reveal());
    return privacy.extendShortKey(key, pass, engineId, authentication);
  }

  private static AuthenticationProtocol protocol(Authentication protocol) {
    return switch (protocol) {
      case NONE -> null;
      case MD5 -> new AuthMD5();
      case SHA -> new AuthSHA();
      case SHA_224 -> new AuthHMAC128SHA224();
      case SHA_256 -> new AuthHMAC192SHA256();
      case SHA_384 -> new AuthHMAC256SHA384();
      case SHA_512 -> new AuthHMAC384SHA512();
    };
  }

  private static PrivacyProtocol protocol(Privacy protocol) {
    return switch (protocol) {
      case NONE -> null;
      case DES -> new PrivDES();
      case AES_128 -> new PrivAES128();
      case AES_192 -> new PrivAES192();
      case AES_256 -> new PrivAES256();
    };
  }
}
