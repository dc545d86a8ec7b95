package org.aeiou.daemon.simulator;

import java.util.function.BiConsumer;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.Value.NumberType;
import org.aeiou.daemon.backend.Value.OctetsType;
import org.aeiou.daemon.simulator.objects.ObjectView;
import org.snmp4j.PDU;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.Variable;

/**
 * What of an agent can be set, as SNMPv2-MIB and IF-MIB say: contact, name and place of the system,
 * administrative state and alias of an interface, whose operational state follows.
 */
final class WritableObjects {
  private static final Oid SYSTEM = Oid.parse("1.3.6.1.2.1.1");
  private static final Oid IF_ADMIN_STATUS = Oid.parse("1.3.6.1.2.1.2.2.1.7");
  private static final Oid IF_OPER_STATUS = Oid.parse("1.3.6.1.2.1.2.2.1.8");
  private static final Oid IF_ALIAS = Oid.parse("1.3.6.1.2.1.31.1.1.1.18");

  private WritableObjects() {}

  /** The error status for an object that is to be set; {@link PDU#noError} if it can be. */
  static int check(ObjectView view, int[] name, Variable value, boolean mayWrite) {
    Oid oid = Oid.of(name);
    boolean isText = oid.startsWith(IF_ALIAS) || isOfSystem(oid);
    if (view.get(name) == null) {
      return view.knows(name) ? PDU.noCreation : PDU.noAccess;
    }
    if (!isText && !oid.startsWith(IF_ADMIN_STATUS)) {
      return PDU.notWritable;
    }
    if (!mayWrite) {
      return PDU.noAccess;
    }
    if (isText) {
      int most = oid.startsWith(IF_ALIAS) ? 64 : 255;
      return value instanceof OctetString text && value.getSyntax() == new OctetString().getSyntax()
          ? text.length() <= most ? PDU.noError : PDU.wrongLength
          : PDU.wrongType;
    }
    return value instanceof Integer32 number
        ? number.getValue() >= 1 && number.getValue() <= 3 ? PDU.noError : PDU.wrongValue
        : PDU.wrongType;
  }

  private static boolean isOfSystem(Oid oid) {
    return oid.startsWith(SYSTEM)
        && oid.length() == SYSTEM.length() + 2
        && oid.get(SYSTEM.length()) >= 4
        && oid.get(SYSTEM.length()) <= 6;
  }

  /** What passed the check. */
  static Value value(Variable checked) {
    return checked instanceof OctetString text
        ? new Value.Octets(OctetsType.OCTETS, text.getValue())
        : new Value.Numeric(NumberType.INTEGER, checked.toLong());
  }

  static void set(int[] name, Value value, BiConsumer<Oid, Value> setter) {
    Oid oid = Oid.of(name);
    setter.accept(oid, value);
    if (oid.startsWith(IF_ADMIN_STATUS)) {
      setter.accept(IF_OPER_STATUS.append(oid.suffix(IF_ADMIN_STATUS.length())), value);
    }
  }
}
