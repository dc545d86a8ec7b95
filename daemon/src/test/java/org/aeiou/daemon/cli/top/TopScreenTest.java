package org.aeiou.daemon.cli.top;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.cli.output.Terminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopScreenTest {
  private static final long NOW = 1_800_000_000_000L;

  private static final String SYSTEMS =
      """
      {"system":"core1","address":"10.0.0.1:161","state":"up","since_ms":1799996400000,"rtt_us":1500,"requests":50,"exchanges":10,"timeouts":0,"queued":0,"in_flight":1,"batch_limit":28,"cached":20}
      {"system":"core2","address":"10.0.0.2:161","state":"breaker","since_ms":1799999995000,"requests":5,"exchanges":4,"timeouts":4,"queued":0,"in_flight":0,"batch_limit":28,"cached":3,"last_error":"core2 did not answer within 1000 ms"}
      {"system":"core3","state":"up","since_ms":1799913600000,"rtt_us":25000,"requests":9,"exchanges":9,"timeouts":1,"queued":7,"in_flight":2,"batch_limit":8,"batch_learned":true,"in_flight_limit":1,"gap_ms":50,"cached":4,"notes":["a","b"]}
      {"system":"lon/edge1","state":"unknown","since_ms":1800000000000,"requests":0,"exchanges":0,"timeouts":0,"queued":0,"in_flight":0,"batch_limit":28,"cached":0}
      """;

  private static final String REQUESTERS =
      """
      {"requester":"user 1000","requests":300,"last_minute":12,"pending":3,"in_flight":1}
      """;

  private final TopScreen screen = new TopScreen(ZoneOffset.UTC, Terminal.NONE, true);
  private final View view = new View(Order.TROUBLE, "");

  private static Snapshot snapshot(String systems, Snapshot before) {
    return new Snapshot(
        SystemLine.all(systems),
        SystemLine.all(REQUESTERS),
        List.of(),
        before == null ? NOW : before.atMillis() + 2000,
        before == null ? null : before.counted());
  }

  private List<String> drawn(Snapshot snapshot, int columns, int rows) {
    return screen.draw("/net", snapshot, view, null, columns, rows).stream()
        .map(String::stripTrailing)
        .toList();
  }

  private List<String> names() {
    return drawn(snapshot(SYSTEMS, null), 100, 40).stream()
        .skip(4)
        .takeWhile(line -> !line.isEmpty())
        .map(line -> line.split(" ", -1)[0])
        .toList();
  }

  @Test
  void theWorstStandsAtTheTop() {
    assertThat(drawn(snapshot(SYSTEMS, null), 120, 40))
        .containsExactly(
            "aeiou top - /net  08:00:00",
            "4 systems: 2 up, 0 down, 1 breaker, 1 unknown",
            "by trouble   keys: t r o u e w n order, / filter, j k scroll, p pause, q quit",
            "SYSTEM       STATE      SINCE  RTT ms   EXCH   LOST QUEUE  FLY  CACHED  LEARNED       LAST ERROR",
            "core2        breaker       5s       -      4      4     0    0       3  -"
                + "             did not answer within 1000 ms",
            "core3        up          1d0h      25      9      1     7    2       4  b8 f1 g50ms",
            "core1        up          1h0m    1.50     10      0     0    1      20  -",
            "lon/edge1    unknown       0s       -      0      0     0    0       0  -",
            "",
            "WHO ASKS MOST                  LAST MINUTE    REQUESTS   PENDING    FLIGHT",
            "user 1000                               12         300         3         1");
  }

  @Test
  void fromTheSecondLookOnItIsPerSecond() {
    Snapshot first = snapshot(SYSTEMS, null);
    Snapshot second = snapshot(SYSTEMS.replace("\"exchanges\":10", "\"exchanges\":13"), first);
    List<String> lines = drawn(second, 120, 40);
    assertThat(lines.get(1)).endsWith("; 1.5 exchanges/s, 0 time-outs/s");
    assertThat(lines.get(3)).contains("EXCH/s", "LOST/s");
    assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("core1").contains("    1.5 "));
  }

  @Test
  void aDaemonThatWasStartedAnewCountsFromZeroAndNotBelow() {
    Snapshot first = snapshot(SYSTEMS, null);
    Snapshot second = snapshot(SYSTEMS.replace("\"exchanges\":10", "\"exchanges\":1"), first);
    assertThat(second.perSecond(second.systems().get(0), "exchanges")).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "r, 'core3 core1 core2 lon/edge1'",
    "o, 'core2 core3 core1 lon/edge1'",
    "u, 'core3 core1 core2 lon/edge1'",
    "e, 'core1 core3 core2 lon/edge1'",
    "n, 'core1 core2 core3 lon/edge1'"
  })
  void aKeyChoosesTheOrder(char key, String expected) {
    assertThat(view.key(key)).isEqualTo(View.Effect.SHOW);
    assertThat(String.join(" ", names())).isEqualTo(expected);
  }

  @Test
  void aFilterIsTypedAndTakenAway() {
    "/LON".chars().forEach(view::key);
    assertThat(names()).as("while it is typed").containsExactly("lon/edge1");
    assertThat(drawn(snapshot(SYSTEMS, null), 100, 40).get(2)).isEqualTo("/LON_");
    view.key('\n');
    assertThat(drawn(snapshot(SYSTEMS, null), 120, 40).get(2)).contains("; 1 of 4 with 'LON'");
    assertThat(view.key('q')).isEqualTo(View.Effect.QUIT);
    view.key(27);
    assertThat(names()).hasSize(4);
    "/breakerr".chars().forEach(view::key);
    view.key(127);
    assertThat(names()).containsExactly("core2");
  }

  private static final String MEMBERS =
      """
      {"member":"lon-poll","id":"a1","self":false,"roles":["poll"],"site":"lon","state":"fine","heard_ms_ago":240,"slots":171,"figures":{"broker_us":310,"systems":2}}
      {"member":"par-poll","id":"b2","self":false,"roles":["poll"],"site":"par","state":"suspect","heard_ms_ago":4100,"slots":85,"figures":{}}
      {"member":"gui:71","id":"c3","self":true,"roles":["read"],"site":"","state":"fine","heard_ms_ago":0,"slots":0,"figures":{"systems":0}}
      """;

  /** The systems with an owner each, but for the last. */
  private static String owned() {
    return SYSTEMS
        .replace("\"core1\",", "\"core1\",\"owner\":\"par-poll\",")
        .replace("\"core2\",", "\"core2\",\"owner\":\"lon-poll\",")
        .replace("\"core3\",", "\"core3\",\"owner\":\"lon-poll\",");
  }

  private static Snapshot cluster() {
    return new Snapshot(SystemLine.all(owned()), List.of(), SystemLine.all(MEMBERS), NOW, null);
  }

  @Test
  void inAClusterEachSystemHasAnOwnerAndTheMembersStandBelow() {
    assertThat(drawn(cluster(), 130, 40))
        .containsSequence(
            "SYSTEM       OWNER    STATE      SINCE  RTT ms   EXCH   LOST QUEUE  FLY  CACHED"
                + "  LEARNED       LAST ERROR",
            "core2        lon-poll breaker       5s       -      4      4     0    0       3"
                + "  -             did not answer within 1000 ms",
            "core3        lon-poll up          1d0h      25      9      1     7    2       4"
                + "  b8 f1 g50ms",
            "core1        par-poll up          1h0m    1.50     10      0     0    1      20  -",
            "lon/edge1    -        unknown       0s       -      0      0     0    0       0  -",
            "",
            "MEMBER                      STATE        SLOTS   SYSTEMS     HEARD  SITE",
            "lon-poll                    fine           171         2        0s  lon",
            "par-poll                    suspect         85         -        4s  par",
            "gui:71                      fine             0         0         -");
  }

  @Test
  void systemsAreSortedAndFilteredByTheirOwner() {
    view.key('w');
    List<String> lines = drawn(cluster(), 130, 40);
    assertThat(lines.get(2)).startsWith("by owner");
    assertThat(lines.subList(4, 8))
        .extracting(line -> line.split(" ", -1)[0])
        .containsExactly("lon/edge1", "core2", "core3", "core1");
    "/par\n".chars().forEach(view::key);
    assertThat(drawn(cluster(), 130, 40).subList(4, 6))
        .extracting(line -> line.split(" ", -1)[0])
        .containsExactly("core1", "");
  }

  @Test
  void itFitsTheTerminalHoweverSmall() {
    for (int rows = 1; rows < 14; rows++) {
      for (int columns = 1; columns < 130; columns += 7) {
        int most = columns;
        assertThat(drawn(snapshot(SYSTEMS, null), columns, rows))
            .hasSizeLessThanOrEqualTo(rows)
            .allSatisfy(line -> assertThat(Terminal.width(line)).isLessThanOrEqualTo(most));
      }
    }
  }

  @Test
  void itScrollsAsFarAsThereIsAnything() {
    "jjjjjj".chars().forEach(view::key);
    List<String> lines = drawn(snapshot(SYSTEMS, null), 100, 9);
    assertThat(lines.get(4)).as("the last page").startsWith("core1");
    "kkkkkkkkk".chars().forEach(view::key);
    assertThat(drawn(snapshot(SYSTEMS, null), 100, 9).get(4)).startsWith("core2");
  }

  @Test
  void aProblemIsShownInPlaceOfTheKeys() {
    List<String> lines =
        screen.draw("/net", snapshot(SYSTEMS, null), view, "the daemon is gone", 80, 20);
    assertThat(lines.get(2)).isEqualTo("the daemon is gone");
  }

  @Test
  void whatAnAgentOrAUserCalledSomethingDoesNotSteerTheTerminal() {
    String evil = SYSTEMS.replace("did not answer", "said \\u001b[2J\\nthat");
    assertThat(drawn(snapshot(evil, null), 120, 40))
        .noneSatisfy(line -> assertThat(line).containsAnyOf("\u001b", "\n"));
  }

  @Test
  void aFileThatWasCutShowsWhatIsWhole() {
    assertThat(SystemLine.all(SYSTEMS.substring(0, SYSTEMS.length() - 40))).hasSize(3);
    assertThat(SystemLine.all("")).isEmpty();
    assertThat(SystemLine.all("no json")).isEmpty();
  }

  @Test
  void arrowsScrollAndTheEndOfInputQuits() {
    List<Integer> keys = new ArrayList<>();
    new Keys(
            new ByteArrayInputStream(
                "t\033[A\033[B\033[5~\033[6~\033OA\033[1;5Cq".getBytes(StandardCharsets.US_ASCII)))
        .readInto(keys::add);
    assertThat(keys)
        .containsExactly(
            (int) 't', (int) 'k', (int) 'j', (int) 'b', (int) 'd', (int) 'k', 0, (int) 'q', 4);
  }
}
