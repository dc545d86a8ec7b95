package org.aeiou.daemon.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.tree.Node;
import org.junit.jupiter.api.Test;

final class AttributeServiceTest extends ServiceFixture {
  @Test
  void aRequestHasTheDeadlineOfItsBurstIfThatIsEarlierThanItsPatience() {
    RequesterBurst burst = requester.begin();
    burst.deadline(now + 7);
    service.read(burst, node("core1/system/sysLocation"), note(), "soon");
    assertThat(queue.deadlineNanos).isEqualTo(now + 7);
    burst.deadline(now + 2 * MINUTE);
    service.read(burst, node("core1/system/sysContact"), note(), "late");
    assertThat(queue.deadlineNanos).isEqualTo(now + MINUTE);
    burst.deadline(Long.MAX_VALUE);
    service.read(burst, node("core1/system/sysName"), note(), "whenever");
    assertThat(queue.deadlineNanos).isEqualTo(now + MINUTE);
  }

  @Test
  void aHitRunsItsClosureInsideTheSubmittingCallAndAMissNeverDoes() {
    Request miss = read("core1/system/sysLocation");
    assertThat(ended).isEmpty();
    assertThat(queue.asked()).containsExactly(new Question.Get(SYS_LOCATION));
    assertThat(miss.isDone()).isFalse();

    queue.answer(text("Rack 7"));

    Ended delayed = onlyEnded();
    assertThat(delayed.delayed()).isTrue();
    assertThat(content(delayed)).isEqualTo("Rack 7\n");
    assertThat(read("core1/system/sysLocation")).isSameAs(Request.IMMEDIATE);
    Ended immediate = onlyEnded();
    assertThat(immediate.delayed()).isFalse();
    assertThat(content(immediate)).isEqualTo("Rack 7\n");
    assertThat(queue.asked()).isEmpty();
  }

  @Test
  void aMissWithAnAnswerThatOvertakesTheCallIsStillDelayed() {
    queue.overtake(text("Rack 7"));

    assertThat(read("core1/system/sysLocation")).isNotSameAs(Request.IMMEDIATE);
    assertThat(onlyEnded().delayed()).isTrue();
    assertThat(service.list(requester, node("core1"), note(), "list"))
        .isNotSameAs(Request.IMMEDIATE);
    assertThat(onlyEnded().delayed()).isTrue();
  }

  @Test
  void aStaleReadingIsServedAtOnceAndRefreshedOnceBehindTheReadersBack() {
    read("core1/system/sysLocation");
    queue.answer(text("Rack 7"));
    ended.clear();
    now += 6 * MINUTE;

    read("core1/system/sysLocation");
    read("core1/system/sysLocation");

    assertThat(ended).hasSize(2).allSatisfy(one -> assertThat(content(one)).isEqualTo("Rack 7\n"));
    assertThat(queue.priorities()).containsExactly(Priority.BACKGROUND);
    ended.clear();
    queue.answer(text("Rack 8"));
    assertThat(ended).isEmpty();
    read("core1/system/sysLocation");
    assertThat(content(onlyEnded())).isEqualTo("Rack 8\n");
  }

  @Test
  void aStaleReadingIsNotRefreshedForAReaderThatWantsOnlyWhatIsCached() {
    read("core1/system/sysLocation");
    queue.answer(text("Rack 7"));
    ended.clear();
    now += 6 * MINUTE;

    read(".cached/core1/system/sysLocation");

    assertThat(content(onlyEnded())).isEqualTo("Rack 7\n");
    assertThat(queue.asked()).isEmpty();
  }

  @Test
  void aRefreshThatFailsKeepsTheStaleReadingAndTheNextReaderTriesAgain() {
    read("core1/system/sysLocation");
    queue.answer(text("Rack 7"));
    now += 6 * MINUTE;
    read("core1/system/sysLocation");
    queue.answer(new Failure<>(Failure.Reason.TIMEOUT, "core1 did not answer"));
    ended.clear();

    read("core1/system/sysLocation");

    assertThat(content(onlyEnded())).isEqualTo("Rack 7\n");
    assertThat(queue.priorities()).containsExactly(Priority.BACKGROUND);
  }

