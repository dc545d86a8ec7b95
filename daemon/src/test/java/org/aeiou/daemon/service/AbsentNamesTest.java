package org.aeiou.daemon.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
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
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.tree.Node;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a system does not have is not listed, and still found by its name. */
final class AbsentNamesTest extends ServiceFixture {
  private static final Oid IF_DESCR = INTERFACES.attribute("ifDescr").oid();
  private static final Oid IF_MTU = INTERFACES.attribute("ifMtu").oid();

  /** The rows of the table, by index. */
  private final Map<Integer, String> rows =
      Map.of(1, "lo", 2, "eth0", 3, "eth1", 4, "eth2", 5, "null0");

  /** The columns that no row has, and those that some rows lack. */
  private final Set<String> nowhere = new TreeSet<>();

  private final Set<Oid> missing = new TreeSet<>();
  private final List<String> relisted = new ArrayList<>();

  @BeforeEach
  void askBeforeListing() {
    network.replace(Map.of("core1", new Endpoint(queue, cache, lifetimes, MINUTE, UTF_8)));
    service.observe(
        new FileSystem.Observer() {
          @Override
          public void contentChanged(Node file) {}

          @Override
          public void namesChanged(Node directory, Collection<String> names) {
            relisted.add(directory.name());
          }

          @Override
          public void namesLearned(Node directory) {}
        });
  }

  /** What an agent with these rows and columns answers. */
  private Outcome<Value> answer(Question question) {
    if (question instanceof Question.Walk walk) {
      List<Value.Row> found = new ArrayList<>();
      for (int index = 1; index <= rows.size(); index++) {
        Value[] values = new Value[walk.columns().size()];
        for (int i = 0; i < values.length; i++) {
          Oid oid = walk.columns().get(i).append(Oid.of(index));
          values[i] = isThere(oid) ? name(rows.get(index)) : null;
        }
        found.add(new Value.Row(Oid.of(index), Arrays.asList(values)));
      }
      return reading(new Value.Rows(found));
    }
    if (question instanceof Question.Probe probe) {
      for (int index = 1; index <= rows.size(); index++) {
        Oid oid = probe.subtree().append(Oid.of(index));
        if (isThere(oid)) {
          return reading(new Value.Identifier(oid));
        }
      }
      return new Absent<>(now, 0);
    }
    Question.Get get = (Question.Get) question;
    if (get.guard() == null) {
      return isThere(get.oid()) ? text("a text") : new Absent<>(now, 0);
    }
    Value guard = name(rows.get(get.oid().get(get.oid().length() - 1)));
    return reading(new Value.Guarded(isThere(get.oid()) ? guard : null, guard));
  }

  private boolean isThere(Oid oid) {
    if (missing.contains(oid)) {
      return false;
    }
    AttributeGroup.Attribute column = CATALOGUE.describe(oid);
    return column == null || !nowhere.contains(column.name());
  }

  /** Lists a directory, while the agent answers; returns what was asked and the names. */
  private List<String> list(String path) {
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
    answerAll();
    return names;
  }

  private void answerAll() {
    while (!queue.asked().isEmpty()) {
      queue.answer(answer(queue.asked().get(0)));
    }
  }

  @Test
  void aColumnThatNoRowHasIsNotListedAndIsFound() {
    nowhere.add("ifMtu");
    assertThat(list("core1/interfaces")).hasSize(5);
    assertThat(list("core1/interfaces/eth0")).contains("ifDescr").doesNotContain("ifMtu");
    read("core1/interfaces/eth0/ifMtu");
    answerAll();
    assertThat(onlyEnded().outcome()).isInstanceOf(Absent.class);
  }

  @Test
  void listingARowAsksNothing() {
    list("core1/interfaces");
    assertThat(service.list(requester, node("core1/interfaces/eth0"), note(), "list").isDone())
        .isTrue();
    assertThat(queue.asked()).isEmpty();
  }

