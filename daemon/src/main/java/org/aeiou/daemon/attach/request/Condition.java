package org.aeiou.daemon.attach.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Pattern;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.Kind;
import org.aeiou.closures.shared.Operation;

/** Whether a chain ends, or skips a step, behind one that has ended. */
final class Condition {
  private static final Pattern ZERO = Pattern.compile("[-+]?0+(\\.0*)?");

  private static final int ON_VALUE = Operation.STOP_ON_ZERO | Operation.STOP_ON_NONZERO;

  private Condition() {}

  /** Whether one of the conditions of a step holds for its outcome. */
  static boolean holds(ClientRequest step, Completion outcome) {
    if (!step.has(Operation.CONDITIONS)) {
      return false;
    }
    if (outcome.kind() == Kind.READING) {
      return step.has(Operation.STOP_ON_READING)
          || (step.has(ON_VALUE)
              && step.has(
                  isZero(step, outcome.value())
                      ? Operation.STOP_ON_ZERO
                      : Operation.STOP_ON_NONZERO));
    }
    return step.has(Operation.STOP_ON_ERROR | ON_VALUE)
        || (step.has(Operation.STOP_ON_ABSENT) && outcome.kind() == Kind.ABSENT);
  }

  /** Of what lists names, whether there is none; what stat shows is never zero. */
  private static boolean isZero(ClientRequest step, byte[] value) {
    if (step.has(Operation.EACH_AS_GROUP)) {
      return rows(value) == 0;
    }
    if (step.operation == Operation.LIST || step.has(Operation.EACH)) {
      return value.length == 0;
    }
    return switch (step.operation) {
      case Operation.STAT -> false;
      case Operation.DESCRIBE -> isZero(describedValue(new String(value, UTF_8)));
      default -> isZero(new String(value, UTF_8));
    };
  }

  private static boolean isZero(String text) {
    return ZERO.matcher(text).matches();
  }

  /** The number of rows, which a group begins with. */
  private static int rows(byte[] group) {
    return group[0] | group[1] | group[2] | group[3];
  }

  /** The value comes first, behind its name. */
  private static String describedValue(String pairs) {
    int begin = pairs.indexOf('\0') + 1;
    return pairs.substring(begin, pairs.indexOf('\0', begin));
  }
}
