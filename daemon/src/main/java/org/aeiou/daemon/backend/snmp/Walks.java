package org.aeiou.daemon.backend.snmp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.aeiou.daemon.backend.snmp.walk.GapCheck;
import org.aeiou.daemon.backend.snmp.walk.WalkLessons;
import org.aeiou.daemon.backend.snmp.walk.WalkProgress;

/**
 * The walks of one agent that are under way: what they hold, how far they have come, and when they
 * go on in parts. For the thread that owns the system.
 *
 * <p>A walk begins as one. While the system has room for another exchange, it is split in two where
 * the middle of the rest may be: as known from the walk before, or by a search that costs an
 * exchange. A part that is left alone is split again. So nothing has to be known of the table, and
 * a short one is walked as one.
 *
 * <p>A walk for the names of rows goes on with its first column when that was enough for the first
 * rows. In the end a {@link GapCheck} finds out whether it was for all; if not, it begins anew.
 */
final class Walks {
  private final ResponseContext context;
  private final AnswerMemory memory;
  private final WalkLessons lessons = new WalkLessons();
  private final Map<Question, WalkUnderWay> underWay = new HashMap<>();

  Walks(ResponseContext context, AnswerMemory memory) {
    this.context = context;
    this.memory = memory;
  }

  /** What an item ends in without an exchange; null if it needs one. */
  Answer.Item<Value> atOnce(Exchange.Item<Question> item) {
    Question.Walk question = (Question.Walk) item.key();
    if (question.columns().isEmpty()) {
      return context.done(new Value.Rows(List.of()));
    }
    if (!(item.continuation() instanceof WalkProgress walk)) {
      return null;
    }
    WalkUnderWay all = underWay.computeIfAbsent(question, any -> second(question, walk));
    all.goesOn(walk);
    if (!all.hold(memory)) {
      context.counters().add(SnmpCounter.WALK_NO_ROOM);
      return context.givenUp(
          walk,
          Reason.OVERLOADED,
          "it has %d KiB in %d rows, and all answers together may take %d KiB; try again"
              .formatted(all.bytes() / 1024, all.rows(), memory.most() / 1024));
    }
    return all.isMisfit()
        ? new Answer.Item.PartEnded<>(WalkProgress.Part.USELESS)
        : context.tooMuch(walk, all.rows(), question.most(), all.bytes());
  }

  /** A walk has its second exchange. */
  private WalkUnderWay second(Question.Walk question, WalkProgress walk) {
    WalkUnderWay all = new WalkUnderWay(walk.startNanos());
    if (!lessons.landmarks().maySplit(question)) {
      lessons.landmarks().madeAsOne(question);
      all.goOnAsOne();
    }
    return all;
  }

  /** The next step of a walk. */
  Query query(Exchange<Question, Value> exchange) {
    Exchange.Item<Question> item = exchange.items().get(0);
    Question.Walk question = (Question.Walk) item.key();
    if (item.continuation() instanceof GapCheck check && !check.refuted()) {
      return new GapQuery(context, lessons, question, check, exchange.attempt());
    }
    WalkUnderWay all = underWay.getOrDefault(question, new WalkUnderWay(context.ticker().read()));
    WalkProgress walk = next(question, item.continuation(), all, exchange.attempt());
    if (exchange.attempt() > 1) {
      all.goOnAsOne();
    }
    Oid middle = null;
    if (maySplit(question, walk, all, exchange)) {
      middle = lessons.landmarks().middle(question, walk);
      if (middle == null && all.searches()) {
        SplitQuery search = new SplitQuery(context, lessons, all, walk);
        if (!search.isEmpty()) {
          return search;
        }
      }
    }
    boolean beside = walk.isPart() && exchange.room() == 0;
    return new WalkQuery(
        context,
        lessons,
        all,
        question,
        walk,
        new WalkQuery.Step(exchange.attempt(), middle, beside));
  }

  /** Where a walk goes on, with all of its columns or the first only. */
  private WalkProgress next(
      Question.Walk question, Object continuation, WalkUnderWay all, int attempt) {
    if (continuation instanceof WalkProgress walk) {
      boolean narrows =
          walk.columns().size() > 1
              && question.naming()
              && !context.v1()
              && !walk.single()
              && !walk.isPart()
              && all.firstIsEnough(question, walk, lessons.firstColumns());
      return narrows ? walk.withFirstColumn() : walk;
    }
    if (continuation instanceof GapCheck) {
      if (attempt == 1) {
        context.counters().add(SnmpCounter.WALK_IN_FULL);
        lessons.firstColumns().wasNotEnough(question);
        all.restart();
      }
      return WalkProgress.from(question.columns(), all.startNanos());
    }
    boolean isEnough = !context.v1() && lessons.firstColumns().isEnough(question);
    return WalkProgress.from(
        isEnough ? question.columns().subList(0, 1) : question.columns(), all.startNanos());
  }

  private boolean maySplit(
      Question.Walk question,
      WalkProgress walk,
      WalkUnderWay all,
      Exchange<Question, Value> exchange) {
    return exchange.room() > 0
        && !context.v1()
        && !walk.single()
        && !all.isAsOne()
        && lessons.landmarks().maySplit(question)
        && lessons.pace().gains();
  }

  /** All parts of a walk have ended: the table, or the walk again, as one. */
  Answer.Item<Value> joined(Question question, List<Object> found) {
    List<Value.Row> rows =
        WalkProgress.Part.joined(found.stream().map(WalkProgress.Part.class::cast).toList());
    if (rows == null) {
      Question.Walk walk = (Question.Walk) question;
      context.counters().add(SnmpCounter.WALK_MISFIT);
      lessons.landmarks().misfit(walk);
      WalkUnderWay all = underWay.get(question);
      all.restart();
      all.goOnAsOne();
      return new Answer.Item.More<>(WalkProgress.from(walk.columns(), all.startNanos()));
    }
    int columns = ((WalkProgress.Part) found.get(0)).columns().size();
    return WalkQuery.ended(context, lessons, (Question.Walk) question, columns, rows);
  }

  /** A walk is under way no more. */
  void ended(Question question) {
    WalkUnderWay all = underWay.remove(question);
    if (all != null) {
      all.end(memory);
    }
  }

  /** How far each walk has come, in words. */
  List<String> progress() {
    if (underWay.isEmpty()) {
      return List.of();
    }
    List<String> all = new ArrayList<>(underWay.size());
    underWay.forEach((question, walk) -> all.add(progress((Question.Walk) question, walk)));
    return all;
  }

  private String progress(Question.Walk question, WalkUnderWay walk) {
    String name = context.definitions().name(question.columns().get(0));
    long millis = (context.ticker().read() - walk.startNanos()) / 1_000_000;
    return String.format(
        Locale.ROOT,
        "walk of %s: %d rows, %d exchanges, %.1f s%s",
        name == null ? ResponseContext.shown(question.columns().get(0)) : name,
        walk.rows(),
        walk.exchanges(),
        millis / 1000.0,
        walk.parts() > 1 ? ", in " + walk.parts() + " parts" : "");
  }
}
