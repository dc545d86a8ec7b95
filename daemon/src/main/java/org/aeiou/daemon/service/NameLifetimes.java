package org.aeiou.daemon.service;

import com.google.common.base.Ticker;
import java.util.List;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.service.fetch.CachePeek;
import org.aeiou.daemon.tree.AnsweredFile;
import org.aeiou.daemon.tree.Directory;
import org.aeiou.daemon.tree.MonitoredSystem;
import org.aeiou.daemon.tree.Network;
import org.aeiou.daemon.tree.Node;
import org.aeiou.daemon.tree.View;

/** The names in directories, and for how long each can be trusted. */
final class NameLifetimes {
  /** For names that nothing but the catalogue or a reload changes, of which observers are told. */
  static final long FIXED_NANOS = 3_600_000_000_000L;

  /** For the absence of a name: a reload, or the next walk, may bring it at any time. */
  static final long ABSENT_NANOS = 1_000_000_000L;

  private final Network network;
  private final CachePeek peek;
  private final Ticker ticker;

  NameLifetimes(Network network, CachePeek peek, Ticker ticker) {
    this.network = network;
    this.peek = peek;
    this.ticker = ticker;
  }

  /**
   * What a name means.
   *
   * @param questions the answers to them say so
   */
  FileSystem.Entry entry(Directory parent, String name, Node found, List<Question> questions) {
    long trusted = trustedNanos(parent, questions);
    if (found == null) {
      return new FileSystem.Entry(name, null, Math.min(trusted, ABSENT_NANOS));
    }
    // A push of newer content names the node; the kernel would go on with another spelling of it.
    return entry(found, found.name().equals(name) ? trusted : 0);
  }

  private FileSystem.Entry entry(Node found, long trusted) {
    return new FileSystem.Entry(found.name(), found, Math.min(trusted, contentNanos(found)));
  }

  /**
   * For how long opening a file need not be noticed: until its reading is no longer fresh. If there
   * is none the next one is taken later than now, and fresh for at least as long. A stale one may
   * be followed by another at any time.
   */
  private long contentNanos(Node found) {
    if (found.isDirectory()) {
      return Long.MAX_VALUE;
    }
    if (!(found instanceof AnsweredFile file) || file.view() == View.UNCACHED) {
      return 0;
    }
    CachePeek.Sight sight = peek.at(file);
    if (sight.freshness() == null) {
      return 0;
    }
    if (sight.outcome() == null) {
      return sight.freshness().ttlNanos();
    }
    long age = ticker.read() - Slot.takenNanos(sight.outcome());
    return sight.freshness().at(age) == Freshness.State.EXPIRED
        ? sight.freshness().ttlNanos()
        : sight.freshness().remaining(age);
  }

  /** What is to be asked before a directory is listed; see {@link Directory#toOmit}. */
  List<Directory.Unknown> toOmit(Directory parent, Directory.Answers answers) {
    return parent.toOmit(
        question -> outcome(parent, question, answers, Freshness.State.FRESH), ticker.read());
  }

  /**
   * A directory's names, by what was answered just now and what is in the cache. That some of them
   * are left out is trusted like names.
   */
  FileSystem.Listing listing(Directory parent, Directory.Answers answers) {
    List<Directory.Named> listed =
        parent.list(question -> outcome(parent, question, answers, Freshness.State.STALE));
    long trusted = trustedNanos(parent, parent.toList());
    long valid = Math.min(trusted, omittedNanos(parent));
    long grace = graceNanos(parent);
    return new FileSystem.Listing(
        listed.stream().map(named -> entry(named.node(), trusted)).toList(),
        valid,
        Math.min(valid + grace, remainingNanos(parent, parent.toList(), grace)));
  }

  private static long graceNanos(Directory directory) {
    Endpoint endpoint = endpoint(directory);
    return endpoint == null ? 0 : endpoint.lifetimes().ofDirectories().graceNanos();
  }

  /** How long it can be trusted that the right names were left out. */
  private long omittedNanos(Directory parent) {
    Endpoint endpoint = endpoint(parent);
    if (endpoint == null) {
      return FIXED_NANOS;
    }
    boolean isComplete =
        parent.isComplete(
            question -> outcome(parent, question, Directory.Answers.UNKNOWN, Freshness.State.STALE),
            ticker.read());
    return isComplete ? endpoint.lifetimes().ofDirectories().ttlNanos() : ABSENT_NANOS;
  }

  /**
   * What a system answered.
   *
   * @param oldest the state of what may be served from the cache at the most
   */
  private Outcome<Value> outcome(
      Directory parent, Question question, Directory.Answers answers, Freshness.State oldest) {
    Outcome<Value> answered = answers.to(question);
    Endpoint endpoint = endpoint(parent);
    if (answered != null || endpoint == null) {
      return answered;
    }
    Outcome<Value> known = known(endpoint, question);
    if (known == null) {
      return null;
    }
    long age = ticker.read() - Slot.takenNanos(known);
    return endpoint.lifetimes().ofDirectories().at(age).compareTo(oldest) <= 0 ? known : null;
  }

  /** When the names of a directory last changed, as far as the cache knows. */
  long changedMillis(Directory directory) {
    long changed = network.changedMillis();
    Endpoint endpoint = endpoint(directory);
    for (Question question : directory.toList()) {
      Outcome<Value> known = known(endpoint, question);
      if (known instanceof Reading<Value> reading) {
        changed = Math.max(changed, reading.changedMillis());
      } else if (known == null) {
        changed = Math.max(changed, sinceMillis(directory.system()));
      }
    }
    return changed;
  }

  /** When what is not known of a system may have changed last. */
  long sinceMillis(MonitoredSystem system) {
    Endpoint endpoint = system.endpoint();
    long since = endpoint == null ? Long.MAX_VALUE : endpoint.cache().sinceMillis();
    return since == Long.MAX_VALUE ? network.changedMillis() : since;
  }

  /**
   * How long names can be trusted that were worked out from these answers: as long as the oldest of
   * them is fresh.
   */
  long trustedNanos(Directory directory, List<Question> questions) {
    return remainingNanos(directory, questions, 0);
  }

  /** For how long they may be served, fresh or stale. */
  long usableNanos(Directory directory, List<Question> questions) {
    return remainingNanos(directory, questions, graceNanos(directory));
  }

  /** The same, and so much longer; 0 if that is over, or one of them is not known. */
  private long remainingNanos(Directory directory, List<Question> questions, long graceNanos) {
    long trusted = FIXED_NANOS;
    Endpoint endpoint = endpoint(directory);
    for (Question question : questions) {
      Outcome<Value> known = known(endpoint, question);
      if (known == null) {
        return 0;
      }
      long age = ticker.read() - Slot.takenNanos(known);
      long ttl = endpoint.lifetimes().ofDirectories().ttlNanos();
      trusted = Math.min(trusted, Math.max(0, ttl + graceNanos - age));
    }
    return trusted;
  }

  /**
   * What a directory's system is asked through; null without a system, or without that system any
   * more.
   */
  private static Endpoint endpoint(Directory directory) {
    return directory.system() == null ? null : directory.system().endpoint();
  }

  private static Outcome<Value> known(Endpoint endpoint, Question question) {
    Slot slot = endpoint == null ? null : endpoint.cache().find(question);
    return slot == null ? null : slot.outcome();
  }
}
