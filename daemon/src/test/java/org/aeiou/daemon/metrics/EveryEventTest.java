package org.aeiou.daemon.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aeiou.closures.exchange.Health.BreakerState;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** All kinds of events, as the code makes them and as the document has them. */
class EveryEventTest {
  private static final Path DOCUMENT = Path.of("docs/events.md");
  private static final Path NET = Path.of("/net");
  private static final Path FILE = Path.of("/etc/aeiou/net.yaml");
  private static final long TIME = Instant.parse("2026-11-22T08:09:10.120Z").toEpochMilli();

  private static final Map<EventKind, List<Event>> EXAMPLES = new EnumMap<>(EventKind.class);

  /** What a person does with each kind. */
  private static final Map<EventKind, String> RECIPES = new EnumMap<>(EventKind.class);

  static {
    example(
        EventKind.DAEMON,
        "jq -r 'select(.event == \"daemon\") | [.time, .state, .cause] | @tsv'",
        Events.starting("1.0", FILE, NET, 12),
        Events.mounted(NET, 12),
        Events.stopping(NET, "SIGTERM"),
        Events.unmounted(NET),
        Events.pollerStarting("1.0", FILE, "main", 12),
        Events.polling("main", 12),
        Events.pollerStopping("main", "SIGTERM"),
        Events.pollerEnded("main"));
    example(
        EventKind.RELOAD,
        "jq -r 'select(.event == \"reload\" and (.done | not)) | .errors[]'",
        Events.reloaded(FILE, new Events.Changes(11, 1, 2, 0), List.of("http")),
        Events.notReloaded(
            FILE, List.of(FILE + ":3: systems.core1.address: '10.0.0.300' is not an address")));
    example(
        EventKind.CLUSTER,
        "jq -r 'select(.event == \"cluster\") | [.time, .what, .member, .broker] | @tsv'",
        Events.member("joined", Level.INFO, "poll-1", "joined"),
        Events.member("gone", Level.WARN, "poll-1", "is gone: it was not heard of for 10 s"),
        Events.broker("unreachable"),
        Events.differs(true, List.of("poll-1", "poll-2")));
    example(
        EventKind.DOWN,
        "jq -r 'select(.event == \"down\") | [.time, .system, .reason] | @tsv'",
        Events.down("core1", "timeout", "it did not answer within 2000 ms (3 attempts)"));
    example(
        EventKind.UP,
        "jq -r 'select(.event == \"up\" and .down_ms > 60000) | .message'",
        Events.up("core1", 754_000, "timeout", "it did not answer within 2000 ms (3 attempts)"));
    example(
        EventKind.BREAKER,
        "jq -r 'select(.event == \"breaker\") | [.system, .before, .state] | @tsv'",
        Events.breaker("core1", BreakerState.CLOSED, BreakerState.OPEN, 5_000_000_000L),
        Events.breaker("core1", BreakerState.OPEN, BreakerState.HALF_OPEN, 0));
    example(
        EventKind.LEARNED,
        "jq -r 'select(.event == \"learned\") | [.system, .limit, .from, .to, .why] | @tsv'",
        Events.learned("core1", "batch", 28L, 14L, "an answer about 28 did not fit into a message"),
        Events.learned("core1", "gap_ms", 0.0, 56.2, "it drops what it is asked too fast"),
        Events.anotherAgent("core1", "10.0.0.1:161"),
        Events.forgotten("core1"));
    example(
        EventKind.TRAP,
        "jq -r 'select(.event == \"trap\") | .system + \": \" + .trap'",
        Events.trap(
            "core1",
            "linkDown",
            "1.3.6.1.6.3.1.1.5.3",
            ": ifIndex 7",
            ordered("source", "10.0.0.1:32768", "version", "2c", "inform", false),
            List.of(
                ordered(
                    "oid", "1.3.6.1.2.1.2.2.1.1.7", "name", "interfaces/ifIndex", "value", 7))));
    example(
        EventKind.STORM,
        "jq -s 'map(select(.event == \"storm\").count) | add'",
        Events.storm("core1", "10.0.0.1", 12_840, 10_000_000_000L));
    example(
        EventKind.WRITE,
        "jq -c 'select(.event == \"write\") | [.uid, .changes[].attribute, .done]'",
        Events.write(
            "core1",
            "user 0, process 4711 wrote system/sysContact: 'ops' → 'noc'",
            true,
            null,
            0,
            4711,
            List.of(
                ordered(
                    "attribute",
                    "system/sysContact",
                    "written",
                    "noc",
                    "before",
                    "ops",
                    "after",
                    "noc"))));
    example(
        EventKind.ATTACH,
        "jq -r 'select(.event == \"attach\") | [.uid, .what, .why] | @tsv'",
        Events.attach("attach", 1000, 4711, "user 1000 may not read the files"),
        Events.attach("reload", 1000, 0, "only root may"));
    example(
        EventKind.HTTP,
        "jq -r 'select(.event == \"http\" and .status == 401) | .source'",
        Events.http("10.0.0.9", 401, "GET /metrics", "the token is missing"));
    example(
        EventKind.LOG,
        "jq -r 'select(.level == \"error\") | .message'",
        Event.of(EventKind.LOG, Level.WARN, "core1", "core1: has another engine id"));
  }

