package org.aeiou.daemon.service.fetch;

import org.aeiou.closures.Outcome;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.tree.AttributeFile;
import org.aeiou.daemon.tree.Directory;
import org.aeiou.daemon.tree.OidDirectory;

/**
 * Keeps what a walk of a subtree brought as the values of its files, so that reading them after
 * they were listed asks for nothing.
 */
public final class WalkedValues {
  /** More would push much else out of the cache, for files that may never be read. */
  private static final int MOST = 20_000;

  private final ReadingCache cache;
  private final Endpoint endpoint;
  private int left = MOST;

  private WalkedValues(Endpoint endpoint) {
    this.endpoint = endpoint;
    this.cache = endpoint.cache();
  }

  /** Keeps the values of a walk that has just ended. Called by the thread that owns the system. */
  public static void keep(OidDirectory.Subtree directory, Directory.Answers answers) {
    Endpoint endpoint = directory.system().endpoint();
    if (endpoint != null) {
      directory.values(answers, new WalkedValues(endpoint)::keep);
    }
  }

  private void keep(AttributeFile file, Outcome<Value> value) {
    if (left-- <= 0) {
      return;
    }
    Question question = file.place(null).question();
    Slot slot = cache.open(question, endpoint.lifetimes().of(file.attribute()));
    Outcome<Value> known = slot.outcome();
    if (known == null || Slot.takenNanos(known) - Slot.takenNanos(value) < 0) {
      cache.accept(question, slot, value);
    }
    slot.answered();
  }
}
