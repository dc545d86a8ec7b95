package org.aeiou.daemon.app.systems;

import com.google.common.base.Ticker;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.exchange.CompletionHandler;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Learned;
import org.aeiou.closures.exchange.LimitChange;
import org.aeiou.daemon.backend.AgentProfile;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.metrics.EventLog;
import org.aeiou.daemon.metrics.Events;

/**
 * Step 1 of every completion of one system: what arrives goes into its cache. That the system
 * stopped answering, or answers again, is an event. Called by the thread that owns the system.
 */
final class AnswerIntake implements CompletionHandler<Question, Value> {
  /** sysObjectID.0 of SNMPv2-MIB: what kind of agent it is. */
  static final Oid SYS_OBJECT_ID = Oid.parse("1.3.6.1.2.1.1.2.0");

  private final String name;
  private final ReadingCache cache;
  private final EventLog events;
  private final AgentProfile profile;
  private final Supplier<Learned> known;
  private final long patienceNanos;
  private final Ticker ticker;

  // Why it was silent last.
  private long silentNanos;
  private String reason;
  private String cause;

  /**
   * Step 1 of a system.
   *
   * @param events that it stops answering, and answers again, is one
   * @param profile is told what kind of agent it says to be
   * @param known what was learned of it in an earlier run
   * @param patienceNanos how long after it was asked an answer may come
   */
  AnswerIntake(
      String name,
      ReadingCache cache,
      EventLog events,
      AgentProfile profile,
      Supplier<Learned> known,
      long patienceNanos,
      Ticker ticker) {
    this.name = name;
    this.cache = cache;
    this.events = events;
    this.profile = profile;
    this.known = known;
    this.patienceNanos = patienceNanos;
    this.ticker = ticker;
  }

  @Override
  public Outcome<Value> arrived(Question question, Outcome<Value> outcome, boolean late) {
    if (question instanceof Question.Set set) {
      written(set, outcome);
      return outcome;
    }
    if (late) {
      cache.acceptLate(question, outcome, patienceNanos);
      return outcome;
    }
    identify(question, outcome);
    return cache.accept(question, outcome);
  }

  @Override
  public Outcome<Value> arrived(
      Question question, Object place, Outcome<Value> outcome, boolean late) {
    if (late || !(place instanceof Slot slot)) {
      return arrived(question, outcome, late);
    }
    identify(question, outcome);
    return cache.accept(question, slot, outcome);
  }

  private void identify(Question question, Outcome<Value> outcome) {
    if (question instanceof Question.Get get
        && get.oid().equals(SYS_OBJECT_ID)
        && outcome instanceof Reading<Value> reading
        && reading.value() instanceof Value.Identifier kind) {
      profile.identify(AgentProfile.OBJECT_ID, kind.oid().toString());
    }
  }

  @Override
  public Learned known() {
    return known.get();
  }

  @Override
  public void limitChanged(LimitChange change) {
    boolean isGap = change.kind() == LimitChange.Kind.GAP;
    events.add(
        Events.learned(
            name,
            change.kind().name().toLowerCase(Locale.ROOT) + (isGap ? "_ms" : ""),
            isGap ? millis(change.from()) : (Number) change.from(),
            isGap ? millis(change.to()) : (Number) change.to(),
            change.why()));
  }

  /** In tenths: agents are asked once in a few milliseconds. */
  private static Double millis(long nanos) {
    return Math.round(nanos / 1e5) / 10.0;
  }

  @Override
  public void breakerChanged(Health.BreakerState from, Health.BreakerState to, long openNanos) {
    events.add(Events.breaker(name, from, to, openNanos));
  }

  /** What may be another one now is read again, and by those that wrote it first. */
  private void written(Question.Set set, Outcome<Value> outcome) {
    if (!(outcome instanceof Failure<Value> failure) || Failure.mayHaveHappened(failure.reason())) {
      cache.written(set);
    }
    set.answered();
  }

  @Override
  public Outcome<Value> since(Question question, long askedNanos) {
    return cache.since(question, askedNanos);
  }

  @Override
  public Outcome<Value> since(Question question, Object place, long askedNanos) {
    return place instanceof Slot slot
        ? cache.since(question, slot, askedNanos)
        : since(question, askedNanos);
  }

  @Override
  public void stoppedAnswering(Failure<Value> why) {
    silentNanos = ticker.read();
    reason = why.reason().name().toLowerCase(Locale.ROOT);
    cause = withoutName(why.message());
    events.add(Events.down(name, reason, cause));
  }

  @Override
  public void answersAgain() {
    long millis = TimeUnit.NANOSECONDS.toMillis(ticker.read() - silentNanos);
    events.add(Events.up(name, millis, reason, cause));
  }

  /** A sentence about the system, where its name has been said. */
  private String withoutName(String sentence) {
    return sentence.startsWith(name + ": ")
        ? sentence.substring(name.length() + 2)
        : sentence.startsWith(name + " ") ? "it" + sentence.substring(name.length()) : sentence;
  }
}
