package org.aeiou.daemon.backend.snmp.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Authentication;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Privacy;
import org.junit.jupiter.api.Test;
import org.snmp4j.security.SecurityProtocols;
import org.snmp4j.smi.OctetString;

class UsmKeysTest {
  private static final byte[] ENGINE = HexFormat.of().parseHex("000000000000000000000002");

  private final SnmpCounters counters = new SnmpCounters();
  private final UsmKeys keys = new UsmKeys(counters);

  private static UsmUser user(Authentication authentication, Privacy privacy) {
    return new UsmUser(
        "ops", authentication, new Secret("maplesyrup"), privacy, new Secret("maplesyrup"), "");
  }

  @Test
  void theExamplesOfRfc3414ComeOut() {
    assertThat(keys.authentication(user(Authentication.MD5, Privacy.NONE), ENGINE).getValue())
        .isEqualTo(HexFormat.of().parseHex("526f5eed9fcce26f8964c2930787d82b"));
    assertThat(keys.authentication(user(Authentication.SHA, Privacy.NONE), ENGINE).getValue())
        .isEqualTo(HexFormat.of().parseHex("6695febc9288e36282235fc7151f128497b38f3f"));
  }

  @Test
  void everyPairOfProtocolsGetsTheKeysThatSnmp4jWouldDerive() {
    OctetString pass = new OctetString("maplesyrup");
    for (Authentication authentication : Authentication.values()) {
      for (Privacy privacy : Privacy.values()) {
        UsmUser user = user(authentication, privacy);
        if (authentication != Authentication.NONE) {
          assertThat(keys.authentication(user, ENGINE).getValue())
              .isEqualTo(UsmKeys.protocol(authentication).passwordToKey(pass, ENGINE));
          if (privacy != Privacy.NONE) {
            assertThat(keys.privacy(user, ENGINE).getValue())
                .as(authentication + " " + privacy)
                .isEqualTo(
                    SecurityProtocols.passwordToKey(
                        UsmKeys.protocol(privacy), UsmKeys.protocol(authentication), pass, ENGINE));
          }
        }
      }
    }
  }

  @Test
  void aPassphraseIsExpandedOnceHoweverManyEnginesUseIt() {
    UsmUser user = user(Authentication.SHA_256, Privacy.AES_128);
    assertThat(keys.ready(user)).isFalse();
    for (byte i = 0; i < 50; i++) {
      byte[] engine = {i, 0, 0, 0, 2};
      keys.authentication(user, engine);
      keys.privacy(user, engine);
    }
    assertThat(keys.ready(user)).isTrue();
    assertThat(counters.get(SnmpCounter.KEYS_DERIVED)).isEqualTo(1);
  }

  @Test
  void aUserWithoutAuthenticationNeedsNoKeys() {
    UsmUser user = new UsmUser("ops", Authentication.NONE, null, Privacy.NONE, null, "");
    assertThat(keys.ready(user)).isTrue();
    assertThat(keys.authentication(user, ENGINE)).isNull();
    assertThat(keys.privacy(user, ENGINE)).isNull();
  }
}
