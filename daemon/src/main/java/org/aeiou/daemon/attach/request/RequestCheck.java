package org.aeiou.daemon.attach.request;

import org.aeiou.closures.Failure;
import org.aeiou.closures.shared.Operation;

/** What is wrong with a request in itself, before anything is looked for. */
final class RequestCheck {
  private static final int OF_WRITES = Operation.NO_COMPLETION | Operation.BACKGROUND;
  private static final int OTHER_VIEW = Operation.HIT_ONLY | Operation.FORCE_MISS;

  private RequestCheck() {}

  /** Why the first step of a request, or its only one, is refused; null if it is not. */
  static Failure<Object> first(ClientRequest request) {
    if (request.cookie == 0 || request.number == 0) {
      return bad("its cookie or its number is 0");
    }
    if (request.has(Operation.EACH)) {
      return bad("'each' goes behind a listing, and nothing is before this");
    }
    if (request.isChained) {
      return step(request);
    }
    return switch (request.operation) {
      case Operation.READ,
          Operation.STAT,
          Operation.LIST,
          Operation.DESCRIBE,
          Operation.READ_GROUP ->
          flags(request);
      case Operation.WRITE ->
          (request.flags & ~OF_WRITES) != 0
              ? bad("a write takes no flag but no-completion and background")
              : path(request);
      case Operation.WATCH ->
          request.has(Operation.NO_COMPLETION)
              ? bad("a watch without completions would tell nothing")
              : flags(request);
      case Operation.CANCEL, Operation.CANCEL_GROUP ->
          (request.flags & ~Operation.NO_COMPLETION) != 0
              ? bad("a cancel takes no flag but no-completion")
              : null;
      default -> bad("operation " + request.operation + " is not known");
    };
  }

  /** Why a step of a chain is refused; null if it is not. */
  static Failure<Object> step(ClientRequest step) {
    if (step.cookie == 0 || step.number == 0) {
      return bad("its cookie or its number is 0");
    }
    return switch (step.operation) {
      case Operation.READ -> flags(step);
      case Operation.STAT, Operation.LIST, Operation.DESCRIBE ->
          step.has(Operation.EACH) ? bad("'each' goes with a read") : flags(step);
      default -> bad("a chain is made of reads, stats, lists and describes only");
    };
  }

  private static Failure<Object> flags(ClientRequest request) {
    int unknown = request.flags & ~Operation.FLAGS;
    if (unknown != 0) {
      return bad("flags 0x" + Integer.toHexString(unknown) + " are not known");
    }
    if ((request.flags & OTHER_VIEW) == OTHER_VIEW) {
      return bad("hit-only and force-miss contradict each other");
    }
    if (request.has(Operation.EACH_AS_GROUP) && !request.has(Operation.EACH)) {
      return bad("'each as group' goes with 'each'");
    }
    if (request.has(Operation.SKIP) && !request.has(Operation.CONDITIONS)) {
      return bad("'skip' goes with a condition to stop");
    }
    return path(request);
  }

  private static Failure<Object> path(ClientRequest request) {
    if (request.isPathTooLong) {
      return tooLong(request);
    }
    return request.path == null
        ? new Failure<>(Failure.Reason.UNKNOWN_NAME, "is not UTF-8, as every name is")
        : null;
  }

  static Failure<Object> tooLong(ClientRequest request) {
    return new Failure<>(
        Failure.Reason.NAME_TOO_LONG,
        "is longer than the "
            + (request.operation == Operation.WRITE
                ? request.client.geometry.longestWrite() + " bytes that a page has room for"
                : request.client.geometry.longestPath() + " bytes that a path may have here"));
  }

  static Failure<Object> bad(String why) {
    return new Failure<>(Failure.Reason.BAD_REQUEST, why);
  }
}