  @Test
  void aColumnThatTheFirstRowsLackIsListedInTheOthers() {
    missing.add(IF_MTU.append(Oid.of(1)));
    missing.add(IF_MTU.append(Oid.of(2)));
    list("core1/interfaces");
    assertThat(list("core1/interfaces/lo")).doesNotContain("ifMtu");
    assertThat(list("core1/interfaces/eth0")).doesNotContain("ifMtu");
    assertThat(list("core1/interfaces/eth1")).contains("ifMtu");
  }

  @Test
  void aColumnThatTheLastRowLacksIsLookedForInAllRows() {
    missing.add(IF_MTU.append(Oid.of(3)));
    missing.add(IF_MTU.append(Oid.of(5)));
    list("core1/interfaces");
    assertThat(list("core1/interfaces/null0")).doesNotContain("ifMtu");
    assertThat(list("core1/interfaces/eth1")).doesNotContain("ifMtu");
    assertThat(list("core1/interfaces/eth2")).contains("ifMtu");
  }

  @Test
  void aRowThatLacksWhatWasWalkedIsASampleOfItsKind() {
    missing.add(IF_DESCR.append(Oid.of(3)));
    missing.add(IF_MTU.append(Oid.of(3)));
    list("core1/interfaces");
    assertThat(list("core1/interfaces/eth1")).doesNotContain("ifMtu", "ifDescr");
    assertThat(list("core1/interfaces/eth2")).contains("ifMtu", "ifDescr");
  }

  @Test
  void whatAReadFindsAbsentIsNotListedAnyMoreAndIsLookedForInTheOtherRows() {
    missing.add(IF_MTU.append(Oid.of(2)));
    missing.add(IF_MTU.append(Oid.of(3)));
    list("core1/interfaces");
    assertThat(list("core1/interfaces/eth0")).contains("ifMtu");
    relisted.clear();
    read("core1/interfaces/eth0/ifMtu");
    answerAll();
    assertThat(relisted).containsExactly("eth0");
    assertThat(list("core1/interfaces/eth0")).doesNotContain("ifMtu");
    list("core1/interfaces");
    assertThat(list("core1/interfaces/eth1")).doesNotContain("ifMtu");
    assertThat(list("core1/interfaces/eth2")).contains("ifMtu");
  }

  @Test
  void whatIsThereLaterIsListedWhenTheTableIsListedAfterTheTimeToLiveOfNames() {
    nowhere.add("ifMtu");
    list("core1/interfaces");
    nowhere.clear();
    assertThat(list("core1/interfaces/eth0")).doesNotContain("ifMtu");
    now += 3 * MINUTE;
    list("core1/interfaces");
    assertThat(list("core1/interfaces/eth0")).contains("ifMtu");
  }

  @Test
  void whatIsReadAlthoughItIsNotListedIsListedAgain() {
    nowhere.add("ifMtu");
    list("core1/interfaces");
    nowhere.clear();
    relisted.clear();
    read("core1/interfaces/eth0/ifMtu");
    answerAll();
    assertThat(relisted).contains("eth0");
    assertThat(list("core1/interfaces/eth0")).contains("ifMtu");
  }

  @Test
  void aQuestionThatFailsLeavesNothingOut() {
    service.list(requester, node("core1/interfaces"), note(), "list");
    queue.answer(answer(queue.asked().get(0)));
    while (!queue.asked().isEmpty()) {
      queue.answer(new Failure<>(Failure.Reason.TIMEOUT, "core1 did not answer"));
    }
    assertThat(onlyEnded().outcome()).isInstanceOf(Reading.class);
    assertThat(list("core1/interfaces/eth0")).hasSize(INTERFACES.attributes().size());
  }

  @Test
  void aScalarThatTheSystemLacksIsNotListedOnceTheSystemWas() {
    missing.add(SYS_LOCATION);
    list("core1");
    assertThat(list("core1/system")).contains("sysName").doesNotContain("sysLocation");
    assertThat(node("core1/system/sysLocation")).isNotNull();
  }

  @Test
  void theCachedTreeOmitsWhatIsKnownAndAsksNothing() {
    nowhere.add("ifMtu");
    list("core1/interfaces");
    assertThat(list(".cached/core1/interfaces/eth0")).doesNotContain("ifMtu");
    assertThat(queue.asked()).isEmpty();
  }
}
