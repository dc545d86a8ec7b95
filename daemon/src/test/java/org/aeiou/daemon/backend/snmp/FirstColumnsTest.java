package org.aeiou.daemon.backend.snmp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.Catalogue;
import org.junit.jupiter.api.Test;
import org.snmp4j.PDU;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.Variable;

/** Rows that are listed by one column have the names that all columns give them. */
class FirstColumnsTest {
  private static final AttributeGroup.Table INTERFACES =
      (AttributeGroup.Table) Catalogue.load(List.of()).group("interfaces");
  private static final Oid IF_NAME = INTERFACES.attribute("ifName").oid();
  private static final Oid IF_DESCR = INTERFACES.attribute("ifDescr").oid();
  private static final Oid IF_NUMBER = INTERFACES.count();
  private static final Question.Walk NAMES =
      new Question.Walk(List.of(IF_NAME, IF_DESCR), true, IF_NUMBER);

  /** A table of interfaces. */
  private static final class Interfaces implements WalkedAgent.Objects {
    private final TreeMap<Oid, String> all = new TreeMap<>();

    /** How many rows it says that it has; null: it does not. */
    Integer count;

    void add(Oid index, String name, String description) {
      put(IF_NAME.append(index), name);
      put(IF_DESCR.append(index), description);
    }

    private void put(Oid oid, String text) {
      if (text != null) {
        all.put(oid, text);
      }
    }

    static Interfaces of(int rows) {
      Interfaces interfaces = new Interfaces();
      for (int i = 1; i <= rows; i++) {
        interfaces.add(Oid.of(i), "eth" + i, "Port " + i);
      }
      return interfaces;
    }

    @Override
    public Oid after(Oid oid) {
      return count != null && oid.compareTo(IF_NUMBER.append(0)) < 0
          ? IF_NUMBER.append(0)
          : all.higherKey(oid);
    }

    @Override
    public Variable value(Oid oid) {
      return oid.startsWith(IF_NUMBER)
          ? new Integer32(count)
          : new OctetString(all.get(oid).getBytes(ISO_8859_1));
    }
  }

  private static List<AttributeGroup.NamedRow> named(Outcome<Value> walked) {
    assertThat(walked).isInstanceOf(Reading.class);
    Value.Rows rows = (Value.Rows) ((Reading<Value>) walked).value();
    return INTERFACES.rows(rows, StandardCharsets.UTF_8);
  }

  private static List<AttributeGroup.NamedRow> namedByAll(Interfaces interfaces) {
    return named(new WalkedAgent(1, interfaces).walk(IF_NAME, IF_DESCR));
  }

  @Test
  void theCatalogueSaysWhichTablesAreNamedByTheirFirstColumn() {
    assertThat(INTERFACES.walk()).containsExactly(IF_NAME, IF_DESCR);
    assertThat(INTERFACES.isNamedByFirst()).isTrue();
    Catalogue catalogue = Catalogue.load(List.of());
    assertThat(((AttributeGroup.Table) catalogue.group("lldp-neighbours")).isNamedByFirst())
        .as("it leads to other tables")
        .isFalse();
    assertThat(((AttributeGroup.Table) catalogue.group("storage")).isNamedByFirst())
        .as("there is one column only")
        .isFalse();
  }

  @Test
  void aLongTableIsListedByOneColumn() {
    Interfaces interfaces = Interfaces.of(5000);
    WalkedAgent inFull = new WalkedAgent(1, interfaces);
    List<AttributeGroup.NamedRow> expected = named(inFull.walk(IF_NAME, IF_DESCR));
    WalkedAgent agent = new WalkedAgent(1, interfaces);
    for (int walk = 0; walk < 3; walk++) {
      agent.packets = 0;
      assertThat(named(agent.walk(NAMES)).equals(expected)).isTrue();
      assertThat(agent.packets).isLessThan(inFull.packets * 55 / 100);
      assertThat(agent.memoryUsed()).isZero();
    }
    assertThat(agent.count(SnmpCounter.WALK_FIRST_COLUMN)).isEqualTo(3);
    assertThat(agent.count(SnmpCounter.WALK_IN_FULL)).isZero();
  }

  @Test
  void aShortTableCostsNoPacketMore() {
    for (int rows : new int[] {0, 1, 20, 99}) {
      Interfaces interfaces = Interfaces.of(rows);
      WalkedAgent inFull = new WalkedAgent(1, interfaces);
      inFull.walk(IF_NAME, IF_DESCR);
      WalkedAgent agent = new WalkedAgent(1, interfaces);
      for (int walk = 0; walk < 2; walk++) {
        agent.packets = 0;
        assertThat(named(agent.walk(NAMES))).hasSize(rows);
        assertThat(agent.packets).isEqualTo(inFull.packets);
      }
    }
  }

