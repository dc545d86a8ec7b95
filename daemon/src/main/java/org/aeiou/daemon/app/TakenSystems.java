package org.aeiou.daemon.app;

import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.config.ConfigurationException;

/**
 * Reads the configuration of a member of a cluster that may leave its systems out: then it takes
 * them from the pollers.
 *
 * <p>Any thread may call any method but {@link #read}.
 */
public final class TakenSystems implements Reloading.Reader {
  private final Reader reader;
  private volatile boolean isWanted;
  private volatile String inventory = "";

  /** Reads a file. */
  @FunctionalInterface
  public interface Reader {
    /**
     * The configuration.
     *
     * @param inventory YAML; which systems there are if the file names none; may be empty
     */
    Configuration read(String inventory) throws ConfigurationException;
  }

  /**
   * None are taken yet.
   *
   * @param configuration what was read first
   */
  TakenSystems(Reader reader, Configuration configuration) {
    this.reader = reader;
    this.isWanted = configuration.takesSystems();
  }

  /** Whether the file named no systems when it was read last, and needs some. */
  boolean isWanted() {
    return isWanted;
  }

  /** From now on these are the systems of a file that names none. */
  void take(String yaml) {
    inventory = yaml;
  }

  @Override
  public Configuration read() throws ConfigurationException {
    Configuration own = reader.read("");
    isWanted = own.takesSystems();
    return isWanted && !inventory.isEmpty() ? reader.read(inventory) : own;
  }
}
