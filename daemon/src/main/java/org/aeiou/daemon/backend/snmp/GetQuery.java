package org.aeiou.daemon.backend.snmp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.aeiou.closures.scheduler.Answer;
import org.aeiou.closures.scheduler.Exchange;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.snmp4j.PDU;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.VariableBinding;

/**
 * Gets that travel together in one GET, each object once, however many items want it, as a value or
 * as a guard.
 */
final class GetQuery implements Query {

  /**
   * The continuation of an item whose guard turned out to be missing: it is not asked for again.
   */
  enum Guard {
    MISSING
  }

  private final Reader reader;
  private final List<Exchange.Item<Question>> items;

  /** What is asked for, in the order of the request; the values are their wire names. */
  private final Map<Oid, OID> asked = new LinkedHashMap<>();

  /** How many of the items fit; the others are asked next. */
  private final int fitting;

  GetQuery(Reader reader, List<Exchange.Item<Question>> items) {
    this.reader = reader;
    this.items = items;
    int room = reader.maxRequest();
    int fit = 0;
    for (Exchange.Item<Question> item : items) {
      Map<Oid, OID> more = new LinkedHashMap<>();
      int bytes = 0;
      for (Oid oid : objects(item)) {
        if (!asked.containsKey(oid)) {
          OID name = Variables.oid(oid);
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

  private static boolean guarded(Exchange.Item<Question> item) {
    return question(item).guard() != null && item.continuation() != Guard.MISSING;
  }

  private static List<Oid> objects(Exchange.Item<Question> item) {
    Question.Get get = question(item);
    return guarded(item) ? List.of(get.oid(), get.guard()) : List.of(get.oid());
  }

  @Override
  public int type() {
    return PDU.GET;
  }

  @Override
  public List<VariableBinding> bindings() {
    List<VariableBinding> bindings = new ArrayList<>(asked.size());
    asked.values().forEach(name -> bindings.add(new VariableBinding(name)));
    return bindings;
  }

  @Override
  public int maxRepetitions() {
    return 0;
  }

  @Override
  public Answer<Value> answer(PDU response, int bytes) {
    if (response.getErrorStatus() != PDU.noError) {
      Answer<Value> common = reader.common(response);
      return common != null ? common : error(response);
    }
    Map<Oid, Value> values = new HashMap<>();
    Set<Oid> answered = new HashSet<>();
    for (VariableBinding binding : response.getVariableBindings()) {
      Oid oid = Variables.oid(binding.getOid());
      if (asked.containsKey(oid) && answered.add(oid)) {
        values.put(oid, Variables.value(binding.getVariable()));
      }
    }
    boolean any =
        items.subList(0, fitting).stream().anyMatch(i -> answered.contains(question(i).oid()));
    return each(item -> read(item, values, answered, any));
  }

  private Answer.Item<Value> read(
      Exchange.Item<Question> item, Map<Oid, Value> values, Set<Oid> answered, boolean any) {
    if (!answered.containsAll(objects(item))) {
      if (any && !answered.contains(question(item).oid())) {
        // Left out of a response that has others: asked again, in a smaller company each time.
        return new Answer.Item.Again<>();
      }
      reader.counters().add(Count.BAD);
      return reader.bad("the agent answered other objects than " + question(item).oid());
    }
    return done(item, values);
  }

  private Answer.Item<Value> done(Exchange.Item<Question> item, Map<Oid, Value> values) {
    Question.Get get = question(item);
    Value value = values.get(get.oid());
    if (get.guard() == null) {
      return reader.done(value);
    }
    Value guard = guarded(item) ? values.get(get.guard()) : null;
    return reader.done(value == null && guard == null ? null : new Value.Guarded(value, guard));
  }

  /**
   * What an error status means for each item: the named object's fail, the others are asked again.
   */
  private Answer<Value> error(PDU response) {
    boolean missing = response.getErrorStatus() == PDU.noSuchName;
    if (!missing) {
      reader.counters().add(Count.ERROR_STATUS);
    }
    Oid named = named(response.getErrorIndex());
    if (named == null && items.size() > 1) {
      return new Answer.TooBig<>();
    }
    return each(
        item -> {
          Question.Get get = question(item);
          if (named != null && !objects(item).contains(named)) {
            return new Answer.Item.Again<>();
          }
          if (!missing) {
            return reader.bad(
                "the agent answered "
                    + response.getErrorStatusText()
                    + " for "
                    + (named != null ? named : get.oid()));
          }
          boolean guard = named == null ? guarded(item) : !named.equals(get.oid());
          return guard ? new Answer.Item.More<>(Guard.MISSING) : reader.done(null);
        });
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
    return reader.undecodable(items.size());
  }
}
