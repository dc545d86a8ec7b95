package org.aeiou.daemon.attach.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.GroupDescriptor;
import org.aeiou.closures.shared.GroupWriter;
import org.aeiou.closures.shared.Kind;
import org.aeiou.daemon.attach.completion.Completions;

/** The value of a step that read for each name: one of the two forms there are. */
final class NamedOutcomes {
  private NamedOutcomes() {}

  /** Each name and its value, which is empty where there is no reading; as old as the listing. */
  static Completion pairs(List<ForEachStep.Name> names, Completion listing) {
    ByteArrayOutputStream pairs = new ByteArrayOutputStream();
    for (ForEachStep.Name each : names) {
      boolean isReading = each.outcome.kind() == Kind.READING;
      Completions.addPair(pairs, each.name, isReading ? each.outcome.value() : new byte[0]);
    }
    return new Completion(
        Kind.READING, 0, pairs.toByteArray(), listing.takenMillis(), listing.changedMillis(), 0, 0);
  }

  /** A column without a name, in which each name is a row; as long of use as all readings are. */
  static Completion group(List<ForEachStep.Name> names) {
    List<String> rows = names.stream().map(each -> each.name).toList();
    GroupWriter writer = new GroupWriter(GroupDescriptor.COLUMN, List.of(""), rows);
    long changedMillis = 0;
    long freshNanos = Long.MAX_VALUE;
    long usableNanos = Long.MAX_VALUE;
    for (ForEachStep.Name each : names) {
      Completion outcome = each.outcome;
      switch (outcome.kind()) {
        case Kind.READING -> {
          byte[] value = withoutNul(outcome.value());
          writer.reading(value, value.length, outcome.takenMillis());
          changedMillis = Math.max(changedMillis, outcome.changedMillis());
          freshNanos = Math.min(freshNanos, outcome.freshUntilNanos());
          usableNanos = Math.min(usableNanos, outcome.usableUntilNanos());
        }
        case Kind.ABSENT -> writer.absent(outcome.takenMillis());
        default -> writer.failure(outcome.reason(), new String(outcome.value(), UTF_8));
      }
    }
    boolean areAny = freshNanos != Long.MAX_VALUE;
    return new Completion(
        Kind.READING,
        0,
        writer.value(),
        writer.takenMillis(),
        changedMillis,
        areAny ? freshNanos : 0,
        areAny ? usableNanos : 0);
  }

  /** A NUL ends a value: one within becomes a space, as in the sentences of failures. */
  private static byte[] withoutNul(byte[] value) {
    byte[] text = value;
    for (int i = 0; i < value.length; i++) {
      if (value[i] == 0) {
        text = text == value ? value.clone() : text;
        text[i] = ' ';
      }
    }
    return text;
  }
}
