package org.aeiou.daemon.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Ticker;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.nio.charset.Charset;
import java.time.InstantSource;
import java.util.Arrays;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.metrics.EventRing;
import org.aeiou.daemon.service.FileSystem.Attributes;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.service.group.GroupText;
import org.aeiou.daemon.service.write.AttributeWrites;
import org.aeiou.daemon.tree.AnsweredFile;
import org.aeiou.daemon.tree.AttributeFile;
import org.aeiou.daemon.tree.GroupFile;
import org.aeiou.daemon.tree.Node;
import org.aeiou.daemon.tree.TextFile;
import org.aeiou.daemon.tree.View;

/** What files hold: a value as text and one newline, or a whole group. */
final class ContentRenderer {
  /** For how long a reader in the middle of a file that is made anew at each read may go on. */
  private static final long TO_THE_END_NANOS = 1_000_000_000L;

  /** So many texts that were looked at are told from what they were; there is one a system. */
  private static final int MOST_TEXTS = 20_000;

  /** What was seen of a text: enough to know another one. */
  private record Text(int hash, long sinceMillis) {}

  private final Cache<TextFile, Text> texts =
      CacheBuilder.newBuilder().maximumSize(MOST_TEXTS).build();

  private final Ownership ownership;
  private final Ticker ticker;
  private final InstantSource clock;

  ContentRenderer(Ownership ownership, Ticker ticker, InstantSource clock) {
    this.ownership = ownership;
    this.ticker = ticker;
    this.clock = clock;
  }

  Outcome<Content> of(TextFile file) {
    byte[] bytes = file.text().getBytes(UTF_8);
    long millis = clock.millis();
    long nanos = ticker.read();
    Attributes attributes =
        attributes(file, bytes.length, millis, changedMillis(file, bytes, millis), 0);
    return Reading.of(new Content(bytes, attributes, nanos, TO_THE_END_NANOS), nanos, millis);
  }

  /** What is shown of a text that is made anew at each look. */
  Attributes attributes(TextFile file) {
    if (file instanceof TextFile.Growing growing) {
      EventRing events = growing.events();
      long changed = events.changedMillis();
      return attributes(file, events.end() - events.start(), clock.millis(), changed, 0);
    }
    byte[] bytes = file.text().getBytes(UTF_8);
    long millis = clock.millis();
    return attributes(file, bytes.length, millis, changedMillis(file, bytes, millis), 0);
  }

  /** When a text was first seen to be this one. */
  private long changedMillis(TextFile file, byte[] bytes, long nowMillis) {
    int hash = Arrays.hashCode(bytes);
    return texts
        .asMap()
        .compute(
            file,
            (any, seen) -> seen != null && seen.hash == hash ? seen : new Text(hash, nowMillis))
        .sinceMillis;
  }

  Outcome<Content> of(AnsweredFile file, Outcome<Value> outcome) {
    if (!(outcome instanceof Reading<Value> reading)) {
      return outcome.map(none -> null);
    }
    Endpoint endpoint = file.system().endpoint();
    Freshness freshness = endpoint == null ? null : file.freshness(endpoint.lifetimes());
    return reading.with(of(file, reading, freshness));
  }

  /**
   * A reading as content.
   *
   * @param freshness null if it must not be kept
   */
  Content of(AnsweredFile file, Reading<Value> reading, Freshness freshness) {
    byte[] bytes = bytes(file, reading.value());
    long valid = 0;
    long usable = TO_THE_END_NANOS;
    if (freshness != null && file.view() != View.UNCACHED) {
      long age = ticker.read() - reading.takenNanos();
      valid = freshness.remaining(age);
      usable = Math.max(0, freshness.ttlNanos() + freshness.graceNanos() - age);
    }
    return new Content(
        bytes,
        attributes(file, bytes.length, reading.takenMillis(), reading.changedMillis(), valid),
        reading.takenNanos(),
        usable);
  }

  /** The bytes that reading the file gives while it has this value: rendered once. */
  private static byte[] bytes(AnsweredFile file, Value value) {
    Charset charset = file.system().charset();
    return file instanceof GroupFile group
        ? bytes(group, (Value.Rows) value, charset)
        : ((AttributeFile) file).attribute().syntax().line(value, charset);
  }

  private static byte[] bytes(GroupFile file, Value.Rows rows, Charset charset) {
    byte[] known = rows.written(file.group(), file.format(), charset);
    if (known != null) {
      return known;
    }
    byte[] text = GroupText.of(file, rows, charset);
    rows.keepWritten(file.group(), file.format(), charset, text);
    Endpoint endpoint = file.system().endpoint();
    if (endpoint != null) {
      endpoint.cache().grown(file.question());
    }
    return text;
  }

  /** Of a file that has this size. */
  Attributes attributes(
      Node file, long size, long takenMillis, long changedMillis, long validNanos) {
    return new Attributes(
        size,
        ownership.fileMode(AttributeWrites.isWritable(file)),
        ownership.uid(),
        ownership.gid(),
        1,
        takenMillis,
        changedMillis,
        validNanos);
  }
}
