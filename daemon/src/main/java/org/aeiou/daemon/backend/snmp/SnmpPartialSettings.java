package org.aeiou.daemon.backend.snmp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.daemon.backend.PartialLimits;
import org.aeiou.daemon.backend.PartialSettings;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Version;
import org.aeiou.daemon.backend.snmp.message.UsmUser;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Authentication;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Privacy;
import org.aeiou.daemon.document.References;
import org.aeiou.daemon.document.Section;
import org.aeiou.daemon.document.Texts;

/**
 * What {@code snmp:} sections say, before it is known to be complete.
 *
 * @param user what is said of a user; without a name where none is said
 * @param isWrong whether a value could not be read, here or in the defaults; what follows from that
 *     need not be said too
 */
record SnmpPartialSettings(
    References references,
    int port,
    Version version,
    Secret community,
    UsmUser user,
    PartialLimits partialLimits,
    boolean isWrong)
    implements PartialSettings {
  private static final int SHORTEST_PASS = 8;
  private static final int LONGEST_NAME = 32;
  private static final int STANDARD_PORT = 161;
  private static final String STANDARD_COMMUNITY = "public";

  static SnmpPartialSettings standard(References references) {
    return new SnmpPartialSettings(
        references,
        STANDARD_PORT,
        Version.V2C,
        new Secret(STANDARD_COMMUNITY),
        new UsmUser("", Authentication.NONE, null, Privacy.NONE, null, ""),
        PartialLimits.STANDARD,
        false);
  }

  @Override
  public SnmpPartialSettings with(Section section) {
    Section auth = section.section("auth");
    Section privacy = section.section("privacy");
    SnmpPartialSettings all = with(section, auth, privacy);
    if (!all.isWrong) {
      if (all.user.authentication() == Authentication.NONE && auth.has("pass")) {
        section.problem("auth", "has a pass and no protocol; expected one of MD5, SHA, SHA-224, …");
      }
      if (all.user.privacy() == Privacy.NONE && privacy.has("pass")) {
        section.problem("privacy", "has a pass and no protocol; expected one of DES, AES-128, …");
      }
    }
    auth.doneWithSecrets();
    privacy.doneWithSecrets();
    section.doneWithSecrets();
    return all;
  }

  private SnmpPartialSettings with(Section section, Section auth, Section privacy) {
    int saidPort = section.number("port", port, 1, 65535);
    Version saidVersion = section.value("version", version, SnmpPartialSettings::version);
    Secret saidCommunity = section.value("community", community, this::community);
    String name = section.value("user", user.name(), this::name);
    UsmUser saidUser =
        new UsmUser(
            name,
            auth.value("protocol", user.authentication(), SnmpPartialSettings::authentication),
            auth.value("pass", user.authenticationPass(), this::pass),
            privacy.value("protocol", user.privacy(), SnmpPartialSettings::privacy),
            privacy.value("pass", user.privacyPass(), this::pass),
            section.value("context", user.context(), text -> text));
    PartialLimits limits = partialLimits.with(section);
    boolean wrong =
        isWrong || section.hasWrongValues() || auth.hasWrongValues() || privacy.hasWrongValues();
    return new SnmpPartialSettings(
        references, saidPort, saidVersion, saidCommunity, saidUser, limits, wrong);
  }

  /** Also as people say it: {@code v3}. */
  private static Version version(String text) {
    return Texts.oneOf(Version.class, text.strip().replaceFirst("^[vV]", ""));
  }

  /** Also by the names that other tools have: {@code SHA1}, {@code SHA256}. */
  private static Authentication authentication(String text) {
    return text.strip().matches("(?i)SHA-?1")
        ? Authentication.SHA
        : Texts.oneOf(Authentication.class, text);
  }

  /** Also by the name that other tools have for the AES of RFC 3826: {@code AES}. */
  private static Privacy privacy(String text) {
    return text.strip().equalsIgnoreCase("AES")
        ? Privacy.AES_128
        : Texts.oneOf(Privacy.class, text);
  }

  private Secret community(String text) {
    String said = text.equals(STANDARD_COMMUNITY) ? text : references.secret(text);
    if (said.isEmpty()) {
      throw new IllegalArgumentException("is empty; expected a community");
    }
    return new Secret(said);
  }

  private String name(String text) {
    String name = references.resolve(text);
    if (name.getBytes(UTF_8).length > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "is too long; expected at most " + LONGEST_NAME + " octets (RFC 3414)");
    }
    return name;
  }

  private Secret pass(String text) {
    String pass = references.secret(text);
    if (pass.length() < SHORTEST_PASS) {
      throw new IllegalArgumentException(
          "is too short; expected at least " + SHORTEST_PASS + " characters (RFC 3414)");
    }
    return new Secret(pass);
  }

  @Override
  public Limits limits() {
    return partialLimits.limits();
  }

  @Override
  public SnmpSettings complete(Section system, Section section) {
    system.needs("address", "expected HOST or HOST:PORT");
    Texts.Address address =
        system.value("address", new Texts.Address("", port), text -> address(text, port));
    if (!isWrong) {
      checkVersion(section);
    }
    return version == Version.V3
        ? new SnmpSettings(address.host(), address.port(), version, null, completeUser())
        : new SnmpSettings(address.host(), address.port(), version, community, null);
  }

  private Texts.Address address(String text, int standardPort) {
    String resolved = references.resolve(text);
    try {
      return Texts.address(resolved, standardPort);
    } catch (IllegalArgumentException e) {
      if (References.isLiteral(text)) {
        throw e;
      }
      throw new IllegalArgumentException(
          "'" + text + "' does not refer to an address; use HOST or HOST:PORT, or [IPV6]:PORT", e);
    }
  }

  /** The user without passes that its protocols do not need. */
  private UsmUser completeUser() {
    return new UsmUser(
        user.name(),
        user.authentication(),
        user.authentication() == Authentication.NONE ? null : user.authenticationPass(),
        user.privacy(),
        user.privacy() == Privacy.NONE ? null : user.privacyPass(),
        user.context());
  }

  private void checkVersion(Section section) {
    if (version == Version.V3) {
      String complaint = complaint();
      if (complaint != null) {
        section.problem("version", complaint);
      }
      if (section.has("community")) {
        section.problem("community", "is for versions 1 and 2c, and this is 3; expected 'user'");
      }
      return;
    }
    for (String key : List.of("user", "auth", "privacy", "context")) {
      if (section.has(key)) {
        section.problem(
            key,
            "is for version 3, and this is " + Texts.written(version) + "; expected 'version: 3'");
      }
    }
  }

  private String complaint() {
    if (user.name().isEmpty()) {
      return "is 3, which needs a user; expected the key 'user'";
    }
    if (user.authentication() != Authentication.NONE && user.authenticationPass() == null) {
      return "is 3 with authentication, which needs a pass; expected 'auth: {protocol: …, pass: …}'";
    }
    if (user.privacy() != Privacy.NONE && user.authentication() == Authentication.NONE) {
      return "is 3 with privacy, which needs authentication; expected 'auth: {protocol: …, pass: …}'";
    }
    if (user.privacy() != Privacy.NONE && user.privacyPass() == null) {
      return "is 3 with privacy, which needs a pass; expected 'privacy: {protocol: …, pass: …}'";
    }
    return null;
  }
}
