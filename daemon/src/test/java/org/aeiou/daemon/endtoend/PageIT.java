package org.aeiou.daemon.endtoend;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulatedNetwork;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.aeiou.daemon.testing.Needs.Thing;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page in a real browser. One daemon, one network and one browser do for all tests. What a
 * browser is to do and to show is in {@code src/test/python/page.py}, a function for each test; it
 * asks this program to change the network.
 */
@Needs({Thing.FUSE, Thing.PYTHON3, Thing.CHROMIUM})
@Timeout(120)
class PageIT {
  private static final String HOST = "127.54.0.1";
  private static final int SYSTEMS = 1000;

  @TempDir private static Path folder;

  private static SimulatedNetwork network;
  private static Path configuration;
  private static Path mountPoint;
  private static DaemonProcess daemon;
  private static PageProgram browser;

  @BeforeAll
  static void start() throws Exception {
    InetAddress host = InetAddress.getByName(HOST);
    int http;
    int traps;
    try (ServerSocket first = new ServerSocket(0, 1, host);
        DatagramSocket second = new DatagramSocket(new InetSocketAddress(host, 0))) {
      http = first.getLocalPort();
      traps = second.getLocalPort();
    }
    network =
        SimulatedNetwork.start(
            SimulationOptions.builder()
                .systems(SYSTEMS)
                .rows(6)
                .port(0)
                .firstAddress("127.54.4.1")
                .traps(new InetSocketAddress(host, traps))
                .build());
    configuration = folder.resolve("net.yaml");
    Files.writeString(
        configuration,
        """
        http: {listen: "%s:%d"}
        ttl: {counter: 1s}
        """
                .formatted(HOST, http)
            + network.configuration());
    mountPoint = Files.createDirectory(folder.resolve("net"));
    mount();
    browser = new PageProgram("http://" + HOST + ":" + http + "/", PageIT::change);
  }

  private static void mount() throws Exception {
    daemon = DaemonProcess.mount(configuration, mountPoint);
  }

  @AfterAll
  static void stop() throws Exception {
    try {
      if (browser != null) {
        browser.close();
      }
    } finally {
      if (daemon != null) {
        daemon.close();
      }
      if (network != null) {
        network.close();
      }
    }
  }

  private static void check(TestInfo test) throws Exception {
    browser.check(test);
  }

  private static String change(List<String> what) throws Exception {
    switch (what.get(0)) {
      case "link" ->
          agent(what.get(1)).link(Integer.parseInt(what.get(2)), what.get(3).equals("up"), true);
      case "text" ->
          agent(what.get(1))
              .set(
                  Oid.parse(what.get(2)),
                  new Value.Octets(Value.OctetsType.OCTETS, HexFormat.of().parseHex(what.get(3))));
      case "distance" ->
          agent(what.get(1))
              .distance(Duration.ofMillis(Integer.parseInt(what.get(2))), Duration.ZERO);
      case "dead" -> {
        SimulatedAgent agent = agent(what.get(1));
        agent.faults(agent.faults().toBuilder().dead(Boolean.parseBoolean(what.get(2))).build());
      }
      case "stop" -> daemon.close();
      case "start" -> mount();
      case "stats" -> {
        return Commands.run("cat", daemon.path(".aeiou/stats").toString()).out().replace('\n', ';');
      }
      case "packets" -> {
        return Long.toString(
            what.stream().skip(1).mapToLong(name -> agent(name).counts().datagrams()).sum());
      }
      case "names" -> {
        return String.join(" ", network.agents().stream().map(SimulatedAgent::name).toList());
      }
      default -> throw new IllegalArgumentException(what.toString());
    }
    return "done";
  }

  private static SimulatedAgent agent(String name) {
    return network.agents().stream()
        .filter(agent -> agent.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void cachedCellsAreThereAtOnceAndPendingOnesTurn(TestInfo test) throws Exception {
    check(test);
  }

  @Test
  void aPulledLinkShowsWithinASecondOfItsTrap(TestInfo test) throws Exception {
    check(test);
  }

  @Test
  void whatAgentsSayIsTextWhateverItSays(TestInfo test) throws Exception {
    check(test);
  }

  @Test
  void aThousandSystemsStaySmooth(TestInfo test) throws Exception {
    check(test);
  }

  @Test
  void theKeyboardReachesEverything(TestInfo test) throws Exception {
    check(test);
  }

  @Test
  void theAccessibilityTreeNamesEveryControlAndEveryState(TestInfo test) throws Exception {
    check(test);
  }

  @Test
  void whatCouldNotBeReadTellsWhyOnHoverAndOnFocus(TestInfo test) throws Exception {
    check(test);
  }

  @Test
  void ratesAreDrawnAndCharted(TestInfo test) throws Exception {
    check(test);
  }

  @Test
  void theMapShowsLinksAndTheirLoad(TestInfo test) throws Exception {
    check(test);
  }

  @Test
  void aPhoneShowsItWithoutScrollingSideways(TestInfo test) throws Exception {
    check(test);
  }

  @Test
  void paperGetsAllRows(TestInfo test) throws Exception {
    check(test);
  }

  @Test
  void aPageThatIsHiddenOrClosedAsksForNothing(TestInfo test) throws Exception {
    check(test);
  }

  @Test
  void aRestartOfTheDaemonIsSurvived(TestInfo test) throws Exception {
    check(test);
  }
}