  @Test
  void nothingOlderThanTtlAndGraceIsServed() {
    read("core1/system/sysLocation");
    queue.answer(text("Rack 7"));
    ended.clear();
    now += 10 * MINUTE;

    read("core1/system/sysLocation");

    assertThat(ended).isEmpty();
    assertThat(queue.priorities()).containsExactly(Priority.INTERACTIVE);
  }

  @Test
  void anAbsenceIsRememberedLikeAReading() {
    read("core1/system/sysLocation");
    queue.answer(new Absent<>(now, 0));
    ended.clear();

    read("core1/system/sysLocation");

    Ended immediate = onlyEnded();
    assertThat(immediate.outcome()).isInstanceOf(Absent.class);
    assertThat(immediate.delayed()).isFalse();
  }

  @Test
  void aFailureIsToldAndNotRemembered() {
    read("core1/system/sysLocation");
    queue.answer(new Failure<>(Failure.Reason.TIMEOUT, "core1 did not answer"));
    assertThat(reason(onlyEnded())).isEqualTo(Failure.Reason.TIMEOUT);

    read("core1/system/sysLocation");

    assertThat(queue.asked()).hasSize(1);
    assertThat(
            new String(
                service.extendedAttribute(node("core1/system/sysLocation"), "user.aeiou.error"),
                UTF_8))
        .isEqualTo("core1 did not answer");
  }

  @Test
  void aRowIsFoundByItsNameAndReadWithTheLabelThatProvesIt() {
    knowInterfaces();
    read("core1/interfaces/eth1/ifOperStatus");
    assertThat(queue.asked())
        .containsExactly(new Question.Get(IF_OPER_STATUS.append(4), IF_NAME.append(4)));

    queue.answer(reading(status(2, "eth1")));

    assertThat(content(onlyEnded())).isEqualTo("down\n");
  }

  @Test
  void aRenumberedRowIsLookedForAgainAndNoOtherRowsValueIsGiven() {
    knowInterfaces();
    read("core1/interfaces/eth1/ifOperStatus");
    queue.answer(reading(status(2, "eth7")));
    assertThat(ended).isEmpty();
    walked("eth7", 4, "eth1", 9);
    assertThat(queue.asked())
        .containsExactly(new Question.Get(IF_OPER_STATUS.append(9), IF_NAME.append(9)));

    queue.answer(reading(status(1, "eth1")));

    assertThat(content(onlyEnded())).isEqualTo("up\n");
  }

  @Test
  void aRowThatIsGoneIsAnUnknownName() {
    knowInterfaces();
    read("core1/interfaces/eth1/ifOperStatus");
    queue.answer(new Absent<>(now, 0));
    walked("eth0", 3);

    assertThat(reason(onlyEnded())).isEqualTo(Failure.Reason.UNKNOWN_NAME);
  }

  @Test
  void aColumnThatTheAgentLacksIsAbsentWithoutWalkingAgain() {
    knowInterfaces();
    read("core1/interfaces/eth1/ifOperStatus");

    queue.answer(reading(new Value.Guarded(null, name("eth1"))));

    assertThat(onlyEnded().outcome()).isInstanceOf(Absent.class);
    assertThat(queue.asked()).isEmpty();
  }

  @Test
  void aRowThatKeepsMovingIsGivenUpAfterOneMoreWalk() {
    knowInterfaces();
    read("core1/interfaces/eth1/ifOperStatus");
    queue.answer(reading(status(2, "eth7")));
    walked("eth1", 9);
    queue.answer(reading(status(2, "eth7")));

    assertThat(reason(onlyEnded())).isEqualTo(Failure.Reason.UNKNOWN_NAME);
    assertThat(queue.asked()).isEmpty();
  }

  @Test
  void listingATableWalksItsNamesAndFetchesNoValue() {
    service.list(requester, node("core1/interfaces"), note(), "list");
    assertThat(queue.asked())
        .containsExactly(new Question.Walk(INTERFACES.walk(), true, INTERFACES.count()));
    walked("eth0", 3, "eth1", 4);

    assertThat(names(onlyEnded())).containsExactly("eth0", "eth1");
    service.list(requester, node("core1/interfaces/eth0"), note(), "list");
    assertThat(names(onlyEnded())).contains("ifOperStatus", "ifHCInOctets");
    assertThat(queue.asked()).isEmpty();
  }

