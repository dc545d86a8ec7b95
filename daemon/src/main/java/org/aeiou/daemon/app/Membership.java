package org.aeiou.daemon.app;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.aeiou.closures.scheduler.CompletionScheduler;
import org.aeiou.daemon.app.cluster.Clustering;
import org.aeiou.daemon.app.systems.Places;
import org.aeiou.daemon.app.systems.PlacesHere;
import org.aeiou.daemon.app.systems.RunningSystems;
import org.aeiou.daemon.attach.OrderHandler;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.config.Configuration;

/**
 * A process as a member of a cluster, or as one that is alone. All that it does for one that is
 * alone is nothing, and no class of the cluster's rooms is loaded then.
 */
final class Membership implements AutoCloseable {
  /** Null if the process is alone. */
  private final Clustering clustering;

  Membership(Clustering clustering) {
    this.clustering = clustering;
  }

  /** Where systems are asked. */
  Places places(CompletionScheduler<Question, Value> scheduler) {
    return clustering == null ? new PlacesHere(scheduler) : clustering.places();
  }

  /**
   * Shares with the other members.
   *
   * @param configuration the one that counts when it is asked for
   */
  void share(
      RunningSystems systems,
      NotificationIntake notifications,
      Supplier<Configuration> configuration) {
    if (clustering != null) {
      clustering.whenMoved(systems::share);
      clustering.giveSystems(() -> EffectiveConfiguration.inventory(configuration.get()));
      notifications.share(
          clustering.share(notifications::changed, notifications::doubted),
          clustering::isElsewhere);
    }
  }

  /**
   * Takes from other members of the cluster which systems there are.
   *
   * @param isWanted whether the configuration names none
   * @param inventory is given what they say, as YAML, on a thread where it may take long; says
   *     whether it can be used
   */
  void takeSystems(BooleanSupplier isWanted, Predicate<String> inventory) {
    if (clustering != null) {
      clustering.takeSystems(isWanted, inventory);
    }
  }

  /** Begins to take part; returns at once. */
  void join() {
    if (clustering != null) {
      clustering.join();
    }
  }

  /** Another configuration counts. */
  void configured(Configuration next) {
    if (clustering != null) {
      clustering.configured(EffectiveConfiguration.digest(next, clustering.settings()));
    }
  }

  /**
   * Gives what this member owns to others, and asks for no more; waits for that, but not for ever.
   *
   * @return what came of it, as the answer to an order
   */
  String drain() {
    return clustering == null
        ? OrderHandler.REFUSED
            + "\nit is in no cluster that could take its systems: there is no 'cluster:' in its"
            + " configuration\n"
        : clustering.drain();
  }

  /** Leaves: gives away what this member owns, for so long at the most. */
  void leave(long nanos) {
    if (clustering != null) {
      clustering.leave(nanos);
    }
  }

  /** Which cluster this is a member of; empty if of none. */
  String name() {
    return clustering == null ? "" : clustering.texts().name();
  }

  /** A line for {@code /.aeiou/status}; none if the process is alone. */
  String statusLine() {
    return clustering == null ? "" : "cluster: " + clustering.texts().line() + "\n";
  }

  /** Adds its files to those of {@code /.aeiou}. */
  void addFiles(Map<String, Supplier<String>> files) {
    if (clustering != null) {
      files.put("cluster", clustering.texts()::text);
      files.put("members", clustering.texts()::membersText);
    }
  }

  /** Writes how the cluster is, as fields of an object; that there is none if that is so. */
  void writeTo(JsonGenerator json) throws IOException {
    if (clustering == null) {
      json.writeNullField("cluster");
    } else {
      clustering.texts().writeTo(json);
    }
  }

  @Override
  public void close() {
    if (clustering != null) {
      clustering.close();
    }
  }
}
