package org.aeiou.daemon.service;

import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.service.FileSystem.Watch;
import org.aeiou.daemon.tree.Node;

/**
 * Reads watched files again and again, each as soon as its reading is no longer fresh, so that the
 * cache, and with it every observer, learns of changes without anybody asking.
 */
final class Watches {
  /** How soon to look again at a reading that is being refreshed. */
  private static final long REFRESHED_NANOS = 100_000_000L;

  /** How soon to look again at what could not be read. */
  private static final long FAILED_NANOS = 1_000_000_000L;

  private final FileSystem files;
  private final Delays delays;

  Watches(FileSystem files, Delays delays) {
    this.files = files;
    this.delays = delays;
  }

  Watch open(Node file) {
    Watched watched = new Watched(file);
    watched.read();
    return watched;
  }

  private final class Watched implements Watch {
    private final Node file;
    private volatile boolean closed;

    Watched(Node file) {
      this.file = file;
    }

    /** A stale reading is refreshed by being read, one that is expired is fetched. */
    private void read() {
      if (!closed) {
        files.read(file, this::had, null);
      }
    }

    private void had(Void context, Outcome<Content> outcome, boolean delayed) {
      Content cached = files.cached(file);
      long fresh = cached == null ? 0 : cached.attributes().validNanos();
      long least = outcome instanceof Failure ? FAILED_NANOS : REFRESHED_NANOS;
      delays.after(Math.max(fresh, least), this::read);
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
