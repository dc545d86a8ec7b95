package org.aeiou.daemon.simulator;

import org.aeiou.daemon.backend.Value;
import org.snmp4j.smi.Counter32;
import org.snmp4j.smi.Counter64;
import org.snmp4j.smi.Gauge32;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.IpAddress;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.Opaque;
import org.snmp4j.smi.TimeTicks;
import org.snmp4j.smi.Variable;

/** Puts values into the form in which SNMP4J encodes them. */
final class Variables {
  private Variables() {}

  static Variable of(Value value) {
    if (value instanceof Value.Numeric numeric) {
      long number = numeric.number();
      return switch (numeric.type()) {
        case INTEGER -> new Integer32((int) number);
        case COUNTER32 -> new Counter32(number & 0xffffffffL);
        case GAUGE -> new Gauge32(number & 0xffffffffL);
        case TIME -> new TimeTicks(number & 0xffffffffL);
        case COUNTER64 -> new Counter64(number);
      };
    }
    if (value instanceof Value.Octets octets) {
      return switch (octets.type()) {
        case OCTETS -> new OctetString(octets.octets());
        case ADDRESS -> new IpAddress(octets.octets());
        case OPAQUE -> new Opaque(octets.octets());
      };
    }
    if (value instanceof Value.Identifier identifier) {
      return new OID(identifier.oid().toArray());
    }
    throw new IllegalArgumentException(
        value
            + " is no value of one object; expected a number,"
            + " octets or an object identifier");
  }

  static boolean isCounter64(Value value) {
    return value instanceof Value.Numeric numeric && numeric.type() == Value.NumberType.COUNTER64;
  }
}
