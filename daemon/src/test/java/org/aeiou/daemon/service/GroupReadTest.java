package org.aeiou.daemon.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.service.group.GroupReading;
import org.aeiou.daemon.tree.Node;
import org.junit.jupiter.api.Test;

/** Many attributes as one request: each has an outcome of its own. */
final class GroupReadTest extends ServiceFixture {
  private static final List<String> STATUS = List.of("ifOperStatus");
  private static final Question.Walk WALK =
      new Question.Walk(
          Stream.concat(INTERFACES.walk().stream(), Stream.of(IF_OPER_STATUS)).toList());

  private Request readGroup(String path, List<String> columns) {
    return service.readGroup(requester.alone(), node(path), columns, note(), path);
  }

  /** What was told, an attribute a line. */
  private static List<String> lines(Ended ended) {
    assertThat(ended.outcome()).isInstanceOf(Reading.class);
    GroupReading found = (GroupReading) ((Reading<?>) ended.outcome()).value();
    List<String> lines = new ArrayList<>();
    for (int row = 0; row < found.rows().size(); row++) {
      String before = found.rows().get(row) + "/";
      int[] column = {0};
      found.tell(
          row,
          new GroupReading.Visitor() {
            private void add(String what) {
              lines.add(before + found.columns().get(column[0]++) + " " + what);
            }

            @Override
            public void reading(byte[] text, int length, long takenMillis) {
              add(new String(text, 0, length, UTF_8));
            }

            @Override
            public void absent(long takenMillis) {
              add("absent");
            }

            @Override
            public void failure(Failure<?> failure) {
              add(failure.reason().toString());
            }
          });
      assertThat(column[0]).isEqualTo(found.columns().size());
    }
    return lines;
  }

  private static Value state(int number) {
    return new Value.Numeric(Value.NumberType.INTEGER, number);
  }

  /** The answer to {@link #WALK}: names, indexes, states; a state of 0 is none. */
  private Outcome<Value> rows(Object... each) {
    List<Value.Row> rows = new ArrayList<>();
    for (int i = 0; i < each.length; i += 3) {
      Value[] values = new Value[WALK.columns().size()];
      values[WALK.columns().indexOf(IF_NAME)] = name((String) each[i]);
      int state = (int) each[i + 2];
      values[values.length - 1] = state == 0 ? null : state(state);
      rows.add(new Value.Row(Oid.of((int) each[i + 1]), Arrays.asList(values)));
    }
    return reading(new Value.Rows(rows));
  }

  @Test
  void scalarsAreAskedForInOneBurstAndEachHasItsOwnOutcome() {
    readGroup("core1/system", List.of("sysName", "sysLocation", "sysContact"));
    assertThat(queue.asked()).hasSize(3).allMatch(question -> question instanceof Question.Get);
    queue.answer(text("core1"));
    queue.answer(new Absent<>(now, 1));
    assertThat(ended).as("the last one is missing").isEmpty();
    queue.answer(new Failure<>(Failure.Reason.BAD_ANSWER, "wrong"));

    Ended group = onlyEnded();
    assertThat(group.delayed()).isTrue();
    assertThat(lines(group))
        .containsExactly("/sysName core1", "/sysLocation absent", "/sysContact BAD_ANSWER");
  }

  @Test
  void whatIsCachedIsImmediateAndFreshForAsLongAsTheFirstThatWillNotBe() {
    read("core1/system/sysLocation");
    queue.answer(text("here"));
    now += TimeUnit.SECONDS.toNanos(10);
    read("core1/system/sysUpTime");
    queue.answer(reading(new Value.Numeric(Value.NumberType.TIME, 5)));
    ended.clear();
    now += TimeUnit.SECONDS.toNanos(1);

    Request request = readGroup("core1/system", List.of("sysLocation", "sysUpTime"));

    assertThat(request).isSameAs(Request.IMMEDIATE);
    Ended group = onlyEnded();
    assertThat(group.delayed()).isFalse();
    assertThat(lines(group)).containsExactly("/sysLocation here", "/sysUpTime 5");
    GroupReading found = (GroupReading) ((Reading<?>) group.outcome()).value();
    assertThat(found.freshNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(4));
    assertThat(found.usableNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(9));
    assertThat(found.changedMillis()).isEqualTo(TimeUnit.NANOSECONDS.toMillis(now) - 1000);
  }

