package org.aeiou.daemon.cluster.codec;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.aeiou.daemon.metrics.Event;
import org.aeiou.daemon.metrics.EventKind;
import org.slf4j.event.Level;

/** Events as bytes: kind and level by their names, as the log of events has them. */
public final class EventCodec {
  private static final int MOST_NAME = 64;
  private static final Map<String, EventKind> KINDS = new HashMap<>();

  static {
    for (EventKind kind : EventKind.values()) {
      KINDS.put(kind.written(), kind);
    }
  }

  private EventCodec() {}

  public static void write(Output out, Event event) {
    out.text(event.kind().written());
    out.maybeText(event.system());
    out.text(event.level().name().toLowerCase(Locale.ROOT));
    out.text(event.message());
    FieldCodec.write(out, event.fields());
    out.maybeText(event.cause());
  }

  /** An event; of a kind that this version does not have it is a line of the log. */
  public static Event read(Input in) throws MalformedMessage {
    in.takes(200);
    EventKind kind = KINDS.getOrDefault(in.text(MOST_NAME), EventKind.LOG);
    String system = in.maybeText();
    Level level = level(in.text(MOST_NAME));
    String message = in.text();
    return new Event(kind, system, level, message, FieldCodec.read(in), in.maybeText());
  }

  private static Level level(String written) throws MalformedMessage {
    for (Level level : Level.values()) {
      if (level.name().toLowerCase(Locale.ROOT).equals(written)) {
        return level;
      }
    }
    throw new MalformedMessage("has an unknown level: " + written);
  }
}
