package org.aeiou.daemon.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.shared.GroupValues;
import org.aeiou.closures.shared.Kind;
import org.aeiou.closures.shared.Stat;
import org.aeiou.closures.shared.WriteDescriptor;

/** What the Java driver asked for, and what its closures were told, on any thread. */
final class Asked {
  /** One request, or one chain. */
  static final class One {
    final String label;

    /** One for each outcome that is to come. */
    final List<String> operations;

    Request request;
    int ends;
    final List<String> told = new ArrayList<>();

    One(String label, List<String> operations) {
      this.label = label;
      this.operations = operations;
    }
  }

  private final List<One> asked = new ArrayList<>();

  synchronized One add(String label, List<String> operations) {
    One one = new One(label, operations);
    asked.add(one);
    return one;
  }

  synchronized void remove(One one) {
    asked.remove(one);
  }

  synchronized void clear() {
    asked.clear();
  }

  synchronized One find(String label) {
    return asked.stream()
        .filter(one -> one.label.equals(label))
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  /** Whether a group holds all that is pending. */
  synchronized boolean isOfGroup() {
    return asked.stream()
        .filter(one -> one.ends < one.operations.size())
        .allMatch(one -> one.operations.size() == 1 && !one.operations.get(0).equals("watch"));
  }

  /**
   * Waits until so many closures have run that were not printed yet, or nothing is pending: they
   * run when they can, and not only while the program waits.
   */
  synchronized boolean await(long some, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (asked.stream().mapToLong(one -> one.told.size()).sum() < some
        && asked.stream().anyMatch(one -> one.ends < one.operations.size())) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  /** The closure of all requests. */
  synchronized void told(One one, Outcome<byte[]> outcome, boolean delayed) {
    String operation = one.operations.get(Math.min(one.ends, one.operations.size() - 1));
    one.ends += operation.equals("watch") && !one.request.isDone() ? 0 : 1;
    one.told.add(one.label + (delayed ? " delayed " : " immediate ") + shown(operation, outcome));
    notifyAll();
  }

  /** How many of these have told something that was not printed yet. */
  synchronized long told(List<One> those) {
    return those.stream().filter(one -> !one.told.isEmpty()).count();
  }

  synchronized void print() {
    asked.forEach(this::print);
  }

  synchronized void print(One one) {
    one.told.forEach(JavaDriver::say);
    one.told.clear();
  }

  /** Says what has not ended as often as it should have. */
  synchronized void printWrong() {
    for (One one : asked) {
      if (one.ends != one.operations.size()) {
        JavaDriver.say(
            one.label + " ended " + one.ends + " times instead of " + one.operations.size());
      }
    }
  }

  static String words(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** An outcome, as all drivers write it. */
  private static String shown(String operation, Outcome<byte[]> outcome) {
    if (outcome instanceof Absent) {
      return "absent";
    }
    if (outcome instanceof Failure<byte[]> failure) {
      return "failure " + JavaDriver.words(failure.reason()) + ": " + escaped(failure.message());
    }
    Reading<byte[]> reading = (Reading<byte[]>) outcome;
    byte[] value = reading.value();
    String text = new String(value, UTF_8);
    return switch (operation) {
      case "stat" -> {
        Stat stat = Stat.of(value);
        yield "stat " + Long.toOctalString(stat.mode()) + " " + stat.size() + " " + stat.links();
      }
      case "list" -> ("names\0" + text).replace('\0', ' ').strip();
      case "describe" -> described(text.split("\0", -1));
      case "each" -> named("each", text.split("\0", -1));
      case "read-group" -> grouped(GroupValues.of(value, reading.takenMillis()));
      case "write" -> written(WriteDescriptor.changes(value));
      default -> "reading " + escaped(text);
    };
  }

  private static String described(String[] parts) {
    StringBuilder facts = new StringBuilder("facts");
    List<String> shown = Arrays.asList("value", "oid", "type", "units");
    for (String fact : shown) {
      for (int i = 0; i + 1 < parts.length; i += 2) {
        if (parts[i].equals(fact)) {
          facts.append(' ').append(fact).append('=').append(escaped(parts[i + 1]));
        }
      }
    }
    return facts.toString();
  }

  private static String named(String what, String[] parts) {
    StringBuilder all = new StringBuilder(what);
    for (int i = 0; i + 1 < parts.length; i += 2) {
      all.append(' ').append(parts[i]).append('=').append(escaped(parts[i + 1]));
    }
    return all.toString();
  }

  private static String written(List<WriteDescriptor.Change> changes) {
    StringBuilder all = new StringBuilder("written");
    for (WriteDescriptor.Change each : changes) {
      all.append(' ').append(each.name()).append('=');
      all.append(each.before() == null ? "" : escaped(each.before())).append('>');
      all.append(each.after() == null ? "" : escaped(each.after()));
    }
    return all.toString();
  }

  private static String grouped(GroupValues values) {
    StringBuilder all = new StringBuilder("group");
    while (values.next()) {
      String between = values.row().isEmpty() || values.column().isEmpty() ? "" : "/";
      all.append(' ').append(values.row()).append(between).append(values.column()).append('=');
      all.append(
          switch (values.kind()) {
            case Kind.READING -> escaped(values.value());
            case Kind.ABSENT -> "(absent)";
            default -> "(" + JavaDriver.words(values.reason()) + ")";
          });
    }
    return all.toString();
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (c < ' ' || c == 0x7F || c == '\\') {
                escaped.append(String.format(Locale.ROOT, "\\x%02x", c));
              } else {
                escaped.appendCodePoint(c);
              }
            });
    return escaped.toString();
  }
}
