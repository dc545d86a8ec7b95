package org.aeiou.daemon.backend.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Ticker;
import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.Reading;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.Value.NumberType;
import org.aeiou.daemon.backend.Value.OctetsType;

/** One system: lines of {@code OID = TYPE VALUE}, read anew for each exchange. */
final class FileExchanger implements Exchanger<Question, Value> {
  private final String system;
  private final Path file;
  private final Executor reader;
  private final Ticker ticker;
  private final InstantSource clock;
  private volatile boolean closed;

  FileExchanger(String system, Path file, Executor reader, Ticker ticker, InstantSource clock) {
    this.system = system;
    this.file = file;
    this.reader = reader;
    this.ticker = ticker;
    this.clock = clock;
  }

  void close() {
    closed = true;
  }

  /** One reading of the file answers everything. */
  @Override
  public Object kind(Question key) {
    return FileExchanger.class;
  }

  @Override
  public void start(Exchange<Question, Value> exchange) {
    try {
      reader.execute(() -> exchange.answer(answer(exchange)));
    } catch (RejectedExecutionException e) {
      exchange.answer(failed(Reason.STOPPED, "is asked no longer", false));
    }
  }

  private Answer<Value> answer(Exchange<Question, Value> exchange) {
    if (closed) {
      return failed(Reason.STOPPED, "is asked no longer", false);
    }
    NavigableMap<Oid, Value> values;
    try {
      values = read();
    } catch (IOException e) {
      return failed(Reason.UNREACHABLE, file + " cannot be read", true);
    } catch (IllegalArgumentException e) {
      return failed(Reason.BAD_ANSWER, file + ": " + e.getMessage(), false);
    }
    return new Answer.Items<>(
        exchange.items().stream().map(item -> item(answer(item.key(), values))).toList());
  }

  private Answer.Item<Value> item(Value value) {
    return new Answer.Item.Done<>(
        value == null
            ? new Absent<>(ticker.read(), clock.millis())
            : Reading.of(value, ticker.read(), clock.millis()));
  }

  private Answer<Value> failed(Reason reason, String what, boolean retry) {
    return new Answer.Failed<>(new Failure<>(reason, system + ": " + what), retry);
  }

  private static Value answer(Question question, NavigableMap<Oid, Value> values) {
    if (question instanceof Question.Get get) {
      Value value = values.get(get.oid());
      if (get.guard() == null) {
        return value;
      }
      Value guard = values.get(get.guard());
      return value == null && guard == null ? null : new Value.Guarded(value, guard);
    }
    if (question instanceof Question.Probe probe) {
      Map.Entry<Oid, Value> first = values.higherEntry(probe.subtree());
      return first != null && first.getKey().startsWith(probe.subtree())
          ? new Value.Identifier(first.getKey())
          : null;
    }
    return rows(((Question.Walk) question).columns(), values);
  }

  private static Value rows(List<Oid> columns, NavigableMap<Oid, Value> values) {
    NavigableMap<Oid, Value[]> rows = new TreeMap<>();
    for (int i = 0; i < columns.size(); i++) {
      Oid column = columns.get(i);
      for (Map.Entry<Oid, Value> cell : values.tailMap(column, false).entrySet()) {
        if (!cell.getKey().startsWith(column)) {
          break;
        }
        Oid index = cell.getKey().suffix(column.length());
        rows.computeIfAbsent(index, any -> new Value[columns.size()])[i] = cell.getValue();
      }
    }
    return new Value.Rows(
        rows.entrySet().stream()
            .map(row -> new Value.Row(row.getKey(), Arrays.asList(row.getValue())))
            .toList());
  }

  private NavigableMap<Oid, Value> read() throws IOException {
    NavigableMap<Oid, Value> values = new TreeMap<>();
    for (String line : Files.readAllLines(file, UTF_8)) {
      if (!line.isBlank()) {
        String[] parts = line.split(" = | ", 3);
        if (parts.length < 3) {
          throw new IllegalArgumentException("'" + line + "'; expected OID = TYPE VALUE");
        }
        values.put(Oid.parse(parts[0]), value(parts[1], parts[2]));
      }
    }
    return values;
  }

  private static Value value(String type, String text) {
    return switch (type) {
      case "text" -> new Value.Octets(OctetsType.OCTETS, text.getBytes(UTF_8));
      case "address" ->
          new Value.Octets(OctetsType.ADDRESS, InetAddresses.forString(text).getAddress());
      case "identifier" -> new Value.Identifier(Oid.parse(text));
      case "integer" -> new Value.Numeric(NumberType.INTEGER, Long.parseLong(text));
      case "gauge" -> new Value.Numeric(NumberType.GAUGE, Long.parseLong(text));
      case "time" -> new Value.Numeric(NumberType.TIME, Long.parseLong(text));
      case "counter" -> new Value.Numeric(NumberType.COUNTER64, Long.parseUnsignedLong(text));
      default -> throw new IllegalArgumentException("'" + type + "' is no type");
    };
  }
}
