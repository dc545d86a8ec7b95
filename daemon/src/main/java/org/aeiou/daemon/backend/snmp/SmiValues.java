package org.aeiou.daemon.backend.snmp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.Value.NumberType;
import org.aeiou.daemon.backend.Value.OctetsType;
import org.aeiou.daemon.backend.snmp.message.MessageCodec;
import org.snmp4j.PDU;
import org.snmp4j.smi.Counter32;
import org.snmp4j.smi.Counter64;
import org.snmp4j.smi.Gauge32;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.IpAddress;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.Opaque;
import org.snmp4j.smi.SMIConstants;
import org.snmp4j.smi.TimeTicks;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/** Between SNMP4J's variables and our values. */
final class SmiValues {
  private SmiValues() {}

  static OID oid(Oid oid) {
    return new OID(oid.toArray());
  }

  static Oid oid(OID oid) {
    return Oid.of(oid.getValue());
  }

  /** A GET of some objects. */
  static MessageCodec.Request get(List<Oid> objects) {
    List<VariableBinding> bindings = new ArrayList<>(objects.size());
    objects.forEach(object -> bindings.add(unset(object)));
    return new MessageCodec.Request(PDU.GET, bindings, 0);
  }

  /** A binding as requests carry it, with Null for a value. */
  static VariableBinding unset(Oid oid) {
    return new VariableBinding(oid(oid));
  }

  /**
   * What the agent answered for one object.
   *
   * @return null where there is no value: noSuchObject, noSuchInstance, endOfMibView, and Null,
   *     which some agents answer instead of these
   */
  static Value value(Variable variable) {
    return switch (variable.getSyntax()) {
      case SMIConstants.SYNTAX_INTEGER32 -> number(NumberType.INTEGER, variable);
      case SMIConstants.SYNTAX_COUNTER32 -> number(NumberType.COUNTER32, variable);
      case SMIConstants.SYNTAX_GAUGE32 -> number(NumberType.GAUGE, variable);
      case SMIConstants.SYNTAX_TIMETICKS -> number(NumberType.TIME, variable);
      case SMIConstants.SYNTAX_COUNTER64 -> number(NumberType.COUNTER64, variable);
      // BITS travel as octet strings too (RFC 3416, section 2.5).
      case SMIConstants.SYNTAX_OCTET_STRING -> octets(OctetsType.OCTETS, variable);
      // An Opaque stays wrapped, the floats of UCD-SNMP-MIB included: the catalogue unwraps them.
      case SMIConstants.SYNTAX_OPAQUE -> octets(OctetsType.OPAQUE, variable);
      case SMIConstants.SYNTAX_IPADDRESS ->
          new Value.Octets(
              OctetsType.ADDRESS, ((IpAddress) variable).getInetAddress().getAddress());
      case SMIConstants.SYNTAX_OBJECT_IDENTIFIER -> new Value.Identifier(oid((OID) variable));
      default -> null;
    };
  }

  /** What sets an object to a value: the inverse of {@link #value}. */
  static Variable variable(Value.Single value) {
    if (value instanceof Value.Numeric number) {
      return switch (number.type()) {
        case INTEGER -> new Integer32((int) number.number());
        case COUNTER32 -> new Counter32(number.number());
        case GAUGE -> new Gauge32(number.number());
        case TIME -> new TimeTicks(number.number());
        case COUNTER64 -> new Counter64(number.number());
      };
    }
    if (value instanceof Value.Octets octets) {
      return switch (octets.type()) {
        case OCTETS -> new OctetString(octets.octets());
        case OPAQUE -> new Opaque(octets.octets());
        case ADDRESS -> new IpAddress(octets.octets());
      };
    }
    return oid(((Value.Identifier) value).oid());
  }

  /** The beginning of octets that are too long; of text, whole characters of UTF-8. */
  static Value.Octets cut(Value.Octets octets, int most) {
    int end = most;
    // 10xxxxxx goes on with a character that began before, at most three octets.
    while (end > most - 4 && end > 0 && (octets.octets()[end] & 0xC0) == 0x80) {
      end--;
    }
    return new Value.Octets(
        octets.type(), Arrays.copyOf(octets.octets(), end), octets.octets().length);
  }

  private static Value number(NumberType type, Variable variable) {
    return new Value.Numeric(type, variable.toLong());
  }

  private static Value octets(OctetsType type, Variable variable) {
    return new Value.Octets(type, ((OctetString) variable).getValue());
  }
}
