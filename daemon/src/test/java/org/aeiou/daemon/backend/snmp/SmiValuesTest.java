package org.aeiou.daemon.backend.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.Value.NumberType;
import org.aeiou.daemon.backend.Value.OctetsType;
import org.junit.jupiter.api.Test;
import org.snmp4j.smi.Counter32;
import org.snmp4j.smi.Counter64;
import org.snmp4j.smi.Gauge32;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.IpAddress;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.Opaque;
import org.snmp4j.smi.TimeTicks;
import org.snmp4j.smi.UnsignedInteger32;

class SmiValuesTest {

  @Test
  void numbersKeepTheirTypeAndSign() {
    assertThat(SmiValues.value(new Integer32(-7)))
        .isEqualTo(new Value.Numeric(NumberType.INTEGER, -7));
    assertThat(SmiValues.value(new Counter32(0xFFFF_FFFFL)))
        .isEqualTo(new Value.Numeric(NumberType.COUNTER32, 0xFFFF_FFFFL));
    assertThat(SmiValues.value(new Gauge32(0x8000_0000L)))
        .isEqualTo(new Value.Numeric(NumberType.GAUGE, 0x8000_0000L));
    assertThat(SmiValues.value(new UnsignedInteger32(5)))
        .isEqualTo(new Value.Numeric(NumberType.GAUGE, 5));
    assertThat(SmiValues.value(new TimeTicks(0xFFFF_FFFFL)))
        .isEqualTo(new Value.Numeric(NumberType.TIME, 0xFFFF_FFFFL));
    assertThat(SmiValues.value(new Counter64(-1)).toString()).isEqualTo("18446744073709551615");
  }

  @Test
  void octetsKeepTheirTypeAndAreNotUnwrapped() {
    byte[] octets = {(byte) 0x9f, 0x78, 0x04, 0x3f, 0, 0, 0};
    assertThat(SmiValues.value(new OctetString(octets)))
        .isEqualTo(new Value.Octets(OctetsType.OCTETS, octets));
    assertThat(SmiValues.value(new Opaque(octets)))
        .isEqualTo(new Value.Octets(OctetsType.OPAQUE, octets));
    assertThat(SmiValues.value(new IpAddress("10.0.0.255")))
        .isEqualTo(new Value.Octets(OctetsType.ADDRESS, new byte[] {10, 0, 0, (byte) 255}));
  }

  @Test
  void identifiersKeepUnsignedParts() {
    Oid oid = Oid.parse("1.3.6.4294967295.1");
    assertThat(SmiValues.value(new OID("1.3.6.4294967295.1"))).isEqualTo(new Value.Identifier(oid));
    assertThat(SmiValues.oid(SmiValues.oid(oid))).isEqualTo(oid);
  }

  @Test
  void noValueOfAnyKindIsNull() {
    assertThat(SmiValues.value(Null.noSuchObject)).isNull();
    assertThat(SmiValues.value(Null.noSuchInstance)).isNull();
    assertThat(SmiValues.value(Null.endOfMibView)).isNull();
    assertThat(SmiValues.value(new Null())).isNull();
  }
}
