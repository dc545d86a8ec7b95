package org.aeiou.daemon.config;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files for TLS, in PEM (RFC 7468). Immutable, with value equality.
 *
 * @param certificate this end's certificate, and those between it and its authority; null if it
 *     shows none
 * @param key its private key, PKCS #8 without a password; null without a certificate
 * @param clients the authorities of the other ends' certificates; null if those need show none, or
 *     as this machine has it
 */
public record TlsFiles(Path certificate, Path key, Path clients) {
  /** Far more than any of them. */
  private static final int MOST_OCTETS = 1 << 20;

  private static final Pattern KEY =
      Pattern.compile(
          "-----BEGIN ([A-Z ]*)PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END \\1PRIVATE KEY-----");

  /** Of the key, which PKCS #8 tells; they are tried one after the other. */
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519", "Ed448");

  /**
   * This end's certificates with their key.
   *
   * @throws IOException if they cannot be had; says of which file what is wrong
   */
  public KeyStore identity() throws IOException {
    Collection<? extends Certificate> chain = certificates(certificate);
    PrivateKey secret = key(key);
    try {
      PublicKey shown = chain.iterator().next().getPublicKey();
      if (!belong(shown, secret)) {
        throw new IOException(key + ": this is not the key of the certificate in " + certificate);
      }
      KeyStore store = empty();
      store.setKeyEntry("aeiou", secret, new char[0], chain.toArray(new Certificate[0]));
      return store;
    } catch (GeneralSecurityException e) {
      throw new IOException(certificate + ": cannot be used: " + e.getMessage(), e);
    }
  }

  /** The authorities of the other ends' certificates. */
  public KeyStore authorities() throws IOException {
    try {
      KeyStore store = empty();
      int number = 0;
      for (Certificate each : certificates(clients)) {
        store.setCertificateEntry("authority" + number++, each);
      }
      return store;
    } catch (GeneralSecurityException e) {
      throw new IOException(clients + ": cannot be used: " + e.getMessage(), e);
    }
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(Path file) throws IOException {
    try {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(read(file)));
      if (!all.isEmpty()) {
        return all;
      }
    } catch (GeneralSecurityException e) {
      // told below, as what else is no certificate
    }
    throw new IOException(file + ": holds no certificate; expected '-----BEGIN CERTIFICATE-----'");
  }

  private static PrivateKey key(Path file) throws IOException {
    Matcher pem = KEY.matcher(new String(read(file), US_ASCII));
    String expected = "; expected '-----BEGIN PRIVATE KEY-----' without a password, as ";
    if (!pem.find()) {
      throw new IOException(file + ": holds no private key" + expected + "'openssl pkey' writes");
    }
    if (!pem.group(1).isEmpty()) {
      throw new IOException(
          file
              + ": holds "
              + (pem.group(1).equals("ENCRYPTED ") ? "a key with a password" : "an old form of key")
              + expected
              + "'openssl pkey -in "
              + file.getFileName()
              + "' writes");
    }
    try {
      byte[] octets = Base64.getMimeDecoder().decode(pem.group(2));
      for (String algorithm : ALGORITHMS) {
        try {
          return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(octets));
        } catch (InvalidKeySpecException e) {
          // of another algorithm
        }
      }
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      // told below; the cause might show parts of the key
    }
    throw new IOException(
        file + ": the key cannot be read; expected one of " + String.join(", ", ALGORITHMS));
  }

  /** Whether what one signs the other verifies. */
  private static boolean belong(PublicKey shown, PrivateKey secret)
      throws GeneralSecurityException {
    String algorithm =
        switch (secret.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> secret.getAlgorithm();
        };
    byte[] sample = "aeiou".getBytes(US_ASCII);
    try {
      Signature signing = Signature.getInstance(algorithm);
      signing.initSign(secret);
      signing.update(sample);
      Signature verifying = Signature.getInstance(algorithm);
      verifying.initVerify(shown);
      verifying.update(sample);
      return verifying.verify(signing.sign());
    } catch (InvalidKeyException e) {
      return false;
    }
  }

  private static byte[] read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] octets = in.readNBytes(MOST_OCTETS + 1);
      if (octets.length > MOST_OCTETS) {
        throw new IOException(file + ": is larger than 1 MiB; expected certificates or a key");
      }
      return octets;
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": there is no such file", e);
    } catch (AccessDeniedException e) {
      throw new IOException(file + ": there is no permission to read it", e);
    }
  }
}
