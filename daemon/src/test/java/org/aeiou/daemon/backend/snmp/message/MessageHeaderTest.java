package org.aeiou.daemon.backend.snmp.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessageHeaderTest {
  private static final byte[] V2C =
      HexFormat.of()
          .parseHex(
              "301c 0201 01 0406 7075626c6963 a20f 0204 12345678 0201 00 0201 00 3000"
                  .replace(" ", ""));
  private static final byte[] V3 =
      HexFormat.of()
          .parseHex(
              "303a 0201 03 300f 0202 1a2b 0203 00ffe3 0401 04 0201 03 0400".replace(" ", ""));

  @Test
  void theRequestIdOfACommunityMessageIsFound() {
    assertThat(MessageHeader.of(V2C)).isEqualTo(new MessageHeader(1, 0x12345678));
  }

  @Test
  void theMessageIdOfVersion3IsFound() {
    assertThat(MessageHeader.of(V3)).isEqualTo(new MessageHeader(3, 0x1a2b));
  }

  @Test
  void aRequestIsNoResponse() {
    byte[] get = V2C.clone();
    get[13] = (byte) 0xA0;
    assertThat(MessageHeader.of(get)).isNull();
  }

  @Test
  void whatBreaksOffBeforeTheIdHasNoHeader() {
    for (int length = 0; length < 21; length++) {
      assertThat(MessageHeader.of(Arrays.copyOf(V2C, length))).as("%d octets", length).isNull();
    }
  }

  @Test
  void noOctetsAtAllMakeItThrow() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] octets = (i % 2 == 0 ? V2C : V3).clone();
      for (int change = 0; change < 3; change++) {
        octets[random.nextInt(octets.length)] = (byte) random.nextInt();
      }
      MessageHeader.of(octets);
    }
    assertThat(MessageHeader.of(HexFormat.of().parseHex("3084ffffffff020101"))).isNull();
    assertThat(MessageHeader.of(HexFormat.of().parseHex("30050201010484ffffffff"))).isNull();
  }
}
