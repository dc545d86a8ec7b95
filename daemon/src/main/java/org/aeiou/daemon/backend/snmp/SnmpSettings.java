package org.aeiou.daemon.backend.snmp;

import org.aeiou.daemon.backend.Secret;

/**
 * How to speak to one agent. Immutable, with value equality.
 *
 * @param host a host name or an address, without brackets
 * @param port the UDP port, 1 to 65535; usually 161
 * @param version the version of SNMP
 * @param community the community of v1 and v2c; null for v3
 * @param user the user of v3 (USM); null for v1 and v2c
 */
public record SnmpSettings(String host, int port, Version version, Secret community, User user) {

  /** The versions of SNMP. */
  public enum Version {
    V1,
    V2C,
    V3
  }

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

  /**
   * A user of v3.
   *
   * @param authenticationPass at least 8 characters; null without authentication
   * @param privacyPass at least 8 characters; null without privacy
   * @param context the context name; usually empty
   */
  public record User(
      String name,
      Authentication authentication,
      Secret authenticationPass,
      Privacy privacy,
      Secret privacyPass,
      String context) {}
}
