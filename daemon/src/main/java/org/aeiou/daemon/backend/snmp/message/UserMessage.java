package org.aeiou.daemon.backend.snmp.message;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.snmp4j.ScopedPDU;
import org.snmp4j.asn1.BER;
import org.snmp4j.asn1.BERInputStream;
import org.snmp4j.security.AuthenticationProtocol;
import org.snmp4j.security.ByteArrayWindow;
import org.snmp4j.security.DecryptParams;
import org.snmp4j.security.PrivacyProtocol;

/**
 * A message of v3 as it arrives: RFC 3412, section 6, with the security parameters of RFC 3414,
 * section 2.4.
 *
 * @param octets the whole of it
 * @param digestAt where in it the digest is
 * @param data the scoped PDU from its first octet; encrypted if {@link #privacy}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record UserMessage(
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

  public static final int AUTHENTICATED = 1;
  public static final int ENCRYPTED = 2;
  private static final int REPORTABLE = 4;
  private static final int VERSION = 3;
  private static final int PRIVACY_PARAMETERS = 8;

  /** The security model of users. */
  public static final int USM = 3;

  /**
   * Reads a message.
   *
   * @param in behind the version
   */
  public static UserMessage read(byte[] octets, BERInputStream in) throws IOException {
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

  public boolean authentication() {
    return (flags & AUTHENTICATED) != 0;
  }

  public boolean privacy() {
    return (flags & ENCRYPTED) != 0;
  }

  public boolean reportable() {
    return (flags & REPORTABLE) != 0;
  }

  /** The level alone: what an answer's flags are. */
  public int level() {
    return flags & (AUTHENTICATED | ENCRYPTED);
  }

  /** Whether its digest is one by this key. */
  public boolean isAuthentic(AuthenticationProtocol protocol, byte[] key) {
    int length = protocol.getAuthenticationCodeLength();
    return digestLength == length
        && protocol.isAuthentic(
            key, octets, 0, octets.length, new ByteArrayWindow(octets, digestAt, length));
  }

  /**
   * The scoped PDU of an encrypted message, or null if there is none when that key was used: the
   * ciphers cannot tell a wrong one.
   */
  public ScopedPDU decrypt(PrivacyProtocol protocol, byte[] key) throws IOException {
    byte[] encrypted = Tlv.string(data);
    if (privacyParameters.length != PRIVACY_PARAMETERS) {
      return null;
    }
    try {
      byte[] plain =
          protocol.decrypt(
              encrypted,
              0,
              encrypted.length,
              key,
              boots,
              time,
              new DecryptParams(privacyParameters, 0, PRIVACY_PARAMETERS));
      if (plain == null) {
        return null;
      }
      Tlv.check(plain);
      return decode(new BERInputStream(ByteBuffer.wrap(plain)));
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  /** The scoped PDU of a message that is not encrypted. */
  public ScopedPDU plain() throws IOException {
    return decode(new BERInputStream(data.getBuffer().duplicate()));
  }

  private static ScopedPDU decode(BERInputStream in) throws IOException {
    ScopedPDU pdu = new ScopedPDU();
    Tlv.decode(pdu, in);
    return pdu;
  }

  /**
   * The keys of a user at an engine; null where there is no such protocol.
   *
   * @param privacyKey null without privacy
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Security(
      AuthenticationProtocol authentication,
      byte[] authenticationKey,
      PrivacyProtocol privacy,
      byte[] privacyKey) {}

  /** An engine as its messages tell it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Engine(byte[] id, int boots, int time, int maxMessage) {}

  /**
   * Writes a message of an authoritative engine.
   *
   * @param level {@link #AUTHENTICATED} and {@link #ENCRYPTED}, or 0
   * @param security what the level needs; may be null for 0
   */
  public static byte[] write(
      Engine engine, int id, int level, String userName, Security security, ScopedPDU pdu) {
    byte[] data = Tlv.encode(pdu);
    byte[] salt = {};
    if ((level & ENCRYPTED) != 0) {
      DecryptParams parameters = new DecryptParams();
      byte[] encrypted =
          security
              .privacy()
              .encrypt(
                  data,
                  0,
                  data.length,
                  security.privacyKey(),
                  engine.boots(),
                  engine.time(),
                  parameters);
      data = Tlv.string(encrypted);
      salt =
          Arrays.copyOfRange(
              parameters.array, parameters.offset, parameters.offset + parameters.length);
    }
    int digest = level == 0 ? 0 : security.authentication().getAuthenticationCodeLength();
    byte[] privacyParameters = Tlv.string(salt);
    byte[] parameters =
        Tlv.sequence(
            Tlv.string(engine.id()),
            Tlv.integer(engine.boots()),
            Tlv.integer(engine.time()),
            Tlv.string(userName.getBytes(StandardCharsets.UTF_8)),
            Tlv.string(new byte[digest]),
            privacyParameters);
    byte[] header =
        Tlv.sequence(
            Tlv.integer(id),
            Tlv.integer(engine.maxMessage()),
            Tlv.string(new byte[] {(byte) level}),
            Tlv.integer(USM));
    byte[] message = Tlv.sequence(Tlv.integer(VERSION), header, Tlv.string(parameters), data);
    if (level != 0) {
      int digestAt = message.length - data.length - privacyParameters.length - digest;
      security
          .authentication()
          .authenticate(
              security.authenticationKey(),
              message,
              0,
              message.length,
              new ByteArrayWindow(message, digestAt, digest));
    }
    return message;
  }
}
