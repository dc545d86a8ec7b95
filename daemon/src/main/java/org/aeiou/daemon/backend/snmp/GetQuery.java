package org.aeiou.daemon.backend.snmp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.message.MessageCodec;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.snmp4j.PDU;
import org.snmp4j.smi.VariableBinding;

/**
 * Gets that travel together in one GET, each object once, however many items want it, as a value or
 * as a guard.
 */
final class GetQuery implements Query {
  /** In place of a position: it is not asked for. */
  private static final int NOWHERE = -1;

  /**
   * The continuation of a guarded item of which v1 said that one object is missing: only the other
   * is asked for then.
   */
  enum Missing {
    VALUE,
    GUARD
  }

  private final ResponseContext context;
  private final List<Exchange.Item<Question>> items;

  /** What is asked for, in the order of the request. */
  private final List<Oid> asked;

  /** Where each item's object and guard are among what is asked for. */
  private final int[] objectAt;

  private final int[] guardAt;

  /** How many of the items fit; the others are asked next. */
  private final int fitting;

  GetQuery(ResponseContext context, List<Exchange.Item<Question>> items) {
    this.context = context;
    this.items = items;
    this.asked = new ArrayList<>(items.size());
    this.objectAt = new int[items.size()];
    this.guardAt = new int[items.size()];
    Map<Oid, Integer> positions = isAnyGuarded() ? new HashMap<>() : Map.of();
    int room = context.maxRequest();
    int fit = 0;
    for (; fit < items.size(); fit++) {
      Oid object = object(fit);
      Oid guard = guard(fit);
      boolean isObjectNew = object != null && !positions.containsKey(object);
      boolean isGuardNew = guard != null && !guard.equals(object) && !positions.containsKey(guard);
      int bytes =
          (isObjectNew ? MessageCodec.bindingLength(object) : 0)
              + (isGuardNew ? MessageCodec.bindingLength(guard) : 0);
      if (bytes > room && fit > 0) {
        break;
      }
      room -= bytes;
      objectAt[fit] = position(object, isObjectNew, positions);
      guardAt[fit] = position(guard, isGuardNew, positions);
    }
    this.fitting = fit;
  }

  /** Without a guard each item has an object of its own, as each is another question. */
  private boolean isAnyGuarded() {
    for (int i = 0; i < items.size(); i++) {
      if (question(i).guard() != null) {
        return true;
      }
    }
    return false;
  }

  private int position(Oid object, boolean isNew, Map<Oid, Integer> positions) {
    if (object == null) {
      return NOWHERE;
    }
    if (!isNew) {
      return positions.get(object);
    }
    int position = asked.size();
    asked.add(object);
    if (positions instanceof HashMap) {
      positions.put(object, position);
    }
    return position;
  }

  private Question.Get question(int item) {
    return (Question.Get) items.get(item).key();
  }

  /** What an item wants the value of; null if it is known to be missing. */
  private Oid object(int item) {
    return isMissing(item, Missing.VALUE) ? null : question(item).oid();
  }

  /** What proves an item's row; null if nothing does, or that is known to be missing. */
  private Oid guard(int item) {
    return isMissing(item, Missing.GUARD) ? null : question(item).guard();
  }

  private boolean isMissing(int item, Missing what) {
    return question(item).guard() != null && items.get(item).continuation() == what;
  }

  @Override
  public MessageCodec.Request request() {
    return SmiValues.get(asked);
  }

  @Override
  public MessageCodec.Message message(MessageCodec codec, int id) throws IOException {
    return codec.encodeGet(asked, id);
  }

  @Override
  public Answer<Value> answer(Value[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = context.fitted(asked.get(i), values[i]);
    }
    return each(dones(values));
  }

