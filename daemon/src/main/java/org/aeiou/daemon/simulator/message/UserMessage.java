package org.aeiou.daemon.simulator.message;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.snmp4j.asn1.BER;
import org.snmp4j.asn1.BERInputStream;

/**
 * A message of v3 as it arrives: RFC 3412, section 6, with the security parameters of RFC 3414,
 * section 2.4.
 *
 * @param octets the whole of it
 * @param digestAt where in it the digest is
 * @param data the scoped PDU from its first octet; encrypted if {@link #privacy}
 */
record UserMessage(
    byte[] octets,
    int id,
    int maxSize,
    int flags,
    int model,
    byte[] engineId,
    int boots,
    int time,
    String user,
    int digestAt,
    int digestLength,
    byte[] privacyParameters,
    BERInputStream data) {

  static final int AUTHENTICATED = 1;
  static final int ENCRYPTED = 2;
  private static final int REPORTABLE = 4;

  /** The security model of users. */
  static final int USM = 3;

  /**
   * Reads a message.
   *
   * @param in behind the version
   */
  static UserMessage read(byte[] octets, BERInputStream in) throws IOException {
    Tlv.header(in, BER.SEQUENCE);
    int id = Tlv.integer(in);
    int maxSize = Tlv.integer(in);
    byte[] flags = Tlv.string(in);
    int model = Tlv.integer(in);
    if (flags.length != 1 || id < 0 || maxSize < 484) {
      throw new IOException("no header of v3");
    }
    int length = Tlv.header(in, BER.OCTETSTRING);
    int start = (int) in.getPosition();
    byte[] security = new byte[length];
    if (length == 0 || in.read(security) != length) {
      throw new IOException("no security parameters");
    }
    if (model != USM) {
      return new UserMessage(octets, id, maxSize, flags[0], model, null, 0, 0, "", 0, 0, null, in);
    }
    Tlv.check(security);
    BERInputStream parameters = new BERInputStream(ByteBuffer.wrap(security));
    Tlv.header(parameters, BER.SEQUENCE);
    byte[] engineId = Tlv.string(parameters);
    int boots = Tlv.integer(parameters);
    int time = Tlv.integer(parameters);
    byte[] user = Tlv.string(parameters);
    byte[] digest = Tlv.string(parameters);
    int digestAt = start + (int) parameters.getPosition() - digest.length;
    byte[] privacyParameters = Tlv.string(parameters);
    return new UserMessage(
        octets,
        id,
        maxSize,
        flags[0],
        model,
        engineId,
        boots,
        time,
        new String(user, StandardCharsets.UTF_8),
        digestAt,
        digest.length,
        privacyParameters,
        in);
  }

  boolean authentication() {
    return (flags & AUTHENTICATED) != 0;
  }

  boolean privacy() {
    return (flags & ENCRYPTED) != 0;
  }

  boolean reportable() {
    return (flags & REPORTABLE) != 0;
  }

  /** The level alone: what an answer's flags are. */
  int level() {
    return flags & (AUTHENTICATED | ENCRYPTED);
  }
}
