package org.aeiou.daemon.attach.request;

import com.google.common.base.Ticker;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.daemon.service.AttributeService;
import org.aeiou.daemon.service.GroupReading;

/**
 * Group reads of clients. What was found is written where it is found if that is little; else in
 * turns of the client, so that a table holds up no other client and no system's thread. Of each
 * client one table is written at a time: its memory is bounded, however many were asked for.
 */
final class GroupReads {
  /** So many attributes are written at once: about a tenth of a millisecond's work. */
  private static final int SLICE = 1024;

  /** So many attributes of one client may wait to be written; each takes a reference. */
  private static final long MOST_WAITING = 8L << 20;

  private final AttributeService files;
  private final PathCache paths;
  private final Ticker ticker;

  GroupReads(AttributeService files, PathCache paths, Ticker ticker) {
    this.files = files;
    this.paths = paths;
    this.ticker = ticker;
  }

  /**
   * Starts a group read.
   *
   * @param turns runs in turns of the client what takes long
   */
  void start(ClientRequest request, RequesterBurst burst, Executor turns) {
    GroupPath wanted = GroupPath.of(request.path);
    paths.find(
        request.client.requester,
        wanted.directory(),
        request.flags,
        place -> {
          if (!place.node().isDirectory()) {
            request.fail(Failure.Reason.NOT_DIRECTORY, "is an attribute; read it");
          } else if (place.delayed()) {
            RequesterBurst own = burst.requester().begin();
            read(place, wanted, request, own, turns);
            own.end();
          } else {
            read(place, wanted, request, burst, turns);
          }
        },
        request::fail);
  }

  private void read(
      FoundPath place,
      GroupPath wanted,
      ClientRequest request,
      RequesterBurst burst,
      Executor turns) {
    request.await(
        files.readGroup(
            burst,
            place.node(),
            wanted.columns(),
            (to, outcome, delayed) -> answer(to, wanted.isOneColumn(), outcome, turns),
            request));
  }

  private void answer(
      ClientRequest request, boolean isOneColumn, Outcome<GroupReading> outcome, Executor turns) {
    if (!(outcome instanceof Reading<GroupReading> reading)) {
      request.fail((Failure<?>) outcome);
      return;
    }
    answer(new GroupAnswer(request, isOneColumn, reading), turns, ticker::read);
  }

  /** Writes what was found, now or in turns of the client. */
  static void answer(GroupAnswer answer, Executor turns, LongSupplier nowNanos) {
    if (answer.attributes() <= SLICE) {
      answer.write(SLICE, nowNanos.getAsLong());
    } else {
      answer.request().client.tables.add(answer, turns, nowNanos);
    }
  }

  /** The tables that are to be written for one client. Any thread. */
  static final class Tables {
    private final Deque<GroupAnswer> waiting = new ArrayDeque<>();

    private long attributes;

    private void add(GroupAnswer answer, Executor turns, LongSupplier nowNanos) {
      boolean isFirst;
      boolean isTooMuch;
      synchronized (this) {
        isFirst = waiting.isEmpty();
        isTooMuch = !isFirst && attributes + answer.attributes() > MOST_WAITING;
        if (!isTooMuch) {
          waiting.add(answer);
          attributes += answer.attributes();
        }
      }
      if (isTooMuch) {
        answer
            .request()
            .fail(
                Failure.Reason.OVERLOADED,
                attributes + " attributes wait for this program; ask for fewer tables at once");
      } else if (isFirst) {
        turns.execute(() -> write(turns, nowNanos));
      }
    }

    private void write(Executor turns, LongSupplier nowNanos) {
      GroupAnswer answer;
      synchronized (this) {
        answer = waiting.element();
      }
      boolean isMore = false;
      try {
        isMore = answer.write(SLICE, nowNanos.getAsLong());
      } catch (RuntimeException | Error e) {
        answer.request().client.fault(answer.request(), e);
      }
      boolean isIdle;
      synchronized (this) {
        if (!isMore) {
          waiting.remove();
          attributes -= answer.attributes();
        }
        isIdle = waiting.isEmpty();
      }
      if (!isIdle) {
        turns.execute(() -> write(turns, nowNanos));
      }
    }
  }
}
