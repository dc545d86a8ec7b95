package org.aeiou.daemon.backend;

import org.aeiou.closures.exchange.Limits;
import org.aeiou.daemon.document.Section;

/**
 * What is said of systems so far: by default, by the section of a back end below {@code defaults:},
 * by its section in a system. Immutable.
 */
public interface PartialSettings {

  /**
   * These settings with what a section says laid over them. What is wrong with it, keys that are
   * not known included, is told as its problems.
   */
  PartialSettings with(Section section);

  /** How often and how fast the scheduler may ask. */
  Limits limits();

  /**
   * The settings of a system, now that all is said. What is missing is told as a problem of the
   * sections; the result is not used then.
   *
   * @param system the system's section, with its {@code address:}
   * @param section the back end's section in it
   */
  BackendSettings complete(Section system, Section section);
}
