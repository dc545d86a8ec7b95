package org.aeiou.daemon.backend.snmp;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.scheduler.Answer;
import org.aeiou.closures.scheduler.Exchange;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.snmp4j.PDU;
import org.snmp4j.smi.VariableBinding;

/**
 * The next step of a walk: a GETBULK with the columns that have not ended as repeaters, or a
 * GETNEXT where the agent speaks v1. What comes back is read by a {@link WalkAnswer}.
 */
final class WalkQuery implements Query {
  /** More in one response helps nobody, and an agent that gathers it answers nobody else. */
  private static final int MOST_REPETITIONS = 100;

  /**
   * What a cell is taken to have on top of its column's name, before one was seen: index, value.
   */
  private static final int FIRST_GUESS = 14;

  private final Reader reader;
  private final WalkLimit limit;
  private final Walk walk;

  /** The columns that are asked for, by their position in the question. */
  private final List<Integer> asked = new ArrayList<>();

  private final int repetitions;

  /**
   * A step of a walk.
   *
   * @param attempt which attempt this is, from 1: each asks for half as much, in case it is the
   *     size that gets lost
   */
  WalkQuery(Reader reader, WalkLimit limit, Exchange.Item<Question> item, int attempt) {
    this.reader = reader;
    this.limit = limit;
    this.walk =
        item.continuation() instanceof Walk going
            ? going
            : Walk.from(((Question.Walk) item.key()).columns(), reader.ticker().read());
    int room = reader.maxRequest();
    int guess = 0;
    for (int i = 0; i < walk.columns().size() && asked.size() < walk.width(); i++) {
      Walk.Column column = walk.columns().get(i);
      int bytes = Variables.unset(column.at()).getBERLength();
      if (!column.ended() && (asked.isEmpty() || bytes <= room)) {
        asked.add(i);
        room -= bytes;
        guess = Math.max(guess, bytes + FIRST_GUESS);
      }
    }
    int cells = Math.min(reader.maxResponse() / Math.max(1, cellBytes(guess)), limit.cells());
    int rows = (cells / Math.max(1, asked.size())) >> Math.min(attempt - 1, 16);
    this.repetitions =
        reader.v1() || walk.single() ? 1 : Math.max(1, Math.min(rows, MOST_REPETITIONS));
  }

  private int cellBytes(int guess) {
    return walk.cellBytes() > 0 ? walk.cellBytes() : guess;
  }

  @Override
  public int type() {
    return reader.v1() ? PDU.GETNEXT : PDU.GETBULK;
  }

  @Override
  public List<VariableBinding> bindings() {
    return asked.stream().map(i -> Variables.unset(walk.columns().get(i).at())).toList();
  }

  @Override
  public int maxRepetitions() {
    return repetitions;
  }

  @Override
  public Answer<Value> answer(PDU response, int bytes) {
    return switch (response.getErrorStatus()) {
      case PDU.noError -> read(response.getVariableBindings(), bytes);
      case PDU.tooBig -> tooBig();
      case PDU.noSuchName -> ended(response.getErrorIndex());
      default -> {
        Answer<Value> common = reader.common(response);
        yield common != null ? common : error(response);
      }
    };
  }

  private Answer<Value> read(List<? extends VariableBinding> bindings, int bytes) {
    if (bindings.isEmpty()) {
      reader.counters().add(Count.BAD);
      return reader.failed(
          Reason.BAD_ANSWER,
          "the agent answered nothing to a walk of " + reader.named(at(0)),
          true);
    }
    int wanted = asked.size() * repetitions;
    if (bindings.size() > wanted) {
      reader.counters().add(Count.EXCESS);
    }
    WalkAnswer answer = new WalkAnswer(reader, walk);
    for (int i = 0; i < bindings.size() && i < wanted; i++) {
      answer.take(asked.get(i % asked.size()), bindings.get(i));
    }
    Walk then = answer.then(bytes, bindings.size());
    Answer.Item<Value> failure = answer.failure(then);
    return failure == null ? next(then) : item(failure);
  }

  private Answer<Value> tooBig() {
    reader.counters().add(Count.TOO_BIG);
    if (repetitions > 1) {
      limit.tooBig(repetitions * asked.size());
      return next(walk);
    }
    return asked.size() > 1 ? next(walk.withWidth(asked.size() / 2)) : columnFailed(0, "tooBig");
  }

  /** noSuchName is how v1 says that nothing follows in a column. */
  private Answer<Value> ended(int index) {
    if (index >= 1 && index <= asked.size()) {
      return next(walk.withEnded(asked.get(index - 1)));
    }
    return asked.size() > 1
        ? next(walk.withWidth(asked.size() / 2))
        : next(walk.withEnded(asked.get(0)));
  }

  /** genErr and its like: closes in on the object the agent cannot read, and leaves it out. */
  private Answer<Value> error(PDU response) {
    reader.counters().add(Count.ERROR_STATUS);
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

  private Answer<Value> columnFailed(int position, String error) {
    reader.counters().add(Count.WALK_COLUMN_FAILED);
    reader.notes().add("what follows {} is left out: {}", reader.named(at(position)), error);
    Walk rest = walk.withEnded(asked.get(position));
    return rest.ended() && rest.isEmpty()
        ? item(reader.bad("the agent answered " + error + " for what follows " + at(position)))
        : next(rest);
  }

  private Oid at(int position) {
    return walk.columns().get(asked.get(position)).at();
  }

  private Answer<Value> next(Walk then) {
    return item(then.ended() ? reader.done(then.rows()) : new Answer.Item.More<>(then));
  }

  private static Answer<Value> item(Answer.Item<Value> item) {
    return new Answer.Items<>(List.of(item));
  }

  @Override
  public Answer<Value> undecodable() {
    return reader.undecodable(1);
  }
}
