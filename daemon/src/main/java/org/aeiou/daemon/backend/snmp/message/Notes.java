package org.aeiou.daemon.backend.snmp.message;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.MessageFormatter;

/**
 * What was noticed about one agent that a person should know: told in the log, and the last of each
 * kind kept for the system's health. Any thread may call any method.
 */
public final class Notes {
  private static final Logger LOG = LoggerFactory.getLogger(Notes.class);
  private static final int MOST = 8;

  private final String system;
  private final InstantSource clock;

  /** By kind, the one noticed last at the end; guarded by this. */
  private final Map<String, String> latest = new LinkedHashMap<>();

  private volatile List<String> all = List.of();

  public Notes(String system, InstantSource clock) {
    this.system = system;
    this.clock = clock;
  }

  /**
   * Notices something.
   *
   * @param what the kind of thing, with a {@code {}} for each argument; completes "system: …"
   * @param arguments first what it is about: of each kind, the last about each thing is kept
   */
  public void add(String what, Object... arguments) {
    Object[] logged = new Object[arguments.length + 1];
    logged[0] = system;
    System.arraycopy(arguments, 0, logged, 1, arguments.length);
    LOG.warn("{}: " + what, logged);
    String kind = arguments.length == 0 ? what : what + arguments[0];
    keep(kind, MessageFormatter.basicArrayFormat(what, arguments));
  }

  private synchronized void keep(String kind, String text) {
    latest.remove(kind);
    latest.put(kind, text + " (" + clock.instant().truncatedTo(ChronoUnit.SECONDS) + ")");
    if (latest.size() > MOST) {
      Iterator<String> oldest = latest.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    all = List.copyOf(latest.values());
  }

  /** All of them, the latest last. */
  public List<String> all() {
    return all;
  }
}
