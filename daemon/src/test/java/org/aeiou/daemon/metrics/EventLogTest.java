package org.aeiou.daemon.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.slf4j.event.Level.INFO;
import static org.slf4j.event.Level.WARN;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import com.google.common.base.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class EventLogTest {
  private final AtomicLong now = new AtomicLong();
  private final Ticker ticker =
      new Ticker() {
        @Override
        public long read() {
          return now.get();
        }
      };
  private final LogLimit limit = new LogLimit(ticker);
  private final EventLog log =
      new EventLog(limit, ticker, () -> Instant.parse("2026-11-22T08:09:10.120Z"));

  private static List<Map<?, ?>> events(EventRing ring) {
    return ring.text().lines().<Map<?, ?>>map(EventLogTest::read).toList();
  }

  /** JSON is YAML (1.2, section 1.3). */
  private static Map<?, ?> read(String line) {
    LoadSettings settings = LoadSettings.builder().setBufferSize(1 << 14).build();
    return (Map<?, ?>) new Load(settings).loadFromString(line);
  }

  @Test
  void anEventIsALineOfJsonInTheLogOfAllAndOfItsSystem() {
    log.add(
        Event.of(EventKind.WRITE, WARN, "core1", "core1: sysContact was set")
            .with("uid", 1000)
            .with("reason", "a")
            .with("changes", List.of(Map.of("oid", "1.3.6.1"))));
    assertThat(log.all().text())
        .isEqualTo(
            "{\"time\":\"2026-11-22T08:09:10.120Z\",\"level\":\"warn\",\"event\":\"write\","
                + "\"system\":\"core1\",\"message\":\"core1: sysContact was set\","
                + "\"uid\":1000,\"reason\":\"a\",\"changes\":[{\"oid\":\"1.3.6.1\"}]}\n");
    assertThat(log.of("core1").text()).isEqualTo(log.all().text());
    assertThat(log.of("core2").text()).isEmpty();
  }

  @Test
  void whateverAnAgentSendsALineIsOneLineOfJsonWithoutControlCharactersAndBounded() {
    Random random = new Random(44);
    for (int i = 0; i < 2000; i++) {
      char[] hostile = new char[random.nextInt(3000)];
      for (int j = 0; j < hostile.length; j++) {
        hostile[j] = (char) random.nextInt(i % 2 == 0 ? 0x100 : 0x10000);
      }
      String text = new String(hostile);
      byte[] line =
          EventLine.of(
              0,
              Event.of(EventKind.TRAP, INFO, text, text)
                  .with("trap", text)
                  .with("objects", List.of(text, Map.of(text, text))));
      assertThat(line.length).isLessThanOrEqualTo(EventLine.MOST_OCTETS);
      String written = new String(line, UTF_8);
      assertThat(written.getBytes(UTF_8)).isEqualTo(line);
      assertThat(written.chars().filter(c -> Character.isISOControl(c) || c == 0x2028))
          .containsExactly((int) '\n');
      Map<?, ?> read = read(written);
      assertThat(text.replaceAll("\\p{Cs}", "\ufffd"))
          .startsWith(cut((String) read.get("message")));
    }
  }

  private static String cut(String text) {
    return text.endsWith("…") ? text.substring(0, text.length() - 1) : text;
  }

  @Test
  void whatIsLoggedIsAnEventOfTheSystemThatTheLineBeginsWith() {
    LoggerContext context = new LoggerContext();
    Appender<ILoggingEvent> lines = log.appender();
    lines.setContext(context);
    lines.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.DEBUG);
    root.addAppender(lines);
    log.systems("core1"::equals);
    root.warn("{}: has another engine id", "core1");
    root.error("{} is no system", "nowhere");
    root.info("mounted\non /net");
    root.debug("nothing of interest");
    root.warn(EventLog.TOLD, "{}", "told already");
    assertThat(log.of("core1").text()).contains("\"core1: has another engine id\"");
    assertThat(events(log.all()))
        .extracting(
            event -> event.get("event") + " " + event.get("level") + " " + event.get("message"))
        .containsExactly(
            "log warn core1: has another engine id",
            "log error nowhere is no system",
            "log info mounted\non /net");
    assertThat(log.metrics().values()).containsEntry("lines", 3L);
  }

  private static Event down(String system) {
    return Events.down(system, "timeout", "no answer");
  }

  private static Event up(String system) {
    return Events.up(system, 1000, "timeout", "no answer");
  }

  private static List<String> kinds(EventRing ring) {
    return events(ring).stream()
        .map(
            event ->
                event.get("event")
                    + " "
                    + (event.containsKey("left_out") ? event.get("left_out") : 0))
        .toList();
  }

  @Test
  void ofWhatAgentsCauseTwoAMinuteAreToldAtOnceAndTheNewestWhenTheMinuteIsOver() {
    for (int i = 0; i < 250; i++) {
      log.add(down("core1"));
      log.add(up("core1"));
    }
    log.add(down("core1"));
    log.add(up("core2"));
    log.tellHeldBack();
    assertThat(kinds(log.of("core1"))).containsExactly("down 0", "up 0");
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    log.tellHeldBack();
    log.tellHeldBack();
    assertThat(kinds(log.of("core1"))).containsExactly("down 0", "up 0", "down 498");
    assertThat(log.all().text()).contains("\"left_out\":498");
    assertThat(kinds(log.of("core2"))).containsExactly("up 0");
    assertThat(log.metrics().values()).containsEntry("left-out", 498L);
    assertThat(log.kinds().values()).containsEntry("down", 251L).containsEntry("up", 251L);
  }

  @Test
  void anOutageOfTheWholeNetworkDoesNotWashAwayTheLogOfAllAndEachSystemHasItsLine() {
    for (int i = 0; i < 5000; i++) {
      log.add(down("s" + i));
    }
    assertThat(events(log.all())).hasSize(EventLog.MOST_OF_KIND);
    log.add(Events.attach("attach", 1000, 7, "no"));
    assertThat(kinds(log.all())).last().isEqualTo("attach 0");
    assertThat(kinds(log.of("s4999"))).containsExactly("down 0");
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    log.tellHeldBack();
    assertThat(events(log.all())).last().asString().contains("s4999 is down", "left_out=4899");
    assertThat(kinds(log.of("s4999"))).containsExactly("down 0");
  }

  @Test
  void whatComesAfterAQuietMinuteIsToldAtOnceWithWhatWasLeftOut() {
    for (int i = 0; i < 4; i++) {
      log.add(down("core1"));
    }
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    log.add(up("core1"));
    assertThat(kinds(log.of("core1"))).containsExactly("down 0", "down 0", "up 2");
    now.addAndGet(Duration.ofMinutes(2).toNanos());
    log.tellHeldBack();
    assertThat(kinds(log.of("core1"))).hasSize(3);
  }

  @Test
  void causesWithoutNumberTakeBoundedMemory() {
    for (int i = 0; i < 3 * EventLimit.MOST_CAUSES; i++) {
      log.add(Events.http("10.0." + (i >> 8) + "." + (i & 255), 401, "GET /", "no token"));
    }
    assertThat(log.causes()).isLessThanOrEqualTo(EventLimit.MOST_CAUSES + 1);
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    log.tellHeldBack();
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    log.tellHeldBack();
    assertThat(log.causes()).isZero();
  }

  @Test
  void positionsMeanTheSameLineForAsLongAsItIsKeptAndAnEmptyOneAfterThat() {
    EventRing ring = log.all();
    List<Long> positions = new ArrayList<>();
    int count = 5000;
    for (int i = 0; i < count; i++) {
      positions.add(ring.end());
      log.add(Event.of(EventKind.DAEMON, INFO, null, "number " + i).with("systems", i));
    }
    assertThat(ring.start()).isPositive();
    assertThat(ring.end() - ring.start()).isLessThanOrEqualTo(256 << 10).isGreaterThan(200 << 10);
    String kept = ring.text();
    assertThat(kept).startsWith("{\"time\"").endsWith("\"systems\":4999}\n");
    for (int i = 1; i < count; i++) {
      int length = (int) (positions.get(i) - positions.get(i - 1));
      byte[] line = ring.read(positions.get(i - 1), length);
      assertThat(line).hasSize(length);
      if (positions.get(i - 1) >= ring.start()) {
        assertThat(new String(line, UTF_8)).contains("\"systems\":" + (i - 1) + "}\n");
      } else {
        assertThat(new String(line, UTF_8)).isBlank();
      }
    }
    byte[] hole = ring.read(ring.start() - 10, 11);
    byte[] blank = new byte[11];
    Arrays.fill(blank, (byte) ' ');
    blank[9] = '\n';
    blank[10] = '{';
    assertThat(hole).isEqualTo(blank);
    assertThat(ring.read(ring.end(), 100)).isEmpty();
    assertThat(ring.read(ring.end() + 100, 100)).isEmpty();
  }

  @Test
  void ofAllSystemsThatOneIsForgottenFirstToWhichNothingHappenedForLongest() {
    String message = "x".repeat(900);
    int systems = 2 * EventLog.MOST_OF_SYSTEMS / (32 << 10);
    log.add(Event.of(EventKind.LOG, INFO, "first", "first"));
    long end = log.of("first").end();
    for (int i = 0; i < systems; i++) {
      for (int j = 0; j < 40; j++) {
        log.add(Event.of(EventKind.LOG, INFO, "s" + i, message));
      }
      log.add(Event.of(EventKind.LOG, INFO, "always", "always"));
    }
    assertThat(log.metrics().values().get("event-bytes"))
        .isLessThanOrEqualTo(EventLog.MOST_OF_SYSTEMS)
        .isGreaterThan(EventLog.MOST_OF_SYSTEMS / 2);
    assertThat(log.metrics().values().get("forgotten")).isPositive();
    assertThat(log.of("first").text()).isEmpty();
    assertThat(log.of("first").start()).isEqualTo(end);
    assertThat(log.of("always").text()).isNotEmpty();
    assertThat(log.of("s" + (systems - 1)).text()).isNotEmpty();

    log.systems("always"::equals);
    log.forget();
    assertThat(log.metrics().values().get("event-bytes")).isLessThanOrEqualTo(32 << 10);
  }
}
