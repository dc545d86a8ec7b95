package org.aeiou.daemon.backend.snmp.trap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.aeiou.daemon.backend.Notification.Named;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.snmp4j.PDU;
import org.snmp4j.PDUv1;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/**
 * What a trap says, whatever its version: a trap of v1 as one of v2 (RFC 3584, section 3.1).
 *
 * @param name of what kind it is; null if it does not say
 * @param objects what it names besides that
 * @param agentAddress the address of the agent that says it sent it first; null if none is said
 * @param details fields of its event
 */
record TrapTranslation(
    Oid name, List<Named> objects, Value.Octets agentAddress, Map<String, Object> details) {
  private static final Oid SYS_UP_TIME = Oid.parse("1.3.6.1.2.1.1.3.0");
  private static final Oid SNMP_TRAP_OID = Oid.parse("1.3.6.1.6.3.1.1.4.1.0");
  private static final Oid SNMP_TRAP_ENTERPRISE = Oid.parse("1.3.6.1.6.3.1.1.4.3.0");
  private static final Oid SNMP_TRAP_ADDRESS = Oid.parse("1.3.6.1.6.3.18.1.3.0");
  private static final Oid SNMP_TRAP_COMMUNITY = Oid.parse("1.3.6.1.6.3.18.1.4.0");
  private static final Oid SNMP_TRAPS = Oid.parse("1.3.6.1.6.3.1.1.5");

  /** More bindings than that are left out. */
  private static final int MOST_OBJECTS = 64;

  /**
   * What a PDU says.
   *
   * @param values makes values of variables
   * @throws IllegalArgumentException if an object has a name that is none
   */
  static TrapTranslation of(PDU pdu, Function<Variable, Value> values) {
    Map<String, Object> details = new LinkedHashMap<>();
    List<Named> objects = new ArrayList<>();
    Oid name = null;
    Value.Octets address = null;
    if (pdu instanceof PDUv1 v1) {
      name = name(v1);
      details.put("uptime_ms", 10 * v1.getTimestamp());
      byte[] agent = v1.getAgentAddress().getInetAddress().getAddress();
      if (agent[0] != 0) {
        address = new Value.Octets(Value.OctetsType.ADDRESS, agent);
      }
    }
    for (VariableBinding binding : pdu.getVariableBindings()) {
      Oid oid = Oid.of(binding.getOid().getValue());
      Value value = values.apply(binding.getVariable());
      if (oid.equals(SYS_UP_TIME) && value instanceof Value.Numeric time) {
        details.put("uptime_ms", 10 * time.number());
      } else if (oid.equals(SNMP_TRAP_OID) && value instanceof Value.Identifier trap) {
        name = name == null ? trap.oid() : name;
      } else if (oid.equals(SNMP_TRAP_ADDRESS) && value instanceof Value.Octets octets) {
        address = octets;
      } else if (!oid.equals(SNMP_TRAP_COMMUNITY) // which is a password
          && !oid.equals(SNMP_TRAP_ENTERPRISE)
          && objects.size() < MOST_OBJECTS) {
        objects.add(new Named(oid, value));
      }
    }
    return new TrapTranslation(name, objects, address, details);
  }

  private static Oid name(PDUv1 trap) {
    int generic = trap.getGenericTrap();
    if (generic >= PDUv1.COLDSTART && generic < PDUv1.ENTERPRISE_SPECIFIC) {
      return SNMP_TRAPS.append(generic + 1);
    }
    return Oid.of(trap.getEnterprise().getValue()).append(0, trap.getSpecificTrap());
  }
}
