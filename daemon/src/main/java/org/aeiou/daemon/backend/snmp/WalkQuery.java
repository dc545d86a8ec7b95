package org.aeiou.daemon.backend.snmp;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.message.MessageCodec;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.aeiou.daemon.backend.snmp.walk.GapCheck;
import org.aeiou.daemon.backend.snmp.walk.WalkLessons;
import org.aeiou.daemon.backend.snmp.walk.WalkProgress;
import org.snmp4j.PDU;
import org.snmp4j.smi.VariableBinding;

/**
 * The next step of a walk: a GETBULK with the columns that have not ended as repeaters, or a
 * GETNEXT where the agent speaks v1. What comes back is read by a {@link WalkResponse}.
 */
final class WalkQuery implements Query {
  /** An agent that gathers more for one response leaves its other askers waiting. */
  private static final int MOST_REPETITIONS = 100;

  /**
   * What a cell is taken to have on top of its column's name, before one was seen: index, value.
   */
  private static final int FIRST_GUESS = 14;

  /**
   * How a step is made.
   *
   * @param attempt which attempt it is, from 1: each asks for half as much, in case it is the size
   *     that gets lost
   * @param splitAt the index where the walk goes on in two parts after it; null if it does not
   * @param beside whether another part of the walk is under way
   */
  record Step(int attempt, Oid splitAt, boolean beside) {}

  private final ResponseContext context;
  private final WalkLessons lessons;
  private final WalkUnderWay underWay;
  private final Question.Walk question;
  private final WalkProgress walk;
  private final Step step;
  private final long startNanos;

  /** The columns that are asked for, by their position in the question. */
  private final List<Integer> asked = new ArrayList<>();

  private final int repetitions;

  WalkQuery(
      ResponseContext context,
      WalkLessons lessons,
      WalkUnderWay underWay,
      Question.Walk question,
      WalkProgress walk,
      Step step) {
    this.context = context;
    this.lessons = lessons;
    this.underWay = underWay;
    this.question = question;
    this.walk = walk;
    this.step = step;
    this.startNanos = context.ticker().read();
    int room = context.maxRequest();
    int guess = 0;
    for (int i = 0; i < walk.columns().size() && asked.size() < walk.width(); i++) {
      WalkProgress.Column column = walk.columns().get(i);
      int bytes = SmiValues.unset(column.at()).getBERLength();
      if (!column.ended() && (asked.isEmpty() || bytes <= room)) {
        asked.add(i);
        room -= bytes;
        guess = Math.max(guess, bytes + FIRST_GUESS);
      }
    }
    int cells =
        Math.min(context.maxResponse() / Math.max(1, cellBytes(guess)), lessons.limit().cells());
    int rows = (cells / Math.max(1, asked.size())) >> Math.min(step.attempt() - 1, 16);
    this.repetitions =
        context.v1() || walk.single() ? 1 : Math.max(1, Math.min(rows, MOST_REPETITIONS));
  }

  private int cellBytes(int guess) {
    return walk.cellBytes() > 0 ? walk.cellBytes() : guess;
  }

  @Override
  public MessageCodec.Request request() {
    return new MessageCodec.Request(
        context.v1() ? PDU.GETNEXT : PDU.GETBULK,
        asked.stream().map(i -> SmiValues.unset(walk.columns().get(i).at())).toList(),
        repetitions);
  }

  @Override
  public Answer<Value> answer(PDU response, int bytes) {
    lessons.pace().answered(step.beside(), context.ticker().read() - startNanos);
    return switch (response.getErrorStatus()) {
      case PDU.noError -> read(response.getVariableBindings(), bytes);
      case PDU.tooBig -> tooBig();
      case PDU.noSuchName -> ended(response.getErrorIndex());
      default -> {
        Answer<Value> common = context.common(response);
        yield common != null ? common : error(response);
      }
    };
  }