  @Test
  void aLateRowThatOneColumnDoesNotNameIsNamedByAllAndThatIsRemembered() {
    Interfaces[] odd = new Interfaces[6];
    for (int i = 0; i < odd.length; i++) {
      odd[i] = Interfaces.of(600);
    }
    odd[0].add(Oid.of(450), "", "nameless");
    odd[1].add(Oid.of(450), "eth7", "a second eth7");
    odd[2].all.remove(IF_NAME.append(450));
    odd[3].add(Oid.of(601), null, "eth600");
    odd[4].add(Oid.of(450), "eth\u00e9", "not in ASCII");
    odd[5].add(Oid.of(450), "a~b", "a tilde");
    for (int i = 0; i < odd.length; i++) {
      List<AttributeGroup.NamedRow> expected = namedByAll(odd[i]);
      WalkedAgent agent = new WalkedAgent(1, odd[i]);
      for (int walk = 0; walk < 3; walk++) {
        assertThat(named(agent.walk(NAMES)).equals(expected)).as("odd %d", i).isTrue();
      }
      assertThat(agent.count(SnmpCounter.WALK_IN_FULL)).as("odd %d", i).isEqualTo(1);
      assertThat(agent.count(SnmpCounter.WALK_FIRST_COLUMN)).as("odd %d", i).isZero();
    }
  }

  @Test
  void aTableThatGetsAnOddRowLaterIsNamedByAllFromThenOn() {
    Interfaces interfaces = Interfaces.of(600);
    WalkedAgent agent = new WalkedAgent(1, interfaces);
    named(agent.walk(NAMES));
    assertThat(agent.count(SnmpCounter.WALK_FIRST_COLUMN)).isEqualTo(1);

    interfaces.all.remove(IF_NAME.append(300));
    assertThat(named(agent.walk(NAMES)).equals(namedByAll(interfaces))).isTrue();
    assertThat(agent.count(SnmpCounter.WALK_IN_FULL)).isEqualTo(1);

    interfaces.add(Oid.of(300), "eth300", "Port 300");
    named(agent.walk(NAMES));
    named(agent.walk(NAMES));
    assertThat(agent.count(SnmpCounter.WALK_FIRST_COLUMN)).as("enough again").isEqualTo(2);
  }

  @Test
  void namesAreThoseThatAllColumnsGiveWhateverTheTable() {
    long byFirst = 0;
    long inFull = 0;
    for (int seed = 0; seed < 400; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Interfaces interfaces = any(random);
      List<AttributeGroup.NamedRow> expected = namedByAll(interfaces);
      WalkedAgent agent = new WalkedAgent(seed, interfaces);
      agent.mostInFlight = 1 + random.nextInt(3);
      for (int walk = 0; walk < 4; walk++) {
        agent.lostPercent = walk == 2 ? 5 : 0;
        assertThat(named(agent.walk(NAMES)).equals(expected))
            .as("seed %d, walk %d", seed, walk)
            .isTrue();
        assertThat(agent.memoryUsed()).isZero();
        assertThat(agent.progress()).isEmpty();
      }
      byFirst += agent.count(SnmpCounter.WALK_FIRST_COLUMN);
      inFull += agent.count(SnmpCounter.WALK_IN_FULL);
    }
    assertThat(byFirst).as("it did happen").isGreaterThan(200);
    assertThat(inFull).as("it did happen").isGreaterThan(50);
  }

  /** Tables in clusters, with few odd rows or none. */
  private static Interfaces any(SplittableRandom random) {
    Interfaces interfaces = new Interfaces();
    int rows = 1 + random.nextInt(1200);
    int gapPercent = random.nextInt(4) == 0 ? 10 : random.nextInt(2);
    int oddPerThousand = random.nextInt(3);
    boolean isDeep = random.nextInt(4) == 0;
    int index = random.nextInt(3);
    Set<Oid> described = new HashSet<>();
    for (int i = 0; i < rows; i++) {
      index += random.nextInt(100) < gapPercent ? 2 + random.nextInt(5000) : 1;
      Oid at = isDeep ? Oid.of(1 + index / 256, index % 256) : Oid.of(index);
      String name = "eth" + i;
      String description = random.nextInt(300) == 0 ? null : "Port " + random.nextInt(2 * rows);
      if (random.nextInt(1000) < oddPerThousand) {
        String[] odd = {null, "", "  ", "eth" + random.nextInt(rows), "\u00e9", "~", "a/b", ".a"};
        name = odd[random.nextInt(odd.length)];
      }
      interfaces.add(at, name, description);
      if (description != null) {
        described.add(at);
      }
    }
    interfaces.count = random.nextBoolean() ? described.size() : null;
    return interfaces;
  }

