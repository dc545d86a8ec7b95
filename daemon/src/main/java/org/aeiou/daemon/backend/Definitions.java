package org.aeiou.daemon.backend;

/** What is known of objects before they are asked for. Any thread may call any method. */
public interface Definitions {

  /** What a value may have where nothing else is known: as in the SMI (RFC 2578, section 7.1.2). */
  int MOST_OCTETS = 65_535;

  /** Octet strings up to this length are never too long, whatever their type says. */
  int SHORT_OCTETS = 255;

  /** Where nothing is known. */
  Definitions NONE =
      new Definitions() {
        @Override
        public int mostOctets(Oid instance) {
          return MOST_OCTETS;
        }

        @Override
        public String name(Oid object) {
          return null;
        }
      };

  /**
   * How many octets a value has at most, by its declared type.
   *
   * @param instance with instance or index
   * @return {@link #SHORT_OCTETS} to {@link #MOST_OCTETS}
   */
  int mostOctets(Oid instance);

  /**
   * What people call an object: {@code interfaces/ifDescr}.
   *
   * @param object with or without instance or index
   * @return null if it has no name
   */
  String name(Oid object);
}
