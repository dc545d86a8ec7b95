package org.aeiou.daemon.backend.snmp;

import java.io.File;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Version;
import org.aeiou.daemon.backend.snmp.message.UsmUser;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Authentication;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Privacy;

/** Net-SNMP's agent on a free loopback port, with users of its own, and its command line tools. */
public final class Snmpd implements AutoCloseable {
  public static final String AUTH_PASS = "authentication-password";
  public static final String PRIV_PASS = "privacy-password";

  private final Path folder;
  private final int port;
  private Process process;

  /** An agent in {@code folder}, where it keeps its state; not started yet. */
  public Snmpd(Path folder) throws IOException {
    this.folder = folder;
    try (DatagramSocket free =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      this.port = free.getLocalPort();
    }
    configure("");
  }

  /** Writes its configuration; {@code more} lines at the end. */
  public void configure(String more) throws IOException {
    configure("sysLocation Rack 7\nsysContact ops@example.org\nsysName core1\n", "rouser", more);
  }

  /**
   * Lets what it says of itself be written, which it does not where its configuration says that: by
   * the community {@code private}, and by each of its users.
   */
  public void letWrite(String more) throws IOException {
    configure("psyslocation Rack 7\npsyscontact ops@example.org\npsysname core1\n", "rwuser", more);
  }

  private void configure(String system, String right, String more) throws IOException {
    StringBuilder conf = new StringBuilder();
    conf.append("rocommunity public\nrocommunity6 public\nrwcommunity private\n");
    conf.append(system);
    for (UsmUser user : users()) {
      conf.append("createUser ").append(user.name());
      if (user.authentication() != Authentication.NONE) {
        conf.append(' ').append(dashed(user.authentication().name()));
        conf.append(' ').append(AUTH_PASS);
      }
      if (user.privacy() != Privacy.NONE) {
        conf.append(' ').append(dashed(user.privacy().name()).replace("AES-128", "AES"));
        conf.append(' ').append(PRIV_PASS);
      }
      conf.append("\n" + right + " ").append(user.name()).append(" noauth\n");
    }
    Files.writeString(folder.resolve("agent.conf"), conf + more, StandardCharsets.UTF_8);
  }

  private static String dashed(String name) {
    return name.replace('_', '-');
  }

  /** One user for each authentication protocol, and one for each privacy protocol. */
  static List<UsmUser> users() {
    List<UsmUser> users = new ArrayList<>();
    for (Authentication authentication : Authentication.values()) {
      users.add(user(authentication, Privacy.NONE));
    }
    for (Privacy privacy : Privacy.values()) {
      if (privacy != Privacy.NONE) {
        users.add(user(Authentication.SHA, privacy));
        users.add(user(Authentication.SHA_512, privacy));
      }
    }
    return users;
  }

  public static UsmUser user(Authentication authentication, Privacy privacy) {
    return new UsmUser(
        "u-" + authentication + "-" + privacy,
        authentication,
        authentication == Authentication.NONE ? null : new Secret(AUTH_PASS),
        privacy,
        privacy == Privacy.NONE ? null : new Secret(PRIV_PASS),
        "");
  }

  SnmpSettings settings(Version version) {
    return new SnmpSettings("127.0.0.1", port, version, new Secret("public"), null);
  }

  SnmpSettings settings(UsmUser user) {
    return new SnmpSettings("127.0.0.1", port, Version.V3, null, user);
  }

  SnmpSettings settingsV6() {
    return new SnmpSettings("::1", port, Version.V2C, new Secret("public"), null);
  }

  /** Starts it and waits until it answers Net-SNMP's own tool. */
  public void start() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            "/usr/sbin/snmpd",
            "-f",
            "-r",
            "-Lf",
            folder.resolve("log").toString(),
            "-c",
            folder.resolve("agent.conf").toString(),
            "-I",
            "-smux",
            "-p",
            folder.resolve("pid").toString(),
            "udp:127.0.0.1:" + port + ",udp6:[::1]:" + port);
    // Its state and nothing else; -C would keep it from reading its state too.
    builder.environment().put("SNMPCONFPATH", folder.toString());
    builder.environment().put("MIBS", "");
    builder.environment().put("SNMP_PERSISTENT_DIR", folder.toString());
    builder.redirectErrorStream(true).redirectOutput(folder.resolve("out").toFile());
    process = builder.start();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (tool("snmpget", "-t", "0.2", "-r", "0", address(), ".1.3.6.1.2.1.1.5.0").isEmpty()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new AssertionError(
            "snmpd does not answer: " + Files.readString(folder.resolve("log")));
      }
    }
  }

  /** Ends the agent, which saves its state as it does so, and waits for it. */
  void stop() throws InterruptedException {
    if (process != null) {
      process.destroy();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
  }

  /** Loses what it saved: engine id, count of reboots, users; by an agent that is stopped. */
  void forget() throws IOException {
    Files.deleteIfExists(folder.resolve("snmpd.conf"));
  }

  public String address() {
    return "127.0.0.1:" + port;
  }

  /**
   * Runs one of Net-SNMP's tools: octets in hexadecimal, everything else as numbers.
   *
   * @return what it printed, by object; empty if it failed
   */
  public Map<Oid, String> tool(String name, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of(name, "-v2c", "-cpublic", "-m", "", "-Ontxe", "-OU"));
    Collections.addAll(command, arguments);
    Process tool = new ProcessBuilder(command).redirectError(new File("/dev/null")).start();
    String out = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Map<Oid, String> printed = new TreeMap<>();
    if (tool.waitFor() != 0) {
      return printed;
    }
    Oid last = null;
    for (String line : out.lines().toList()) {
      int equals = line.indexOf(" = ");
      if (line.startsWith(".") && equals > 0) {
        last = Oid.parse(line.substring(0, equals));
        printed.put(last, line.substring(equals + 3).trim());
      } else if (last != null) {
        // Long octet strings go on in the next line.
        printed.merge(last, line.trim(), (before, more) -> before + " " + more);
      }
    }
    return printed;
  }

  @Override
  public void close() throws IOException {
    try {
      stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