  private Answer<Value> read(List<? extends VariableBinding> bindings, int bytes) {
    if (bindings.isEmpty()) {
      context.counters().add(SnmpCounter.BAD);
      return context.failed(
          Reason.BAD_ANSWER,
          "the agent answered nothing to a walk of " + context.named(at(0)),
          true);
    }
    int wanted = asked.size() * repetitions;
    if (bindings.size() > wanted) {
      context.counters().add(SnmpCounter.EXCESS);
    }
    WalkResponse answer = new WalkResponse(context, walk);
    for (int i = 0; i < bindings.size() && i < wanted; i++) {
      answer.take(asked.get(i % asked.size()), bindings.get(i));
    }
    if (!answer.isForward()) {
      return misfit();
    }
    WalkProgress then = answer.then(bytes, bindings.size());
    Answer.Item<Value> failure = answer.failure(then, question.most());
    return failure == null ? next(then) : item(failure);
  }

  private Answer<Value> tooBig() {
    context.counters().add(SnmpCounter.TOO_BIG);
    if (repetitions > 1) {
      lessons.limit().tooBig(repetitions * asked.size());
      return next(walk);
    }
    return asked.size() > 1 ? next(walk.withWidth(asked.size() / 2)) : columnFailed(0, "tooBig");
  }

  /** noSuchName is how v1 says that nothing follows in a column. */
  private Answer<Value> ended(int index) {
    if (walk.isPart()) {
      return misfit();
    }
    if (index >= 1 && index <= asked.size()) {
      return next(walk.withEnded(asked.get(index - 1)));
    }
    return asked.size() > 1
        ? next(walk.withWidth(asked.size() / 2))
        : next(walk.withEnded(asked.get(0)));
  }

  /** genErr and its like: closes in on the object the agent cannot read, and leaves it out. */
  private Answer<Value> error(PDU response) {
    context.counters().add(SnmpCounter.ERROR_STATUS);
    if (walk.isPart()) {
      return misfit();
    }
    if (repetitions > 1) {
      // It may be an object behind the table that fails, reached only by asking for many rows.
      return next(walk.withSingleRows());
    }
    int index = response.getErrorIndex();
    if (index >= 1 && index <= asked.size()) {
      return columnFailed(index - 1, response.getErrorStatusText());
    }
    return asked.size() > 1
        ? next(walk.withWidth(asked.size() / 2))
        : columnFailed(0, response.getErrorStatusText());
  }

  /** A part that is not as it should be: the table is walked as one, which knows what to do. */
  private Answer<Value> misfit() {
    underWay.misfits();
    return item(new Answer.Item.PartEnded<>(WalkProgress.Part.USELESS));
  }

  private Answer<Value> columnFailed(int position, String error) {
    if (walk.isPart()) {
      return misfit();
    }
    context.counters().add(SnmpCounter.WALK_COLUMN_FAILED);
    context.notes().add("what follows {} is left out: {}", context.named(at(position)), error);
    WalkProgress rest = walk.withEnded(asked.get(position));
    return rest.ended() && rest.isEmpty()
        ? item(context.bad("the agent answered " + error + " for what follows " + at(position)))
        : next(rest);
  }

  private Oid at(int position) {
    return walk.columns().get(asked.get(position)).at();
  }

  private Answer<Value> next(WalkProgress then) {
    if (!then.ended()) {
      return step.splitAt() != null && then.canSplitAt(step.splitAt())
          ? SplitQuery.split(context, then, step.splitAt())
          : item(new Answer.Item.More<>(then));
    }
    if (then.isPart()) {
      return item(new Answer.Item.PartEnded<>(then.part()));
    }
    return item(ended(context, lessons, question, then.columns().size(), then.rows()));
  }

  /**
   * What a walk ends in, or goes on with, when its columns have ended.
   *
   * @param columns how many columns of the question were walked: all, or the first
   */
  static Answer.Item<Value> ended(
      ResponseContext context,
      WalkLessons lessons,
      Question.Walk question,
      int columns,
      List<Value.Row> rows) {
    if (columns < question.columns().size()) {
      return new Answer.Item.More<>(GapCheck.of(question, rows));
    }
    lessons.landmarks().learn(question, rows);
    lessons.firstColumns().walkedInFull(question, rows);
    return context.done(new Value.Rows(rows));
  }

  private static Answer<Value> item(Answer.Item<Value> item) {
    return new Answer.Items<>(List.of(item));
  }

  @Override
  public Answer<Value> undecodable() {
    return context.undecodable(1);
  }
}
