package org.aeiou.daemon.backend.snmp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.daemon.backend.CounterSample;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.message.MessageCodec;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.snmp4j.PDU;
import org.snmp4j.smi.VariableBinding;

/**
 * Samples that travel together in one GET, with {@code sysUpTime} once for all of them: so the
 * agent's time is that at which it made the response. What several ask for is asked for once.
 */
final class SampleQuery implements Query {
  static final Oid SYS_UP_TIME = Oid.parse("1.3.6.1.2.1.1.3.0");

  /** What ifSpeed says of a link that is as fast, or faster. */
  private static final long AT_LEAST = 4_294_967_295L;

  private final ResponseContext context;
  private final List<Exchange.Item<Question>> items;

  /** What is asked for, in the order of the request, with the position of each. */
  private final List<Oid> asked = new ArrayList<>();

  private final Map<Oid, Integer> positions = new HashMap<>();

  /** How many of the items fit; the others are asked next. */
  private final int fitting;

  SampleQuery(ResponseContext context, List<Exchange.Item<Question>> items) {
    this.context = context;
    this.items = items;
    int room = context.maxRequest();
    int fit = 0;
    for (; fit < items.size(); fit++) {
      Set<Oid> wanted = wanted(fit);
      wanted.removeAll(positions.keySet());
      for (Oid object : wanted) {
        room -= MessageCodec.bindingLength(object);
      }
      if (room < 0 && fit > 0) {
        break;
      }
      for (Oid object : wanted) {
        positions.put(object, asked.size());
        asked.add(object);
      }
    }
    this.fitting = fit;
  }

  /** All that an item wants and is not known to be missing. */
  private Set<Oid> wanted(int item) {
    Question.Sample question = question(item);
    Set<Oid> wanted = new LinkedHashSet<>();
    wanted.add(SYS_UP_TIME);
    wanted.addAll(question.counters());
    wanted.addAll(question.speeds());
    if (question.guard() != null) {
      wanted.add(question.guard());
    }
    if (question.discontinuity() != null) {
      wanted.add(question.discontinuity());
    }
    wanted.removeAll(missing(item));
    return wanted;
  }

  private Question.Sample question(int item) {
    return (Question.Sample) items.get(item).key();
  }

  /** What v1 said that the agent does not have, in answer to the exchanges before. */
  @SuppressWarnings("unchecked")
  private Set<Oid> missing(int item) {
    Object continuation = items.get(item).continuation();
    return continuation == null ? Set.of() : (Set<Oid>) continuation;
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
    Map<Oid, Value> found = new HashMap<>();
    for (int i = 0; i < values.length; i++) {
      found.put(asked.get(i), context.fitted(asked.get(i), values[i]));
    }
    return each(dones(found));
  }

  @Override
  public Answer<Value> answer(PDU response, int bytes) {
    if (response.getErrorStatus() != PDU.noError) {
      Answer<Value> common = context.common(response);
      return common != null ? common : error(response);
    }
    Map<Oid, Value> found = new HashMap<>();
    for (VariableBinding binding : response.getVariableBindings()) {
      Oid object = SmiValues.oid(binding.getOid());
      if (positions.containsKey(object)) {
        found.putIfAbsent(object, context.value(object, binding.getVariable()));
      }
    }
    IntFunction<Answer.Item<Value>> done = dones(found);
    boolean any = false;
    for (int i = 0; i < fitting; i++) {
      any |= found.keySet().containsAll(wanted(i));
    }
    boolean others = any;
    return each(
        item ->
            found.keySet().containsAll(wanted(item)) ? done.apply(item) : leftOut(item, others));
  }

  /** Left out of a response that has others: asked again, in a smaller company each time. */
  private Answer.Item<Value> leftOut(int item, boolean others) {
    if (others) {
      return new Answer.Item.Again<>();
    }
    context.counters().add(SnmpCounter.BAD);
    String what = "the agent answered other objects than " + question(item).oid();
    context.notes().add("the agent answered other objects than {}", question(item).oid());
    return context.bad(what);
  }

  /** What items have of one response, all of it taken now. */
  private IntFunction<Answer.Item<Value>> dones(Map<Oid, Value> found) {
    long nanos = context.ticker().read();
    long millis = context.clock().millis();
    return item -> ResponseContext.done(sample(question(item), found), nanos, millis);
  }

  /** Null if it is absent. */
  private static Value sample(Question.Sample question, Map<Oid, Value> found) {
    int counter = 0;
    Value.Numeric value = null;
    for (int i = 0; i < question.counters().size() && value == null; i++) {
      counter = i;
      value = number(found, question.counters().get(i));
    }
    Value guard = question.guard() == null ? null : found.get(question.guard());
    if (value == null && guard == null) {
      return null;
    }
    Value.Numeric uptime = number(found, SYS_UP_TIME);
    return new CounterSample(
        counter,
        value,
        guard,
        uptime == null ? -1 : uptime.number(),
        question.discontinuity() == null ? null : found.get(question.discontinuity()),
        speed(question, found));
  }

  private static long speed(Question.Sample question, Map<Oid, Value> found) {
    for (int i = 0; i < question.speeds().size(); i++) {
      Value.Numeric speed = number(found, question.speeds().get(i));
      if (speed != null && speed.number() > 0 && speed.number() < AT_LEAST) {
        return speed.number() * question.meaning().speedUnits().get(i);
      }
    }
    return 0;
  }

  private static Value.Numeric number(Map<Oid, Value> found, Oid object) {
    return found.get(object) instanceof Value.Numeric number ? number : null;
  }

  /** What an error status means: the named object is missing, or fails those that want it. */
  private Answer<Value> error(PDU response) {
    boolean isMissing = response.getErrorStatus() == PDU.noSuchName;
    if (!isMissing) {
      context.counters().add(SnmpCounter.ERROR_STATUS);
    }
    // Counted from 1; any other number names none.
    int index = response.getErrorIndex() - 1;
    if (index < 0 || index >= asked.size()) {
      return items.size() > 1
          ? new Answer.TooBig<>()
          : each(item -> failed(response, question(item).oid()));
    }
    Oid named = asked.get(index);
    return each(
        item -> {
          if (!wanted(item).contains(named)) {
            return new Answer.Item.Again<>();
          }
          return isMissing ? without(item, named) : failed(response, named);
        });
  }

  private Answer.Item<Value> failed(PDU response, Oid object) {
    return context.bad("the agent answered " + response.getErrorStatusText() + " for " + object);
  }

  /** Goes on without an object that the agent does not have, unless nothing of use is left. */
  private Answer.Item<Value> without(int item, Oid named) {
    Set<Oid> missing = new HashSet<>(missing(item));
    missing.add(named);
    boolean isOfUse =
        !missing.containsAll(question(item).counters())
            || (question(item).guard() != null && !missing.contains(question(item).guard()));
    return isOfUse ? new Answer.Item.More<>(Set.copyOf(missing)) : context.done(null);
  }

  private Answer<Value> each(IntFunction<Answer.Item<Value>> read) {
    List<Answer.Item<Value>> outcomes = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      outcomes.add(i < fitting ? read.apply(i) : new Answer.Item.Again<>());
    }
    return new Answer.Items<>(outcomes);
  }

  @Override
  public Answer<Value> undecodable() {
    return context.undecodable(items.size());
  }
}
