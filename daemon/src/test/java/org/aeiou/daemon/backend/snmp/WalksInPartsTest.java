package org.aeiou.daemon.backend.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.message.MessageCodec;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.junit.jupiter.api.Test;
import org.snmp4j.PDU;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/** A walk that goes on in parts finds what one walk finds, with hardly more packets. */
class WalksInPartsTest {
  private static final Oid ENTRY = Oid.parse("1.3.6.1.2.1.2.2.1");
  private static final Oid A = ENTRY.append(2);
  private static final Oid B = ENTRY.append(7);
  private static final Oid BEHIND = Oid.parse("1.3.6.1.2.1.3.1.0");

  /** Objects in the order of their names. */
  private static class Sorted implements WalkedAgent.Objects {
    private final NavigableSet<Oid> all = new TreeSet<>(Set.of(BEHIND));

    void add(Oid column, Iterable<Oid> indexes) {
      indexes.forEach(index -> all.add(column.append(index)));
    }

    @Override
    public Oid after(Oid oid) {
      return all.higher(oid);
    }

    @Override
    public Variable value(Oid oid) {
      return new Integer32(oid.hashCode());
    }
  }

  /** Objects in the order of a list, as some agents have them. */
  private record Listed(List<Oid> all, Map<Oid, Integer> places) implements WalkedAgent.Objects {
    Listed(List<Oid> all) {
      this(all, new HashMap<>());
      all.forEach(oid -> places.put(oid, places.size()));
    }

    @Override
    public Oid after(Oid oid) {
      Integer at = places.get(oid);
      if (at != null) {
        return at + 1 < all.size() ? all.get(at + 1) : null;
      }
      return all.stream().filter(other -> other.compareTo(oid) > 0).findFirst().orElse(null);
    }

    @Override
    public Variable value(Oid oid) {
      return new Integer32(oid.hashCode());
    }
  }

