package org.aeiou.daemon.service;

import com.google.common.base.Ticker;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.service.FileSystem.Watch;
import org.aeiou.daemon.service.fetch.CachePeek;
import org.aeiou.daemon.service.refresh.RefreshAhead;
import org.aeiou.daemon.tree.AnsweredFile;
import org.aeiou.daemon.tree.View;

/**
 * Reads watched files again and again, each as soon as its reading is no longer fresh, so that the
 * cache, and with it every observer, learns of changes without a request. What is held of them is
 * refreshed before that, however many watch.
 */
final class WatchedFiles {
  /** How soon to look again at a reading that is being refreshed. */
  private static final long REFRESHED_NANOS = 100_000_000L;

  /** How soon to look again at what could not be read. */
  private static final long FAILED_NANOS = 1_000_000_000L;

  /** What an absent attribute holds; no value is empty, as each ends in a newline. */
  private static final byte[] ABSENT = {};

  /** What an attribute of a row or system that is gone holds. */
  private static final byte[] GONE = {0};

  private final FileSystem files;
  private final CachePeek peek;
  private final RefreshAhead refresh;
  private final Observers observers;
  private final Delays delays;
  private final Ticker ticker;
  private final Set<Watched> open = ConcurrentHashMap.newKeySet();

  WatchedFiles(
      FileSystem files,
      CachePeek peek,
      RefreshAhead refresh,
      Observers observers,
      Delays delays,
      Ticker ticker) {
    this.files = files;
    this.peek = peek;
    this.refresh = refresh;
    this.observers = observers;
    this.delays = delays;
    this.ticker = ticker;
  }

  Watch open(Requester requester, AnsweredFile file) {
    Watched watched = new Watched(requester, file);
    open.add(watched);
    watched.read();
    return watched;
  }

  /** What is asked how may have changed: looks at once at what is asked in another way now. */
  void lookAgain() {
    for (Watched watched : open) {
      watched.lookAgain();
    }
  }

  /** How many files are watched. */
  int size() {
    return open.size();
  }

  private final class Watched implements Watch {
    private final Requester requester;
    private final AnsweredFile file;
    private volatile boolean closed;

    /** What it was read through last; null if its system was not there. */
    private volatile Endpoint endpoint;

    /** Of two rounds of looking, only the one begun last goes on. */
    private final AtomicInteger rounds = new AtomicInteger();

    /** What it held when it was read last; read and written by one read at a time. */
    private byte[] last;

    /** Whether it could not be read when it was last. As {@link #last}. */
    private boolean isUnreadable;

    Watched(Requester requester, AnsweredFile file) {
      this.requester = requester;
      this.file = file;
    }

    /** Called by one thread at a time. */
    @SuppressWarnings("ReferenceEquality") // another way of asking is another object
    private void lookAgain() {
      Endpoint before = endpoint;
      endpoint = file.system().endpoint();
      if (endpoint != before) {
        int number = rounds.incrementAndGet();
        delays.after(0, () -> round(number));
      }
    }

    /** A stale reading is refreshed by being read, one that is expired is fetched. */
    private void read() {
      endpoint = file.system().endpoint();
      round(rounds.get());
    }

    private void round(int number) {
      if (!closed && number == rounds.get()) {
        files.read(requester, file, this::had, number);
      }
    }

    private void had(Integer number, Outcome<Content> outcome, boolean delayed) {
      look(outcome);
      long nanos = untilNext(outcome);
      keep(outcome, ticker.read() + nanos + FAILED_NANOS);
      delays.after(nanos, () -> round(number));
    }

    private void keep(Outcome<Content> outcome, long untilNanos) {
      Endpoint by = file.system().endpoint();
      if (by != null && !closed) {
        Slot slot = peek.watch(file, by, untilNanos);
        if (slot != null && file.view() != View.UNCACHED && !(outcome instanceof Failure)) {
          refresh.watched(by, slot, file.freshness(by.lifetimes()), untilNanos);
        }
      }
    }

    /**
     * The cache tells of changes by itself. It cannot tell of a change from what it was made to
     * forget, and it cannot hold everything that is watched.
     */
    private void look(Outcome<Content> outcome) {
      byte[] now = held(outcome);
      if (now != null && !Arrays.equals(last, now)) {
        // Also the first time: it may have changed just before.
        last = now;
        observers.contentChanged(file);
      }
      if (now != null && isUnreadable) {
        isUnreadable = false;
        observers.readable(file);
      } else if (now == null && !isUnreadable && outcome instanceof Failure<Content> why) {
        isUnreadable = true;
        observers.unreadable(file, why);
      }
    }

    /** What the file holds, by this outcome; null if that does not say. */
    private static byte[] held(Outcome<Content> outcome) {
      if (outcome instanceof Failure<Content> failure) {
        return failure.reason() == Failure.Reason.UNKNOWN_NAME ? GONE : null;
      }
      return outcome instanceof Reading<Content> reading ? reading.value().bytes() : ABSENT;
    }

    /**
     * A reading, and an absence, is looked at again when it is no longer fresh: by its age, since
     * one of an uncached file, which is fetched at each look, may not be kept for any time.
     */
    private long untilNext(Outcome<Content> outcome) {
      Endpoint now = file.system().endpoint();
      if (now == null || outcome instanceof Failure) {
        return FAILED_NANOS;
      }
      long age = ticker.read() - Slot.takenNanos(outcome);
      long fresh = file.freshness(now.lifetimes()).remaining(age);
      return Math.max(fresh, REFRESHED_NANOS);
    }

    @Override
    public void close() {
      closed = true;
      open.remove(this);
    }
  }
}