  @Test
  void anAgentThatCannotSayWhatIsInGapsIsWalkedInFull() {
    Interfaces interfaces = Interfaces.of(400);
    List<AttributeGroup.NamedRow> expected = namedByAll(interfaces);
    for (int error : new int[] {PDU.genErr, PDU.tooBig, PDU.noSuchName}) {
      WalkedAgent agent = new WalkedAgent(1, interfaces);
      agent.answers =
          request -> {
            PDU honest = WalkedAgent.honest(interfaces, request, 60);
            if (request.type() == PDU.GETNEXT) {
              honest.setErrorStatus(error);
            }
            return honest;
          };
      for (int walk = 0; walk < 10; walk++) {
        assertThat(named(agent.walk(NAMES)).equals(expected)).isTrue();
      }
      assertThat(agent.count(SnmpCounter.WALK_IN_FULL))
          .as("after 0, 1 and 3 walks in full")
          .isEqualTo(3);
    }
  }

  /** Every third index, as routers of some makers have. */
  private static Interfaces sparse(int rows) {
    Interfaces interfaces = new Interfaces();
    for (int i = 0; i < rows; i++) {
      interfaces.add(Oid.of(500 + 3 * i), "eth" + i, "Port " + i);
    }
    return interfaces;
  }

  @Test
  void aTableWithAGapBeforeEachRowIsListedByOneColumnIfItHasAsManyRowsAsTheAgentSays() {
    Interfaces interfaces = sparse(2000);
    interfaces.count = 2000;
    WalkedAgent inFull = new WalkedAgent(1, interfaces);
    List<AttributeGroup.NamedRow> expected = named(inFull.walk(IF_NAME, IF_DESCR));
    WalkedAgent agent = new WalkedAgent(1, interfaces);
    for (int walk = 0; walk < 2; walk++) {
      agent.packets = 0;
      assertThat(named(agent.walk(NAMES)).equals(expected)).isTrue();
      assertThat(agent.packets).isLessThan(inFull.packets * 6 / 10);
    }
    assertThat(agent.count(SnmpCounter.WALK_FIRST_COLUMN)).isEqualTo(2);
  }

  @Test
  void aTableWithAGapBeforeEachRowIsListedByAllColumnsIfItsRowsAreNotThoseThatTheAgentCounts() {
    for (Integer count : new Integer[] {null, 2000, 1998}) {
      Interfaces interfaces = sparse(2000);
      interfaces.count = count;
      interfaces.all.remove(IF_NAME.append(500 + 3 * 1500));
      WalkedAgent agent = new WalkedAgent(1, interfaces);
      assertThat(named(agent.walk(NAMES)).equals(namedByAll(interfaces))).isTrue();
      assertThat(agent.count(SnmpCounter.WALK_FIRST_COLUMN)).isZero();
      assertThat(agent.count(SnmpCounter.WALK_IN_FULL)).isEqualTo(1);
    }
  }

  @Test
  void manyGapsAreLookedIntoAsManyAsFitAtOnce() {
    Interfaces interfaces = new Interfaces();
    for (int i = 0; i < 2000; i++) {
      interfaces.add(Oid.of(1 + i + i / 20 * 7), "eth" + i, "Port " + i);
    }
    WalkedAgent agent = new WalkedAgent(1, interfaces);
    List<Integer> asked = new ArrayList<>();
    agent.answers =
        request -> {
          if (request.type() == PDU.GETNEXT) {
            asked.add(request.bindings().size());
            if (request.bindings().size() > 10) {
              PDU tooBig = new PDU();
              tooBig.setType(PDU.RESPONSE);
              tooBig.setErrorStatus(PDU.tooBig);
              return tooBig;
            }
          }
          return WalkedAgent.honest(interfaces, request, 60);
        };
    assertThat(named(agent.walk(NAMES)).equals(namedByAll(interfaces))).isTrue();
    assertThat(agent.count(SnmpCounter.WALK_FIRST_COLUMN)).isEqualTo(1);
    assertThat(asked.get(0)).isBetween(11, 32);
    assertThat(asked.stream().filter(size -> size <= 10).mapToInt(size -> size).sum())
        .as("one before, 99 between, one behind")
        .isEqualTo(101);
  }
}
