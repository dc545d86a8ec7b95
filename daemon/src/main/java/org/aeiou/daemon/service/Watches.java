package org.aeiou.daemon.service;

import com.google.common.base.Ticker;
import java.util.Arrays;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.service.FileSystem.Watch;
import org.aeiou.daemon.tree.AttributeFile;
import org.aeiou.daemon.tree.MonitoredSystem;

/**
 * Reads watched files again and again, each as soon as its reading is no longer fresh, so that the
 * cache, and with it every observer, learns of changes without anybody asking.
 */
final class Watches {
  /** How soon to look again at a reading that is being refreshed. */
  private static final long REFRESHED_NANOS = 100_000_000L;

  /** How soon to look again at what could not be read. */
  private static final long FAILED_NANOS = 1_000_000_000L;

  private static final byte[] ABSENT = {};

  private final FileSystem files;
  private final Glance glance;
  private final Observers observers;
  private final Delays delays;
  private final Ticker ticker;

  Watches(FileSystem files, Glance glance, Observers observers, Delays delays, Ticker ticker) {
    this.files = files;
    this.glance = glance;
    this.observers = observers;
    this.delays = delays;
    this.ticker = ticker;
  }

  Watch open(Requester requester, AttributeFile file) {
    Watched watched = new Watched(requester, file);
    watched.read();
    return watched;
  }

  private final class Watched implements Watch {
    private final Requester requester;
    private final AttributeFile file;
    private volatile boolean closed;

    /** What it held when it was read last; read and written by one read at a time. */
    private byte[] last;

    Watched(Requester requester, AttributeFile file) {
      this.requester = requester;
      this.file = file;
    }

    /** A stale reading is refreshed by being read, one that is expired is fetched. */
    private void read() {
      if (!closed) {
        files.read(requester, file, this::had, null);
      }
    }

    private void had(Void context, Outcome<Content> outcome, boolean delayed) {
      look(outcome);
      long nanos = untilNext(outcome);
      glance.watch(file, ticker.read() + nanos + FAILED_NANOS);
      delays.after(nanos, this::read);
    }

    /**
     * The cache tells of changes by itself, but for those from what it was made to forget: it
     * cannot hold what everybody watches.
     */
    private void look(Outcome<Content> outcome) {
      if (outcome instanceof Failure) {
        return;
      }
      byte[] now = outcome instanceof Reading<Content> reading ? reading.value().bytes() : ABSENT;
      if (!Arrays.equals(last, now)) { // also the first time: it may have changed just before
        observers.contentChanged(file);
      }
      last = now;
    }

    /**
     * A reading, and an absence, is looked at again when it is no longer fresh: by its age, since
     * one of an uncached file, which is fetched at each look, may not be kept for any time.
     */
    private long untilNext(Outcome<Content> outcome) {
      MonitoredSystem.Attachment attachment = file.system().attachment();
      if (attachment == null || outcome instanceof Failure) {
        return FAILED_NANOS;
      }
      long age = ticker.read() - Slot.takenNanos(outcome);
      long fresh = attachment.lifetimes().of(file.attribute()).remaining(age);
      return Math.max(fresh, REFRESHED_NANOS);
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