  private static void example(EventKind kind, String recipe, Event... events) {
    EXAMPLES.put(kind, List.of(events));
    RECIPES.put(kind, recipe);
  }

  private static Map<String, Object> ordered(Object... pairs) {
    Map<String, Object> ordered = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      ordered.put((String) pairs[i], pairs[i + 1]);
    }
    return ordered;
  }

  private static String line(Event event) {
    return new String(EventLine.of(TIME, event), UTF_8).strip();
  }

  @Test
  void eachKindHasItsFieldsAndNoOthersWhereverItComesFrom() {
    for (EventKind kind : EventKind.values()) {
      Set<String> declared = new HashSet<>();
      kind.fields().forEach(field -> declared.add(field.name()));
      for (Event event : EXAMPLES.get(kind)) {
        assertThat(event.kind()).isEqualTo(kind);
        assertThat(declared).as(line(event)).containsAll(event.fields().keySet());
      }
    }
  }

  @Test
  void anEventOfASystemBeginsWithItsName() {
    EXAMPLES.values().stream()
        .flatMap(List::stream)
        .filter(event -> event.system() != null)
        .forEach(event -> assertThat(event.message()).startsWith(event.system()));
  }

  /** To change the document: copy what this test leaves in {@code target}. */
  @Test
  void theDocumentListsEachKindWithItsFieldsAndLines() throws Exception {
    StringBuilder kinds = new StringBuilder();
    for (EventKind kind : EventKind.values()) {
      kinds.append("\n## ").append(kind.written()).append("\n\n").append(kind.what()).append("\n");
      if (!kind.fields().isEmpty()) {
        kinds.append("\n| field | type | what it tells |\n|---|---|---|\n");
        for (EventKind.Field field : kind.fields()) {
          kinds.append("| `%s` | %s | %s |\n".formatted(field.name(), field.type(), field.what()));
        }
      }
      kinds.append("\n```\n");
      EXAMPLES.get(kind).forEach(event -> kinds.append(line(event)).append('\n'));
      kinds.append("$ ").append(RECIPES.get(kind)).append(" /net/.aeiou/events\n```\n");
    }
    Path written = Path.of("target/events.md");
    Files.createDirectories(written.toAbsolutePath().getParent());
    String document = Files.exists(DOCUMENT) ? Files.readString(DOCUMENT) : "\n## ";
    String introduction = document.substring(0, document.indexOf("\n## "));
    Files.writeString(written, introduction + kinds);
    assertThat(document.substring(introduction.length()))
        .as("%s is not up to date: cp daemon/%s daemon/%s", DOCUMENT, written, DOCUMENT)
        .isEqualTo(kinds.toString());
  }

  @Test
  @Needs(Needs.Thing.JQ)
  void eachRecipeOfTheDocumentFindsItsLine() throws Exception {
    Path lines = Files.createTempFile("events", ".json");
    List<String> all = new ArrayList<>();
    EXAMPLES.values().forEach(events -> events.forEach(event -> all.add(line(event))));
    Files.write(lines, all);
    Matcher recipe =
        Pattern.compile("^\\$ (.*) (?:/net/\\S+)$", Pattern.MULTILINE)
            .matcher(Files.readString(DOCUMENT));
    int found = 0;
    while (recipe.find()) {
      if (recipe.group(1).startsWith("jq ")) {
        Process jq =
            new ProcessBuilder("sh", "-c", recipe.group(1) + " " + lines)
                .redirectErrorStream(true)
                .start();
        String out = new String(jq.getInputStream().readAllBytes(), UTF_8);
        assertThat(jq.waitFor()).as(recipe.group(1) + ": " + out).isZero();
        assertThat(out).as(recipe.group(1)).isNotBlank();
        found++;
      }
    }
    Files.delete(lines);
    assertThat(found).isGreaterThanOrEqualTo(EventKind.values().length);
  }
}
