package org.aeiou.closures.shard;

/** What the scheduler counts: the name that each counter is read by, and what it tells. */
public enum SchedulerCounter {
  SUBMITTED("submitted", "Requests taken in."),
  JOINED(
      "joined", "Of the requests taken in, how many joined a fetch that was queued or in flight."),
  MET("met", "Of the requests taken in, how many found that their outcome had just come."),
  PROMOTED("promoted", "Queued background fetches that an interactive request moved forward."),
  REJECTED("rejected", "Requests refused because the bound on pending ones was reached."),
  EXCHANGES("exchanges", "Exchanges started."),
  ITEMS("items", "Items that exchanges carried."),
  RETRIES("retries", "Exchanges that carried at least one item for the second time or more."),
  PRESUMED_LOST(
      "presumedLost",
      "Messages that were not answered when, by the round trips before, they should."),
  REPEATED(
      "repeated", "Messages sent once more within their exchange's time-out, with the same id."),
  FOUND_AGAIN("foundAgain", "Messages taken for lost whose answer was only late."),
  LIMITS_CHANGED(
      "limitsChanged",
      "Times that more, or fewer, exchanges at once or in a time were found right."),
  TIMEOUTS("timeouts", "Exchanges that were not answered in time."),
  PARTS("parts", "Answers in part, after which an exchange went on."),
  LATE("late", "Answers that came after their exchange had timed out."),
  LATE_ITEMS(
      "lateItems", "Items of late answers whose fetch had its outcome; their readings were kept."),
  DELIVERED("delivered", "Outcomes that came unasked, and were taken in."),
  OVERTAKEN(
      "deliveredOvertaken",
      "Outcomes that came unasked, and were older than what had been answered."),
  DELIVERIES_REFUSED(
      "deliveredRefused", "Outcomes that came unasked while too many were on their way."),
  DUPLICATES("duplicates", "Answers to exchanges that had been answered."),
  NOT_ASKED("notAsked", "Exchanges that were not to be started, or not to be sent any more."),
  FAILED_ANSWERS("failedAnswers", "Answers that the system or the back end called failed."),
  BAD_ANSWERS(
      "badAnswers", "Answers that make no sense: a wrong number of items, or nothing for one."),
  TOO_BIG("tooBig", "Answers that did not fit into a message."),
  CONTINUED("continued", "Items that went on with a continuation."),
  SPLIT("split", "Items that went on in parts, in exchanges side by side."),
  ASKED_AGAIN("askedAgain", "Items asked again through no fault of their own."),
  BEFORE_A_WRITE(
      "beforeAWrite", "Items asked again because what they asked for was written meanwhile."),
  NO_PROGRESS("noProgress", "Items given up because asking again and again brought nothing."),
  CANCELLED("cancelled", "Requests withdrawn in time."),
  WITHDRAWALS("withdrawals", "Steps in which shards took withdrawn requests, all there were."),
  DEADLINES("deadlines", "Requests whose own deadline passed."),
  UNMET(
      "unmet",
      "Requests that ended at once, as their deadline was nearer than the fastest answer or their"
          + " turn."),
  BUDGET_WAITS("budgetWaits", "Exchanges that waited for a rate or a budget."),
  DROPPED("dropped", "Fetches given up because no request waited for them any more."),
  BREAKER_OPENED("breakerOpened", "Times that a breaker opened, for a system that did not answer."),
  BREAKER_PROBES(
      "breakerProbes", "Exchanges a breaker let through to see whether the system answers again."),
  CLOSURE_FAILURES("closureFailures", "Closures that threw."),
  CALLBACK_FAILURES(
      "callbackFailures",
      "Exceptions out of a back end, or out of the code that takes in its answers."),
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
  STOPPED("outcome.stopped"),
  BAD_REQUEST("outcome.bad_request"),
  OUT_OF_RANGE("outcome.out_of_range"),
  NOT_DONE("outcome.not_done");

  /** What it is read by. */
  public final String key;

  /** What the last part of the name is a value of; empty for most. */
  public final String label;

  /** What it tells. */
  public final String help;

  /** Of requests that ended in one outcome. */
  SchedulerCounter(String key) {
    this(key, "outcome", "Requests that ended, by outcome.");
  }

  SchedulerCounter(String key, String help) {
    this(key, "", help);
  }

  SchedulerCounter(String key, String label, String help) {
    this.key = key;
    this.label = label;
    this.help = help;
  }
}
