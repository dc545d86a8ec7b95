package org.aeiou.daemon.inventory;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** How other programs write the credentials of SNMP, as keys of an {@code snmp} section. */
final class Credentials {

  private Credentials() {}

  /** Of versions 1 and 2c. */
  static Map<String, Object> community(String version, String community) {
    Map<String, Object> snmp = new LinkedHashMap<>();
    snmp.put("version", version(version));
    if (community != null && !community.isEmpty()) {
      snmp.put("community", literal(community));
    }
    return snmp;
  }

  /**
   * Of version 3. What the security level does not use is left out, as programs keep passes that
   * were once typed in.
   *
   * @param level {@code noAuthNoPriv}, {@code authNoPriv} or {@code authPriv}
   * @throws IllegalArgumentException if there is no user, or a protocol is not known here
   */
  static Map<String, Object> user(String level, String user, Secured auth, Secured privacy) {
    if (user == null || user.isBlank()) {
      throw new IllegalArgumentException("has no user, which SNMPv3 needs");
    }
    Map<String, Object> snmp = new LinkedHashMap<>();
    snmp.put("version", 3);
    snmp.put("user", literal(user));
    String wanted = level == null ? "" : level.toLowerCase(Locale.ROOT);
    if (wanted.startsWith("auth")) {
      snmp.put("auth", auth.keys());
    }
    if (wanted.equals("authpriv")) {
      snmp.put("privacy", privacy.keys());
    }
    return snmp;
  }

  /** A protocol and its pass. */
  record Secured(String protocol, String pass, String standard) {
    Map<String, Object> keys() {
      String named = protocol == null || protocol.isBlank() ? standard : protocol;
      String bare = named.toUpperCase(Locale.ROOT).replace("-", "").replace("_", "");
      if (bare.matches("AES(192|256)C")) {
        throw new IllegalArgumentException(
            "is encrypted with " + named + "; expected DES, AES-128, AES-192 or AES-256");
      }
      Map<String, Object> keys = new LinkedHashMap<>();
      keys.put("protocol", bare.equals("AES") ? "AES-128" : named);
      keys.put("pass", literal(pass == null ? "" : pass));
      return keys;
    }
  }

  /** A version as other programs write it: {@code v2c}, {@code 2}. */
  private static String version(String text) {
    String bare = text == null ? "" : text.strip().toLowerCase(Locale.ROOT).replaceFirst("^v", "");
    return switch (bare) {
      case "", "2", "2c" -> "2c";
      case "1" -> "1";
      default ->
          throw new IllegalArgumentException("has version '" + text + "'; expected 1, 2c or 3");
    };
  }

  /** Whether it is version 3. */
  static boolean isUser(String version) {
    return version != null && version.strip().toLowerCase(Locale.ROOT).replace("v", "").equals("3");
  }

  /** A text that is no reference, whatever is in it. */
  private static String literal(String text) {
    return text.replace("${", "$${");
  }
}
