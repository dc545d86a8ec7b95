package org.aeiou.daemon.attach.completion;

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
import org.aeiou.closures.shared.Reasons;
import org.aeiou.closures.shared.Stat;
import org.aeiou.daemon.attach.table.TableEntries;
import org.aeiou.daemon.service.FileSystem.Attributes;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.service.FileSystem.Entry;
import org.aeiou.daemon.service.FileSystem.Listing;

/** What the service answers, as clients find it in their memory. */
public final class Completions {
  private static final int LONGEST_SENTENCE = 2048;
  private static final int CANCELLED = Reasons.number(Failure.Reason.CANCELLED);

  private Completions() {}

  /** What a file holds, usable from now for as long as that says. */
  public static Completion of(Content content, long nowNanos) {
    Attributes attributes = content.attributes();
    return new Completion(
        Kind.READING,
        0,
        content.value(),
        attributes.takenMillis(),
        attributes.changedMillis(),
        nowNanos + Math.max(0, attributes.validNanos()),
        nowNanos + content.usableNanos());
  }

  public static Completion ofContent(Outcome<Content> outcome, long nowNanos) {
    return outcome instanceof Reading<Content> reading
        ? of(reading.value(), nowNanos)
        : other(outcome);
  }

  /** What is known of an attribute: pairs of name and value with a NUL behind each, value first. */
  public static Completion described(Completion value, Map<String, String> known) {
    return new Completion(
        value.kind(),
        value.reason(),
        TableEntries.description(value.value(), known),
        value.takenMillis(),
        value.changedMillis(),
        value.freshUntilNanos(),
        value.usableUntilNanos());
  }

  /** Adds a name and a value, with a NUL behind each. */
  public static void addPair(ByteArrayOutputStream pairs, String name, byte[] value) {
    pairs.writeBytes(name.getBytes(UTF_8));
    pairs.write(0);
    pairs.writeBytes(value);
    pairs.write(0);
  }

  /** The names in a directory, each with a NUL behind it; directories with a slash before that. */
  public static Completion ofListing(Outcome<Listing> outcome, long nowNanos) {
    if (!(outcome instanceof Reading<Listing> reading)) {
      return other(outcome);
    }
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

  public static Completion of(Attributes attributes) {
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

  /** What a write has done. */
  public static Completion ofWrite(byte[] value, Reading<?> reading) {
    long millis = reading.takenMillis();
    return new Completion(Kind.READING, 0, value, millis, millis, 0, 0);
  }

  /** What is no reading. */
  private static <T> Completion other(Outcome<T> outcome) {
    return outcome instanceof Absent<T> absent
        ? new Completion(Kind.ABSENT, 0, new byte[0], absent.takenMillis(), 0, 0, 0)
        : failure((Failure<T>) outcome);
  }

  public static Completion failure(Failure<?> failure) {
    return failure(failure.reason(), failure.message());
  }

  public static Completion failure(Failure.Reason reason, String message) {
    String cut = message.substring(0, Math.min(message.length(), LONGEST_SENTENCE));
    byte[] sentence = cut.getBytes(UTF_8);
    return new Completion(Kind.FAILURE, Reasons.number(reason), sentence, 0, 0, 0, 0);
  }

  public static boolean isCancelled(Completion outcome) {
    return outcome.kind() == Kind.FAILURE && outcome.reason() == CANCELLED;
  }

  /** The answer to a cancel. */
  public static Completion of(CancelAnswer answer) {
    return new Completion(Kind.CANCEL, answer.number(), new byte[0], 0, 0, 0, 0);
  }
}
