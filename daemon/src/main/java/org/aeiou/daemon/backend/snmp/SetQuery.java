package org.aeiou.daemon.backend.snmp;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.message.MessageCodec;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.snmp4j.PDU;
import org.snmp4j.smi.VariableBinding;

/**
 * A SET: all of its objects or none (RFC 3416, section 4.2.5). Whatever the agent answers is its
 * verdict, and an answer that cannot be read leaves open what happened: it is never sent again.
 */
final class SetQuery implements Query {
  private final ResponseContext context;
  private final List<Question.Assignment> assignments;

  SetQuery(ResponseContext context, Question.Set set) {
    this.context = context;
    this.assignments = set.assignments();
  }

  @Override
  public MessageCodec.Request request() {
    List<VariableBinding> bindings = new ArrayList<>(assignments.size());
    for (Question.Assignment assignment : assignments) {
      bindings.add(
          new VariableBinding(
              SmiValues.oid(assignment.oid()), SmiValues.variable(assignment.value())));
    }
    return new MessageCodec.Request(PDU.SET, bindings, 0);
  }

  @Override
  public Answer<Value> answer(PDU response, int bytes) {
    if (response.getErrorStatus() == PDU.noError) {
      context.counters().add(SnmpCounter.SETS_DONE);
      return new Answer.Items<>(List.of(context.done(Value.DONE)));
    }
    context.counters().add(SnmpCounter.SETS_REFUSED);
    return verdict(reason(response.getErrorStatus()), sentence(response));
  }

  @Override
  public Answer<Value> undecodable() {
    return verdict(
        Reason.BAD_ANSWER, "the agent's answer to a write cannot be decoded: it may have happened");
  }

  private Answer<Value> verdict(Reason reason, String what) {
    return new Answer.Items<>(
        List.of(new Answer.Item.Done<>(new Failure<>(reason, context.system() + ": " + what))));
  }

  /** The kinds of failure that the error statuses are (RFC 3416, section 3, and RFC 1157). */
  private static Reason reason(int status) {
    return switch (status) {
      case PDU.noAccess, PDU.authorizationError -> Reason.REFUSED;
      case PDU.noSuchName, PDU.readOnly, PDU.notWritable, PDU.noCreation, PDU.inconsistentName ->
          Reason.NOT_WRITABLE;
      case PDU.badValue, PDU.wrongType, PDU.wrongLength, PDU.wrongEncoding, PDU.inconsistentValue ->
          Reason.BAD_REQUEST;
      case PDU.wrongValue -> Reason.OUT_OF_RANGE;
      case PDU.tooBig, PDU.genErr, PDU.resourceUnavailable, PDU.commitFailed, PDU.undoFailed ->
          Reason.NOT_DONE;
      default -> Reason.BAD_ANSWER;
    };
  }

  private String sentence(PDU response) {
    String named = named(response.getErrorIndex());
    String verdict =
        switch (response.getErrorStatus()) {
          case PDU.noAccess, PDU.authorizationError ->
              "the agent does not let %s be written with these credentials: check 'write: {snmp: …}'"
                  + " in the configuration, and what the agent lets them write";
          case PDU.noSuchName -> "the agent has no %s that can be written";
          case PDU.readOnly, PDU.notWritable -> "the agent does not let %s be written";
          case PDU.noCreation -> "the agent has no %s, and makes none";
          case PDU.inconsistentName -> "the agent has no %s, and makes none as things are";
          case PDU.badValue, PDU.wrongValue -> "the agent takes no such value for %s";
          case PDU.wrongType -> "the agent has %s with another type";
          case PDU.wrongLength -> "the agent takes no value of this length for %s";
          case PDU.wrongEncoding -> "the agent cannot read the value for %s";
          case PDU.inconsistentValue -> "the agent does not take this value for %s as things are";
          case PDU.tooBig ->
              "the answer to writing %s does not fit into a message: write fewer at once";
          case PDU.resourceUnavailable -> "the agent has not what it takes to write %s";
          case PDU.commitFailed -> "the agent failed to write %s, and nothing was written";
          case PDU.undoFailed ->
              "the agent failed to write %s, and could not undo the rest: part of it may have happened";
          case PDU.genErr -> "the agent failed to write %s";
          default -> "the agent answered with an error to writing %s";
        };
    return verdict.formatted(named) + " (" + response.getErrorStatusText() + ")";
  }

  /** The object that an error index means, by its name; all of them if it means none. */
  private String named(int index) {
    if (index >= 1 && index <= assignments.size()) {
      return name(assignments.get(index - 1).oid());
    }
    return assignments.size() == 1
        ? name(assignments.get(0).oid())
        : "one of " + assignments.stream().map(each -> name(each.oid())).toList();
  }

  private String name(Oid oid) {
    String path = context.definitions().name(oid);
    return path == null ? oid.toString() : path.substring(path.lastIndexOf('/') + 1);
  }
}