  @Override
  public Answer<Value> answer(PDU response, int bytes) {
    if (response.getErrorStatus() != PDU.noError) {
      Answer<Value> common = context.common(response);
      return common != null ? common : error(response);
    }
    Map<Oid, Integer> positions = new HashMap<>();
    for (int i = 0; i < asked.size(); i++) {
      positions.put(asked.get(i), i);
    }
    Value[] values = new Value[asked.size()];
    boolean[] answered = new boolean[asked.size()];
    for (VariableBinding binding : response.getVariableBindings()) {
      Oid object = SmiValues.oid(binding.getOid());
      Integer position = positions.get(object);
      if (position != null && !answered[position]) {
        answered[position] = true;
        values[position] = context.value(object, binding.getVariable());
      }
    }
    boolean any = false;
    for (int i = 0; i < fitting; i++) {
      any |= isAnswered(i, answered);
    }
    boolean others = any;
    IntFunction<Answer.Item<Value>> done = dones(values);
    return each(item -> isAnswered(item, answered) ? done.apply(item) : leftOut(item, others));
  }

  private boolean isAnswered(int item, boolean[] answered) {
    return (objectAt[item] == NOWHERE || answered[objectAt[item]])
        && (guardAt[item] == NOWHERE || answered[guardAt[item]]);
  }

  /** Left out of a response that has others: asked again, in a smaller company each time. */
  private Answer.Item<Value> leftOut(int item, boolean others) {
    if (others) {
      return new Answer.Item.Again<>();
    }
    context.counters().add(SnmpCounter.BAD);
    context.notes().add("the agent answered other objects than {}", first(item));
    return context.bad("the agent answered other objects than " + first(item));
  }

  /** What items have of one response, all of it taken now. */
  private IntFunction<Answer.Item<Value>> dones(Value[] values) {
    long nanos = context.ticker().read();
    long millis = context.clock().millis();
    return item -> ResponseContext.done(value(item, values), nanos, millis);
  }

  /** Null if it is absent. */
  private Value value(int item, Value[] values) {
    // What v1 said to be missing is missing, even if another item asked for it and was luckier.
    Value value = objectAt[item] == NOWHERE ? null : values[objectAt[item]];
    if (question(item).guard() == null) {
      return value;
    }
    Value guard = guardAt[item] == NOWHERE ? null : values[guardAt[item]];
    return value == null && guard == null ? null : new Value.Guarded(value, guard);
  }

  private Oid first(int item) {
    return asked.get(objectAt[item] == NOWHERE ? guardAt[item] : objectAt[item]);
  }

  /**
   * What an error status means for each item: the named object's fail, the others are asked again.
   */
  private Answer<Value> error(PDU response) {
    boolean missing = response.getErrorStatus() == PDU.noSuchName;
    if (!missing) {
      context.counters().add(SnmpCounter.ERROR_STATUS);
    }
    // Counted from 1; any other number names none.
    int index = response.getErrorIndex() - 1;
    int named = index >= 0 && index < asked.size() ? index : NOWHERE;
    if (named == NOWHERE && items.size() > 1) {
      return new Answer.TooBig<>();
    }
    return each(
        item -> {
          if (named != NOWHERE && objectAt[item] != named && guardAt[item] != named) {
            return new Answer.Item.Again<>();
          }
          return missing
              ? missing(item, named)
              : context.bad(
                  "the agent answered "
                      + response.getErrorStatusText()
                      + " for "
                      + (named != NOWHERE ? asked.get(named) : first(item)));
        });
  }

  /** One of an item's objects is missing: the {@code named} one, or an unknown one. */
  private Answer.Item<Value> missing(int item, int named) {
    boolean isOne =
        objectAt[item] == NOWHERE || guardAt[item] == NOWHERE || objectAt[item] == guardAt[item];
    if (isOne) {
      return context.done(null);
    }
    return new Answer.Item.More<>(objectAt[item] == named ? Missing.VALUE : Missing.GUARD);
  }

  private Answer<Value> each(IntFunction<Answer.Item<Value>> read) {
    @SuppressWarnings({"unchecked", "rawtypes"}) // no array of a generic type can be made
    Answer.Item<Value>[] outcomes = new Answer.Item[items.size()];
    for (int i = 0; i < outcomes.length; i++) {
      outcomes[i] = i < fitting ? read.apply(i) : new Answer.Item.Again<>();
    }
    return new Answer.Items<>(List.of(outcomes));
  }

  @Override
  public Answer<Value> undecodable() {
    return context.undecodable(items.size());
  }
}
