package org.aeiou.daemon.app.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.config.ConfigurationException;
import org.aeiou.daemon.metrics.Event;
import org.aeiou.daemon.metrics.Events;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration again and makes it the daemon's; one reload at a time. A caller that asks
 * while one runs gets what the next one brings, which reads the file after that: a thousand
 * requests at once are two reloads, and the last state of the file wins.
 *
 * <p>Any thread may ask, and waits for the result.
 */
public final class Reloading {
  private static final Logger LOG = LoggerFactory.getLogger(Reloading.class);

  /** The first line of {@link #ordered} if the file is what the daemon goes by now. */
  public static final String RELOADED = "reloaded";

  private static final String REFUSED = "refused";

  private static final Result FAILED = new Result(false, List.of("the daemon failed; see its log"));

  private final Path file;
  private final Reader reader;
  private final Function<Configuration, List<String>> apply;
  private final Consumer<Event> events;

  private volatile Runnable begins = () -> {};
  private volatile Runnable ends = () -> {};

  // Guarded by this.
  private boolean runs;
  private int waiting;
  private long begun;
  private Result last;

  /** Reads the file, in the way it was read at first. */
  @FunctionalInterface
  public interface Reader {
    Configuration read() throws ConfigurationException;
  }

  /**
   * What came of a reload.
   *
   * @param good whether the file is what the daemon goes by now
   * @param lines what changed, or what is wrong with the file
   */
  public record Result(boolean good, List<String> lines) {}

  /**
   * Reloads of a file.
   *
   * @param apply makes a configuration the daemon's; returns what changed
   * @param events is told of each that is refused
   */
  public Reloading(
      Path file,
      Reader reader,
      Function<Configuration, List<String>> apply,
      Consumer<Event> events) {
    this.file = file;
    this.reader = reader;
    this.apply = apply;
    this.events = events;
  }

  /** From now on these are run before and after each. */
  public void listen(Runnable begins, Runnable ends) {
    this.begins = begins;
    this.ends = ends;
  }

  /** Reloads; returns what the first reload brought that began after this call did. */
  public Result reload() throws InterruptedException {
    synchronized (this) {
      long before = begun;
      waiting++;
      while (runs) {
        wait();
        // One that began after this call has read what it is to read.
        if (begun > before && !runs) {
          waiting--;
          return last;
        }
      }
      waiting--;
      runs = true;
      begun++;
    }
    Result result = FAILED;
    try {
      begins.run();
      result = read();
    } catch (RuntimeException e) {
      LOG.error("{}: the reload failed", file, e);
    } finally {
      ends.run();
      synchronized (this) {
        last = result;
        runs = false;
        notifyAll();
      }
    }
    return result;
  }

  /** Reloads at an order; returns whether it is good, and all that there is to say, in lines. */
  public String ordered() {
    Result result;
    try {
      result = reload();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      result = FAILED;
    }
    String first = (result.good() ? RELOADED : REFUSED) + "\n";
    return result.lines().stream()
        .map(line -> line + "\n")
        .collect(Collectors.joining("", first, ""));
  }

  /** Reloads at a signal: what there is to say is in the log and in the events. */
  public void signalled() {
    try {
      var unused = reload();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How many wait for the end of the one that runs. */
  synchronized int waiting() {
    return waiting;
  }

  private Result read() {
    List<String> lines = new ArrayList<>();
    try {
      Configuration next = reader.read();
      next.warnings().forEach(LOG::warn);
      lines.addAll(next.warnings());
      lines.addAll(apply.apply(next));
      return new Result(true, lines);
    } catch (ConfigurationException e) {
      events.accept(Events.notReloaded(file, e.errors()));
      lines.addAll(e.errors());
      return new Result(false, lines);
    }
  }
}
