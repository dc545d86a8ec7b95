package org.aeiou.daemon.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Certificates in PEM, made by the JDK's keytool once for all tests of a process: of an authority
 * {@code ca.pem}; of servers {@code server.pem} and {@code renewed.pem}, for the loopback and its
 * name, with keys; and of a client {@code client.pem}, with {@code client.p12} for this JVM.
 */
public final class Certificates {
  private static final String PASS = "changeit";
  private static final Map<String, byte[]> FILES = new LinkedHashMap<>();

  private Certificates() {}

  /** Puts all of them into a folder. */
  public static void copy(Path folder) throws Exception {
    synchronized (FILES) {
      if (FILES.isEmpty()) {
        make();
      }
      for (Map.Entry<String, byte[]> file : FILES.entrySet()) {
        Files.write(folder.resolve(file.getKey()), file.getValue());
      }
    }
  }

  /** The store of a certificate with its key, or of the authority. */
  public static KeyStore load(Path store) throws Exception {
    KeyStore loaded = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      loaded.load(in, PASS.toCharArray());
    }
    return loaded;
  }

  public static char[] password() {
    return PASS.toCharArray();
  }

  private static void make() throws Exception {
    Path folder = Files.createTempDirectory("aeiou-certificates");
    try {
      Path authority = folder.resolve("ca.p12");
      keytool(authority, "ca", "-ext", "bc:c");
      FILES.put("ca.pem", pem(load(authority).getCertificate("ca")).getBytes(US_ASCII));
      for (String name : List.of("server", "renewed", "client")) {
        Path store = folder.resolve(name + ".p12");
        // The signer is looked for in the same store.
        Files.copy(authority, store, StandardCopyOption.REPLACE_EXISTING);
        keytool(store, name, "-ext", "san=ip:127.51.0.9,dns:localhost", "-signer", "ca");
        keep(store, name);
      }
    } finally {
      for (String name : List.of("ca", "server", "renewed", "client")) {
        Files.deleteIfExists(folder.resolve(name + ".p12"));
      }
      Files.delete(folder);
    }
  }

  private static void keep(Path store, String name) throws Exception {
    KeyStore made = load(store);
    StringBuilder chain = new StringBuilder();
    for (Certificate each : made.getCertificateChain(name)) {
      chain.append(pem(each));
    }
    byte[] key = made.getKey(name, password()).getEncoded();
    FILES.put(name + ".pem", chain.toString().getBytes(US_ASCII));
    FILES.put(name + ".key", pem("PRIVATE KEY", key).getBytes(US_ASCII));
    made.deleteEntry("ca");
    made.store(Files.newOutputStream(store), password());
    FILES.put(name + ".p12", Files.readAllBytes(store));
  }

  private static void keytool(Path store, String name, String... more)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
    command.addAll(List.of("-genkeypair", "-keyalg", "EC", "-alias", name, "-dname", "CN=" + name));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", PASS));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), US_ASCII);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private static String pem(Certificate certificate) throws Exception {
    return pem("CERTIFICATE", certificate.getEncoded());
  }

  private static String pem(String what, byte[] octets) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(octets);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, text, what);
  }
}
