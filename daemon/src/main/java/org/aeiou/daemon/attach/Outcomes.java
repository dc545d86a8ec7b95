package org.aeiou.daemon.attach;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.shared.CancelAnswer;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.Kind;
import org.aeiou.closures.shared.Stat;
import org.aeiou.daemon.service.FileSystem.Attributes;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.service.FileSystem.Entry;
import org.aeiou.daemon.service.FileSystem.Listing;

/** What the service answers, as clients find it in their memory. */
final class Outcomes {
  private Outcomes() {}

  /** What a file holds, usable from now for as long as that says. */
  static Completion of(Content content, long nowNanos) {
    Attributes attributes = content.attributes();
    return new Completion(
        Kind.READING,
        0,
        Table.value(content.bytes()),
        attributes.takenMillis(),
        attributes.changedMillis(),
        nowNanos + Math.max(0, attributes.validNanos()),
        nowNanos + content.usableNanos());
  }

  /** What is known of an attribute: pairs of name and value with a NUL behind each, value first. */
  static Completion described(Content content, Map<String, String> known, long nowNanos) {
    Completion value = of(content, nowNanos);
    ByteArrayOutputStream pairs = new ByteArrayOutputStream();
    pair(pairs, "value", value.value());
    known.forEach((name, text) -> pair(pairs, name, text.getBytes(UTF_8)));
    return new Completion(
        value.kind(),
        value.reason(),
        pairs.toByteArray(),
        value.takenMillis(),
        value.changedMillis(),
        value.freshUntilNanos(),
        value.usableUntilNanos());
  }

  private static void pair(ByteArrayOutputStream pairs, String name, byte[] value) {
    pairs.writeBytes(name.getBytes(UTF_8));
    pairs.write(0);
    pairs.writeBytes(value);
    pairs.write(0);
  }

  /** The names in a directory, each with a NUL behind it; directories with a slash before that. */
  static Completion of(Reading<Listing> reading, long nowNanos) {
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    for (Entry entry : reading.value().entries()) {
      if (entry.node() != null) {
        names.writeBytes(entry.name().getBytes(UTF_8));
        if (entry.node().isDirectory()) {
          names.write('/');
        }
        names.write(0);
      }
    }
    long until = nowNanos + reading.value().validNanos();
    return new Completion(
        Kind.READING,
        0,
        names.toByteArray(),
        reading.takenMillis(),
        reading.changedMillis(),
        until,
        until);
  }

  static Completion of(Attributes attributes) {
    Stat stat =
        new Stat(
            attributes.mode(),
            attributes.uid(),
            attributes.gid(),
            attributes.size(),
            attributes.takenMillis(),
            attributes.changedMillis(),
            attributes.links());
    return new Completion(
        Kind.READING, 0, stat.value(), stat.takenMillis(), stat.changedMillis(), 0, 0);
  }

  /** What is no reading. */
  static <T> Completion other(Outcome<T> outcome) {
    if (outcome instanceof Absent<T> absent) {
      return new Completion(Kind.ABSENT, 0, new byte[0], absent.takenMillis(), 0, 0, 0);
    }
    Failure<T> failure = (Failure<T>) outcome;
    return Client.failure(failure.reason(), failure.message());
  }

  /** The answer to a cancel. */
  static Completion ofCancel(CancelAnswer answer) {
    return new Completion(Kind.CANCEL, answer.number(), new byte[0], 0, 0, 0, 0);
  }
}
