package org.aeiou.closures.shard;

/** What the scheduler counts, with the names that its counters are read by. */
public enum Counter {
  /** Requests taken in. */
  SUBMITTED("submitted"),
  /** Of these, how many joined a fetch that was queued or in flight. */
  JOINED("joined"),
  /** And how many met their outcome: it came while they were on their way here, or unasked. */
  MET("met"),
  /** Queued background fetches that an interactive request moved forward. */
  PROMOTED("promoted"),
  /** Requests refused because the bound on pending ones was reached. */
  REJECTED("rejected"),
  /** Exchanges started. */
  EXCHANGES("exchanges"),
  /** Items they carried. */
  ITEMS("items"),
  /** Exchanges that carried at least one item for the second time or more. */
  RETRIES("retries"),
  /** Exchanges that were not answered in time. */
  TIMEOUTS("timeouts"),
  /** Answers in part, after which an exchange went on. */
  PARTS("parts"),
  /** Answers that came after their exchange had timed out. */
  LATE("late"),
  /** Items whose fetch had its outcome already; handed to step 1 only. */
  LATE_ITEMS("lateItems"),
  /** Outcomes that came unasked, and were taken in. */
  DELIVERED("delivered"),
  /** Outcomes that came unasked, and were older than what had been answered. */
  OVERTAKEN("deliveredOvertaken"),
  /** Outcomes that came unasked while too many were on their way. */
  DELIVERIES_REFUSED("deliveredRefused"),
  /** Answers to exchanges that had been answered. */
  DUPLICATES("duplicates"),
  /** Answers that the system or the back end called failed. */
  FAILED_ANSWERS("failedAnswers"),
  /** Answers that make no sense: wrong number of items, nothing where an outcome belongs. */
  BAD_ANSWERS("badAnswers"),
  /** Answers that did not fit into a message. */
  TOO_BIG("tooBig"),
  /** Items that went on with a continuation. */
  CONTINUED("continued"),
  /** Items asked again through no fault of their own. */
  ASKED_AGAIN("askedAgain"),
  /** Items given up because asking again and again brought nothing. */
  NO_PROGRESS("noProgress"),
  /** Requests withdrawn in time. */
  CANCELLED("cancelled"),
  /** Requests whose own deadline passed. */
  DEADLINES("deadlines"),
  /** Fetches given up because no request waited for them any more. */
  DROPPED("dropped"),
  /** Times a breaker opened. */
  BREAKER_OPENED("breakerOpened"),
  /** Exchanges a breaker let through to see whether the system answers again. */
  BREAKER_PROBES("breakerProbes"),
  /** Closures that threw. */
  CLOSURE_FAILURES("closureFailures"),
  /** Back ends' and step 1's own code that threw. */
  CALLBACK_FAILURES("callbackFailures"),
  /** Requests that ended in a reading. */
  READING("outcome.reading"),
  ABSENT("outcome.absent"),
  TIMEOUT("outcome.timeout"),
  UNREACHABLE("outcome.unreachable"),
  REFUSED("outcome.refused"),
  NOT_WRITABLE("outcome.not_writable"),
  CANCELLED_OUTCOME("outcome.cancelled"),
  BAD_ANSWER("outcome.bad_answer"),
  NOT_CACHED("outcome.not_cached"),
  OVERLOADED("outcome.overloaded"),
  UNKNOWN_NAME("outcome.unknown_name"),
  STOPPED("outcome.stopped");

  /** What it is read by. */
  public final String key;

  Counter(String key) {
    this.key = key;
  }
}
