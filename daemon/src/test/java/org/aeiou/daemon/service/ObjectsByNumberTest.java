package org.aeiou.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.service.FileSystem.Entry;
import org.aeiou.daemon.tree.Node;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code .oid}: any object by its number, and what is said of one that the agent does not have. */
class ObjectsByNumberTest extends ServiceFixture {
  private static final String LOCATION = "1.3.6.1.2.1.1.6.0";

  private Node objects;

  @BeforeEach
  void find() {
    objects = node("core1/.oid");
  }

  private Request lookup(String name) {
    return service.lookup(requester, objects, name, note(), name);
  }

  private static Entry entry(Outcome<?> outcome) {
    return (Entry) ((Reading<?>) outcome).value();
  }

  @Test
  void anObjectThatTheAgentDoesNotHaveIsNoName() {
    lookup(LOCATION);
    assertThat(queue.asked()).containsExactly(new Question.Get(SYS_LOCATION));
    queue.answer(new Absent<>(now, 0));
    assertThat(entry(onlyEnded().outcome()).node()).isNull();

    assertThat(lookup(LOCATION)).as("known by now").isSameAs(Request.IMMEDIATE);
    assertThat(entry(onlyEnded().outcome()).node()).isNull();
  }

  @Test
  void lookingUpAnObjectFetchesWhatIsReadThen() {
    lookup(LOCATION);
    queue.answer(text("room 1"));
    Node file = entry(onlyEnded().outcome()).node();

    service.read(requester, file, note(), "read");

    assertThat(content(onlyEnded())).isEqualTo("room 1\n");
    assertThat(queue.asked()).isEmpty();
  }

  @Test
  void anObjectOfASystemThatDoesNotAnswerIsAFailureAndNoAbsence() {
    lookup(LOCATION);
    queue.answer(new Failure<>(Failure.Reason.TIMEOUT, "core1 did not answer"));
    assertThat(reason(onlyEnded())).isEqualTo(Failure.Reason.TIMEOUT);
  }

  @Test
  void aReaderByPathAsksOnceAndIsToldOfAnAbsenceByReading() {
    service.find(requester, objects, LOCATION, note(), "find");
    Node file = entry(onlyEnded().outcome()).node();
    assertThat(queue.asked()).isEmpty();

    service.read(requester, file, note(), "read");
    queue.answer(new Absent<>(now, 0));

    assertThat(onlyEnded().outcome()).isInstanceOf(Absent.class);
  }

  @Test
  void whatIsAlwaysFetchedIsNotFetchedTwice() {
    Node uncached = node(".uncached/core1/.oid");
    assertThat(service.lookup(requester, uncached, LOCATION, note(), "lookup"))
        .isSameAs(Request.IMMEDIATE);
    assertThat(queue.asked()).isEmpty();
    assertThat(entry(onlyEnded().outcome()).node()).isNotNull();
  }

  @Test
  void aDotBeforeTheNumberIsTheSameObjectUnderANameThatIsNotKept() {
    lookup(LOCATION);
    queue.answer(text("room 1"));
    Entry plain = entry(onlyEnded().outcome());
    lookup("." + LOCATION);
    Entry dotted = entry(onlyEnded().outcome());
    assertThat(dotted.node()).isEqualTo(plain.node());
    assertThat(plain.validNanos()).isPositive();
    assertThat(dotted.validNanos()).isZero();
  }

  @Test
  void whatIsNoNumberIsNoNameAndNeedsNoQuestion() {
    for (String name :
        new String[] {
          "sysNmae.0",
          "sysName.",
          "sysName.x",
          "sysName..0",
          "NO-MIB::sysName.0",
          "IF-MIB::sysName.0",
          "1",
          "01.3.6",
          "..1.3.6",
          "1.3.6.",
          "1..3",
          ".",
          "1.3.-6"
        }) {
      assertThat(lookup(name)).as(name).isSameAs(Request.IMMEDIATE);
      assertThat(entry(onlyEnded().outcome()).node()).as(name).isNull();
    }
    assertThat(queue.asked()).isEmpty();
  }

  @Test
  void aValueThatChangesIsNoChangeOfNames() {
    int[] told = {0};
    service.observe(
        new FileSystem.Observer() {
          @Override
          public void contentChanged(Node file) {}

          @Override
          public void namesChanged(Node directory, java.util.Collection<String> names) {
            told[0]++;
          }
        });
    lookup(LOCATION);
    queue.answer(text("room 1"));
    now += 10 * MINUTE;
    lookup(LOCATION);
    queue.answer(text("room 2"));
    assertThat(told[0]).isZero();
  }
}
