package org.aeiou.daemon.simulator.objects;

import org.aeiou.daemon.backend.Value;

/**
 * The objects of an agent at one moment, in the order of their names. Names are arrays of unsigned
 * sub-identifiers, as SNMP4J hands them over; none is ever changed.
 */
public interface ObjectView {

  /** An object with its name. */
  record Binding(int[] name, Value value) {}

  /** The value of that name, or null. */
  Value get(int[] name);

  /**
   * Whether the agent has objects of this kind at all; if not, the answer is noSuchObject, else
   * noSuchInstance (RFC 3416, section 4.2.1).
   */
  boolean knows(int[] name);

  /** The first object behind that name, or null at the end. */
  Binding next(int[] name);
}
