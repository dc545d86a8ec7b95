package org.aeiou.daemon.simulator;

import static org.aeiou.daemon.simulator.Client.bulk;
import static org.aeiou.daemon.simulator.Client.pdu;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.snmp4j.PDU;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.VariableBinding;

@Timeout(60)
class HostilityIT {
  private static final String COLUMN = "1.3.6.1.2.1.2.2.1.2";
  private static final String SYS_NAME = "1.3.6.1.2.1.1.5.0";

  /** What a few GETBULKs find, each asking on from where the one before ended. */
  private static List<VariableBinding> rows(Hostility kind, int requests) throws IOException {
    List<VariableBinding> rows = new ArrayList<>();
    try (SimulatedNetwork network = network(kind);
        Client client = new Client()) {
      String at = COLUMN;
      for (int i = 0; i < requests; i++) {
        PDU answer = client.ask(network.agents().get(0), bulk(0, 10, at));
        rows.addAll(answer.getVariableBindings());
        at = rows.get(rows.size() - 1).getOid().toDottedString();
      }
    }
    return rows;
  }

  private static SimulatedNetwork network(Hostility... kinds) throws IOException {
    return SimulatedNetwork.start(
        SimulationOptions.builder().systems(0).hostile(kinds).port(0).build());
  }

  private static List<Integer> steps(List<VariableBinding> rows) {
    return IntStream.range(1, rows.size())
        .mapToObj(i -> Integer.signum(rows.get(i).getOid().compareTo(rows.get(i - 1).getOid())))
        .distinct()
        .toList();
  }

  @Test
  void tablesThatNeverEndGoOnInEveryWay() throws IOException {
    assertThat(steps(rows(Hostility.ENDLESS_ROWS, 30))).containsExactly(1);
    assertThat(steps(rows(Hostility.TRICKLE, 30))).containsExactly(1);
    assertThat(steps(rows(Hostility.DECREASING, 30))).containsExactly(-1);
    assertThat(steps(rows(Hostility.SAME_OBJECT, 2))).containsExactly(0);
    assertThat(steps(rows(Hostility.CIRCLE, 30))).contains(1, -1);
    assertThat(rows(Hostility.CIRCLE, 30).stream().map(VariableBinding::getOid).distinct())
        .hasSize(100);
    assertThat(steps(rows(Hostility.RANDOM_ORDER, 30))).contains(1, -1);
    assertThat(rows(Hostility.ENDLESS_VALUES, 3))
        .hasSize(3)
        .allMatch(row -> ((OctetString) row.getVariable()).length() == 60_000);
    assertThat(rows(Hostility.HUGE_INDEX, 2)).allMatch(row -> row.getOid().size() == 110);
    assertThat(rows(Hostility.TRICKLE, 3)).hasSize(3);
    assertThat(rows(Hostility.MORE_THAN_ASKED, 1)).hasSizeGreaterThan(1000);
  }

  @Test
  void whatIsAnsweredOutOfOrderEndsAndHasEachRowOnce() throws IOException {
    List<VariableBinding> rows = rows(Hostility.OUT_OF_ORDER, 11);
    assertThat(rows.get(rows.size() - 1).isException()).isTrue();
    rows.removeIf(VariableBinding::isException);
    assertThat(rows).hasSize(100);
    assertThat(rows.stream().map(VariableBinding::getOid).distinct()).hasSize(100);
    assertThat(steps(rows)).contains(1, -1);
  }

  @Test
  void otherObjectsComeThanWereAskedFor() throws IOException {
    OID column = new OID(COLUMN);
    assertThat(rows(Hostility.OTHER_TABLE, 2)).noneMatch(row -> row.getOid().startsWith(column));
    assertThat(rows(Hostility.TINY_COLUMNS, 2).stream().filter(r -> r.getOid().startsWith(column)))
        .hasSize(1);
  }

  @Test
  void errorsAndFloodsAndStrangersAnswerEverything() throws IOException {
    try (SimulatedNetwork network =
            network(
                Hostility.TOO_BIG,
                Hostility.GEN_ERR,
                Hostility.HUGE_VALUES,
                Hostility.OTHER_PORT,
                Hostility.FLOOD);
        Client client = new Client()) {
      PDU get = pdu(PDU.GET, SYS_NAME);
      assertThat(client.ask(network.agent("hostile/too-big"), get).getErrorStatus())
          .isEqualTo(PDU.tooBig);
      assertThat(client.ask(network.agent("hostile/gen-err"), get).getErrorStatus())
          .isEqualTo(PDU.genErr);
      assertThat(client.ask(network.agent("hostile/huge-values"), get).get(0).getVariable())
          .matches(value -> ((OctetString) value).length() == 60_000);
      client.send(network.agent("hostile/other-port"), get);
      assertThat(client.receive().from()).isNotEqualTo(network.agents().get(3).address());
      client.send(network.agent("hostile/flood"), get);
      for (int i = 0; i < 200; i++) {
        assertThat(client.receive()).as("copy " + i).isNotNull();
      }
    }
  }

  @Test
  void theRowsThatAreMadeUpCanBeRead() throws IOException {
    try (SimulatedNetwork network = network(Hostility.ENDLESS_ROWS);
        Client client = new Client()) {
      SimulatedAgent agent = network.agents().get(0);
      String row = client.ask(agent, bulk(0, 3, COLUMN)).get(2).getOid().toDottedString();
      assertThat(client.ask(agent, pdu(PDU.GET, row)).get(0).getVariable()).hasToString("row 2");
      assertThat(client.ask(agent, pdu(PDU.GET, SYS_NAME)).get(0).getVariable())
          .hasToString("hostile/endless-rows");
    }
  }
}
