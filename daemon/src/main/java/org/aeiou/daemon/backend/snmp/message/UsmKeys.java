package org.aeiou.daemon.backend.snmp.message;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import org.aeiou.daemon.backend.Secret;
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
 * The protocols of USM and the keys they use.
 *
 * <p>A passphrase becomes a key in two steps (RFC 3414, appendix A.2): a digest of the passphrase,
 * repeated to a mebibyte, which takes milliseconds; and a digest of that with the engine's id,
 * which takes a microsecond. The first step does not depend on the engine, so it is done once for
 * each passphrase and remembered, and a thousand systems with one password cost it once.
 */
public final class UsmKeys {
  private static final int EXPANDED = 1 << 20;
  private static final int MOST_REMEMBERED = 10_000;

  private static final Map<Authentication, AuthenticationProtocol> AUTHENTICATION =
      Map.of(
          Authentication.MD5, new AuthMD5(),
          Authentication.SHA, new AuthSHA(),
          Authentication.SHA_224, new AuthHMAC128SHA224(),
          Authentication.SHA_256, new AuthHMAC192SHA256(),
          Authentication.SHA_384, new AuthHMAC256SHA384(),
          Authentication.SHA_512, new AuthHMAC384SHA512());

  private static final Map<Privacy, PrivacyProtocol> PRIVACY =
      Map.of(
          Privacy.DES, new PrivDES(),
          Privacy.AES_128, new PrivAES128(),
          Privacy.AES_192, new PrivAES192(),
          Privacy.AES_256, new PrivAES256());

  private record Passphrase(Authentication authentication, Secret secret) {}

  private final SnmpCounters counters;

  private final Cache<Passphrase, byte[]> expanded =
      CacheBuilder.newBuilder().maximumSize(MOST_REMEMBERED).build();

  UsmKeys(SnmpCounters counters) {
    this.counters = counters;
  }

  /** Null for none. */
  public static AuthenticationProtocol protocol(Authentication authentication) {
    return AUTHENTICATION.get(authentication);
  }

  /** Null for none. */
  public static PrivacyProtocol protocol(Privacy privacy) {
    return PRIVACY.get(privacy);
  }

  /** Whether {@link #authentication} and {@link #privacy} take microseconds for this user. */
  boolean ready(UsmUser user) {
    return remembered(user.authentication(), user.authenticationPass())
        && (user.privacy() == Privacy.NONE
            || remembered(user.authentication(), user.privacyPass()));
  }

  private boolean remembered(Authentication authentication, Secret secret) {
    return authentication == Authentication.NONE
        || expanded.getIfPresent(new Passphrase(authentication, secret)) != null;
  }

  /** The authentication key of {@code user} at one engine; null without authentication. */
  public OctetString authentication(UsmUser user, byte[] engine) {
    return user.authentication() == Authentication.NONE
        ? null
        : new OctetString(localised(user.authentication(), user.authenticationPass(), engine));
  }

  /** The privacy key of {@code user} at one engine; null without privacy. */
  public OctetString privacy(UsmUser user, byte[] engine) {
    if (user.privacy() == Privacy.NONE) {
      return null;
    }
    PrivacyProtocol protocol = protocol(user.privacy());
    byte[] key = localised(user.authentication(), user.privacyPass(), engine);
    if (key.length < protocol.getMinKeyLength()) {
      return new OctetString(
          protocol.extendShortKey(
              key, octets(user.privacyPass()), engine, protocol(user.authentication())));
    }
    int length = Math.min(key.length, protocol.getMaxKeyLength());
    return new OctetString(key, 0, length);
  }

  private byte[] localised(Authentication authentication, Secret secret, byte[] engine) {
    Passphrase passphrase = new Passphrase(authentication, secret);
    byte[] key = expanded.getIfPresent(passphrase);
    if (key == null) {
      key = expand(authentication, secret);
      expanded.put(passphrase, key);
      counters.add(SnmpCounter.KEYS_DERIVED);
    }
    MessageDigest digest = digest(authentication);
    digest.update(key);
    digest.update(engine);
    return digest.digest(key);
  }

  private static byte[] expand(Authentication authentication, Secret secret) {
    byte[] octets = octets(secret).getValue();
    byte[] repeated = new byte[EXPANDED];
    for (int i = 0; i < EXPANDED; i++) {
      repeated[i] = octets[i % octets.length];
    }
    return digest(authentication).digest(repeated);
  }

  private static OctetString octets(Secret secret) {
    return new OctetString(secret.reveal().getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest digest(Authentication authentication) {
    try {
      return MessageDigest.getInstance(
          switch (authentication) {
            case MD5 -> "MD5";
            case SHA -> "SHA-1";
            case SHA_224 -> "SHA-224";
            case SHA_256 -> "SHA-256";
            case SHA_384 -> "SHA-384";
            case SHA_512 -> "SHA-512";
            case NONE -> throw new IllegalArgumentException("no key without authentication");
          });
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no " + authentication, e);
    }
  }
}
