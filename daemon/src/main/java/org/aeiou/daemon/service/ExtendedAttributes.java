package org.aeiou.daemon.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Ticker;
import com.google.common.io.BaseEncoding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.service.fetch.CachePeek;
import org.aeiou.daemon.service.write.LastFailures;
import org.aeiou.daemon.tree.AnsweredFile;
import org.aeiou.daemon.tree.AttributeFile;

/**
 * What is known of an attribute besides its value, as {@code user.aeiou.*}. All of it from the
 * cache.
 */
final class ExtendedAttributes {
  private static final String PREFIX = "user.aeiou.";

  private final CachePeek peek;
  private final LastFailures writeFailures;
  private final Ticker ticker;

  ExtendedAttributes(CachePeek peek, LastFailures writeFailures, Ticker ticker) {
    this.peek = peek;
    this.writeFailures = writeFailures;
    this.ticker = ticker;
  }

  List<String> names(AnsweredFile file) {
    return all(file, peek.at(file)).keySet().stream().map(name -> PREFIX + name).toList();
  }

  byte[] value(AnsweredFile file, String name) {
    if (!name.startsWith(PREFIX)) {
      return null;
    }
    String value = all(file, peek.at(file)).get(name.substring(PREFIX.length()));
    return value == null ? null : value.getBytes(UTF_8);
  }

  /** All of it, by the names without their prefix, and how {@code raw} is written. */
  Map<String, String> description(AnsweredFile file) {
    CachePeek.Sight sight = peek.at(file);
    Map<String, String> values = all(file, sight);
    if (file instanceof AttributeFile && sight.outcome() instanceof Reading<Value> reading) {
      put(values, "syntax", syntax(reading.value()));
    }
    return values;
  }

  /** A type is often a textual convention, which does not say that. */
  private static String syntax(Value value) {
    if (value instanceof Value.Octets) {
      return "octets";
    }
    return value instanceof Value.Identifier ? "identifier" : "number";
  }

  private Map<String, String> all(AnsweredFile file, CachePeek.Sight sight) {
    Map<String, String> values = new LinkedHashMap<>();
    if (sight.place() != null) {
      put(values, "oid", sight.place().question().oid().toString());
    }
    if (file instanceof AttributeFile one) {
      put(values, "type", one.attribute().syntax().type());
      put(values, "units", one.attribute().units());
      put(values, "description", one.attribute().description());
    }
    Freshness freshness = sight.freshness();
    Outcome<Value> outcome = sight.outcome();
    if (outcome != null && freshness != null) {
      long age = Math.max(0, ticker.read() - Slot.takenNanos(outcome));
      put(values, "raw", raw(outcome));
      put(values, "age_ms", Long.toString(TimeUnit.NANOSECONDS.toMillis(age)));
      put(values, "ttl_ms", Long.toString(TimeUnit.NANOSECONDS.toMillis(freshness.remaining(age))));
      put(values, "state", state(outcome, freshness.at(age)));
    } else {
      put(values, "state", "unknown");
    }
    if (sight.derived() != null) {
      values.putAll(sight.derived().properties());
    }
    put(values, "error", error(file, sight.failure()));
    return values;
  }

  /** Of a write before that of reading: the program that wrote asks. */
  private String error(AnsweredFile file, Failure<Value> failure) {
    String ofWrite = writeFailures.of(file);
    if (ofWrite != null) {
      return "last write: " + ofWrite;
    }
    return failure == null ? null : failure.message();
  }

  private static void put(Map<String, String> values, String name, String value) {
    if (value != null) {
      values.put(name, value);
    }
  }

  private static String state(Outcome<Value> outcome, Freshness.State state) {
    String age = state.name().toLowerCase(Locale.ROOT);
    return outcome instanceof Absent ? "absent" : age;
  }

  private static String raw(Outcome<Value> outcome) {
    if (!(outcome instanceof Reading<Value> reading) || reading.value() instanceof Value.Rows) {
      return null;
    }
    if (reading.value() instanceof Value.Octets octets) {
      return BaseEncoding.base16().lowerCase().encode(octets.octets());
    }
    return reading.value() instanceof Value.Identifier identifier
        ? identifier.oid().toString()
        : reading.value().toString();
  }
}
