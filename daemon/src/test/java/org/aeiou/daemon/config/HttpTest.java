package org.aeiou.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.testing.Certificates;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code http:} in a configuration. */
class HttpTest {
  private static final String TOKEN = "0123456789abcdef0123";
  private static final String SYSTEMS = "\nsystems: {core1: {address: 10.0.0.1}}\n";

  @TempDir private Path folder;
  private ConfigurationFolder files;

  @BeforeEach
  void folder() {
    files = new ConfigurationFolder(folder, Map.of("TOKEN", TOKEN, "SHORT", "s3cret"));
  }

  private HttpSettings http(String section) throws Exception {
    return files.read("http: " + section + SYSTEMS).http();
  }

  private String error(String section) throws Exception {
    List<String> errors = files.errors("http: " + section + SYSTEMS);
    assertThat(errors).hasSize(1);
    return errors.get(0);
  }

  @Test
  void itIsOffUnlessAnAddressIsListenedAt() throws Exception {
    assertThat(files.read(SYSTEMS).http()).isEqualTo(HttpSettings.OFF);
    assertThat(files.read(SYSTEMS).http().isOn()).isFalse();
    assertThat(error("{token: \"${env:TOKEN}\"}"))
        .isEqualTo("net.yaml:1: http.listen: is missing; an address, as in 127.0.0.1:9161");
  }

  private static InetSocketAddress address(String literal, int port) {
    return new InetSocketAddress(InetAddresses.forString(literal), port);
  }

  @Test
  void anAddressAloneAndAListAreWhereItListens() throws Exception {
    assertThat(http("127.0.0.1").listen()).containsExactly(address("127.0.0.1", 9161));
    assertThat(http("{listen: [\"127.0.0.2:80\", \"[::1]:0\", \"localhost:9162\"]}").listen())
        .containsExactly(address("127.0.0.2", 80), address("::1", 0), address("127.0.0.1", 9162));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "0.0.0.0:9161 | '0.0.0.0' is beyond the loopback, so that all who reach this machine could"
            + " read; expected 'token' or 'tls.clients' beside it, or 127.0.0.1",
        "10.1.2.3 | '10.1.2.3' is beyond the loopback, so that all who reach this machine could"
            + " read; expected 'token' or 'tls.clients' beside it, or 127.0.0.1",
        "netmon:9161 | 'netmon:9161' is a name; expected an address of this machine, as in"
            + " 127.0.0.1:9161",
        "127.0.0.1:70000 | '127.0.0.1:70000' has no port from 0 to 65535 behind the colon; expected"
            + " HOST:PORT"
      })
  void whatCannotBeListenedAtIsSaid(String address, String why) throws Exception {
    assertThat(error("{listen: \"" + address + "\"}")).isEqualTo("net.yaml:1: http.listen: " + why);
  }

  @Test
  void beyondTheLoopbackATokenIsNeededAndShouldBeEncrypted() throws Exception {
    Configuration configuration =
        files.read("http: {listen: 0.0.0.0, token: \"${env:TOKEN}\"}" + SYSTEMS);
    assertThat(configuration.http().isSecured()).isTrue();
    assertThat(configuration.warnings())
        .singleElement()
        .asString()
        .contains("http.token travels unencrypted")
        .doesNotContain(TOKEN);
    assertThat(configuration.http().toString()).doesNotContain(TOKEN);
  }

  @Test
  void aTokenIsLongAndNeverShown() throws Exception {
    for (String token : new String[] {"${env:SHORT}", "short", "with blanks in it all over"}) {
      assertThat(error("{listen: 127.0.0.1, token: \"" + token + "\"}"))
          .isEqualTo(
              "net.yaml:1: http.token: is no token; expected at least 16 ASCII characters without"
                  + " blanks, as 'openssl rand -hex 16' makes");
    }
  }

  @Test
  void certificatesAreReadAndAuthoritiesOfClientsSecureAsATokenDoes() throws Exception {
    Certificates.copy(folder);
    HttpSettings settings =
        http("{listen: 0.0.0.0, tls: {certificate: server.pem, key: server.key, clients: ca.pem}}");
    assertThat(settings.isSecured()).isTrue();
    assertThat(settings.tls().identity().getCertificateChain("aeiou")).hasSize(2);
    assertThat(error("{listen: 0.0.0.0, tls: {certificate: server.pem, key: server.key}}"))
        .contains("beyond the loopback");
  }

  @Test
  void whatIsWrongWithCertificatesIsSaid() throws Exception {
    Certificates.copy(folder);
    Files.writeString(folder.resolve("old.key"), pem("RSA PRIVATE KEY"));
    Files.writeString(folder.resolve("locked.key"), pem("ENCRYPTED PRIVATE KEY"));
    Files.writeString(folder.resolve("broken.key"), pem("PRIVATE KEY"));
    String tls = "{listen: 127.0.0.1, tls: {certificate: %s, key: %s}}";
    String key = "net.yaml:1: http.tls.key: cannot be used: ";
    assertThat(error(tls.formatted("none.pem", "server.key")))
        .isEqualTo(
            "net.yaml:1: http.tls.certificate: cannot be used: none.pem: there is no such file");
    assertThat(error(tls.formatted("locked.key", "server.key")))
        .contains("http.tls.certificate: cannot be used: locked.key: holds no certificate");
    assertThat(error(tls.formatted("server.pem", "client.key")))
        .isEqualTo(key + "client.key: this is not the key of the certificate in server.pem");
    assertThat(error(tls.formatted("server.pem", "old.key")))
        .startsWith(key + "old.key: holds an old form of key; expected")
        .endsWith("'openssl pkey -in old.key' writes");
    assertThat(error(tls.formatted("server.pem", "locked.key"))).contains("a key with a password");
    assertThat(error(tls.formatted("server.pem", "broken.key"))).contains("cannot be read");
    assertThat(error("{listen: 127.0.0.1, tls: {certificate: server.pem}}"))
        .isEqualTo("net.yaml:1: http.tls.key: is missing; expected a file in PEM");
  }

  private static String pem(String what) {
    return "-----BEGIN %s-----\nc2VjcmV0c2VjcmV0\n-----END %s-----\n".formatted(what, what);
  }

  @Test
  void hostsAreNamesAlone() throws Exception {
    assertThat(http("{listen: 127.0.0.1, hosts: [Netmon.example.org, board]}").hosts())
        .containsExactlyInAnyOrder("netmon.example.org", "board");
    assertThat(error("{listen: 127.0.0.1, hosts: \"netmon:80\"}")).contains("expected HOST alone");
    assertThat(error("{listen: 127.0.0.1, hosts: \"http://netmon/\"}"))
        .contains("is not a name of a host");
  }
}
