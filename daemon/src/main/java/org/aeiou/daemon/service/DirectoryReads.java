package org.aeiou.daemon.service;

import com.google.common.base.Ticker;
import java.time.InstantSource;
import java.util.List;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.service.FileSystem.Entry;
import org.aeiou.daemon.service.FileSystem.Listing;
import org.aeiou.daemon.service.fetch.CachedFetch;
import org.aeiou.daemon.service.fetch.DirectoryRequest;
import org.aeiou.daemon.service.fetch.WalkedValues;
import org.aeiou.daemon.tree.Directory;
import org.aeiou.daemon.tree.Node;
import org.aeiou.daemon.tree.OidDirectory;

/**
 * Finds and lists names: inside the call if nothing must be asked for them, or the cache has the
 * answers; otherwise when their system has answered.
 */
final class DirectoryReads {
  private final CachedFetch fetch;
  private final NameLifetimes names;
  private final Ticker ticker;
  private final InstantSource clock;

  DirectoryReads(CachedFetch fetch, NameLifetimes names, Ticker ticker, InstantSource clock) {
    this.fetch = fetch;
    this.names = names;
    this.ticker = ticker;
    this.clock = clock;
  }

  /** Finds a name, and whether that is there; see {@link FileSystem#lookup}. */
  <C> Request lookup(
      Requester requester, Directory parent, String name, Closure<Entry, C> closure, C context) {
    return find(requester, parent, name, parent.toProve(name), closure, context);
  }

  /** Finds a name; see {@link FileSystem#find}. */
  <C> Request find(
      Requester requester, Directory parent, String name, Closure<Entry, C> closure, C context) {
    return find(requester, parent, name, List.of(), closure, context);
  }

  /**
   * Finds a name.
   *
   * @param proofs of which one must not be absent
   */
  private <C> Request find(
      Requester requester,
      Directory parent,
      String name,
      List<Question> proofs,
      Closure<Entry, C> closure,
      C context) {
    List<Question> questions = proofs.isEmpty() ? parent.toFind(name) : proofs;
    if (questions.isEmpty()) {
      closure.run(
          context,
          now(names.entry(parent, name, parent.find(name, Directory.Answers.NONE), questions)),
          false);
      return Request.IMMEDIATE;
    }
    Freshness freshness = freshness(parent);
    return new DirectoryRequest<>(parent, questions, fetch, freshness, closure, context) {
      @Override
      protected Outcome<Entry> explore(Directory.Answers answers) {
        boolean isThere =
            proofs.isEmpty()
                || !proofs.stream().allMatch(proof -> answers.to(proof) instanceof Absent);
        Node found = isThere ? parent.find(name, answers) : null;
        return now(names.entry(parent, name, found, questions));
      }
    }.start(
        proofs.isEmpty() && parent.isMadeOfAnswers() ? parent : null,
        questions.size() > 1 ? requester.begin() : requester.alone());
  }

  /** Lists a directory; see {@link FileSystem#list}. */
  <C> Request list(Requester requester, Directory parent, Closure<Listing, C> closure, C context) {
    List<Question> questions = parent.toList();
    if (questions.isEmpty()) {
      closure.run(context, now(names.listing(parent, Directory.Answers.UNKNOWN)), false);
      return Request.IMMEDIATE;
    }
    Freshness freshness = freshness(parent);
    return new DirectoryRequest<>(parent, questions, fetch, freshness, closure, context) {
      @Override
      protected List<Directory.Unknown> further(Directory.Answers answers) {
        return names.toOmit(parent, answers);
      }

      @Override
      protected Outcome<Listing> explore(Directory.Answers answers) {
        if (isDelayed() && parent instanceof OidDirectory.Subtree subtree) {
          WalkedValues.keep(subtree, answers);
        }
        return now(names.listing(parent, answers));
      }
    }.start(parent, requester.begin());
  }

  private static Freshness freshness(Directory directory) {
    Endpoint endpoint = directory.system().endpoint();
    // Without an endpoint nothing is asked, so that any will do.
    return endpoint == null ? new Freshness(1, 0) : endpoint.lifetimes().ofDirectories();
  }

  private <T> Outcome<T> now(T found) {
    return Reading.of(found, ticker.read(), clock.millis());
  }
}