  private static List<Oid> numbered(int first, int count, int apart) {
    List<Oid> indexes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      indexes.add(Oid.of(first + i * apart));
    }
    return indexes;
  }

  /** Indexes as tables have them: counted, sparse, in clusters, MAC addresses, with prefixes. */
  private static NavigableSet<Oid> anyTable(SplittableRandom random) {
    NavigableSet<Oid> indexes = new TreeSet<>();
    int rows = 1 + random.nextInt(random.nextInt(3) == 0 ? 4000 : 600);
    int depth = 1 + random.nextInt(6);
    int shape = random.nextInt(6);
    int cluster = random.nextInt();
    while (indexes.size() < rows) {
      int next = indexes.size();
      indexes.add(
          switch (shape) {
            case 0 -> Oid.of(1 + next);
            case 1 -> Oid.of(random.nextInt());
            case 2 -> Oid.of(cluster + next / 50 * 7_654_321 + next);
            case 3 ->
                Oid.of(random.split().ints(6, 0, 256).map(i -> i * random.nextInt(2)).toArray())
                    .append(next);
            case 4 -> Oid.of(1 + random.nextInt(3), 10, random.nextInt(4), next / 200, next % 200);
            default -> Oid.of(random.ints(1 + random.nextInt(depth), 0, 2000).toArray());
          });
    }
    return indexes;
  }

  /** With a short message, as tables are long. */
  private static void assertSame(List<Value.Row> found, List<Value.Row> expected, String where) {
    Set<Value.Row> missing = new HashSet<>(expected);
    found.forEach(missing::remove);
    assertThat(missing.stream().limit(5)).as("missing, %s", where).isEmpty();
    assertThat(found.equals(expected)).as("no row more, all in order, %s", where).isTrue();
  }

  private static List<Value.Row> rows(Outcome<Value> walked) {
    assertThat(walked).isInstanceOf(Reading.class);
    return ((Value.Rows) ((Reading<Value>) walked).value()).rows();
  }

  @Test
  void aTableIsTheSameInPartsWhateverItsIndexes() {
    long split = 0;
    long packets = 0;
    long packetsAsOne = 0;
    for (int seed = 0; seed < 120; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      NavigableSet<Oid> indexes = anyTable(random);
      Sorted objects = new Sorted();
      objects.add(A, indexes);
      int holes = random.nextInt(3) * 40;
      objects.add(B, indexes.stream().filter(index -> random.nextInt(100) >= holes).toList());
      WalkedAgent asOne = new WalkedAgent(seed, objects);
      List<Value.Row> expected = rows(asOne.walk(A, B));
      assertThat(expected).hasSize(indexes.size());

      WalkedAgent agent = new WalkedAgent(seed, objects);
      agent.mostInFlight = 2 + random.nextInt(3);
      for (int walk = 0; walk < 3; walk++) {
        agent.packets = 0;
        agent.lostPercent = walk == 2 ? 5 : 0;
        assertSame(rows(agent.walk(A, B)), expected, "seed " + seed + ", walk " + walk);
        if (agent.lostPercent == 0 && agent.mostInFlight == 2) {
          packets += agent.packets;
          packetsAsOne += asOne.packets;
        }
        if (asOne.packets < 8) {
          assertThat(agent.packets).as("seed %d", seed).isLessThanOrEqualTo(asOne.packets * 2);
        }
      }
      split += agent.count(SnmpCounter.WALK_SPLIT);
      assertThat(agent.count(SnmpCounter.WALK_MISFIT)).as("seed %d", seed).isZero();
      assertThat(agent.memoryUsed()).isZero();
    }
    assertThat(split).as("it did happen").isGreaterThan(100);
    assertThat((double) packets / packetsAsOne).as("packets for packets").isLessThan(1.1);
  }

  @Test
  void aShortTableCostsNoPacketMore() {
    for (int rows : new int[] {0, 1, 20, 60, 99}) {
      Sorted objects = new Sorted();
      objects.add(A, numbered(1, rows, 1));
      objects.add(B, numbered(1, rows, 1));
      WalkedAgent asOne = new WalkedAgent(1, objects);
      asOne.walk(A, B);
      WalkedAgent agent = new WalkedAgent(1, objects);
      agent.mostInFlight = 2;
      assertThat(rows(agent.walk(A, B))).hasSize(rows);
      assertThat(agent.packets).isEqualTo(asOne.packets);
    }
  }

  @Test
  void twoAtOnceHalveTheRoundTripsOfALongTable() {
    for (int apart : new int[] {1, 3, 64, 400_000}) {
      Sorted objects = new Sorted();
      objects.add(A, numbered(1, 5000, apart));
      objects.add(B, numbered(1, 5000, apart));
      WalkedAgent asOne = new WalkedAgent(1, objects);
      asOne.walk(A, B);
      WalkedAgent agent = new WalkedAgent(1, objects);
      agent.mostInFlight = 2;
      agent.walk(A, B);
      assertThat(agent.packets).isLessThan(asOne.packets * 11 / 10);
      int first = agent.steps;
      agent.packets = 0;
      agent.walk(A, B);
      assertThat(agent.packets).isLessThan(asOne.packets * 11 / 10);
      // One answer in three comes later than the other that was asked with it.
      assertThat(first).isLessThan(asOne.steps * 85 / 100);
      assertThat(agent.steps).isLessThan(asOne.steps * 75 / 100);
    }
  }

  @Test
  void rowsOutOfOrderAreFoundAsByOneWalk() {
    long misfits = 0;
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      List<Oid> order = new ArrayList<>(numbered(1, 1500, 1));
      for (int i = random.nextInt(4); i >= 0; i--) {
        int from = random.nextInt(1400);
        Collections.rotate(order.subList(from, from + 1 + random.nextInt(100)), 7);
      }
      Collections.rotate(order, random.nextInt(2) * 500);
      List<Oid> listed = new ArrayList<>(order.stream().map(A::append).toList());
      listed.add(BEHIND);
      List<Value.Row> expected = rows(new WalkedAgent(seed, new Listed(listed)).walk(A));
      WalkedAgent agent = new WalkedAgent(seed, new Listed(listed));
      agent.mostInFlight = 2;
      for (int walk = 0; walk < 3; walk++) {
        assertSame(rows(agent.walk(A)), expected, "seed " + seed + ", walk " + walk);
      }
      misfits += agent.count(SnmpCounter.WALK_MISFIT);
    }
    assertThat(misfits).as("it did happen").isGreaterThan(20);
  }

  @Test
  void partsThatDoNotFitTogetherAreWalkedAsOneAndThatIsRemembered() {
    List<Oid> order = new ArrayList<>(numbered(1, 1500, 1));
    Collections.swap(order, 1000, 1200);
    List<Oid> listed = new ArrayList<>(order.stream().map(A::append).toList());
    WalkedAgent agent = new WalkedAgent(1, new Listed(listed));
    agent.mostInFlight = 2;
    for (int walk = 0; walk < 8; walk++) {
      assertThat(rows(agent.walk(A))).hasSize(1500);
    }
    assertThat(agent.count(SnmpCounter.WALK_MISFIT))
        .as("after 0, 1 and 3 walks as one")
        .isEqualTo(3);
  }

  @Test
  void rowsThatComeAndGoMeanwhileNeitherHideNorDoubleTheOthers() {
    for (int seed = 0; seed < 60; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Sorted objects = new Sorted();
      List<Oid> steady = numbered(2, 1000, 2);
      objects.add(A, steady);
      WalkedAgent agent = new WalkedAgent(seed, objects);
      agent.mostInFlight = 2 + random.nextInt(2);
      agent.afterStep =
          () -> {
            for (int i = 0; i < 5; i++) {
              objects.all.add(A.append(random.nextInt(1000) * 2 + 1));
              objects.all.remove(A.append(random.nextInt(1000) * 2 + 1));
            }
          };
      for (int walk = 0; walk < 4; walk++) {
        List<Oid> found = rows(agent.walk(A)).stream().map(Value.Row::index).toList();
        assertThat(new HashSet<>(found).containsAll(steady)).as("seed %d", seed).isTrue();
        assertThat(new ArrayList<>(new TreeSet<>(found)).equals(found))
            .as("in order, none twice, seed %d", seed)
            .isTrue();
      }
    }
  }

  @Test
  void circlesAndErrorsEndAsOneWalkDoes() {
    Sorted table = new Sorted();
    table.add(A, numbered(1, 2000, 1));
    UnaryOperator<WalkedAgent> circle =
        agent -> {
          agent.answers =
              request ->
                  WalkedAgent.honest(
                      new WalkedAgent.Objects() {
                        @Override
                        public Oid after(Oid oid) {
                          return oid.equals(A.append(1500)) ? A.append(1300) : table.after(oid);
                        }

                        @Override
                        public Variable value(Oid oid) {
                          return table.value(oid);
                        }
                      },
                      request,
                      60);
          return agent;
        };
    List<Value.Row> expected = rows(circle.apply(new WalkedAgent(1, table)).walk(A));
    assertThat(expected).hasSize(1500);
    WalkedAgent agent = circle.apply(new WalkedAgent(1, table));
    agent.mostInFlight = 2;
    assertThat(rows(agent.walk(A))).isEqualTo(expected);
    assertThat(agent.count(SnmpCounter.WALK_CIRCLE)).isEqualTo(1);

    UnaryOperator<WalkedAgent> broken =
        one -> {
          one.answers =
              request -> {
                Oid at = SmiValues.oid(request.bindings().get(0).getOid());
                if (request.type() == PDU.GETBULK
                    && at.compareTo(A.append(1500)) <= 0
                    && at.compareTo(A.append(1490)) >= 0) {
                  PDU error = new PDU(PDU.RESPONSE, request.bindings());
                  error.setErrorStatus(PDU.genErr);
                  error.setErrorIndex(1);
                  return error;
                }
                return WalkedAgent.honest(table, request, 60);
              };
          return one;
        };
    expected = rows(broken.apply(new WalkedAgent(1, table)).walk(A));
    agent = broken.apply(new WalkedAgent(1, table));
    agent.mostInFlight = 3;
    assertThat(rows(agent.walk(A))).isEqualTo(expected);
  }

  @Test
  void anAgentThatCannotSayWhereToSplitIsWalkedAsOne() {
    Sorted table = new Sorted();
    table.add(A, numbered(1, 1500, 1));
    for (int kind = 0; kind < 4; kind++) {
      int how = kind;
      WalkedAgent agent = new WalkedAgent(1, table);
      agent.mostInFlight = 2;
      agent.answers =
          request -> {
            PDU honest = WalkedAgent.honest(table, request, 60);
            return request.type() == PDU.GETNEXT ? spoilt(honest, request, how) : honest;
          };
      assertThat(rows(agent.walk(A))).hasSize(1500);
      assertThat(agent.count(SnmpCounter.WALK_SPLIT)).as("kind %d", kind).isZero();
    }
  }

  private static PDU spoilt(PDU honest, MessageCodec.Request request, int how) {
    PDU response = new PDU();
    response.setType(PDU.RESPONSE);
    List<VariableBinding> bindings = new ArrayList<>(honest.getVariableBindings());
    switch (how) {
      case 0 -> response.setErrorStatus(PDU.tooBig);
      case 1 -> bindings.remove(0);
      case 2 -> Collections.reverse(bindings);
      default -> bindings.replaceAll(any -> request.bindings().get(0));
    }
    response.addAll(bindings);
    return response;
  }

  @Test
  void allPartsTogetherHaveTheBoundsOfOneWalk() {
    Sorted endless =
        new Sorted() {
          @Override
          public Oid after(Oid oid) {
            return oid.length() == A.length() ? A.append(1) : A.append(oid.get(A.length()) + 1);
          }
        };
    WalkedAgent agent = new WalkedAgent(1, endless, HostileAgents.options(1, 8 << 20));
    agent.mostInFlight = 4;
    Failure<Value> failure = (Failure<Value>) agent.walk(A);
    assertThat(failure.message()).endsWith("more than 500 rows");
    assertThat(agent.packets).as("500 rows are 9 packets").isLessThan(25);
    Failure<Value> shorter =
        (Failure<Value>) agent.walk(new Question.Walk(List.of(A), false, null, 100));
    assertThat(shorter.message()).endsWith("more than 100 rows");
    assertThat(agent.memoryUsed()).isZero();
  }

  @Test
  void whateverAnAgentAnswersAWalkEnds() {
    long misfits = 0;
    for (int seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Sorted table = new Sorted();
      table.add(A, anyTable(random));
      WalkedAgent agent =
          new WalkedAgent(
              seed,
              table,
              new SnmpOptions(
                  1,
                  1,
                  1,
                  1400,
                  1472,
                  5000,
                  Duration.ofSeconds(2),
                  8 << 20,
                  Duration.ofSeconds(1)));
      agent.mostInFlight = 2 + random.nextInt(3);
      int every = 2 + random.nextInt(60);
      agent.answers =
          request -> {
            PDU honest = WalkedAgent.honest(table, request, 60);
            return random.nextInt(every) == 0 ? anything(honest, table, random) : honest;
          };
      for (int walk = 0; walk < 3; walk++) {
        assertThat(agent.walk(A)).isInstanceOfAny(Reading.class, Failure.class);
        assertThat(agent.memoryUsed()).isZero();
        assertThat(agent.progress()).isEmpty();
      }
      misfits += agent.count(SnmpCounter.WALK_MISFIT);
    }
    assertThat(misfits).as("it did happen").isGreaterThan(100);
  }

  private static PDU anything(PDU honest, Sorted table, SplittableRandom random) {
    PDU response = new PDU();
    response.setType(PDU.RESPONSE);
    for (VariableBinding binding : honest.getVariableBindings()) {
      Oid any = List.copyOf(table.all).get(random.nextInt(table.all.size()));
      response.add(
          random.nextInt(3) == 0
              ? new VariableBinding(SmiValues.oid(any), new Integer32(1))
              : binding);
    }
    if (random.nextInt(3) == 0) {
      int[] errors = {PDU.tooBig, PDU.genErr, PDU.noSuchName};
      response.setErrorStatus(errors[random.nextInt(errors.length)]);
      response.setErrorIndex(random.nextInt(3));
    }
    return response;
  }

  @Test
  void howFarAWalkHasComeIsToldUntilItEnds() {
    Sorted table = new Sorted();
    table.add(A, numbered(1, 1500, 1));
    WalkedAgent agent = new WalkedAgent(1, table);
    agent.mostInFlight = 2;
    List<String> told = new ArrayList<>();
    agent.afterStep = () -> told.addAll(agent.progress());
    agent.walk(A);
    assertThat(told.get(0)).isEqualTo("walk of " + A + ": 48 rows, 2 exchanges, 0.0 s");
    assertThat(told).anyMatch(line -> line.endsWith("in 2 parts"));
    assertThat(agent.progress()).isEmpty();
  }
}
