package org.aeiou.daemon.attach.request;

import com.google.common.base.Ticker;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.daemon.attach.completion.AnswersInTurns;
import org.aeiou.daemon.service.AttributeService;
import org.aeiou.daemon.service.group.GroupReading;

/**
 * Group reads of clients. What was found is written where it is found if that is little; else in
 * turns of the client, so that a table holds up no other client and no system's thread. Of each
 * client one table is written at a time: its memory is bounded, however many were asked for.
 */
final class GroupReads {
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
        burst.requester(),
        wanted.directory(),
        request.flags,
        place -> {
          if (place.delayed() && request.isDone()) {
            return; // it ended while its path was looked for
          }
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
    if (answer.attributes() <= AnswersInTurns.SLICE) {
      answer.write(AnswersInTurns.SLICE, nowNanos.getAsLong());
    } else {
      answer.request().client.tables.add(answer, turns, nowNanos);
    }
  }
}
