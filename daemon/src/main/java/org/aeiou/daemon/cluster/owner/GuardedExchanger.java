package org.aeiou.daemon.cluster.owner;

import com.google.common.base.Ticker;
import java.util.List;
import java.util.function.Function;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cluster.member.Authority;
import org.aeiou.daemon.cluster.member.Epoch;

/**
 * A system's back end, which asks nothing while another member may own the system, and writes
 * nothing that this member's configuration does not allow, whatever another one says. What the
 * scheduler let through is looked at again here, and once more by the back end before each message:
 * this process may have been stopped in between, for any time, and its configuration read anew.
 */
final class GuardedExchanger implements Exchanger<Question, Value> {
  private final String system;
  private final int slot;
  private final Exchanger<Question, Value> backEnd;
  private final Function<Oid, String> doubts;
  private final Authority authority;
  private final RemoteWrites writes;
  private final OwnerCounters counters;
  private final Ticker ticker;

  /**
   * A back end with its guard.
   *
   * @param doubts why an object may not be set; null if it may
   */
  GuardedExchanger(
      String system,
      int slot,
      Exchanger<Question, Value> backEnd,
      Function<Oid, String> doubts,
      Authority authority,
      RemoteWrites writes,
      OwnerCounters counters,
      Ticker ticker) {
    this.system = system;
    this.slot = slot;
    this.backEnd = backEnd;
    this.doubts = doubts;
    this.authority = authority;
    this.writes = writes;
    this.counters = counters;
    this.ticker = ticker;
  }

  @Override
  public void start(Exchange<Question, Value> exchange) {
    Failure<Value> refusal = refusal(exchange);
    if (refusal == null) {
      backEnd.start(exchange);
    } else {
      exchange.answer(new Answer.NotAsked<>(refusal));
    }
  }

  @Override
  public Failure<Value> refusal(Exchange<Question, Value> exchange) {
    Failure<Value> refusal =
        exchange.items().get(0).key() instanceof Question.Set set ? ofWrite(set) : ofRead();
    return refusal == null ? backEnd.refusal(exchange) : refusal;
  }

  private Failure<Value> ofRead() {
    if (authority.reads(slot) != null) {
      return null;
    }
    counters.guarded.increment();
    return refused("was not asked: this member does not own it any more");
  }

  private Failure<Value> ofWrite(Question.Set set) {
    Epoch epoch = authority.writes(slot);
    RemoteWrites.Condition condition = writes.of(set);
    String why = null;
    if (epoch == null) {
      why = "was not written to: this member does not own it, or not surely";
    } else if (condition != null && !condition.epoch().equals(epoch)) {
      why = "was not written to: it was owned anew since then; try again";
    } else if (condition != null && condition.untilNanos() - ticker.read() <= 0) {
      why = "was not written to: the time for it was over";
    }
    if (why == null) {
      return notAllowed(set);
    }
    counters.guardedWrites.increment();
    return refused(why);
  }

  /** This member's own writes were looked at before; what others ask for only here. */
  private Failure<Value> notAllowed(Question.Set set) {
    for (Question.Assignment assignment : set.assignments()) {
      String doubt = doubts.apply(assignment.oid());
      if (doubt != null) {
        counters.notAllowed.increment();
        return new Failure<>(Reason.NOT_WRITABLE, system + " was not written to: " + doubt);
      }
    }
    return null;
  }

  private Failure<Value> refused(String why) {
    return new Failure<>(Reason.UNREACHABLE, system + " " + why);
  }

  // --- the rest is the back end's

  @Override
  public Object kind(Question key) {
    return backEnd.kind(key);
  }

  @Override
  public boolean isRepeatable(Question key) {
    return backEnd.isRepeatable(key);
  }

  @Override
  public boolean concerns(Question write, Question key) {
    return backEnd.concerns(write, key);
  }

  @Override
  public boolean repeat(Exchange<Question, Value> exchange) {
    return refusal(exchange) == null && backEnd.repeat(exchange);
  }

  @Override
  public void taken(Exchange<Question, Value> exchange) {
    backEnd.taken(exchange);
  }

  @Override
  public void abandoned(Exchange<Question, Value> exchange) {
    backEnd.abandoned(exchange);
  }

  @Override
  public Answer.Item<Value> joined(Question key, List<Object> found) {
    return backEnd.joined(key, found);
  }

  @Override
  public void ended(Question key) {
    backEnd.ended(key);
  }

  @Override
  public String silence() {
    return backEnd.silence();
  }

  @Override
  public String silence(Question key) {
    return backEnd.silence(key);
  }

  @Override
  public List<String> progress() {
    return backEnd.progress();
  }

  @Override
  public List<String> notes() {
    return backEnd.notes();
  }
}
