package org.aeiou.daemon.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.daemon.backend.CounterSample;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.service.group.GroupReading;
import org.aeiou.daemon.tree.Node;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rates as files: how they are found, read, waited for, watched and kept. */
final class RateFilesTest extends ServiceFixture {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final String RATE = "core1/interfaces/eth0/ifHCInOctets.rate";
  private static final long BOOTED = 730_000_000L;

  private double perSecond = 1_000;
  private double counted = 5e9;
  private long countedAt;

  @BeforeEach
  void begin() {
    knowInterfaces();
    countedAt = now;
  }

  private CounterSample sample() {
    counted += perSecond * (now - countedAt) / 1e9;
    countedAt = now;
    return new CounterSample(
        0,
        new Value.Numeric(Value.NumberType.COUNTER64, (long) counted),
        name("eth0"),
        (now - BOOTED) / 10_000_000,
        new Value.Numeric(Value.NumberType.TIME, 0),
        100_000_000);
  }

  private void answer() {
    queue.answer(reading(sample()));
  }

  /** Lets all readings come that the pending reads wait for. */
  private void answerAll() {
    while (!queue.asked().isEmpty() || !later.isEmpty()) {
      if (queue.asked().isEmpty()) {
        passLater();
      } else {
        answer();
      }
    }
  }

  private String attribute(String path, String name) {
    byte[] value = service.extendedAttribute(node(path), "user.aeiou." + name);
    return value == null ? null : new String(value, UTF_8);
  }

  @Test
  void readerOfARateNeverReadWaitsForTheSecondReadingAndNoThreadDoes() {
    Request request = read(RATE);
    long start = now;
    answer();
    assertThat(ended).isEmpty();
    assertThat(request.isDone()).isFalse();
    answerAll();
    assertThat(content(onlyEnded())).isEqualTo("1000\n");
    assertThat(now - start).isBetween(SECOND, SECOND + SECOND / 5);
    assertThat(request.isDone()).isTrue();
  }

  @Test
  void secondReadIsAHitUntilTheReadingIsNoLongerFresh() {
    read(RATE);
    answerAll();
    ended.clear();
    assertThat(read(RATE)).isSameAs(Request.IMMEDIATE);
    assertThat(content(onlyEnded())).isEqualTo("1000\n");
    perSecond = 7_000;
    now += 20 * SECOND;
    read(RATE);
    answer();
    assertThat(content(onlyEnded())).isEqualTo("7000\n");
    assertThat(attribute(RATE, "interval_ms")).isEqualTo("20000");
  }

  @Test
  void rateSaysOverWhatTimeItIsAndHowSure() {
    read(RATE);
    answerAll();
    assertThat(attribute(RATE, "units")).isEqualTo("octets per second");
    assertThat(attribute(RATE, "quality")).isEqualTo("ok");
    assertThat(attribute(RATE, "clock")).isEqualTo("system");
    assertThat(attribute(RATE, "oid")).isEqualTo("1.3.6.1.2.1.31.1.1.1.6.3");
    assertThat(Long.parseLong(attribute(RATE, "interval_ms"))).isBetween(1_000L, 1_200L);
  }

  @Test
  void ratesAreFoundAndNotListed() {
    service.list(requester, node("core1/interfaces/eth0"), note(), "list");
    String listed = ended.toString();
    assertThat(listed).contains("ifHCInOctets").doesNotContain(".rate", "Utilization");
    assertThat(service.root()).isNotNull();
    assertThat(found("core1/interfaces/eth0", "ifOperStatus.rate")).isNull();
    assertThat(found("core1/interfaces/eth0", "ifInUtilization")).isNotNull();
    assertThat(found(".class/config/core1/interfaces/eth0", "ifInOctets.rate")).isNull();
    assertThat(found(".class/counter/core1/interfaces/eth0", "ifInOctets.rate")).isNotNull();
  }

  private Node found(String directory, String name) {
    ended.clear();
    service.find(requester, node(directory), name, note(), name);
    return ((FileSystem.Entry) ((Reading<?>) onlyEnded().outcome()).value()).node();
  }

  @Test
  void utilizationIsTheShareOfTheSpeedByTheCounterOf64Bits() {
    perSecond = 2_500_000;
    read("core1/interfaces/eth0/ifInUtilization");
    Question.Sample asked = (Question.Sample) queue.asked().get(0);
    assertThat(asked.counters()).hasSize(2);
    assertThat(asked.counters().get(0)).hasToString("1.3.6.1.2.1.31.1.1.1.6.3");
    answerAll();
    assertThat(Double.parseDouble(content(onlyEnded()))).isBetween(19.9, 20.1);
    assertThat(attribute("core1/interfaces/eth0/ifInUtilization", "units")).isEqualTo("percent");
  }

  @Test
  void readersOfOneRateShareItsReadings() {
    for (int i = 0; i < 10; i++) {
      read(RATE);
    }
    Set<Long> times = new HashSet<>();
    while (ended.isEmpty()) {
      if (queue.asked().isEmpty()) {
        passLater();
      } else {
        times.add(now);
        answer();
      }
    }
    while (!queue.asked().isEmpty()) {
      answer();
    }
    assertThat(ended).hasSize(10);
    assertThat(times).as("of readings").hasSizeBetween(2, 6);
  }

