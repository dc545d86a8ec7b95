package org.aeiou.daemon.backend.snmp;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.aeiou.closures.Failure.Reason;
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
 * Probes that travel together in one GETNEXT, a binding each; and scalars that are asked for beside
 * them, as the next object after a scalar's type is its only instance, if it is there.
 */
final class ProbeQuery implements Query {
  private final ResponseContext context;
  private final List<Exchange.Item<Question>> items;

  /** What those that fit are below. */
  private final List<Oid> subtrees = new ArrayList<>();

  ProbeQuery(ResponseContext context, List<Exchange.Item<Question>> items) {
    this.context = context;
    this.items = items;
    int room = context.maxRequest();
    for (Exchange.Item<Question> item : items) {
      Oid subtree = subtree(item.key());
      room -= SmiValues.unset(subtree).getBERLength();
      if (room < 0 && !subtrees.isEmpty()) {
        break;
      }
      subtrees.add(subtree);
    }
  }

  private static Oid subtree(Question question) {
    if (question instanceof Question.Probe probe) {
      return probe.subtree();
    }
    Oid scalar = ((Question.Get) question).oid();
    return scalar.prefix(scalar.length() - 1);
  }

  @Override
  public MessageCodec.Request request() {
    return new MessageCodec.Request(
        PDU.GETNEXT, subtrees.stream().map(SmiValues::unset).toList(), 0);
  }

  @Override
  public Answer<Value> answer(PDU response, int bytes) {
    if (response.getErrorStatus() != PDU.noError) {
      Answer<Value> common = context.common(response);
      return common != null ? common : error(response);
    }
    List<? extends VariableBinding> bindings = response.getVariableBindings();
    if (bindings.isEmpty() || bindings.size() > subtrees.size()) {
      context.counters().add(SnmpCounter.BAD);
      return context.failed(
          Reason.BAD_ANSWER,
          "the agent answered " + bindings.size() + " objects to " + subtrees.size() + " probes",
          true);
    }
    return each(i -> i < bindings.size() ? read(i, bindings.get(i)) : new Answer.Item.Again<>());
  }

  private Answer.Item<Value> read(int i, VariableBinding binding) {
    Oid found = SmiValues.oid(binding.getOid());
    Value value =
        found.startsWith(subtrees.get(i)) ? context.value(found, binding.getVariable()) : null;
    if (items.get(i).key() instanceof Question.Get scalar) {
      return context.done(found.equals(scalar.oid()) ? value : null);
    }
    return context.done(value == null ? null : new Value.Identifier(found));
  }

  /** As for gets; noSuchName is how v1 says that nothing follows. */
  private Answer<Value> error(PDU response) {
    boolean missing = response.getErrorStatus() == PDU.noSuchName;
    if (!missing) {
      context.counters().add(SnmpCounter.ERROR_STATUS);
    }
    int index = response.getErrorIndex();
    boolean known = index >= 1 && index <= subtrees.size();
    if (!known && items.size() > 1) {
      return new Answer.TooBig<>();
    }
    int named = known ? index - 1 : 0;
    return each(
        i -> {
          if (i != named) {
            return new Answer.Item.Again<>();
          }
          return missing
              ? context.done(null)
              : context.bad(
                  "the agent answered "
                      + response.getErrorStatusText()
                      + " for what is below "
                      + subtrees.get(i));
        });
  }

  private Answer<Value> each(IntFunction<Answer.Item<Value>> read) {
    List<Answer.Item<Value>> outcomes = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      outcomes.add(i < subtrees.size() ? read.apply(i) : new Answer.Item.Again<>());
    }
    return new Answer.Items<>(outcomes);
  }

  @Override
  public Answer<Value> undecodable() {
    return context.undecodable(items.size());
  }
}