  @Test
  void silentSystemIsAFailureOfTheWhole() {
    readGroup("core1/system", List.of("sysName", "sysLocation"));
    queue.answer(new Failure<>(Failure.Reason.TIMEOUT, "no answer"));
    queue.answer(new Failure<>(Failure.Reason.TIMEOUT, "no answer"));

    assertThat(reason(onlyEnded())).isEqualTo(Failure.Reason.TIMEOUT);
  }

  @Test
  void attributesOfARowAreProvenByItsLabel() {
    knowInterfaces();
    readGroup("core1/interfaces/eth0", STATUS);
    assertThat(queue.asked())
        .containsExactly(new Question.Get(IF_OPER_STATUS.append(3), IF_NAME.append(3)));
    queue.answer(reading(status(1, "eth7")));
    assertThat(ended).as("the table was renumbered").isEmpty();
    walked("eth7", 3, "eth0", 5);
    queue.answer(reading(status(2, "eth0")));

    assertThat(lines(onlyEnded())).containsExactly("eth0/ifOperStatus down");
  }

  @Test
  void unknownTableIsWalkedWithItsLabelsInOneQuestion() {
    Request request = readGroup("core1/interfaces", STATUS);
    assertThat(queue.asked()).containsExactly(WALK);
    assertThat(request.isDone()).isFalse();
    queue.answer(rows("eth0", 3, 1, "eth1", 4, 2, "lo", 9, 0));

    Ended group = onlyEnded();
    assertThat(group.delayed()).isTrue();
    assertThat(lines(group))
        .containsExactly(
            "eth0/ifOperStatus up", "eth1/ifOperStatus down", "lo/ifOperStatus absent");
  }

  @Test
  void rowsAreThoseOfTheAnswerAlsoAfterATableWasRenumbered() {
    knowInterfaces();
    now += MINUTE * 5;
    readGroup("core1/interfaces", STATUS);
    queue.answer(rows("eth1", 3, 1, "eth0", 4, 2));

    assertThat(lines(onlyEnded()))
        .containsExactly("eth1/ifOperStatus up", "eth0/ifOperStatus down");
  }

  @Test
  void walkedTableIsServedFromTheCacheUntilItIsStale() {
    readGroup("core1/interfaces", STATUS);
    queue.answer(rows("eth0", 3, 1));
    ended.clear();

    assertThat(readGroup("core1/interfaces", STATUS)).isSameAs(Request.IMMEDIATE);
    assertThat(lines(onlyEnded())).containsExactly("eth0/ifOperStatus up");
    assertThat(queue.asked()).isEmpty();

    now += TimeUnit.SECONDS.toNanos(16);
    readGroup("core1/interfaces", STATUS);
    assertThat(lines(onlyEnded())).containsExactly("eth0/ifOperStatus up");
    assertThat(queue.asked()).as("behind the reader's back").containsExactly(WALK);
  }

  @Test
  void columnsOfAWholeTableThatIsFreshNeedNoWalkOfTheirOwn() {
    readGroup("core1/interfaces", null);
    List<Oid> all = ((Question.Walk) queue.asked().get(0)).columns();
    Value[] values = new Value[all.size()];
    values[all.indexOf(IF_NAME)] = name("eth0");
    values[all.indexOf(IF_OPER_STATUS)] = state(2);
    List<Value.Row> rows = List.of(new Value.Row(Oid.of(3), Arrays.asList(values)));
    queue.answer(reading(new Value.Rows(rows)));
    ended.clear();

    now += TimeUnit.SECONDS.toNanos(14);
    readGroup("core1/interfaces", STATUS);
    assertThat(lines(onlyEnded())).containsExactly("eth0/ifOperStatus down");
    now += TimeUnit.SECONDS.toNanos(2);
    readGroup("core1/interfaces", STATUS);
    assertThat(queue.asked()).as("a state is fresh for 15 s").containsExactly(WALK);
  }

  @Test
  void fewMissingRowsAreReadOneByOneAndManyByAWalk() {
    knowInterfaces();
    read("core1/interfaces/eth0/ifOperStatus");
    queue.answer(reading(status(1, "eth0")));
    ended.clear();

    readGroup("core1/interfaces", STATUS);
    assertThat(queue.asked())
        .containsExactly(new Question.Get(IF_OPER_STATUS.append(4), IF_NAME.append(4)));
    queue.answer(reading(status(2, "eth1")));
    assertThat(lines(onlyEnded()))
        .containsExactly("eth0/ifOperStatus up", "eth1/ifOperStatus down");

    readGroup("core1/interfaces", null);
    assertThat(queue.asked()).hasSize(1).first().isInstanceOf(Question.Walk.class);
  }

