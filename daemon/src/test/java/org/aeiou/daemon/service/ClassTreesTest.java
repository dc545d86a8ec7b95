package org.aeiou.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.TtlClass;
import org.aeiou.daemon.tree.Node;
import org.junit.jupiter.api.Test;

/** The trees below {@code .class}, each of which shows the attributes of one TTL class. */
final class ClassTreesTest extends ServiceFixture {
  private static final String LOCATION = "core1/system/sysLocation";

  private List<String> listed(String directory) {
    service.<String>list(requester, node(directory), note(), "list");
    FileSystem.Listing listing = (FileSystem.Listing) ((Reading<?>) onlyEnded().outcome()).value();
    return listing.entries().stream().map(FileSystem.Entry::name).toList();
  }

  private Node found(String directory, String name) {
    service.<String>lookup(requester, node(directory), name, note(), "lookup");
    return ((FileSystem.Entry) ((Reading<?>) onlyEnded().outcome()).value()).node();
  }

  /** Nothing that was asked and not answered is there. */
  private void answerAll(Value value) {
    while (!queue.asked().isEmpty()) {
      queue.answer(value == null ? new Absent<>(now, 0) : reading(value));
    }
  }

  @Test
  void thereIsOneForEachClassAndTheyAreFoundAndNotListed() {
    assertThat(listed(".class")).containsExactly("static", "config", "state", "counter");
    service.<String>list(requester, service.root(), note(), "list");
    FileSystem.Listing root = (FileSystem.Listing) ((Reading<?>) onlyEnded().outcome()).value();
    assertThat(root.entries()).extracting(FileSystem.Entry::name).doesNotContain(".class");
    assertThat(listed(".class/config")).containsExactly("core1");
    assertThat(found(".class", "directory")).isNull();
    assertThat(found(".class/config", ".class")).isNull();
    assertThat(found(".class/config", ".aeiou")).isNull();
  }

  @Test
  void groupHasItsAttributesOfThatClassOnly() {
    assertThat(listed(".class/config/core1/system"))
        .containsExactly("sysContact", "sysName", "sysLocation");
    assertThat(found(".class/config/core1/system", "sysUpTime")).isNull();
    assertThat(found(".class/counter/core1/system", "sysUpTime")).isNotNull();
  }

  @Test
  void rowsHaveTheirColumnsOfThatClassOnly() {
    knowInterfaces();
    assertThat(listed(".class/config/core1/interfaces")).containsExactly("eth0", "eth1");
    assertThat(listed(".class/config/core1/interfaces/eth0"))
        .contains("ifAdminStatus", "ifAlias")
        .doesNotContain("ifOperStatus", "ifInOctets");
    assertThat(found(".class/config/core1/interfaces/eth0", "ifInOctets")).isNull();
    assertThat(found(".class/state/core1/interfaces/eth0", "ifOperStatus")).isNotNull();
  }

  @Test
  void groupWithoutAnyIsNeitherAskedForNorListedNorFound() {
    service.<String>list(requester, node(".class/config/core1"), note(), "list");
    List<Oid> probes =
        CATALOGUE.groups().stream()
            .filter(group -> group.systems().isEmpty())
            .filter(
                group -> group.attributes().stream().anyMatch(one -> one.ttl() == TtlClass.CONFIG))
            .map(AttributeGroup::probe)
            .toList();
    long groups = probes.size();
    long modules =
        probes.stream().map(probe -> probe.prefix(Math.min(7, probe.length()))).distinct().count();
    assertThat(queue.asked()).hasSize((int) modules).allMatch(Question.Probe.class::isInstance);
    assertThat(groups).isLessThan(CATALOGUE.groups().size());
    answerAll(name("there is something"));
    FileSystem.Listing listing = (FileSystem.Listing) ((Reading<?>) onlyEnded().outcome()).value();
    assertThat(listing.entries()).hasSize((int) groups);
    assertThat(listing.entries())
        .extracting(FileSystem.Entry::name)
        .contains("system", "interfaces")
        .doesNotContain("processes");
    assertThat(found(".class/config/core1", "processes")).isNull();
    assertThat(found(".class/counter/core1", "processes")).isNotNull();
  }

  @Test
  void thereAreAttributesOnly() {
    assertThat(found(".class/config/core1", ".health")).isNull();
    assertThat(found(".class/config/core1", ".oid")).isNull();
    assertThat(found("core1", ".health")).isNotNull();
  }

  @Test
  void readingsAreTheSameAsInTheWholeTree() {
    read(".class/config/" + LOCATION);
    queue.answer(text("Rack 7"));
    ended.clear();
    read(LOCATION);
    assertThat(content(onlyEnded())).isEqualTo("Rack 7\n");
    assertThat(queue.asked()).isEmpty();
  }

  @Test
  void viewsHaveThemToo() {
    read(".cached/.class/config/" + LOCATION);
    assertThat(reason(onlyEnded())).isEqualTo(Failure.Reason.NOT_CACHED);
    read(".uncached/.class/config/" + LOCATION);
    queue.answer(text("Rack 7"));
    ended.clear();
    read(".cached/.class/config/" + LOCATION);
    assertThat(content(onlyEnded())).isEqualTo("Rack 7\n");
  }

  @Test
  void aChangeIsToldInEachTreeThatShowsTheAttribute() {
    Node whole = node(LOCATION);
    Node config = node(".class/config/" + LOCATION);
    List<Node> told = new ArrayList<>();
    service.observe(
        new FileSystem.Observer() {
          @Override
          public void contentChanged(Node file) {
            told.add(file);
          }

          @Override
          public void namesChanged(Node directory, Collection<String> names) {}
        });
    // What was known of it may have been forgotten: then all are told.
    read(LOCATION);
    queue.answer(text("Rack 7"));
    assertThat(told).contains(whole, config, node(".uncached/.class/config/" + LOCATION));
    read(".class/config/" + LOCATION);
    told.clear();
    read(".uncached/" + LOCATION);
    queue.answer(text("Rack 8"));
    assertThat(told).contains(whole, config);
  }

  @Test
  void nothingIsToldInTreesThatWereNeverLookedAt() {
    List<Node> told = new ArrayList<>();
    service.observe(
        new FileSystem.Observer() {
          @Override
          public void contentChanged(Node file) {
            told.add(file);
          }

          @Override
          public void namesChanged(Node directory, Collection<String> names) {}
        });
    read(LOCATION);
    queue.answer(text("Rack 7"));
    assertThat(told).hasSize(3);
  }

  @Test
  void wholeTableHasTheColumnsOfTheClassAndLivesAsLong() {
    read(".class/config/core1/interfaces/.table");
    Question.Walk walk = (Question.Walk) queue.asked().get(0);
    assertThat(walk.columns())
        .containsAll(INTERFACES.walk())
        .contains(INTERFACES.attribute("ifAlias").oid())
        .doesNotContain(INTERFACES.attribute("ifInOctets").oid());
    queue.answer(reading(new Value.Rows(List.of())));
    assertThat(content(onlyEnded())).startsWith("name\tifMtu\t").doesNotContain("ifDescr");
    assertThat(
            service.cached(node(".class/config/core1/interfaces/.table")).attributes().validNanos())
        .isEqualTo(MINUTE); // that of the names, which is the shorter one
  }
}
