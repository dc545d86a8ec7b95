package org.aeiou.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a miss brings along for readers that go file after file, and for those that do not. */
class ReadingAheadTest extends ServiceFixture {
  private static final int ROWS = 200;

  /** The hand queue says that so many go into a packet. */
  private static final int PACKET = 24;

  /** The names of the rows in the order of the table, which is not that of the names. */
  private final List<String> names = IntStream.range(0, ROWS).mapToObj(i -> "eth" + i).toList();

  private int reads;
  private int waits;

  @BeforeEach
  void readAhead() {
    service.readAhead().most(4 * PACKET);
    service.list(requester, node("core1/interfaces"), note(), "list");
    walked(
        IntStream.range(0, ROWS)
            .boxed()
            .flatMap(i -> List.of("eth" + i, i + 1).stream())
            .toArray());
    ended.clear();
  }

  @Test
  void firstReadAsksForNothingElse() {
    read("core1/interfaces/eth7/ifOperStatus");
    assertThat(queue.asked()).hasSize(1);
  }

  @Test
  void secondReadOfANeighbouringColumnBringsTheWholeRowAlong() {
    have("eth7", "ifDescr");
    read("core1/interfaces/eth7/ifType");
    assertThat(queue.asked()).hasSize(columns().size() - 1);
    assertThat(queue.priorities().get(0)).isEqualTo(Priority.INTERACTIVE);
    assertThat(queue.priorities().stream().skip(1)).containsOnly(Priority.BACKGROUND);
    answerAll();
    columns().forEach(column -> have("eth7", column));
    assertThat(waits).isEqualTo(1);
  }

  @Test
  void secondReadOfAColumnFarAwayBringsAlongWhatLivesAsLong() {
    have("eth7", "ifAlias");
    read("core1/interfaces/eth7/ifDescr");
    assertThat(asked("eth7", "ifType")).isTrue();
    assertThat(asked("eth7", "ifInOctets")).as("lives for a shorter time").isFalse();
  }

  @Test
  void rowThatWasJustListedComesWithItsFirstColumn() {
    service.list(requester, node("core1/interfaces/eth7"), note(), "list");
    read("core1/interfaces/eth7/ifInOctets");
    assertThat(queue.asked()).hasSize(columns().size());
  }

  @Test
  void readerOfAColumnWaitsLessAndLess() {
    names.forEach(name -> have(name, "ifInOctets"));
    assertThat(waits).isLessThan(12);
    assertThat(wasted()).isZero();
  }

  @Test
  void readerInTheOrderOfTheNamesIsFollowed() {
    names.stream().sorted().forEach(name -> have(name, "ifInOctets"));
    assertThat(waits).isLessThan(12);
  }

  @Test
  void readerThatBeginsAgainAfterAPauseWaitsNoMoreOftenThanTheFirstTime() {
    names.stream().sorted().forEach(name -> have(name, "ifInOctets"));
    int first = waits;
    now += TimeUnit.SECONDS.toNanos(12);
    names.stream().sorted().forEach(name -> have(name, "ifInOctets"));
    assertThat(waits - first).isLessThanOrEqualTo(first);
  }

  @Test
  void readerThatGoesBackwardsIsFollowed() {
    List<String> reversed = new ArrayList<>(names);
    Collections.reverse(reversed);
    reversed.forEach(name -> have(name, "ifInOctets"));
    assertThat(waits).isLessThan(12);
  }

  @Test
  void readerOfWholeRowsWaitsOnceForManyOfThem() {
    names.forEach(name -> columns().forEach(column -> have(name, column)));
    assertThat(reads).isEqualTo(ROWS * columns().size());
    assertThat(waits).isLessThan(reads / PACKET);
  }

  @Test
  void twoReadersThatCrossAreBothFollowed() {
    var other = org.aeiou.daemon.testing.Users.requester("another");
    for (int i = 0; i < ROWS; i++) {
      have(names.get(i), "ifInOctets");
      String path = "core1/interfaces/" + names.get(ROWS - 1 - i) + "/ifOutOctets";
      if (service.read(other, node(path), note(), path) != org.aeiou.closures.Request.IMMEDIATE) {
        waits++;
        answerAll();
      }
    }
    assertThat(waits).isLessThan(24);
  }