  @Test
  void valueThatWasReadAfterTheWalkIsNotFollowedByTheOlderOne() {
    readGroup("core1/interfaces", STATUS);
    queue.answer(rows("eth0", 3, 1, "eth1", 4, 1));
    knowInterfaces();
    now += TimeUnit.SECONDS.toNanos(2);
    read("core1/interfaces/eth1/ifOperStatus");
    queue.answer(reading(status(2, "eth1")));
    ended.clear();

    readGroup("core1/interfaces", STATUS);

    assertThat(lines(onlyEnded()))
        .containsExactly("eth0/ifOperStatus up", "eth1/ifOperStatus down");
  }

  @Test
  void cachedViewAsksNothingAndUncachedAlwaysAsks() {
    service.readGroup(
        requester.alone(), node(".cached/core1/system"), List.of("sysName"), note(), "hit only");
    assertThat(reason(onlyEnded())).isEqualTo(Failure.Reason.NOT_CACHED);
    readGroup(".cached/core1/interfaces", STATUS);
    assertThat(reason(onlyEnded())).isEqualTo(Failure.Reason.NOT_CACHED);
    knowInterfaces();
    read("core1/interfaces/eth0/ifOperStatus");
    queue.answer(reading(status(1, "eth0")));
    ended.clear();

    readGroup(".cached/core1/interfaces", STATUS);
    assertThat(lines(onlyEnded()))
        .containsExactly("eth0/ifOperStatus up", "eth1/ifOperStatus NOT_CACHED");
    assertThat(queue.asked()).isEmpty();

    readGroup(".uncached/core1/interfaces", STATUS);
    assertThat(queue.asked()).containsExactly(WALK);
  }

  @Test
  void treeOfOneClassHasTheAttributesOfThatClass() {
    readGroup(".class/state/core1/interfaces", null);
    List<Oid> columns = ((Question.Walk) queue.asked().get(0)).columns();
    assertThat(columns)
        .contains(IF_OPER_STATUS)
        .doesNotContain(INTERFACES.attribute("ifInOctets").oid());
    queue.answer(rows());
    ended.clear();
    readGroup(".class/state/core1/interfaces", List.of("ifInOctets"));
    assertThat(reason(onlyEnded())).isEqualTo(Failure.Reason.UNKNOWN_NAME);
    readGroup(".class/counter/core1/system", null);
    assertThat(queue.asked()).hasSize(1);
  }

  @Test
  void columnsOfAnotherTableAreTakenFromWhereTheRowLeads() {
    AttributeGroup.Table forwarding = (AttributeGroup.Table) CATALOGUE.group("forwarding");
    Oid mac = Oid.of(0, 17, 34, 51, 68, 1);
    readGroup("core1/forwarding", List.of("ifName", "dot1dTpFdbPort"));
    List<Oid> columns = ((Question.Walk) queue.asked().get(0)).columns();
    assertThat(columns.subList(0, forwarding.walk().size())).isEqualTo(forwarding.walk());
    List<Value.Row> rows = new ArrayList<>();
    rows.add(row(columns, mac, forwarding.attribute("dot1dTpFdbPort").oid(), state(5)));
    rows.add(row(columns, Oid.of(5), forwarding.attribute("dot1dBasePortIfIndex").oid(), state(7)));
    rows.add(row(columns, Oid.of(6), IF_NAME, name("wrong")));
    rows.add(row(columns, Oid.of(7), IF_NAME, name("eth7")));
    queue.answer(reading(new Value.Rows(rows)));

    assertThat(lines(onlyEnded()))
        .containsExactly("00:11:22:33:44:01/ifName eth7", "00:11:22:33:44:01/dot1dTpFdbPort 5");
  }

  private static Value.Row row(List<Oid> columns, Oid index, Oid column, Value value) {
    Value[] values = new Value[columns.size()];
    values[columns.indexOf(column)] = value;
    return new Value.Row(index, Arrays.asList(values));
  }

