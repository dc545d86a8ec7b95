package org.aeiou.daemon.backend.snmp;

import java.util.LinkedHashMap;
import java.util.Map;
import org.aeiou.daemon.backend.BackendSettings;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.snmp.message.UsmUser;
import org.aeiou.daemon.document.Texts;

/**
 * How to speak to one agent. Immutable, with value equality.
 *
 * @param host a host name or an address, without brackets
 * @param port the UDP port, 1 to 65535; usually 161
 * @param version the version of SNMP
 * @param community the community of v1 and v2c; null for v3
 * @param user the user of v3 (USM); null for v1 and v2c
 */
public record SnmpSettings(String host, int port, Version version, Secret community, UsmUser user)
    implements BackendSettings {

  /** The versions of SNMP. */
  public enum Version {
    V1,
    V2C,
    V3
  }

  @Override
  public boolean isSameAgent(BackendSettings other) {
    return other instanceof SnmpSettings that && host.equals(that.host) && port == that.port;
  }

  @Override
  public String address() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  @Override
  public Map<String, Object> shown() {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("version", Texts.written(version));
    if (user == null) {
      shown.put("community", community);
    } else {
      shown.put("user", user.name());
      shown.put("auth", Map.of("protocol", Texts.written(user.authentication())));
      shown.put("privacy", Map.of("protocol", Texts.written(user.privacy())));
    }
    return shown;
  }
}
