package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.attached.Attachment;
import org.aeiou.closures.attached.RequestOptions;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.closures.shared.WriteDescriptor;
import org.aeiou.closures.shared.WriteDescriptor.Assignment;
import org.aeiou.closures.shared.WriteDescriptor.Change;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cli.Main;
import org.aeiou.daemon.simulator.Faults;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Attached programs write, and so does {@code aeiou set}; the agents are simulated. */
@Needs(Needs.Thing.FUSE)
@TestInstance(Lifecycle.PER_CLASS)
final class AttachedWritesIT {
  private static final Oid SYS_LOCATION = Oid.parse("1.3.6.1.2.1.1.6.0");

  private SimulatedDaemon simulated;
  private Attachment net;
  private SimulatedAgent agent;
  private String system;
  private String row;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    simulated =
        SimulatedDaemon.start(
            folder,
            SimulationOptions.builder().systems(2).rows(3).writeCommunities("private"),
            "timeout: 300ms, retries: 1, max-in-flight: 2",
            "write: {allow: [system/sysLocation, system/sysContact, 'interfaces/*/*'],"
                + " snmp: {community: private}}\n");
    agent = simulated.network().agents().iterator().next();
    system = agent.name();
    Path mounted = simulated.daemon().path("");
    try (Stream<Path> rows = Files.list(mounted.resolve(system + "/interfaces"))) {
      row = rows.sorted().findFirst().orElseThrow().getFileName().toString();
    }
    net =
        Attachment.attach(
            mounted,
            new Geometry(16, 1024, 1024, 0),
            Ticker.systemTicker(),
            InstantSource.system());
  }

  @AfterEach
  void asItShouldBe() {
    agent.faults(Faults.NONE);
    agent.resetCounts();
  }

  @AfterAll
  void stop() throws Exception {
    net.close();
    simulated.close();
  }

  private Outcome<byte[]> write(Assignment... together) throws Exception {
    CompletableFuture<Outcome<byte[]>> written = new CompletableFuture<>();
    net.write(List.of(together), null, (to, outcome, delayed) -> to.complete(outcome), written);
    return written.get(20, TimeUnit.SECONDS);
  }

  private Assignment assignment(String path, String text) {
    return new Assignment(system + "/" + path, text);
  }

  private static List<Change> changes(Outcome<byte[]> outcome) {
    assertThat(outcome).isInstanceOf(Reading.class);
    return WriteDescriptor.changes(((Reading<byte[]>) outcome).value());
  }

  private String read(String path) throws Exception {
    return Files.readString(simulated.daemon().path(system + "/" + path)).strip();
  }

  private String ofAgent(Oid oid) {
    return new String(((Value.Octets) agent.objects().get(oid)).octets(), UTF_8);
  }

  @Test
  void aProgramWritesAndEveryReaderSeesWhatWasReadBack() throws Exception {
    String before = read("system/sysLocation");
    assertThat(changes(write(assignment("system/sysLocation", "Rack 9\n"))))
        .containsExactly(new Change("sysLocation", before, "Rack 9"));
    assertThat(ofAgent(SYS_LOCATION)).isEqualTo("Rack 9");
    assertThat(read("system/sysLocation")).isEqualTo("Rack 9");
    CompletableFuture<Outcome<byte[]>> read = new CompletableFuture<>();
    net.submit(
        system + "/system/sysLocation", null, (to, outcome, delayed) -> to.complete(outcome), read);
    assertThat(new String(((Reading<byte[]>) read.get(20, TimeUnit.SECONDS)).value(), UTF_8))
        .isEqualTo("Rack 9");
    changes(write(assignment("system/sysLocation", "Rack 10")));
    CompletableFuture<Outcome<byte[]>> again = new CompletableFuture<>();
    net.submit(
        system + "/system/sysLocation",
        null,
        (to, outcome, delayed) -> to.complete(outcome),
        again);
    assertThat(new String(((Reading<byte[]>) again.get(20, TimeUnit.SECONDS)).value(), UTF_8))
        .as("it was in the value table, where it was read before")
        .isEqualTo("Rack 10");
    assertThat(Files.readString(simulated.daemon().path(system + "/.events")))
        .contains("\"event\":\"write\"", "\"pid\":" + ProcessHandle.current().pid());
  }

  @Test
  void attributesOfARowAreWrittenTogether() throws Exception {
    String interfaces = "interfaces/" + row + "/";
    read(interfaces + "ifOperStatus");
    List<Change> changes =
        changes(
            write(
                assignment(interfaces + "ifAlias", "to Zürich"),
                assignment(interfaces + "ifAdminStatus", "down")));
    assertThat(changes).extracting(Change::after).containsExactly("to Zürich", "down");
    assertThat(read(interfaces + "ifAlias")).isEqualTo("to Zürich");
    assertThat(read(interfaces + "ifOperStatus")).as("it follows").isEqualTo("down");
  }

  @Test
  void oneThatIsRefusedIsTheEndOfAll() throws Exception {
    String interfaces = "interfaces/" + row + "/";
    agent.faults(Faults.builder().setStatus(14).build());
    Failure<byte[]> failure =
        (Failure<byte[]>)
            write(
                assignment(interfaces + "ifAlias", "new"),
                assignment(interfaces + "ifAdminStatus", "down"));
    assertThat(failure.reason()).isEqualTo(Failure.Reason.NOT_DONE);
    assertThat(failure.message()).contains("the agent failed to write ifAlias");
    assertThat(read(interfaces + "ifAlias")).isNotEqualTo("new");
  }

  @Test
  void whatMayNotBeWrittenOrIsNoValueIsToldWithItsReason() throws Exception {
    assertThat(reason(write(assignment("system/sysName", "other"))))
        .isEqualTo(Failure.Reason.NOT_WRITABLE);
    assertThat(reason(write(assignment("interfaces/" + row + "/ifAdminStatus", "sideways"))))
        .isEqualTo(Failure.Reason.BAD_REQUEST);
    assertThat(reason(write(assignment("interfaces/" + row + "/ifAlias", "x".repeat(65)))))
        .isEqualTo(Failure.Reason.OUT_OF_RANGE);
    assertThat(reason(write(assignment("system/sysLocatoin", "x"))))
        .isEqualTo(Failure.Reason.UNKNOWN_NAME);
    assertThat(reason(write(assignment("system", "x")))).isEqualTo(Failure.Reason.IS_DIRECTORY);
  }

  private static Failure.Reason reason(Outcome<byte[]> outcome) {
    return ((Failure<byte[]>) outcome).reason();
  }

  @Test
  void aLostVerdictIsTimeoutAndItIsSentOnce() throws Exception {
    read("system/sysLocation");
    agent.faults(Faults.builder().setLoss(1).build());
    agent.resetCounts();
    Failure<byte[]> failure = (Failure<byte[]>) write(assignment("system/sysLocation", "Rack 10"));
    assertThat(failure.reason()).isEqualTo(Failure.Reason.TIMEOUT);
    assertThat(failure.message()).endsWith("it may have happened");
    assertThat(ofAgent(SYS_LOCATION)).isEqualTo("Rack 10");
    // The kernel is told by a thread that no verdict waits for.
    eventually("it is read again", () -> read("system/sysLocation").equals("Rack 10"));
    assertThat(agent.counts().sets()).isEqualTo(1);
  }

  @Test
  void aWriteWhoseDeadlinePassesBeforeItIsSentIsNotSent() throws Exception {
    agent.distance(Duration.ofMillis(200), Duration.ZERO);
    CompletableFuture<Outcome<byte[]>> written = new CompletableFuture<>();
    var soon = net.begin(RequestOptions.NONE.timeout(Duration.ofMillis(50)));
    net.write(
        system + "/system/sysContact",
        "nobody",
        soon,
        (to, outcome, delayed) -> to.complete(outcome),
        written);
    soon.end();
    assertThat(reason(written.get(20, TimeUnit.SECONDS))).isEqualTo(Failure.Reason.TIMEOUT);
    agent.distance(Duration.ZERO, Duration.ZERO);
    Thread.sleep(500);
    assertThat(agent.counts().sets()).isZero();
  }

  private static Commands.Result aeiou(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(arguments));
    return Commands.run(command);
  }

  @Test
  void setWritesARowTogetherAndPrintsWhatWasAndWhatIs() throws Exception {
    String mounted = simulated.daemon().path("").toString();
    String contact = read("system/sysContact");
    String location = read("system/sysLocation");
    Commands.Result set =
        aeiou("set", "--mount", mounted, system + "/system/sysLocation=Rack 11", "sysContact=me");
    assertThat(set.err()).isEmpty();
    assertThat(set.out())
        .isEqualTo(
            "%1$s/system/sysLocation: %2$s → Rack 11\n%1$s/system/sysContact: %3$s → me\n"
                .formatted(system, location, contact));
    assertThat(set.exit()).isZero();
    assertThat(agent.counts().sets()).isEqualTo(1);
    Commands.Result refused = aeiou("set", mounted + "/" + system + "/system/sysName=other");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err())
        .isEqualTo(
            "aeiou: %s/system/sysName: sysName may not be written: no pattern of 'write: {allow:"
                    .formatted(system)
                + " […]}' in the configuration names it\n");
  }
}
