package org.aeiou.daemon.inventory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.aeiou.daemon.document.Problems;

/** What other programs write their systems as. */
public enum InventoryFormat {
  /** A table with a line of column names. */
  CSV("csv", "name, address and keys such as snmp.community in columns"),
  /** As in {@code /etc/hosts}, hosts(5). */
  HOSTS("hosts", "as /etc/hosts"),
  /** Prometheus' file-based service discovery, YAML or JSON. */
  FILE_SD("file-sd", "Prometheus' file_sd, YAML or JSON"),
  /** The {@code auths} of snmp_exporter's configuration: profiles, no systems. */
  SNMP_EXPORTER("snmp-exporter", "the auths of snmp_exporter's snmp.yml"),
  /** The devices of LibreNMS, as its API lists them. */
  LIBRENMS("librenms", "what LibreNMS' API answers to /api/v0/devices"),
  /** The devices of NetBox, as its API lists them or its page exports them. */
  NETBOX("netbox", "NetBox' devices, its API's JSON or exported CSV");

  private final String written;
  private final String what;

  InventoryFormat(String written, String what) {
    this.written = written;
    this.what = what;
  }

  /** The name on the command line. */
  @Override
  public String toString() {
    return written;
  }

  /** What it is, in words. */
  public String what() {
    return what;
  }

  /** The format of that name; null if there is none. */
  public static InventoryFormat named(String name) {
    return Arrays.stream(values())
        .filter(format -> format.written.equals(name))
        .findFirst()
        .orElse(null);
  }

  /**
   * What a file lists, as a part of a configuration.
   *
   * @param name makes a system's name of its fields: {@code {site}/{name}}
   * @param profiles profiles for each system, besides those that its fields name; may have fields
   * @throws IOException if the file cannot be read
   */
  public Proposal read(Path file, NameTemplate name, List<NameTemplate> profiles)
      throws IOException {
    Problems problems = new Problems(file.toString());
    Inventory inventory = inventory(file, problems);
    return new InventoryWriter(name, profiles, problems).write(inventory, this + " " + file);
  }

  /** What is wrong with parts of it is a problem, and they are left out. */
  private Inventory inventory(Path file, Problems problems) throws IOException {
    return switch (this) {
      case CSV -> SystemsCsv.read(file, problems);
      case HOSTS -> HostsFile.read(file, problems);
      case FILE_SD -> FileSd.read(file, problems);
      case SNMP_EXPORTER -> SnmpExporterAuths.read(file, problems);
      case LIBRENMS -> LibreNms.read(file, problems);
      case NETBOX -> NetBox.read(file, problems);
    };
  }
}