  private static List<String> names(Ended ended) {
    assertThat(ended.outcome()).isInstanceOf(Reading.class);
    return ((FileSystem.Listing) ((Reading<?>) ended.outcome()).value())
        .entries().stream().map(FileSystem.Entry::name).toList();
  }

  @Test
  void aGroupThatTheSystemDoesNotHaveIsNotListed() {
    service.list(requester, node("core1"), note(), "list");
    Question system = new Question.Probe(CATALOGUE.group("system").probe());
    assertThat(queue.asked()).contains(system).hasSizeLessThanOrEqualTo(28);
    while (!queue.asked().isEmpty()) {
      boolean isThere = queue.asked().get(0).equals(system);
      queue.answer(isThere ? reading(new Value.Identifier(SYS_LOCATION)) : new Absent<>(now, 0));
    }

    assertThat(names(onlyEnded()))
        .as("there, and perhaps, as nothing more is asked here")
        .containsExactly(".health", "system", "object-resources");
  }

  @Test
  void oneBadAnswerDoesNotSpoilAListingAndASilentSystemDoes() {
    service.list(requester, node("core1"), note(), "list");
    while (!queue.asked().isEmpty()) {
      queue.answer(new Failure<>(Failure.Reason.BAD_ANSWER, "genErr"));
    }
    assertThat(names(onlyEnded())).contains("system", "interfaces");

    service.list(requester, node("core1"), note(), "list");
    while (!queue.asked().isEmpty()) {
      queue.answer(new Failure<>(Failure.Reason.TIMEOUT, "core1 did not answer"));
    }
    assertThat(reason(onlyEnded())).isEqualTo(Failure.Reason.TIMEOUT);
  }

  @Test
  void theCachedTreeNeverAsksAndTheUncachedTreeAlwaysDoes() {
    read(".cached/core1/system/sysLocation");
    assertThat(reason(onlyEnded())).isEqualTo(Failure.Reason.NOT_CACHED);
    assertThat(queue.asked()).isEmpty();
    read("core1/system/sysLocation");
    queue.answer(text("Rack 7"));
    ended.clear();

    read(".cached/core1/system/sysLocation");
    assertThat(content(onlyEnded())).isEqualTo("Rack 7\n");
    read(".uncached/core1/system/sysLocation");
    assertThat(ended).isEmpty();
    assertThat(queue.asked()).hasSize(1);
  }

  @Test
  void cancellingEndsTheRequestWhicheverStepItIsIn() {
    knowInterfaces();
    Request request = read("core1/interfaces/eth1/ifOperStatus");
    queue.answer(reading(status(2, "eth7")));
    assertThat(queue.asked()).hasSize(1);

    request.cancel();

    assertThat(reason(onlyEnded())).isEqualTo(Failure.Reason.CANCELLED);
    assertThat(queue.asked()).isEmpty();
  }

  @Test
  void aFullQueueIsSaidAtOnce() {
    queue.fill();

    assertThat(read("core1/system/sysLocation")).isSameAs(Request.IMMEDIATE);

    assertThat(reason(onlyEnded())).isEqualTo(Failure.Reason.OVERLOADED);
  }

  @Test
  void aSystemThatWasTakenOutIsAnUnknownNameAlsoForNodesFoundBefore() {
    Node location = node("core1/system/sysLocation");
    network.replace(Map.of());

    service.read(requester, location, note(), "read");

    assertThat(reason(onlyEnded())).isEqualTo(Failure.Reason.UNKNOWN_NAME);
    service.lookup(requester, service.root(), "core1", note(), "lookup");
    assertThat(((FileSystem.Entry) ((Reading<?>) onlyEnded().outcome()).value()).node()).isNull();
  }

