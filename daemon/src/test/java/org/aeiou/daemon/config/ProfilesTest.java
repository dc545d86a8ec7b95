package org.aeiou.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.aeiou.daemon.backend.snmp.SnmpSettings;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Version;
import org.aeiou.daemon.catalogue.TtlClass;
import org.aeiou.daemon.config.Configuration.SystemConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfilesTest {
  @TempDir private Path folder;
  private ConfigurationFolder files;

  @BeforeEach
  void folder() {
    files = new ConfigurationFolder(folder, Map.of());
  }

  @Test
  void aSystemTakesFromItsProfilesWhatItDoesNotSayAndTheRestFromTheDefaults() throws Exception {
    SystemConfiguration core1 =
        files
            .read(
                """
                ttl: {config: 7m}
                defaults: {snmp: {timeout: 4s, retries: 5}}
                profiles:
                  secure: {snmp: {version: 3, user: ops, max-in-flight: 7}, ttl: {state: 3s}}
                  chinese: {charset: GBK, ttl: {state: 4s, counter: 9s}, snmp: {retries: 0}}
                systems:
                  core1: {address: 10.0.0.1, profiles: [secure, chinese], ttl: {counter: 1s}}
                """)
            .systems()
            .get("core1");

    SnmpSettings settings = (SnmpSettings) core1.settings();
    assertThat(settings.version()).isEqualTo(Version.V3);
    assertThat(settings.user().name()).isEqualTo("ops");
    assertThat(core1.limits().timeout()).isEqualTo(Duration.ofSeconds(4));
    assertThat(core1.limits().maxInFlight()).isEqualTo(7);
    assertThat(core1.limits().retries()).as("the last profile goes first").isZero();
    assertThat(core1.charset()).isEqualTo(Charset.forName("GBK"));
    assertThat(core1.lifetime().classes())
        .containsEntry(TtlClass.CONFIG, Duration.ofMinutes(7))
        .containsEntry(TtlClass.STATE, Duration.ofSeconds(4))
        .containsEntry(TtlClass.COUNTER, Duration.ofSeconds(1));
  }

  @Test
  void oneProfileNeedsNoList() throws Exception {
    Configuration configuration =
        files.read(
            """
            profiles: {slow: {snmp: {timeout: 9s}}}
            systems:
              a: {address: a, profiles: slow}
              b: b
            """);
    assertThat(configuration.systems().get("a").limits().timeout())
        .isEqualTo(Duration.ofSeconds(9));
    assertThat(configuration.systems().get("b").limits().timeout())
        .isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void aMistakeInAProfileIsToldOnceHoweverManySystemsHaveIt() throws Exception {
    assertThat(
            files.errors(
                """
                profiles:
                  slow: {snmp: {timeout: soon}, adress: x}
                  other: {ttl: {state: 1s}}
                systems:
                  a: {address: a, profiles: slow}
                  b: {address: b, profiles: [slow, other]}
                  c: {address: c, profiles: [other, slow]}
                """))
        .containsExactly(
            "net.yaml:2: profiles.slow.snmp.timeout: 'soon' is not a duration; expected a"
                + " number and ms, s, m, h or d, as in 15s",
            "net.yaml:2: profiles.slow.adress: is not a key here; expected one of snmp, ttl,"
                + " charset, budget, write");
  }

  @Test
  void aProfileThatThereIsNotIsNamed() throws Exception {
    assertThat(
            files.errors(
                "profiles: {slow: {}}\nsystems:\n  a: {address: a, profiles: [slow, slwo]}"))
        .containsExactly(
            "net.yaml:3: systems.a.profiles: 'slwo' is not a profile; expected 'slow', or a key"
                + " below 'profiles'");
    assertThat(files.errors("systems:\n  a: {address: a, profiles: slow}"))
        .containsExactly(
            "net.yaml:2: systems.a.profiles: 'slow' is not a profile; there are none, expected"
                + " them below 'profiles' at the top");
  }
}