  @Test
  void readerAtRandomCostsFewValuesMore() {
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      have(names.get(random.nextInt(ROWS)), columns().get(random.nextInt(columns().size())));
    }
    assertThat(count("asked")).isLessThan(reads / 5);
  }

  @Test
  void afterWrongGuessesFewerMissesBringAnythingAlong() {
    for (int i = 0; i + 4 < ROWS; i += 5) {
      // Two columns that are neighbours promise a row that is then not read.
      have(names.get(i * 37 % ROWS), "ifDescr");
      have(names.get(i * 37 % ROWS), "ifType");
    }
    assertThat(count("withheld")).isPositive();
    assertThat(count("asked")).isLessThan(ROWS / 5 * columns().size() / 2);
  }

  @Test
  void nothingIsReadAheadOfAnUncachedRead() {
    read(".uncached/core1/system/sysDescr");
    read(".uncached/core1/system/sysObjectID");
    assertThat(queue.asked()).hasSize(2);
    assertThat(count("asked")).isZero();
  }

  @Test
  void nothingIsReadAheadWhenThatIsOff() {
    service.readAhead().most(0);
    columns().forEach(column -> have("eth7", column));
    assertThat(waits).isEqualTo(columns().size());
    assertThat(count("asked")).isZero();
  }

  @Test
  void programThatAsksForManyAtOnceGetsJustThose() {
    var burst = requester.begin();
    for (String column : List.of("ifDescr", "ifType", "ifMtu")) {
      service.read(burst, node("core1/interfaces/eth7/" + column), note(), column);
    }
    burst.end();
    assertThat(queue.asked()).hasSize(3);
  }

  @Test
  void whatIsFreshIsNotFetchedAgain() {
    have("eth7", "ifMtu");
    now += TimeUnit.SECONDS.toNanos(10);
    have("eth7", "ifDescr");
    read("core1/interfaces/eth7/ifType");
    assertThat(asked("eth7", "ifMtu")).isFalse();
    assertThat(asked("eth7", "ifSpeed")).isTrue();
  }

  @Test
  void readerThatComesBeforeTheAnswerJoinsIt() {
    have("eth7", "ifDescr");
    read("core1/interfaces/eth7/ifType");
    read("core1/interfaces/eth7/ifMtu");
    assertThat(count("used")).isEqualTo(1);
    assertThat(ended).isEmpty();
    answerAll();
    assertThat(ended.stream().map(Ended::context))
        .contains("core1/interfaces/eth7/ifType", "core1/interfaces/eth7/ifMtu");
  }

  @Test
  void valueThatWasFetchedAheadOfARowThatMovedIsNotServed() {
    have("eth0", "ifInOctets");
    read("core1/interfaces/eth1/ifInOctets");
    assertThat(asked("eth3", "ifInOctets")).isTrue();
    answerAll(row -> row.equals("eth3") ? "eth4" : row);
    read("core1/interfaces/eth3/ifInOctets");
    assertThat(queue.asked()).as("finds the row anew").hasSize(1);
    assertThat(queue.asked().get(0)).isInstanceOf(Question.Walk.class);
  }

  @Test
  void whatCameAndWasNotReadInTimeIsCountedAsWasted() {
    have("eth7", "ifDescr");
    have("eth7", "ifType");
    long asked = count("asked");
    now += TimeUnit.HOURS.toNanos(3);
    cache.sweep();
    assertThat(wasted()).isEqualTo(asked);
  }

  @Test
  void whatCouldNotBeFetchedIsForgotten() {
    have("eth7", "ifDescr");
    read("core1/interfaces/eth7/ifType");
    int asked = queue.asked().size();
    for (int i = 0; i < asked; i++) {
      queue.answer(new Failure<>(Failure.Reason.TIMEOUT, "core1: no answer"));
    }
    assertThat(wasted()).isEqualTo(asked - 1);
    read("core1/interfaces/eth7/ifMtu");
    assertThat(queue.asked()).isNotEmpty();
  }

  /** Reads a file; if that takes a fetch, everything that was asked is answered. */
  private void have(String row, String column) {
    reads++;
    String path = "core1/interfaces/" + row + "/" + column;
    read(path);
    if (!queue.asked().isEmpty() && ended.stream().noneMatch(e -> e.context().equals(path))) {
      waits += column.isEmpty() ? 0 : 1;
    }
    answerAll();
    assertThat(ended).extracting(Ended::context).containsOnlyOnce(path);
    ended.clear();
  }

  private void answerAll() {
    answerAll(row -> row);
  }

  private void answerAll(Function<String, String> label) {
    while (!queue.asked().isEmpty()) {
      Question.Get get = (Question.Get) queue.asked().get(0);
      queue.answer(answer(get, label));
    }
  }

  private Outcome<Value> answer(Question.Get get, Function<String, String> label) {
    Value value = new Value.Numeric(Value.NumberType.GAUGE, 1);
    return reading(
        get.guard() == null ? value : new Value.Guarded(value, name(label.apply(row(get)))));
  }

  private String row(Question.Get get) {
    return "eth" + (get.oid().get(get.oid().length() - 1) - 1);
  }

  private boolean asked(String row, String column) {
    Oid oid = INTERFACES.attribute(column).oid().append(Oid.of(names.indexOf(row) + 1));
    return queue.asked().stream()
        .anyMatch(question -> question instanceof Question.Get get && get.oid().equals(oid));
  }

  private static List<String> columns() {
    return INTERFACES.attributes().stream().map(AttributeGroup.Attribute::name).toList();
  }

  private long wasted() {
    return count("wasted");
  }

  private long count(String counter) {
    return service.readAhead().metrics().values().get(counter);
  }
}
