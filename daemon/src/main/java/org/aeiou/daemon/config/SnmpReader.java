package org.aeiou.daemon.config;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.aeiou.closures.scheduler.Limits;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.snmp.SnmpSettings;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Version;
import org.aeiou.daemon.backend.snmp.message.UsmUser;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Authentication;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Privacy;
import org.aeiou.daemon.document.References;
import org.aeiou.daemon.document.Section;
import org.aeiou.daemon.document.Texts;

/**
 * Reads the {@code snmp:} section of the defaults and of systems; what a system does not say is as
 * in the defaults.
 */
final class SnmpReader {
  private static final int SHORTEST_PASS = 8;
  private static final int STANDARD_PORT = 161;

  /**
   * What the section says, before it is known to be complete.
   *
   * @param firstTimeout as in the limits, where it is said; else null
   * @param isWrong whether a value could not be read here or in the defaults; what follows from
   *     that need not be said too
   */
  record Partial(
      int port,
      Version version,
      Secret community,
      String user,
      Authentication authentication,
      Secret authenticationPass,
      Privacy privacy,
      Secret privacyPass,
      String context,
      Limits limits,
      Duration firstTimeout,
      boolean isWrong) {}

  static final Partial STANDARD =
      new Partial(
          STANDARD_PORT,
          Version.V2C,
          new Secret("public"),
          null,
          Authentication.NONE,
          null,
          Privacy.NONE,
          null,
          "",
          Limits.DEFAULT,
          null,
          false);

  private final References references;
  private boolean holdsLiteralSecret;

  SnmpReader(References references) {
    this.references = references;
  }

  /** Whether a secret other than {@code public} stood in the file itself. */
  boolean holdsLiteralSecret() {
    return holdsLiteralSecret;
  }

  Partial read(Section section, Partial defaults) {
    Section authentication = section.section("auth");
    Section privacy = section.section("privacy");
    Partial partial = values(section, authentication, privacy, defaults);
    if (!partial.isWrong()) {
      if (partial.authentication() == Authentication.NONE && authentication.has("pass")) {
        section.problem("auth", "has a pass and no protocol; expected one of MD5, SHA, SHA-224, …");
      }
      if (partial.privacy() == Privacy.NONE && privacy.has("pass")) {
        section.problem("privacy", "has a pass and no protocol; expected one of DES, AES-128, …");
      }
    }
    authentication.doneWithSecrets();
    privacy.doneWithSecrets();
    section.doneWithSecrets();
    return partial;
  }

  private Partial values(
      Section section, Section authentication, Section privacy, Partial defaults) {
    int port = section.value("port", defaults.port(), text -> Texts.number(text, 1, 65535));
    Version version = section.value("version", defaults.version(), SnmpReader::version);
    Secret community = section.value("community", defaults.community(), this::community);
    String user = section.value("user", defaults.user(), references::resolve);
    Authentication authenticationProtocol =
        authentication.value("protocol", defaults.authentication(), SnmpReader::authentication);
    Secret authenticationPass =
        authentication.value("pass", defaults.authenticationPass(), this::pass);
    Privacy privacyProtocol = privacy.value("protocol", defaults.privacy(), SnmpReader::privacy);
    Secret privacyPass = privacy.value("pass", defaults.privacyPass(), this::pass);
    String context = section.value("context", defaults.context(), text -> text);
    Duration firstTimeout =
        section.value("first-timeout", defaults.firstTimeout(), Texts::positiveDuration);
    Limits limits = limits(section, firstTimeout, defaults.limits());
    return new Partial(
        port,
        version,
        community,
        user,
        authenticationProtocol,
        authenticationPass,
        privacyProtocol,
        privacyPass,
        context,
        limits,
        firstTimeout,
        defaults.isWrong()
            || section.hasWrongValues()
            || authentication.hasWrongValues()
            || privacy.hasWrongValues());
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

  private static Limits limits(Section section, Duration firstTimeout, Limits defaults) {
    Duration timeout = section.value("timeout", defaults.timeout(), Texts::positiveDuration);
    int retries = section.value("retries", defaults.retries(), text -> Texts.number(text, 0, 20));
    int maxInFlight =
        section.value("max-in-flight", defaults.maxInFlight(), text -> Texts.number(text, 1, 100));
    Duration minInterval = section.value("min-interval", defaults.minInterval(), Texts::duration);
    int maxBatch =
        section.value("max-batch", defaults.maxBatch(), text -> Texts.number(text, 1, 500));
    int firstRetries =
        section.value("first-retries", defaults.firstRetries(), text -> Texts.number(text, 0, 20));
    // With one retry, half of it hears of everything that answers within all of it.
    Duration first = firstTimeout == null ? timeout.dividedBy(2) : firstTimeout;
    return new Limits(timeout, retries, maxInFlight, minInterval, maxBatch, first, firstRetries);
  }

  /** The settings of one system; what is missing is a problem of the section. */
  SnmpSettings settings(Section section, Texts.Address address, Partial partial) {
    if (!partial.isWrong()) {
      checkVersion(section, partial);
    }
    if (partial.version() != Version.V3) {
      return new SnmpSettings(
          address.host(), address.port(), partial.version(), partial.community(), null);
    }
    UsmUser user =
        new UsmUser(
            Objects.requireNonNullElse(partial.user(), ""),
            partial.authentication(),
            partial.authentication() == Authentication.NONE ? null : partial.authenticationPass(),
            partial.privacy(),
            partial.privacy() == Privacy.NONE ? null : partial.privacyPass(),
            partial.context());
    return new SnmpSettings(address.host(), address.port(), Version.V3, null, user);
  }

  private static void checkVersion(Section section, Partial partial) {
    if (partial.version() == Version.V3) {
      String complaint = complaint(partial);
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
            "is for version 3, and this is "
                + Texts.written(partial.version())
                + "; expected 'version: 3'");
      }
    }
  }

  private static String complaint(Partial partial) {
    if (partial.user() == null || partial.user().isEmpty()) {
      return "is 3, which needs a user; expected the key 'user'";
    }
    if (partial.authentication() != Authentication.NONE && partial.authenticationPass() == null) {
      return "is 3 with authentication, which needs a pass; expected 'auth: {protocol: …, pass: …}'";
    }
    if (partial.privacy() != Privacy.NONE && partial.authentication() == Authentication.NONE) {
      return "is 3 with privacy, which needs authentication; expected 'auth: {protocol: …, pass: …}'";
    }
    if (partial.privacy() != Privacy.NONE && partial.privacyPass() == null) {
      return "is 3 with privacy, which needs a pass; expected 'privacy: {protocol: …, pass: …}'";
    }
    return null;
  }

  private Secret community(String text) {
    if (References.isLiteral(text) && !text.equals("public")) {
      holdsLiteralSecret = true;
    }
    String community = references.resolve(text);
    if (community.isEmpty()) {
      throw new IllegalArgumentException("is empty; expected a community");
    }
    return new Secret(community);
  }

  private Secret pass(String text) {
    if (References.isLiteral(text)) {
      holdsLiteralSecret = true;
    }
    String pass = references.resolve(text);
    if (pass.length() < SHORTEST_PASS) {
      throw new IllegalArgumentException(
          "is too short; expected at least " + SHORTEST_PASS + " characters (RFC 3414)");
    }
    return new Secret(pass);
  }
}