  @Test
  void sizesAndTimesAreThoseOfTheReadingAndFourKibibytesBeforeIt() {
    Node location = node("core1/system/sysLocation");
    assertThat(service.attributes(location).size()).isEqualTo(4096);
    assertThat(service.attributes(location).validNanos()).isZero();
    read("core1/system/sysLocation");
    queue.answer(text("Rack 7"));
    long taken = TimeUnit.NANOSECONDS.toMillis(now);
    now += MINUTE;

    FileSystem.Attributes attributes = service.attributes(location);

    assertThat(attributes.size()).isEqualTo("Rack 7\n".length());
    assertThat(attributes.takenMillis()).isEqualTo(taken);
    assertThat(attributes.changedMillis()).isEqualTo(taken);
    assertThat(attributes.validNanos()).isEqualTo(4 * MINUTE);
  }

  @Test
  void theSizeOfAReadingIsAGuessAgainWhereTheNextOneMayHaveAnother() {
    read("core1/system/sysLocation");
    queue.answer(text("Rack 7"));
    long taken = TimeUnit.NANOSECONDS.toMillis(now);
    assertThat(service.attributes(node(".uncached/core1/system/sysLocation")).size())
        .isEqualTo(4096);

    now += 9 * MINUTE;
    assertThat(service.attributes(node("core1/system/sysLocation")).size()).isEqualTo(7);
    now += 2 * MINUTE;
    FileSystem.Attributes expired = service.attributes(node("core1/system/sysLocation"));

    assertThat(expired.size()).isEqualTo(4096);
    assertThat(expired.changedMillis()).isEqualTo(taken);
    assertThat(expired.validNanos()).isZero();
  }

  @Test
  void aReadingIsRenderedOnceAlsoWhenTheSameValueIsReadAgain() {
    read("core1/system/sysLocation");
    queue.answer(text("Lyon"));
    byte[] first = ((FileSystem.Content) ((Reading<?>) onlyEnded().outcome()).value()).bytes();
    assertThat(service.cached(node("core1/system/sysLocation")).bytes()).isSameAs(first);

    now += 20 * MINUTE;
    read("core1/system/sysLocation");
    queue.answer(text("Lyon"));
    assertThat(((FileSystem.Content) ((Reading<?>) onlyEnded().outcome()).value()).bytes())
        .isSameAs(first);
  }

  @Test
  void aRowThatComesBackToAnIndexIsReadAnew() {
    knowInterfaces();
    read("core1/interfaces/eth1/ifAlias");
    queue.answer(reading(new Value.Guarded(name("old"), name("eth1"))));
    onlyEnded();
    now += 2 * MINUTE;
    service.list(requester, node("core1/interfaces"), note(), "list");
    walked("eth0", 3, "eth1", 7);
    read("core1/interfaces/eth1/ifAlias");
    queue.answer(reading(new Value.Guarded(name("new"), name("eth1"))));
    ended.clear();
    now += 2 * MINUTE;
    service.list(requester, node("core1/interfaces"), note(), "list");
    walked("eth0", 3, "eth1", 4);
    ended.clear();

    // What it was at this index before is older than what it was at the other one.
    assertThat(service.cached(node("core1/interfaces/eth1/ifAlias"))).isNull();
  }

  @Test
  void aLateAnswerDoesNotReplaceWhatALaterFetchBrought() {
    read("core1/system/sysLocation");
    queue.answer(text("newer"));
    ended.clear();

    cache.acceptLate(new Question.Get(SYS_LOCATION), text("older"), MINUTE);

    read("core1/system/sysLocation");
    assertThat(content(onlyEnded())).isEqualTo("newer\n");
    now += 2 * MINUTE;
    cache.acceptLate(new Question.Get(SYS_LOCATION), text("late and welcome"), MINUTE);
    read("core1/system/sysLocation");
    assertThat(content(onlyEnded())).isEqualTo("late and welcome\n");
  }

  @Test
  void whatIsPastItsUseIsSwept() {
    read("core1/system/sysLocation");
    queue.answer(text("Rack 7"));
    assertThat(cache.size()).isEqualTo(1);
    now += 11 * MINUTE;

    cache.sweep();

    assertThat(cache.size()).isZero();
  }
}
