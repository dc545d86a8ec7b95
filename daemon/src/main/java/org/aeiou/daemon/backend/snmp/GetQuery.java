package org.aeiou.daemon.backend.snmp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.message.MessageCodec;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.snmp4j.PDU;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.VariableBinding;

/**
 * Gets that travel together in one GET, each object once, however many items want it, as a value or
 * as a guard.
 */
final class GetQuery implements Query {

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

  /** What is asked for, in the order of the request; the values are their names for SNMP4J. */
  private final Map<Oid, OID> asked = new LinkedHashMap<>();

  /** How many of the items fit; the others are asked next. */
  private final int fitting;

  GetQuery(ResponseContext context, List<Exchange.Item<Question>> items) {
    this.context = context;
    this.items = items;
    int room = context.maxRequest();
    int fit = 0;
    for (Exchange.Item<Question> item : items) {
      Map<Oid, OID> more = new LinkedHashMap<>();
      int bytes = 0;
      for (Oid oid : objects(item)) {
        if (!asked.containsKey(oid)) {
          OID name = SmiValues.oid(oid);
          if (more.put(oid, name) == null) {
            bytes += new VariableBinding(name).getBERLength();
          }
        }
      }
      if (bytes > room && fit > 0) {
        break;
      }
      asked.putAll(more);
      room -= bytes;
      fit++;
    }
    this.fitting = fit;
  }

  private static Question.Get question(Exchange.Item<Question> item) {
    return (Question.Get) item.key();
  }

  /** What is asked for an item: its object, its guard, or both. */
  private static List<Oid> objects(Exchange.Item<Question> item) {
    Question.Get get = question(item);
    if (get.guard() == null || item.continuation() == Missing.GUARD) {
      return List.of(get.oid());
    }
    return item.continuation() == Missing.VALUE
        ? List.of(get.guard())
        : List.of(get.oid(), get.guard());
  }

  @Override
  public MessageCodec.Request request() {
    List<VariableBinding> bindings = new ArrayList<>(asked.size());
    asked.values().forEach(name -> bindings.add(new VariableBinding(name)));
    return new MessageCodec.Request(PDU.GET, bindings, 0);
  }

  @Override
  public Answer<Value> answer(PDU response, int bytes) {
    if (response.getErrorStatus() != PDU.noError) {
      Answer<Value> common = context.common(response);
      return common != null ? common : error(response);
    }
    Map<Oid, Value> values = new HashMap<>();
    Set<Oid> answered = new HashSet<>();
    for (VariableBinding binding : response.getVariableBindings()) {
      Oid oid = SmiValues.oid(binding.getOid());
      if (asked.containsKey(oid) && answered.add(oid)) {
        values.put(oid, context.value(oid, binding.getVariable()));
      }
    }
    boolean any =
        items.subList(0, fitting).stream().anyMatch(item -> answered.containsAll(objects(item)));
    return each(item -> read(item, values, answered, any));
  }

  private Answer.Item<Value> read(
      Exchange.Item<Question> item, Map<Oid, Value> values, Set<Oid> answered, boolean any) {
    List<Oid> objects = objects(item);
    if (!answered.containsAll(objects)) {
      if (any) {
        // Left out of a response that has others: asked again, in a smaller company each time.
        return new Answer.Item.Again<>();
      }
      context.counters().add(SnmpCounter.BAD);
      context.notes().add("the agent answered other objects than {}", objects.get(0));
      return context.bad("the agent answered other objects than " + objects.get(0));
    }
    Question.Get get = question(item);
    // What v1 said to be missing is missing, even if another item asked for it and was luckier.
    Value value = objects.contains(get.oid()) ? values.get(get.oid()) : null;
    if (get.guard() == null) {
      return context.done(value);
    }
    Value guard = objects.contains(get.guard()) ? values.get(get.guard()) : null;
    return context.done(value == null && guard == null ? null : new Value.Guarded(value, guard));
  }

  /**
   * What an error status means for each item: the named object's fail, the others are asked again.
   */
  private Answer<Value> error(PDU response) {
    boolean missing = response.getErrorStatus() == PDU.noSuchName;
    if (!missing) {
      context.counters().add(SnmpCounter.ERROR_STATUS);
    }
    Oid named = named(response.getErrorIndex());
    if (named == null && items.size() > 1) {
      return new Answer.TooBig<>();
    }
    return each(
        item -> {
          List<Oid> objects = objects(item);
          if (named != null && !objects.contains(named)) {
            return new Answer.Item.Again<>();
          }
          return missing
              ? missing(item, named)
              : context.bad(
                  "the agent answered "
                      + response.getErrorStatusText()
                      + " for "
                      + (named != null ? named : objects.get(0)));
        });
  }

  /** One of an item's objects is missing: {@code named}, or an unknown one if that is null. */
  private Answer.Item<Value> missing(Exchange.Item<Question> item, Oid named) {
    Question.Get get = question(item);
    if (objects(item).size() == 1 || get.oid().equals(get.guard())) {
      return context.done(null);
    }
    return new Answer.Item.More<>(get.oid().equals(named) ? Missing.VALUE : Missing.GUARD);
  }

  /** The object an error index names, counted from 1; null if it names none. */
  private Oid named(int index) {
    return index >= 1 && index <= asked.size() ? List.copyOf(asked.keySet()).get(index - 1) : null;
  }

  private Answer<Value> each(Function<Exchange.Item<Question>, Answer.Item<Value>> read) {
    List<Answer.Item<Value>> outcomes = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      outcomes.add(i < fitting ? read.apply(items.get(i)) : new Answer.Item.Again<>());
    }
    return new Answer.Items<>(outcomes);
  }

  @Override
  public Answer<Value> undecodable() {
    return context.undecodable(items.size());
  }
}
