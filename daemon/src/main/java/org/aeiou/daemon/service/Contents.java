package org.aeiou.daemon.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Ticker;
import java.time.InstantSource;
import java.util.Arrays;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.tree.AttributeFile;
import org.aeiou.daemon.tree.MonitoredSystem;
import org.aeiou.daemon.tree.TextFile;

/** What files hold: a value as text and one newline. */
final class Contents {
  private final Ticker ticker;
  private final InstantSource clock;

  Contents(Ticker ticker, InstantSource clock) {
    this.ticker = ticker;
    this.clock = clock;
  }

  Outcome<FileSystem.Content> of(TextFile file) {
    return Reading.of(
        new FileSystem.Content(file.text().getBytes(UTF_8), 0), ticker.read(), clock.millis());
  }

  Outcome<FileSystem.Content> of(AttributeFile file, Outcome<Value> outcome) {
    if (outcome instanceof Failure<Value> failure) {
      return Failure.as(failure);
    }
    if (!(outcome instanceof Reading<Value> reading)) {
      Absent<Value> absent = (Absent<Value>) outcome;
      return new Absent<>(absent.takenNanos(), absent.takenMillis());
    }
    return new Reading<>(
        new FileSystem.Content(bytes(file, reading.value()), remainingNanos(file, reading)),
        reading.takenNanos(),
        reading.takenMillis(),
        reading.changedMillis());
  }

  /** The bytes that reading the file gives while it has this value. */
  byte[] bytes(AttributeFile file, Value value) {
    byte[] text = file.attribute().syntax().render(value);
    byte[] line = Arrays.copyOf(text, text.length + 1);
    line[text.length] = '\n';
    return line;
  }

  private long remainingNanos(AttributeFile file, Reading<Value> reading) {
    MonitoredSystem.Attachment attachment = file.system().attachment();
    if (attachment == null) {
      return 0;
    }
    Freshness freshness = attachment.lifetimes().of(file.attribute());
    return freshness.remaining(ticker.read() - reading.takenNanos());
  }
}
