package org.aeiou.daemon.backend;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What was learned of one agent besides how the scheduler may ask it: facts by name, which are
 * shown in the system's {@code .health} and kept over restarts. The back end and other rooms that
 * learn something put it in, and find it again in the next run. Any thread may call any method.
 *
 * <p>A fact is about the agent that it was learned of. When another one is found at its address all
 * of them are forgotten.
 */
public final class AgentProfile {
  /** The name of the agent's SNMP engine, in hexadecimal. */
  public static final String ENGINE_ID = "engine_id";

  /** What kind of agent it says to be: its sysObjectID. */
  public static final String OBJECT_ID = "object_id";

  /** How often it renews its own counters, in milliseconds. */
  public static final String RENEWAL_MS = "renewal_ms";

  /** The largest message that it takes, in bytes. */
  public static final String MESSAGE_BYTES = "message_bytes";

  private static final int MOST_FACTS = 32;
  private static final int LONGEST = 256;

  private final Map<String, String> facts = new ConcurrentHashMap<>();
  private volatile boolean confirmed;

  /** Facts of an earlier run that have not been looked at; null if there are none. */
  private volatile Supplier<Map<String, String>> earlier;

  private volatile Runnable whenAnother = () -> {};

  /**
   * Learns a fact.
   *
   * @param name lower-case, with its unit; the key that it is shown by
   * @param value a text of at most {@value #LONGEST} characters, or a number
   */
  public void learn(String name, Object value) {
    recall();
    put(name, value.toString());
  }

  private void put(String name, String text) {
    if (text.length() <= LONGEST && (facts.size() < MOST_FACTS || facts.containsKey(name))) {
      facts.put(name, text);
    }
  }

  /** Forgets one fact. */
  public void unlearn(String name) {
    recall();
    facts.remove(name);
  }

  /** A fact; null if it is not known. */
  public String text(String name) {
    recall();
    return facts.get(name);
  }

  /** A fact that is a number; {@code otherwise} if it is not known. */
  public long number(String name, long otherwise) {
    String text = text(name);
    try {
      return text == null ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  /**
   * The agent says who it is. If that is another one than before what was learned is forgotten.
   *
   * @param kind {@link #ENGINE_ID} or {@link #OBJECT_ID}, which counts for less
   */
  public void identify(String kind, String value) {
    String before = text(kind);
    if (value.equals(before)) {
      confirmed = true;
      return;
    }
    boolean sameEngine = kind.equals(OBJECT_ID) && facts.containsKey(ENGINE_ID);
    if (before != null && !sameEngine) {
      facts.clear();
      whenAnother.run();
    }
    learn(kind, value);
    confirmed = true;
  }

  /** Whether the agent has said in this run who it is. */
  public boolean isConfirmed() {
    return confirmed;
  }

  /** What to do when another agent is found at the address; after the facts were forgotten. */
  public void whenAnother(Runnable action) {
    whenAnother = action;
  }

  /** All facts by name. */
  public SortedMap<String, String> all() {
    recall();
    return Collections.unmodifiableSortedMap(new TreeMap<>(facts));
  }

  /** Takes facts of an earlier run, which are made when they are looked at. */
  public void restore(Supplier<Map<String, String>> facts) {
    earlier = facts;
  }

  private void recall() {
    if (earlier != null) {
      synchronized (this) {
        Supplier<Map<String, String>> before = earlier;
        if (before != null) {
          before.get().forEach(this::put);
          earlier = null;
        }
      }
    }
  }

  /** Forgets everything. */
  public void forget() {
    earlier = null;
    facts.clear();
    confirmed = false;
  }
}
