package org.aeiou.daemon.config;

import java.time.Duration;
import java.util.Objects;
import org.aeiou.closures.scheduler.Limits;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.snmp.SnmpSettings;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Authentication;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Privacy;
import org.aeiou.daemon.backend.snmp.SnmpSettings.User;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Version;

/**
 * Reads the {@code snmp:} section of the defaults and of systems; what a system does not say is as
 * in the defaults.
 */
final class SnmpReader {
  private static final int SHORTEST_PASS = 8;
  private static final int STANDARD_PORT = 161;

  /** What the section says, before it is known to be complete. */
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
      Limits limits) {}

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
          Limits.DEFAULT);

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
    Partial partial =
        new Partial(
            section.value("port", defaults.port(), text -> Texts.number(text, 1, 65535)),
            section.value("version", defaults.version(), text -> Texts.oneOf(Version.class, text)),
            section.value("community", defaults.community(), this::community),
            section.value("user", defaults.user(), references::resolve),
            authentication.value(
                "protocol",
                defaults.authentication(),
                text -> Texts.oneOf(Authentication.class, text)),
            authentication.value("pass", defaults.authenticationPass(), this::pass),
            privacy.value("protocol", defaults.privacy(), text -> Texts.oneOf(Privacy.class, text)),
            privacy.value("pass", defaults.privacyPass(), this::pass),
            section.value("context", defaults.context(), text -> text),
            limits(section, defaults.limits()));
    authentication.done();
    privacy.done();
    section.done();
    return partial;
  }

  private static Limits limits(Section section, Limits defaults) {
    Duration timeout = section.value("timeout", defaults.timeout(), Texts::positiveDuration);
    int retries = section.value("retries", defaults.retries(), text -> Texts.number(text, 0, 20));
    int maxInFlight =
        section.value("max-in-flight", defaults.maxInFlight(), text -> Texts.number(text, 1, 100));
    Duration minInterval = section.value("min-interval", defaults.minInterval(), Texts::duration);
    int maxBatch =
        section.value("max-batch", defaults.maxBatch(), text -> Texts.number(text, 1, 500));
    return new Limits(timeout, retries, maxInFlight, minInterval, maxBatch);
  }

  /** The settings of one system; what is missing is a problem of the section. */
  SnmpSettings settings(Section system, Section section, Texts.Address address, Partial partial) {
    if (partial.version() != Version.V3) {
      return new SnmpSettings(
          address.host(), address.port(), partial.version(), partial.community(), null);
    }
    String complaint = complaint(partial);
    if (complaint != null) {
      Section where = system.has("snmp") ? section : system;
      where.problem("version", complaint);
    }
    User user =
        new User(
            Objects.requireNonNullElse(partial.user(), ""),
            partial.authentication(),
            partial.authentication() == Authentication.NONE ? null : partial.authenticationPass(),
            partial.privacy(),
            partial.privacy() == Privacy.NONE ? null : partial.privacyPass(),
            partial.context());
    return new SnmpSettings(address.host(), address.port(), Version.V3, null, user);
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
    return new Secret(references.resolve(text));
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