  @Test
  void readerIsToldWhyThereIsNoNumberYetAndTheCounterIsReadOn() {
    counted = 5e9;
    perSecond = 0;
    read(RATE);
    while (ended.isEmpty()) {
      if (queue.asked().isEmpty()) {
        passLater();
      } else {
        answer();
      }
    }
    assertThat(onlyEnded().outcome()).isInstanceOf(Absent.class);
    assertThat(attribute(RATE, "error"))
        .contains("how often the system renews the counter is not known yet")
        .contains("ask again later");
    answerAll();
    read(RATE);
    if (!queue.asked().isEmpty()) {
      answer();
    }
    assertThat(content(onlyEnded())).isEqualTo("0\n");
  }

  @Test
  void readThatWaitsForASecondReadingCanBeWithdrawn() {
    Request request = read(RATE);
    answer();
    request.cancel();
    assertThat(reason(onlyEnded())).isEqualTo(Failure.Reason.CANCELLED);
    answerAll();
    assertThat(ended).isEmpty();
  }

  @Test
  void onlyWhatIsCachedIsNotWaitedFor() {
    read(".cached/" + RATE);
    assertThat(reason(onlyEnded())).isEqualTo(Failure.Reason.NOT_CACHED);
    read(RATE);
    answer();
    read(".cached/" + RATE);
    assertThat(reason(onlyEnded())).isEqualTo(Failure.Reason.NOT_CACHED);
    answerAll();
    ended.clear();
    read(".cached/" + RATE);
    assertThat(content(onlyEnded())).isEqualTo("1000\n");
  }

  @Test
  void watchOfARateTellsOfAnotherRateAndNotOfTheSameOne() {
    List<Node> changed = new ArrayList<>();
    service.observe(
        new FileSystem.Observer() {
          @Override
          public void contentChanged(Node file) {
            changed.add(file);
          }

          @Override
          public void namesChanged(Node directory, Collection<String> names) {}
        });
    service.watch(requester, node(RATE));
    for (int i = 0; i < 20; i++) {
      step();
    }
    assertThat(changed).isNotEmpty();
    changed.clear();
    for (int i = 0; i < 10; i++) {
      step();
    }
    assertThat(changed).isEmpty();
    perSecond = 9_000;
    for (int i = 0; i < 10; i++) {
      step();
    }
    assertThat(changed).isNotEmpty();
  }

  private void step() {
    if (queue.asked().isEmpty()) {
      passLater();
    } else {
      answer();
    }
  }

  @Test
  void rowAtAnotherIndexBeginsAnew() {
    read(RATE);
    answerAll();
    ended.clear();
    now += 20 * SECOND;
    read(RATE);
    CounterSample other = sample();
    queue.answer(
        reading(
            new CounterSample(
                0, other.value(), name("eth7"), other.uptime(), other.discontinuity(), 0)));
    walked("eth0", 9, "eth7", 3);
    assertThat(((Question.Sample) queue.asked().get(0)).oid())
        .hasToString("1.3.6.1.2.1.31.1.1.1.6.9");
    answerAll();
    assertThat(content(onlyEnded())).isEqualTo("1000\n");
  }

  @Test
  void counterThatTheSystemDoesNotHaveIsAbsent() {
    read(RATE);
    queue.answer(reading(new CounterSample(0, null, name("eth0"), 5, null, 0)));
    assertThat(onlyEnded().outcome()).isInstanceOf(Absent.class);
  }

  /** Answers what is asked, of whichever row. */
  private void answerAny() {
    Question.Guarded asked = (Question.Guarded) queue.asked().get(0);
    String row = asked.guard().get(asked.guard().length() - 1) == 3 ? "eth0" : "eth1";
    CounterSample now = sample();
    queue.answer(
        reading(
            asked instanceof Question.Sample
                ? new CounterSample(
                    0, now.value(), name(row), now.uptime(), now.discontinuity(), now.speed())
                : status(1, row)));
  }

  @Test
  void groupReadMayNameRatesOfATableAmongItsColumns() {
    service.readGroup(
        requester.alone(),
        node("core1/interfaces"),
        List.of("ifOperStatus", "ifHCInOctets.rate"),
        note(),
        "group");
    while (ended.isEmpty()) {
      if (queue.asked().isEmpty()) {
        passLater();
      } else {
        answerAny();
      }
    }
    GroupReading found = (GroupReading) ((Reading<?>) onlyEnded().outcome()).value();
    assertThat(found.rows()).containsExactly("eth0", "eth1");
    assertThat(found.columns()).containsExactly("ifOperStatus", "ifHCInOctets.rate");
    List<String> texts = new ArrayList<>();
    for (int row = 0; row < 2; row++) {
      found.tell(
          row,
          new GroupReading.Visitor() {
            @Override
            public void reading(byte[] text, int length, long takenMillis) {
              texts.add(new String(text, 0, length, UTF_8));
            }

            @Override
            public void absent(long takenMillis) {
              texts.add("absent");
            }

            @Override
            public void failure(Failure<?> failure) {
              texts.add(failure.message());
            }
          });
    }
    assertThat(texts).containsExactly("up", "1000", "up", "1000");
  }

  @Test
  void groupReadOfARowMayNameRates() {
    service.readGroup(
        requester.alone(),
        node("core1/interfaces/eth0"),
        List.of("ifHCInOctets.rate"),
        note(),
        "group");
    answerAll();
    assertThat(((GroupReading) ((Reading<?>) onlyEnded().outcome()).value()).attributes())
        .isEqualTo(1);
    service.readGroup(
        requester.alone(), node("core1/interfaces"), List.of("ifOperStatus.rate"), note(), "group");
    assertThat(reason(onlyEnded())).isEqualTo(Failure.Reason.UNKNOWN_NAME);
  }
}
