package org.aeiou.daemon.cli.mounting;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.aeiou.daemon.app.MountedDaemonOrder;
import org.aeiou.daemon.attach.OrderHandler;
import org.aeiou.daemon.fuse.mount.MountPoint;
import org.aeiou.daemon.fuse.mount.MountTable;

/**
 * How a mount is, or a poller, which has none.
 *
 * @param place where; of a poller, its process
 * @param source the configuration that is mounted there, by what the table of mounts says
 * @param state in a word
 * @param why what is not fine, and what to do; empty if all is
 * @param facts what the daemon says of itself
 */
record MountState(String place, String source, State state, String why, Map<String, String> facts) {

  /** In a word, with what a probe is told. */
  enum State {
    FINE(0),
    DEGRADED(7),
    CLOSED(1),
    DEAD(5),
    HANGS(6);

    private final int exitCode;

    State(int exitCode) {
      this.exitCode = exitCode;
    }

    int exitCode() {
      return exitCode;
    }
  }

  private static final String STATUS = ".aeiou/status";
  private static final String ATTACH = ".aeiou/attach";
  private static final String HTTP = ".aeiou/http";

  /**
   * Looks at a mount; takes no longer than the deadline.
   *
   * @param mostDown how many systems may be down while all is fine
   */
  static MountState of(MountPoint point, Duration deadline, int mostDown) throws IOException {
    String place = point.path().toString();
    String source = point.mounted().map(MountTable.Entry::source).orElse("");
    MountPoint.Answer answer;
    try {
      answer = point.ask(List.of(STATUS, ATTACH, HTTP), deadline);
    } catch (IOException e) {
      return new MountState(
          place, source, State.CLOSED, "cannot be read: " + e.getMessage(), Map.of());
    }
    return switch (answer.health()) {
      case ALIVE -> answering(place, source, answer.texts(), mostDown);
      case DEAD ->
          new MountState(
              place,
              source,
              State.DEAD,
              "its daemon is gone; 'aeiou umount " + place + "' removes it",
              Map.of());
      case HANGS ->
          new MountState(
              place,
              source,
              State.HANGS,
              "its daemon does not answer within "
                  + deadline.toSeconds()
                  + " s; 'aeiou umount "
                  + place
                  + "' takes the mount from it",
              Map.of());
    };
  }

  /**
   * Asks a poller; takes no longer than the deadline.
   *
   * @param mostDown how many systems may be down while all is fine
   */
  static MountState ofPoller(long pid, Duration deadline, int mostDown) throws IOException {
    String place = "process " + pid;
    try {
      List<String> answer = MountedDaemonOrder.giveToPoller(pid, OrderHandler.STATUS, deadline);
      String status = String.join("\n", answer.subList(1, answer.size()));
      return answering(place, "", Map.of(STATUS, status), mostDown);
    } catch (MountedDaemonOrder.NotAnsweredException e) {
      return new MountState(place, "", State.HANGS, e.getMessage(), Map.of());
    } catch (MountedDaemonOrder.NotGivenException e) {
      State state = e.isForbidden() ? State.CLOSED : State.DEAD;
      String why = e.getMessage();
      String said = place + ": ";
      return new MountState(
          place, "", state, why.startsWith(said) ? why.substring(said.length()) : why, Map.of());
    }
  }

  static MountState answering(
      String place, String source, Map<String, String> texts, int mostDown) {
    Map<String, String> facts = new LinkedHashMap<>();
    texts
        .getOrDefault(STATUS, "")
        .lines()
        .filter(line -> line.matches("[a-z_]+: .*"))
        .forEach(
            line -> {
              int colon = line.indexOf(": ");
              facts.put(line.substring(0, colon), line.substring(colon + 2));
            });
    put(facts, "attach", texts.get(ATTACH));
    put(facts, "http", texts.get(HTTP));
    long down = number(facts, "systems_down") + number(facts, "systems_breaker");
    return down <= mostDown
        ? new MountState(place, source, State.FINE, "", facts)
        : new MountState(
            place,
            source,
            State.DEGRADED,
            down
                + (down == 1 ? " system does" : " systems do")
                + " not answer; see "
                + (place.startsWith("/") ? place : "a mount")
                + "/.aeiou/systems",
            facts);
  }

  private static void put(Map<String, String> facts, String key, String text) {
    Optional<String> first = text == null ? Optional.empty() : text.lines().findFirst();
    first.filter(line -> !line.isBlank()).ifPresent(line -> facts.put(key, line.strip()));
  }

  private static long number(Map<String, String> facts, String key) {
    String text = facts.getOrDefault(key, "");
    return isNumber(text) ? Long.parseLong(text) : 0;
  }

  private static boolean isNumber(String text) {
    return text.matches("\\d{1,18}");
  }

  /** For people: one line, and what the daemon says below it. */
  String asText() {
    StringBuilder text = new StringBuilder();
    text.append(place).append(": ").append(word());
    if (!why.isEmpty()) {
      text.append("; ").append(why);
    }
    text.append('\n');
    line(text, "configuration", source);
    if (!facts.isEmpty()) {
      line(
          text,
          "daemon",
          "%s, process %s, up %s"
              .formatted(
                  facts.get("version"),
                  facts.get("pid"),
                  inWords(Duration.ofSeconds(number(facts, "uptime_s")))));
      line(text, "restart", facts.get("restart"));
      line(
          text,
          "systems",
          "%d: %d up, %d down, %d of them not asked for a while, %d not asked yet"
              .formatted(
                  number(facts, "systems"),
                  number(facts, "systems_up"),
                  number(facts, "systems_down") + number(facts, "systems_breaker"),
                  number(facts, "systems_breaker"),
                  number(facts, "systems_unknown")));
      line(text, "cluster", facts.get("cluster"));
      line(
          text,
          "requests",
          "%d pending, %d exchanges in flight"
              .formatted(number(facts, "pending"), number(facts, "in_flight")));
      line(
          text,
          "memory",
          "%d of %d MB of the heap; %d answers cached"
              .formatted(
                  number(facts, "heap_mb"), number(facts, "heap_max_mb"), number(facts, "cached")));
      line(text, "attach", facts.get("attach"));
      line(text, "page", facts.get("http"));
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    if (value != null && !value.isEmpty()) {
      text.append("  %-14s %s%n".formatted(name, value));
    }
  }

  /** As in {@code 3 d 4 h}: the two largest units. */
  static String inWords(Duration time) {
    if (time.toDays() > 0) {
      return time.toDays() + " d " + time.toHoursPart() + " h";
    }
    if (time.toHours() > 0) {
      return time.toHours() + " h " + time.toMinutesPart() + " min";
    }
    return time.toMinutes() > 0
        ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
        : time.toSeconds() + " s";
  }

  private String word() {
    return state.name().toLowerCase(Locale.ROOT);
  }

  /** For programs: an object. */
  void writeTo(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField(place.startsWith("/") ? "mount" : "poller", place);
    json.writeStringField("source", source);
    json.writeStringField("state", word());
    if (!why.isEmpty()) {
      json.writeStringField("why", why);
    }
    for (Map.Entry<String, String> fact : facts.entrySet()) {
      if (isNumber(fact.getValue())) {
        json.writeNumberField(fact.getKey(), Long.parseLong(fact.getValue()));
      } else {
        json.writeStringField(fact.getKey(), fact.getValue());
      }
    }
    json.writeEndObject();
  }
}
