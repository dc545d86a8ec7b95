package org.aeiou.daemon.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.snmp4j.asn1.BERInputStream;
import org.snmp4j.smi.OID;

final class OidTest {
  private static final int[] EDGES = {
    0, 1, 2, 3, 39, 40, 47, 48, 79, 80, -1 - 81, -1 - 80, -80, -1
  };

  /** Whether it comes back from the wire as it was. */
  private static boolean survives(int... ids) {
    OID written = new OID(ids);
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      written.encodeBER(bytes);
      OID read = new OID();
      read.decodeBER(new BERInputStream(ByteBuffer.wrap(bytes.toByteArray())));
      return read.equals(written);
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  @Test
  void whatIsSaidToBeEncodableIsReadAsItWasWritten() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      int first = EDGES[random.nextInt(EDGES.length)];
      int second = EDGES[random.nextInt(EDGES.length)];
      Oid oid = Oid.of(first, second, random.nextInt());
      if (oid.isEncodable()) {
        assertThat(survives(first, second, oid.get(2))).as(oid.toString()).isTrue();
      }
    }
  }

  @Test
  void whatSharesItsNumberWithAnotherIsNotEncodable() {
    for (String text :
        new String[] {
          "3.1", "1.40.1", "1.50.3", "0.4294967295", "2.4294967216.1", "1", "4294967295.1"
        }) {
      assertThat(Oid.parse(text).isEncodable()).as(text).isFalse();
    }
    for (String text :
        new String[] {"1.3.6.1", "0.39", "1.39.4294967295", "2.47", "2.48.7", "2.4294967215"}) {
      assertThat(Oid.parse(text).isEncodable()).as(text).isTrue();
    }
  }
}
