package org.aeiou.daemon.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.catalogue.TtlClass;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.tree.Network;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups that only systems of some kinds are probed for. */
final class KindsOfSystemsTest extends ServiceFixture {
  private static final Oid FANS = Oid.parse("1.3.6.1.4.1.99999.1");
  private static final Oid FAN_SPEED = FANS.append(1, 0);
  private static final Oid FAN_STATE = FANS.append(2, 0);
  private static final Oid OUTLETS = Oid.parse("1.3.6.1.4.1.88888.1");

  @TempDir Path folder;

  private Catalogue catalogue;

  /** What the system says to be; null if it does not say. */
  private String kind = "1.3.6.1.4.1.99999.7.3";

  private boolean failsToSay;

  /** What comes first in a subtree; null if nothing does. */
  private final Map<Oid, Oid> firstObjects = new HashMap<>();

  /** What it has nothing of. */
  private final Set<Oid> missing = new TreeSet<>();

  /** What was asked at once, one after another. */
  private final List<List<Question>> rounds = new ArrayList<>();

  @BeforeEach
  void addGroups() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("user.yaml"),
            """
            groups:
              fans:
                probe: 1.3.6.1.4.1.99999.1
                systems: [1.3.6.1.4.1.99999, 1.3.6.1.4.1.8072.3.2.10]
                scalars:
                  fanSpeed: {oid: 1.3.6.1.4.1.99999.1.1, type: Gauge32}
                  fanState: {oid: 1.3.6.1.4.1.99999.1.2, type: Integer32}
              outlets:
                probe: 1.3.6.1.4.1.88888.1
                systems: [1.3.6.1.4.1.88888]
                scalars: {outletState: {oid: 1.3.6.1.4.1.88888.1.1, type: Integer32}}
            """);
    catalogue = Catalogue.load(List.of(file));
    network = new Network(catalogue, Map.of(), () -> Instant.EPOCH);
    network.replace(Map.of("core1", new Endpoint(queue, cache, lifetimes, MINUTE, UTF_8)));
    service =
        new AttributeService(
            network,
            new Ownership(0, 0, 0444),
            observers,
            bound,
            any -> requester,
            (nanos, task) -> {},
            ticker,
            () -> Instant.EPOCH);
    missing.add(FAN_STATE);
  }

  private Outcome<Value> answer(Question question) {
    if (question instanceof Question.Probe probe) {
      if (firstObjects.containsKey(probe.subtree())) {
        Oid first = firstObjects.get(probe.subtree());
        return first == null ? new Absent<>(now, 0) : reading(new Value.Identifier(first));
      }
      boolean isThere = !probe.subtree().startsWith(OUTLETS);
      return isThere
          ? reading(new Value.Identifier(probe.subtree().append(1, 0)))
          : new Absent<>(now, 0);
    }
    Oid oid = ((Question.Get) question).oid();
    if (oid.equals(Catalogue.KIND)) {
      if (failsToSay) {
        return new Failure<>(Failure.Reason.BAD_ANSWER, "nonsense");
      }
      return kind == null ? new Absent<>(now, 0) : reading(new Value.Identifier(Oid.parse(kind)));
    }
    return missing.contains(oid) ? new Absent<>(now, 0) : text("a text");
  }

  private List<String> list(String path) {
    rounds.clear();
    List<String> names = new ArrayList<>();
    service.list(
        requester,
        node(path),
        (context, outcome, delayed) ->
            ((Reading<FileSystem.Listing>) outcome)
                .value()
                .entries()
                .forEach(entry -> names.add(entry.name())),
        null);
    while (!queue.asked().isEmpty()) {
      List<Question> round = List.copyOf(queue.asked());
      rounds.add(round);
      round.forEach(question -> queue.answer(answer(question)));
    }
    return names;
  }

  private List<Oid> probed() {
    List<Oid> probed = new ArrayList<>();
    for (List<Question> round : rounds) {
      for (Question question : round) {
        if (question instanceof Question.Probe probe) {
          probed.add(probe.subtree());
        }
      }
    }
    return probed;
  }

  @Test
  void aSystemOfThatKindHasThemAndNoOtherKindsAreProbedFor() {
    assertThat(list("core1")).contains("system", "fans").doesNotContain("outlets");
    assertThat(probed()).contains(FANS).doesNotContain(OUTLETS);
  }

  @Test
  void anotherKindIsNotProbedAndTheGroupIsFoundByName() {
    kind = "1.3.6.1.4.1.77777.1";
    assertThat(list("core1")).contains("system").doesNotContain("fans", "outlets");
    assertThat(probed()).doesNotContain(FANS, OUTLETS);
    read("core1/fans/fanSpeed");
    queue.answer(text("12"));
    assertThat(content(onlyEnded())).isEqualTo("12\n");
  }

  @Test
  void aSystemThatDoesNotSayWhatItIsHasTheOtherGroups() {
    kind = null;
    assertThat(list("core1")).contains("system").doesNotContain("fans", "outlets");
    now += 3 * MINUTE;
    failsToSay = true;
    assertThat(list("core1")).contains("system").doesNotContain("fans", "outlets");
  }

  @Test
  void aGroupThatTheKindDoesNotHaveIsNotListed() {
    kind = "1.3.6.1.4.1.88888";
    assertThat(list("core1")).contains("system").doesNotContain("fans", "outlets");
    assertThat(probed()).contains(OUTLETS).doesNotContain(FANS);
  }

  /** So that it takes no more exchanges: both rounds are there anyway. */
  @Test
  void theKindIsAskedBesideTheProbesAndItsProbesBesideScalars() {
    list("core1");
    assertThat(rounds.get(0)).contains(Question.Get.withProbes(Catalogue.KIND));
    assertThat(rounds.get(0)).allMatch(KindsOfSystemsTest::isTravellingWithProbes);
    assertThat(rounds.get(1))
        .contains(new Question.Probe(FANS), new Question.Get(SYS_LOCATION))
        .allMatch(KindsOfSystemsTest::isTravellingWithProbes);
  }

  /** So that a hundred groups are one packet, and one more of what is there. */
  @Test
  void modulesAreProbedFirstAndTheirGroupsOnlyWhereThatDoesNotTell() {
    firstObjects.put(Oid.parse("1.3.6.1.2.1.17"), Oid.parse("1.3.6.1.2.1.17.4.3.1.1.0"));
    firstObjects.put(Oid.parse("1.3.6.1.2.1.25"), null);
    assertThat(list("core1"))
        .contains("system", "forwarding")
        .doesNotContain("bridge", "bridge-ports", "storage", "processes");
    assertThat(rounds.get(0)).hasSizeLessThanOrEqualTo(28);
    assertThat(probed())
        .as("before what comes first, at it, and behind it")
        .doesNotContain(catalogue.group("bridge-ports").probe())
        .doesNotContain(catalogue.group("forwarding").probe())
        .contains(catalogue.group("vlan-forwarding").probe())
        .doesNotContain(catalogue.group("storage").probe());
  }

  private static boolean isTravellingWithProbes(Question question) {
    return question instanceof Question.Probe
        || (question instanceof Question.Get get && get.withProbes());
  }

  @Test
  void whatTheKindHasIsOmittedWhereItIsAbsentAsInOtherGroups() {
    list("core1");
    assertThat(list("core1/fans")).containsExactly("fanSpeed");
    assertThat(rounds).isEmpty();
    assertThat(cache.find(new Question.Get(FAN_SPEED)).outcome()).isInstanceOf(Reading.class);
  }

  @Test
  void kindsThatNoGroupNeedsAreNotAskedFor() {
    Catalogue all = catalogue;
    assertThat(all.groups()).anyMatch(group -> !group.systems().isEmpty());
    list(".class/config/core1");
    boolean isWanted =
        all.groups().stream()
            .filter(group -> !group.systems().isEmpty())
            .flatMap(group -> group.attributes().stream())
            .map(AttributeGroup.Attribute::ttl)
            .anyMatch(ttl -> ttl == TtlClass.CONFIG);
    assertThat(rounds.get(0).contains(new Question.Get(Catalogue.KIND))).isEqualTo(isWanted);
  }
}
