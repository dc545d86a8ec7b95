package org.aeiou.daemon.catalogue.syntax;

/** The types of the SMI (RFC 2578, section 7.1), by the name that MIBs and catalogue files use. */
public enum BaseType {
  INTEGER("INTEGER", Kind.NUMBER),
  INTEGER32("Integer32", Kind.NUMBER),
  UNSIGNED32("Unsigned32", Kind.NUMBER),
  GAUGE32("Gauge32", Kind.NUMBER),
  COUNTER32("Counter32", Kind.NUMBER),
  COUNTER64("Counter64", Kind.NUMBER),
  TIME_TICKS("TimeTicks", Kind.NUMBER),
  OCTET_STRING("OCTET STRING", Kind.OCTETS),
  BITS("BITS", Kind.OCTETS),
  IP_ADDRESS("IpAddress", Kind.OCTETS),
  OPAQUE("Opaque", Kind.OCTETS),
  OBJECT_IDENTIFIER("OBJECT IDENTIFIER", Kind.IDENTIFIER);

  /** What a value of a type is made of. */
  public enum Kind {
    NUMBER,
    OCTETS,
    IDENTIFIER
  }

  private final String smiName;
  private final Kind kind;

  BaseType(String smiName, Kind kind) {
    this.smiName = smiName;
    this.kind = kind;
  }

  /** As MIBs write it: {@code OCTET STRING}. */
  public String smiName() {
    return smiName;
  }

  public Kind kind() {
    return kind;
  }

  public boolean isCounter() {
    return this == COUNTER32 || this == COUNTER64;
  }
}
