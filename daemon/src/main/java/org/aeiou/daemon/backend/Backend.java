package org.aeiou.daemon.backend;

import java.io.Closeable;
import java.io.IOException;
import java.util.Set;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.daemon.state.StateFolder;

/**
 * One way to ask systems: a protocol, for all systems that are configured for it.
 *
 * <p>Any thread may call any method. None waits for a system.
 */
public interface Backend extends AutoCloseable {

  /** What some back ends can do besides reading. */
  enum Capability {
    /** Sets values. */
    WRITE,
    /** Delivers values unasked, by {@code SystemQueue.deliver}. */
    PUSH,
    /** Receives notifications of what is to be read again. */
    NOTIFY
  }

  /**
   * The exchanger for one system. Sends nothing yet.
   *
   * @param systemName the system's name, for messages
   * @param settings what this kind of back end read from its section
   */
  Exchanger<Question, Value> connect(String systemName, BackendSettings settings);

  /**
   * As {@link #connect(String, BackendSettings)}, for a system that is written to with other
   * credentials than it is read with. A back end without {@link Capability#WRITE} refuses each
   * {@link Question.Set}.
   *
   * @param forWrites how a {@link Question.Set} is asked, of the same agent
   */
  default Exchanger<Question, Value> connect(
      String systemName, BackendSettings settings, BackendSettings forWrites) {
    return connect(systemName, settings);
  }

  /**
   * As {@link #connect(String, BackendSettings, BackendSettings)}, for an agent of which something
   * may be known.
   *
   * @param profile what is known, and where to put what is learned
   */
  default Exchanger<Question, Value> connect(
      String systemName,
      BackendSettings settings,
      BackendSettings forWrites,
      AgentProfile profile) {
    return connect(systemName, settings, forWrites);
  }

  /**
   * Lets go of a system: its exchanges under way are answered with a failure, later ones at once.
   *
   * @param exchanger what {@link #connect} gave; another's is left alone
   */
  void forget(Exchanger<Question, Value> exchanger);

  /**
   * Receives what its systems tell of their own accord, until the result is closed. Only of a back
   * end that can {@link Capability#NOTIFY}.
   *
   * @param state where it keeps what must outlive a run
   * @throws IOException if it cannot listen there; says where, and what to do
   */
  default Closeable listen(Listening listening, StateFolder state, Notification.Sink sink)
      throws IOException {
    throw new UnsupportedOperationException("it receives no notifications");
  }

  /** What it can do besides reading. */
  default Set<Capability> capabilities() {
    return Set.of();
  }

  /** What it counts and holds; each name begins with the back end's own. */
  MetricSet metrics();

  /** Ends everything: exchanges under way are answered with a failure. */
  @Override
  void close();
}
