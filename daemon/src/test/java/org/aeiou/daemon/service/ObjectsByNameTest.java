package org.aeiou.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.service.FileSystem.Entry;
import org.aeiou.daemon.tree.Node;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code .oid}: objects by the names that MIBs give them, and parts of the tree as directories. */
class ObjectsByNameTest extends ServiceFixture {
  private static final Oid UNKNOWN = Oid.parse("1.3.6.1.4.1.54321");
  private static final Oid IF_DESCR = Oid.parse("1.3.6.1.2.1.2.2.1.2");

  private Node objects;

  @BeforeEach
  void find() {
    objects = node("core1/.oid");
  }

  private Request lookup(Node directory, String name) {
    return service.lookup(requester, directory, name, note(), name);
  }

  private static Entry entry(Outcome<?> outcome) {
    return (Entry) ((Reading<?>) outcome).value();
  }

  private Node looked(String name, Outcome<Value> answer) {
    lookup(objects, name);
    queue.answer(answer);
    return entry(onlyEnded().outcome()).node();
  }

  private Outcome<Value> absent() {
    return new Absent<>(now, 0);
  }

  private Outcome<Value> first(Oid oid) {
    return reading(new Value.Identifier(oid));
  }

  /** What is unknown is asked for in both ways at once. */
  private Node lookedUnknown(String name, Outcome<Value> value, Outcome<Value> below) {
    lookup(objects, name);
    Oid oid = Oid.parse(name);
    assertThat(queue.asked()).containsExactly(new Question.Get(oid), new Question.Probe(oid));
    queue.answer(value);
    assertThat(ended).isEmpty();
    queue.answer(below);
    return entry(onlyEnded().outcome()).node();
  }

  private List<String> listed(Node directory, Object... indicesAndTexts) {
    service.list(requester, directory, note(), "list");
    List<Value.Row> rows = new java.util.ArrayList<>();
    for (int i = 0; i < indicesAndTexts.length; i += 2) {
      rows.add(
          new Value.Row(
              Oid.parse((String) indicesAndTexts[i]),
              List.of(name((String) indicesAndTexts[i + 1]))));
    }
    queue.answer(reading(new Value.Rows(rows)));
    FileSystem.Listing listing = (FileSystem.Listing) ((Reading<?>) onlyEnded().outcome()).value();
    return listing.entries().stream().map(Entry::name).toList();
  }

  @Test
  void anObjectIsFoundByItsNameWithAndWithoutItsModule() {
    Node byNumber = looked("1.3.6.1.2.1.1.6.0", text("room 1"));
    for (String name : List.of("sysLocation.0", "SNMPv2-MIB::sysLocation.0")) {
      assertThat(lookup(objects, name)).as(name).isSameAs(Request.IMMEDIATE);
      Entry named = entry(onlyEnded().outcome());
      assertThat(named.node()).isEqualTo(byNumber);
      assertThat(named.validNanos()).as("the kernel keeps one name").isZero();
    }
  }

  @Test
  void anInstanceOfAColumnIsAFileAndTheColumnADirectory() {
    lookup(objects, "ifDescr.3");
    assertThat(queue.asked()).containsExactly(new Question.Get(IF_DESCR.append(3)));
    queue.answer(text("eth3"));
    assertThat(entry(onlyEnded().outcome()).node().isDirectory()).isFalse();

    lookup(objects, "IF-MIB::ifDescr");
    assertThat(queue.asked()).containsExactly(new Question.Probe(IF_DESCR));
    queue.answer(first(IF_DESCR.append(3)));
    assertThat(entry(onlyEnded().outcome()).node().isDirectory()).isTrue();
  }

  @Test
  void aPartOfTheTreeThatTheAgentDoesNotHaveIsNoName() {
    assertThat(looked("ifTable", absent())).isNull();
    assertThat(lookedUnknown(UNKNOWN.toString(), absent(), absent())).isNull();
  }

  @Test
  void whatNoFileDefinesIsAFileIfItHasAValueAndADirectoryIfThereIsSomethingBelow() {
    String instance = UNKNOWN + ".1.2.5";
    assertThat(lookedUnknown(instance, text("on"), absent()).isDirectory()).isFalse();
    Node below = lookedUnknown(UNKNOWN.toString(), absent(), first(UNKNOWN.append(1, 2, 5)));
    assertThat(below.isDirectory()).isTrue();
    assertThat(below.name()).isEqualTo(UNKNOWN.toString());
  }

