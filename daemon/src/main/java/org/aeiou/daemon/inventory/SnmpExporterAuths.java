package org.aeiou.daemon.inventory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.document.YamlNode;
import org.aeiou.daemon.inventory.Credentials.Secured;

/** The {@code auths:} of snmp_exporter's configuration (0.23 and newer), each as a profile. */
final class SnmpExporterAuths {

  private SnmpExporterAuths() {}

  static Inventory read(Path file, Problems problems) throws IOException {
    Inventory inventory = new Inventory();
    YamlNode auths = JsonFields.at(JsonFields.read(file), "auths");
    if (auths == null || auths.map() == null) {
      throw new IOException(
          file
              + ": has no 'auths'; expected snmp_exporter's configuration of version 0.23 or newer");
    }
    auths
        .map()
        .forEach(
            (name, auth) -> {
              try {
                inventory.addProfile(name, snmp(auth));
              } catch (IllegalArgumentException e) {
                problems.add(auth.line(), "", "left out: '" + name + "' " + e.getMessage());
              }
            });
    return inventory;
  }

  private static Map<String, Object> snmp(YamlNode auth) {
    String version = JsonFields.text(auth, "version");
    if (!Credentials.isUser(version)) {
      return Credentials.community(version, JsonFields.text(auth, "community"));
    }
    Map<String, Object> snmp =
        Credentials.user(
            JsonFields.text(auth, "security_level"),
            JsonFields.text(auth, "username"),
            new Secured(
                JsonFields.text(auth, "auth_protocol"), JsonFields.text(auth, "password"), "MD5"),
            new Secured(
                JsonFields.text(auth, "priv_protocol"),
                JsonFields.text(auth, "priv_password"),
                "DES"));
    String context = JsonFields.text(auth, "context_name");
    if (context != null) {
      snmp.put("context", context);
    }
    return snmp;
  }
}