  @Test
  void valuesAreToldWithTheirRowsIndexAndTheTimeOfTheOldest() {
    readGroup("core1/interfaces", STATUS);
    long walked = now;
    queue.answer(rows("eth0", 3, 1, "eth1", 4, 2, "lo", 9, 0));
    GroupReading all = reading(onlyEnded());
    knowInterfaces();
    now += TimeUnit.SECONDS.toNanos(2);
    read("core1/interfaces/eth1/ifOperStatus");
    queue.answer(reading(status(7, "eth1")));
    ended.clear();

    assertThat(all.index(2)).isEqualTo(Oid.of(9));
    assertThat(all.value(0, 0)).isEqualTo(state(1));
    assertThat(all.value(1, 0)).as("read since").isEqualTo(state(7));
    assertThat(all.value(2, 0)).isNull();
    assertThat(all.oldestNanos(0)).isEqualTo(walked);
  }

  @Test
  void valuesThatWereReadOneByOneAreToldTheSameWay() {
    knowInterfaces();
    read("core1/interfaces/eth0/ifOperStatus");
    queue.answer(reading(status(5, "eth0")));
    final long first = now;
    ended.clear();
    now += TimeUnit.SECONDS.toNanos(2);
    readGroup("core1/interfaces", STATUS);
    queue.answer(new Failure<>(Failure.Reason.BAD_ANSWER, "wrong"));

    GroupReading singly = reading(onlyEnded());
    assertThat(singly.index(1)).isEqualTo(Oid.of(4));
    assertThat(singly.value(0, 0)).isEqualTo(state(5));
    assertThat(singly.value(1, 0)).as("failed").isNull();
    assertThat(singly.oldestNanos(0)).isEqualTo(first);
  }

  private static GroupReading reading(Ended ended) {
    return (GroupReading) ((Reading<?>) ended.outcome()).value();
  }

  @Test
  void programThatWaitsForWhatIsFreshIsNeverGivenWhatIsStale() {
    readGroup("core1/interfaces", STATUS);
    queue.answer(rows("eth0", 3, 1));
    read("core1/system/sysUpTime");
    queue.answer(reading(new Value.Numeric(Value.NumberType.TIME, 5)));
    ended.clear();
    now += TimeUnit.SECONDS.toNanos(16);

    for (String path : List.of("core1/interfaces", "core1/system")) {
      List<String> columns = path.endsWith("system") ? List.of("sysUpTime") : STATUS;
      service.readFreshGroup(requester.alone(), node(path), columns, note(), path);
      assertThat(ended).as(path).isEmpty();
      assertThat(queue.asked()).hasSize(1);
      queue.answer(new Failure<>(Failure.Reason.TIMEOUT, "no answer"));
      assertThat(reason(onlyEnded())).isEqualTo(Failure.Reason.TIMEOUT);
    }
  }

  @Test
  void cancelWithdrawsWhatIsPending() {
    Request request = readGroup("core1/system", List.of("sysName", "sysLocation"));

    request.cancel();

    assertThat(reason(onlyEnded())).isEqualTo(Failure.Reason.CANCELLED);
    assertThat(queue.asked()).isEmpty();
  }

  @Test
  void directoryOfDirectoriesAndUnknownColumnsAreSaid() {
    readGroup("core1", null);
    Ended system = onlyEnded();
    assertThat(reason(system)).isEqualTo(Failure.Reason.BAD_REQUEST);
    readGroup("core1/system", List.of());
    assertThat(reason(onlyEnded())).isEqualTo(Failure.Reason.BAD_REQUEST);
    readGroup("core1/system", List.of("sysNam"));
    Ended column = onlyEnded();
    assertThat(reason(column)).isEqualTo(Failure.Reason.UNKNOWN_NAME);
    assertThat(((Failure<?>) column.outcome()).message())
        .isEqualTo("'system' has no attribute 'sysNam'");
  }

  @Test
  void systemThatIsTakenOutIsAFailureOfTheWhole() {
    Node table = node("core1/interfaces");
    Node scalars = node("core1/system");
    network.replace(Map.of());

    service.readGroup(requester.alone(), table, null, note(), "table");
    assertThat(reason(onlyEnded())).isEqualTo(Failure.Reason.UNKNOWN_NAME);
    service.readGroup(requester.alone(), scalars, null, note(), "scalars");
    assertThat(reason(onlyEnded())).isEqualTo(Failure.Reason.UNKNOWN_NAME);
  }
}
