package org.aeiou.daemon.backend.snmp.message;

import org.aeiou.daemon.backend.Secret;

/**
 * A user of SNMPv3's user-based security model. Immutable, with value equality.
 *
 * @param authenticationPass at least 8 characters; null without authentication
 * @param privacyPass at least 8 characters; null without privacy
 * @param context the context name; usually empty
 */
public record UsmUser(
    String name,
    Authentication authentication,
    Secret authenticationPass,
    Privacy privacy,
    Secret privacyPass,
    String context) {

  /** The authentication protocols of USM (RFC 3414, RFC 7860). */
  public enum Authentication {
    NONE,
    MD5,
    SHA,
    SHA_224,
    SHA_256,
    SHA_384,
    SHA_512
  }

  /** The privacy protocols of USM (RFC 3414, RFC 3826, and the usual AES extension). */
  public enum Privacy {
    NONE,
    DES,
    AES_128,
    AES_192,
    AES_256
  }
}
