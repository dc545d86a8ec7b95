package org.aeiou.closures.attached;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.BiConsumer;
import org.aeiou.closures.Burst;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Request;
import org.aeiou.closures.group.Source;
import org.aeiou.closures.shared.Geometry;

/**
 * An {@link Attachment} that comes back. When its daemon goes, what the daemon had ends as {@link
 * Failure.Reason#STOPPED}; what is asked for meanwhile waits for the next daemon, which is looked
 * for several times a second; watches go on there, and the value that they begin with is an event
 * also if it is the same. Until {@link #close}.
 *
 * <p>A request that waits for a daemon can be withdrawn, and has its timeout, as any other.
 * Closures run delayed on this object's threads, which they must not hold up. Any thread may call
 * any method.
 */
public final class ReconnectingAttachment implements Source<String, byte[]>, AutoCloseable {
  private final Reconnection connection;

  private ReconnectingAttachment(Reconnection connection) {
    this.connection = connection;
  }

  /**
   * Attaches, as {@link Attachment#attach(Path, Geometry, Ticker, InstantSource)} does; a daemon
   * has to be there the first time.
   *
   * @param told is told, on a thread of this object, false and why when the daemon has gone, and
   *     true and an empty text when there is one again
   */
  public static ReconnectingAttachment attach(
      Path place,
      Geometry geometry,
      Ticker ticker,
      InstantSource clock,
      BiConsumer<Boolean, String> told)
      throws IOException {
    Reconnection.Attempt attempt =
        patience -> Attachment.attach(place, geometry, patience, ticker, clock);
    return new ReconnectingAttachment(new Reconnection(attempt, geometry.pages(), ticker, told));
  }

  /** Something that an attachment can be asked for, as {@code Attachment::list}. */
  @FunctionalInterface
  public interface Operation<C> {
    Request ask(Attachment net, String path, Burst burst, Closure<byte[], C> closure, C context);
  }

  /** Whether a daemon is there, as far as is known. */
  public boolean isConnected() {
    return connection.isConnected();
  }

  @Override
  public boolean mayWait() {
    return connection.mayWait();
  }

  @Override
  public Burst begin() {
    return begin(RequestOptions.NONE);
  }

  /** Begins a burst, for the calling thread, whose requests have options. */
  public Burst begin(RequestOptions options) {
    return new ReconnectingBurst(options);
  }

  @Override
  public <C> Request submit(String path, Burst burst, Closure<byte[], C> closure, C context) {
    return ask(Attachment::submit, path, burst, closure, context);
  }

  /**
   * Asks for something: {@code net.ask(Attachment::list, path, burst, closure, context)}. What the
   * operation finds inside the call is immediate here, too.
   *
   * @param burst of {@link #begin}; null for one that is sent off at once
   * @return as the operation; null also if as many wait for a daemon as there are pages, or this
   *     was closed
   */
  public <C> Request ask(
      Operation<C> operation, String path, Burst burst, Closure<byte[], C> closure, C context) {
    return connection.ask(
        asked(burst),
        (net, own, to) -> operation.ask(net, path, own, to, context),
        closure,
        context);
  }

  /** Watches an attribute, as {@link Attachment#watch}, and goes on with the next daemon. */
  public <C> Request watch(String path, Burst burst, Closure<byte[], C> closure, C context) {
    return connection.watch(
        asked(burst), (net, own, to) -> net.watch(path, own, to, context), closure, context);
  }

  private static ReconnectingBurst asked(Burst burst) {
    if (burst == null || burst instanceof ReconnectingBurst) {
      return (ReconnectingBurst) burst;
    }
    throw new IllegalArgumentException("a burst of another source, expected one of this");
  }

  @Override
  public boolean withdraw(Burst burst) {
    connection.withdraw(asked(burst));
    return true;
  }

  /** Detaches: what is pending, or waits, ends as {@link Failure.Reason#STOPPED}. */
  @Override
  public void close() {
    connection.close();
  }
}
