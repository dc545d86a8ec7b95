package org.aeiou.daemon.backend.snmp;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.message.MessageCodec;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.aeiou.daemon.backend.snmp.walk.GapCheck;
import org.aeiou.daemon.backend.snmp.walk.WalkLessons;
import org.snmp4j.PDU;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.VariableBinding;

/**
 * Looks into the next gaps of a {@link GapCheck}: a GETNEXT of what comes behind the row before
 * each. An agent that cannot say it is walked with all columns.
 */
final class GapQuery implements Query {
  /** What an answer is taken to have at the least, name and value. */
  private static final int LEAST_BYTES = 64;

  private final ResponseContext context;
  private final WalkLessons lessons;
  private final Question.Walk question;
  private final GapCheck check;
  private final List<GapCheck.Gap> asked;

  GapQuery(
      ResponseContext context,
      WalkLessons lessons,
      Question.Walk question,
      GapCheck check,
      int attempt) {
    this.context = context;
    this.lessons = lessons;
    this.question = question;
    this.check = check;
    int most = Math.min(context.maxResponse() / LEAST_BYTES, lessons.limit().cells());
    most = Math.min(most, check.most()) >> Math.min(attempt - 1, 16);
    int room = context.maxRequest();
    int fit = 0;
    while (fit < check.gaps().size() && (fit == 0 || (fit < most && room > 0))) {
      room -= SmiValues.unset(start(check.gaps().get(fit))).getBERLength();
      fit += fit == 0 || room >= 0 ? 1 : 0;
    }
    this.asked = check.gaps().subList(0, fit);
  }

  private static Oid start(GapCheck.Gap gap) {
    return gap.column().append(gap.from());
  }

  @Override
  public MessageCodec.Request request() {
    List<VariableBinding> bindings = new ArrayList<>();
    if (check.count() != null) {
      bindings.add(SmiValues.unset(check.count()));
    }
    asked.forEach(gap -> bindings.add(SmiValues.unset(start(gap))));
    return new MessageCodec.Request(PDU.GETNEXT, bindings, 1);
  }

  @Override
  public Answer<Value> answer(PDU response, int bytes) {
    if (response.getErrorStatus() == PDU.tooBig && asked.size() > 1) {
      context.counters().add(SnmpCounter.TOO_BIG);
      lessons.limit().tooBig(asked.size());
      return goOn(check.withMost(asked.size() / 2));
    }
    if (isRefutedBy(response)) {
      return goOn(check.refute());
    }
    GapCheck then = check.behind(asked.size());
    if (!then.gaps().isEmpty()) {
      return goOn(then);
    }
    context.counters().add(SnmpCounter.WALK_FIRST_COLUMN);
    lessons.landmarks().learn(question, then.rows());
    lessons.firstColumns().wasEnough(question);
    return new Answer.Items<>(List.of(context.done(then.answer(question.columns().size()))));
  }

  private boolean isRefutedBy(PDU response) {
    List<? extends VariableBinding> found = response.getVariableBindings();
    int first = check.count() == null ? 0 : 1;
    if (response.getErrorStatus() != PDU.noError || found.size() != first + asked.size()) {
      return true;
    }
    if (first > 0
        && !check.isCount(
            SmiValues.oid(found.get(0).getOid()), SmiValues.value(found.get(0).getVariable()))) {
      return true;
    }
    for (int i = 0; i < asked.size(); i++) {
      VariableBinding next = found.get(first + i);
      if (!Null.isExceptionSyntax(next.getSyntax())
          && !asked.get(i).hasNone(SmiValues.oid(next.getOid()))) {
        return true;
      }
    }
    return false;
  }

  private static Answer<Value> goOn(GapCheck then) {
    return new Answer.Items<>(List.of(new Answer.Item.More<>(then)));
  }

  @Override
  public Answer<Value> undecodable() {
    return goOn(check.refute());
  }
}
