package org.aeiou.daemon.app.process;

import java.util.function.BooleanSupplier;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.config.ConfigurationException;

/**
 * Reads the configuration of a member of a cluster that may leave its systems out: then it takes
 * them from the pollers.
 *
 * <p>Any thread may call any method but {@link #read} and {@link #take}, for each of which there is
 * one at a time.
 */
public final class TakenSystems implements Reloading.Reader {
  private final Reader reader;
  private volatile boolean isWanted;
  private volatile String inventory = "";

  /** Whether the file itself could be read the last time. */
  private volatile boolean isFileGood = true;

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
  public TakenSystems(Reader reader, Configuration configuration) {
    this.reader = reader;
    this.isWanted = configuration.takesSystems();
  }

  /** Whether the file named no systems when it was read last, and needs some. */
  public boolean isWanted() {
    return isWanted;
  }

  /**
   * From now on these are the systems of a file that names none; those before, if these cannot be
   * used, so that they do not stand in the way of what becomes of the file.
   *
   * @param reload reads the file again; tells whether the daemon goes by it now
   * @return whether they can be used, or that is not known, as the file itself cannot be
   */
  public boolean take(String yaml, BooleanSupplier reload) {
    String before = inventory;
    inventory = yaml;
    if (reload.getAsBoolean() || !isFileGood) {
      return true;
    }
    inventory = before;
    return false;
  }

  @Override
  public Configuration read() throws ConfigurationException {
    isFileGood = false;
    Configuration own = reader.read("");
    isFileGood = true;
    isWanted = own.takesSystems();
    return isWanted && !inventory.isEmpty() ? reader.read(inventory) : own;
  }
}