  @Test
  void aDirectoryIsListedByOneWalkAndItsFilesAreReadWithoutAnother() {
    Node below = lookedUnknown(UNKNOWN.toString(), absent(), first(UNKNOWN.append(1, 2, 5)));
    assertThat(listed(below, "1.2.5", "on", "1.3.7.9", "off")).containsExactly("1.2.5", "1.3.7.9");
    assertThat(queue.asked()).isEmpty();

    for (String name : List.of("1.2.5", "1.3.7.9")) {
      assertThat(lookup(below, name)).isSameAs(Request.IMMEDIATE);
      Node file = entry(onlyEnded().outcome()).node();
      assertThat(service.read(requester, file, note(), name)).isSameAs(Request.IMMEDIATE);
      assertThat(content(onlyEnded())).isEqualTo(name.equals("1.2.5") ? "on\n" : "off\n");
    }
  }

  @Test
  void theSameObjectIsReadOnceUnderBothItsNames() {
    Node below = lookedUnknown(UNKNOWN.toString(), absent(), first(UNKNOWN.append(1, 2, 5)));
    listed(below, "1.2.5", "on");
    now += 10 * MINUTE;
    lookup(below, "1.2.5");
    assertThat(queue.asked()).containsExactly(new Question.Get(UNKNOWN.append(1, 2, 5)));
    queue.answer(text("off"));
    Node relative = entry(onlyEnded().outcome()).node();
    assertThat(lookup(objects, UNKNOWN + ".1.2.5")).isNotSameAs(Request.IMMEDIATE);
    queue.answer(absent());
    Node full = entry(onlyEnded().outcome()).node();
    service.read(requester, relative, note(), "read");
    assertThat(content(onlyEnded())).isEqualTo("off\n");
    service.read(requester, full, note(), "read");
    assertThat(content(onlyEnded())).isEqualTo("off\n");
  }

  @Test
  void anOldWalkDoesNotReplaceANewerValue() {
    Node below = lookedUnknown(UNKNOWN.toString(), absent(), first(UNKNOWN.append(1, 2, 5)));
    service.list(requester, below, note(), "list");
    Outcome<Value> walked =
        reading(new Value.Rows(List.of(new Value.Row(Oid.parse("1.2.5"), List.of(name("old"))))));
    now += 1000;
    lookup(below, "1.2.5");
    queue.answer(walked);
    ended.clear();
    queue.answer(text("new"));
    ended.clear();
    assertThat(lookup(below, "1.2.5")).isSameAs(Request.IMMEDIATE);
    service.read(requester, entry(onlyEnded().outcome()).node(), note(), "read");
    assertThat(content(onlyEnded())).isEqualTo("new\n");
  }

  @Test
  void whereEveryLookIsAFetchAnObjectIsNotFetchedTwice() {
    Node uncached = node(".uncached/core1/.oid");
    service.lookup(requester, uncached, UNKNOWN + ".1.2.5", note(), "lookup");
    assertThat(queue.asked()).containsExactly(new Question.Probe(UNKNOWN.append(1, 2, 5)));
    queue.answer(absent());
    assertThat(entry(onlyEnded().outcome()).node().isDirectory()).isFalse();
  }

  @Test
  void anIdentifierThatEndsInZeroIsAnObjectAndOnlyItsValueIsAskedFor() {
    service.find(requester, objects, UNKNOWN + ".7.0", note(), "find");
    assertThat(entry(onlyEnded().outcome()).node().isDirectory()).isFalse();
    assertThat(queue.asked()).isEmpty();
    lookup(objects, UNKNOWN + ".7.0");
    assertThat(queue.asked()).containsExactly(new Question.Get(UNKNOWN.append(7, 0)));
  }

  @Test
  void aReaderByPathGoesThroughADirectory() {
    service.find(requester, objects, UNKNOWN.toString(), note(), "find");
    queue.answer(absent());
    queue.answer(first(UNKNOWN.append(1, 2, 5)));
    Node below = entry(onlyEnded().outcome()).node();
    service.find(requester, below, "1.2.5", note(), "find");
    service.read(requester, entry(onlyEnded().outcome()).node(), note(), "read");
    assertThat(queue.asked()).containsExactly(new Question.Get(UNKNOWN.append(1, 2, 5)));
    queue.answer(text("on"));
    assertThat(content(onlyEnded())).isEqualTo("on\n");
  }

  @Test
  void namesInADirectoryAreNumbersAndNothingElse() {
    Node below = lookedUnknown(UNKNOWN.toString(), absent(), first(UNKNOWN.append(1, 2, 5)));
    for (String name : List.of("1..2", "01.2", ".1.2", "x", "1.2.", "-1", ".table")) {
      assertThat(lookup(below, name)).as(name).isSameAs(Request.IMMEDIATE);
      assertThat(entry(onlyEnded().outcome()).node()).as(name).isNull();
    }
  }
}
