package org.aeiou.daemon.app;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import org.aeiou.daemon.backend.BackendFactory;
import org.aeiou.daemon.backend.snmp.SnmpFactory;

/** The back ends of this program: the one place that knows them, a line for each. */
public final class Backends {
  /**
   * By the name of their section of the configuration; a system that has none of these sections is
   * asked by the first.
   */
  public static final Map<String, BackendFactory> ALL = ImmutableMap.of("snmp", new SnmpFactory());

  private Backends() {}
}
