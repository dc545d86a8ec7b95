package org.aeiou.daemon.learned;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Request;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Learned;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.closures.scheduler.SystemQueue;
import org.aeiou.closures.scheduler.pace.Budget;
import org.aeiou.daemon.backend.AgentProfile;
import org.aeiou.daemon.metrics.EventLog;
import org.aeiou.daemon.state.StateFolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearnedSystemsTest {
  private static final Learned.Bound ONE = new Learned.Bound(1, Duration.ofMinutes(40));
  private static final Learned STRICT =
      new Learned(
          new Learned.Bound(12, Duration.ofMinutes(20)),
          ONE,
          new Learned.Bound(50_000_000, Duration.ofMinutes(10)),
          2_000_000,
          300_000);

  @TempDir private Path folder;
  private StateFolder state;
  private Instant now = Instant.parse("2026-11-22T09:00:00Z");
  private final InstantSource clock = () -> now;

  /** The queue of each system of the run that is on. */
  private final Map<String, Queue> queues = new HashMap<>();

  private LearnedSystems systems;

  @BeforeEach
  void start() {
    state = new StateFolder(folder);
    systems = started();
  }

  private LearnedSystems started() {
    queues.clear();
    LearnedSystems begun = new LearnedSystems(clock, new EventLog(InstantSource.system()));
    begun.load(state);
    return begun;
  }

  private AgentProfile open(String system, String address) {
    AgentProfile profile = systems.profile(system, address);
    Queue queue = new Queue();
    queues.put(system, queue);
    systems.opened(system, address, profile, queue);
    queue.learned = systems.known(system); // as the scheduler does when it is first asked
    return profile;
  }

  private long count(String name) {
    return systems.metrics().values().get(name);
  }

  @Test
  void whatWasLearnedIsThereAfterARestart() {
    AgentProfile before = open("lon/core 1", "10.0.0.1:161");
    queues.get("lon/core 1").answers(STRICT);
    before.identify(AgentProfile.OBJECT_ID, "1.3.6.1.4.1.9.1.1");
    before.learn(AgentProfile.RENEWAL_MS, 10_000);
    before.learn("odd", "a=b\tc\n100 %+1");
    systems.save();
    systems = started();
    AgentProfile after = open("lon/core 1", "10.0.0.1:161");
    assertThat(queues.get("lon/core 1").learned).isEqualTo(STRICT);
    assertThat(after.all()).isEqualTo(before.all());
    assertThat(after.number(AgentProfile.RENEWAL_MS, -1)).isEqualTo(10_000);
    assertThat(after.isConfirmed()).as("the agent has not said yet who it is").isFalse();
    assertThat(systems.isUnconfirmed(after, queues.get("lon/core 1").health()))
        .as("it has not answered yet")
        .isFalse();
    queues.get("lon/core 1").answers(STRICT);
    assertThat(systems.isUnconfirmed(after, queues.get("lon/core 1").health())).isTrue();
    after.identify(AgentProfile.OBJECT_ID, "1.3.6.1.4.1.9.1.1");
    assertThat(systems.isUnconfirmed(after, queues.get("lon/core 1").health())).isFalse();
    assertThat(count("restored")).isEqualTo(1);
  }

  @Test
  void itIsNotForAnotherAddress() {
    open("core1", "10.0.0.1:161");
    queues.get("core1").answers(STRICT);
    systems.save();
    systems = started();
    AgentProfile profile = open("core1", "10.0.0.2:161");
    assertThat(profile.all()).isEmpty();
    assertThat(queues.get("core1").learned).isEqualTo(Learned.NOTHING);
  }

  @Test
  void anotherAgentAtTheAddressIsNotAskedByWhatWasLearnedOfTheOneBefore() {
    AgentProfile before = open("core1", "10.0.0.1:161");
    queues.get("core1").answers(STRICT);
    before.identify(AgentProfile.ENGINE_ID, "8000000001");
    before.learn(AgentProfile.MESSAGE_BYTES, 484);
    systems.save();
    systems = started();
    AgentProfile after = open("core1", "10.0.0.1:161");
    after.identify(AgentProfile.ENGINE_ID, "8000000002");
    assertThat(queues.get("core1").learned).isEqualTo(Learned.NOTHING);
    assertThat(after.all()).containsExactly(Map.entry(AgentProfile.ENGINE_ID, "8000000002"));
    assertThat(count("others")).isEqualTo(1);
  }

  @Test
  void anAgentWithTheSameEngineIsTheSameWhateverKindItSaysToBe() {
    AgentProfile profile = open("core1", "10.0.0.1:161");
    profile.identify(AgentProfile.ENGINE_ID, "8000000001");
    profile.identify(AgentProfile.OBJECT_ID, "1.3.6.1.4.1.9.1.1");
    profile.learn(AgentProfile.MESSAGE_BYTES, 484);
    profile.identify(AgentProfile.OBJECT_ID, "1.3.6.1.4.1.9.1.2");
    assertThat(profile.number(AgentProfile.MESSAGE_BYTES, 0)).isEqualTo(484);
    assertThat(count("others")).isZero();
  }

  @Test
  void aSystemThatIsNotHeardOfKeepsWhatWasKnownAndItsAge() {
    open("core1", "10.0.0.1:161");
    queues.get("core1").answers(STRICT);
    systems.save();
    for (int day = 0; day < 90; day++) {
      now = now.plus(Duration.ofDays(1));
      systems = started();
      open("core1", "10.0.0.1:161");
      assertThat(queues.get("core1").learned.inFlight()).as("day " + day).isNotNull();
      systems.save();
    }
    now = now.plus(Duration.ofDays(1));
    systems = started();
    open("core1", "10.0.0.1:161");
    assertThat(queues.get("core1").learned).as("after three months").isEqualTo(Learned.NOTHING);
  }

  @Test
  void whatWasLearnedLongAgoIsTrustedForLess() {
    open("core1", "10.0.0.1:161");
    queues.get("core1").answers(STRICT);
    systems.save();
    now = now.plus(Duration.ofDays(7));
    systems = started();
    open("core1", "10.0.0.1:161");
    Learned left = queues.get("core1").learned;
    assertThat(left.inFlight()).isEqualTo(new Learned.Bound(1, Duration.ofMinutes(20)));
    assertThat(left.roundTripNanos()).as("the way there changes sooner").isEqualTo(-1);
  }

  @Test
  void whatIsForgottenIsForgottenInTheFileToo() {
    AgentProfile profile = open("core1", "10.0.0.1:161");
    queues.get("core1").answers(STRICT);
    profile.learn(AgentProfile.MESSAGE_BYTES, 484);
    systems.save();
    assertThat(systems.forget("core1")).isTrue();
    assertThat(systems.forget("core2")).isFalse();
    assertThat(queues.get("core1").learned).isEqualTo(Learned.NOTHING);
    systems.save();
    systems = started();
    assertThat(open("core1", "10.0.0.1:161").all()).isEmpty();
    assertThat(queues.get("core1").learned).isEqualTo(Learned.NOTHING);
  }

  @Test
  void whatIsSavedAfterForgettingTellsNothingOfASystemWhoseQueueIsLate() {
    open("core1", "10.0.0.1:161");
    Queue queue = queues.get("core1");
    queue.answers(STRICT);
    Thread order = Thread.currentThread();
    queue.owner =
        task ->
            new Thread(
                    () -> {
                      while (order.getState() == Thread.State.RUNNABLE) {
                        Thread.onSpinWait(); // until the order waits for the queue
                      }
                      task.run();
                    })
                .start();
    systems.forget("core1");
    systems.save();
    assertThat(state.file("learned")).doesNotExist();
  }

  @Test
  void aFileThatCannotBeUsedIsIgnoredAndKeptAside() throws Exception {
    open("core1", "10.0.0.1:161");
    queues.get("core1").answers(STRICT);
    systems.save();
    String good = Files.readString(state.file("learned"));
    List<String> bad = new ArrayList<>();
    bad.add("");
    bad.add("aeiou learned 2\nend 0\n");
    bad.add(good.substring(0, good.length() / 2));
    bad.add(good.replace("end 1", "end 2"));
    bad.add(good.replace("\t", " "));
    bad.add("\0\0\0\0");
    for (String text : bad) {
      Files.writeString(state.file("learned"), text);
      systems = started();
      open("core1", "10.0.0.1:161");
      assertThat(queues.get("core1").learned).as(text).isEqualTo(Learned.NOTHING);
      assertThat(count("failures")).as(text).isEqualTo(1);
      assertThat(state.file("learned.unusable")).hasContent(text);
      assertThat(state.file("learned")).doesNotExist();
    }
  }

  @Test
  void aLineThatMakesNoSenseIsIgnoredAndTheOthersAreNot() throws Exception {
    for (String system : List.of("core1", "core2")) {
      open(system, "10.0.0.1:161");
      queues.get(system).answers(STRICT);
    }
    systems.save();
    String good = Files.readString(state.file("learned"));
    for (String bad :
        List.of(
            "in_flight=1", "in_flight=-1/2400", "in_flight=1/99999999999999999999", "", "%zz=%")) {
      Files.writeString(
          state.file("learned"), good.replaceFirst("(core1\t.*)in_flight=1/2400", "$1" + bad));
      systems = started();
      open("core1", "10.0.0.1:161");
      open("core2", "10.0.0.1:161");
      assertThat(queues.get("core1").learned).as(bad).isEqualTo(Learned.NOTHING);
      assertThat(queues.get("core2").learned).as(bad).isEqualTo(STRICT);
      assertThat(count("failures")).as(bad).isPositive();
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsToldOnceAndCounted() throws Exception {
    Files.writeString(folder.resolve("file"), "in the way");
    state = new StateFolder(folder.resolve("file"));
    systems = started();
    open("core1", "10.0.0.1:161");
    queues.get("core1").answers(STRICT);
    systems.save();
    systems.save();
    assertThat(count("writes")).isZero();
    assertThat(count("failures")).isGreaterThanOrEqualTo(2);
  }

  @Test
  void nothingIsWrittenWhereNothingWasLearned() {
    open("core1", "10.0.0.1:161");
    systems.save();
    assertThat(state.file("learned")).doesNotExist();
  }

  @Test
  void theFileOfTenThousandSystemsHasTwoMegabytesAtTheMost() throws Exception {
    for (int i = 0; i < 10_000; i++) {
      String name = "site-" + i % 50 + "/system-" + i;
      AgentProfile profile = open(name, "10.47." + i / 256 + "." + i % 256 + ":161");
      queues.get(name).answers(STRICT);
      profile.identify(AgentProfile.OBJECT_ID, "1.3.6.1.4.1.9.1." + i);
      profile.learn(AgentProfile.RENEWAL_MS, 10_000);
    }
    systems.save();
    assertThat(Files.size(state.file("learned"))).isLessThan(2_000_000);
    systems = started();
    open("site-49/system-9999", "10.47.39.15:161");
    assertThat(queues.get("site-49/system-9999").learned).isEqualTo(STRICT);
  }

  @Test
  void whatOneMemberLearnedIsTakenOverByAnother() {
    AgentProfile before = open("core1", "10.0.0.1:161");
    queues.get("core1").answers(STRICT);
    before.identify(AgentProfile.OBJECT_ID, "1.3.6.1.4.1.9.1.1");
    String line = systems.handedOver("core1", now);
    systems = new LearnedSystems(clock, new EventLog(InstantSource.system()));
    AgentProfile after = open("core1", "10.0.0.1:161");
    assertThat(queues.get("core1").learned).isEqualTo(Learned.NOTHING);

    assertThat(systems.takenOver("core1", line, null)).isTrue();

    assertThat(queues.get("core1").learned).as("asked before").isEqualTo(STRICT);
    assertThat(systems.known("core1")).as("asked for the first time").isEqualTo(STRICT);
    assertThat(after.all()).isEqualTo(before.all());
    assertThat(systems.handedOver("core1", now)).as("not asked here yet").isEqualTo(line);
    assertThat(count("takenOver")).isEqualTo(1);
  }

  @Test
  void whatIsOlderThanWhatIsKnownIsNotTakenOver() {
    open("core1", "10.0.0.1:161");
    queues.get("core1").answers(STRICT);
    String old = systems.handedOver("core1", now);
    assertThat(systems.takenOver("core1", old, now.plusSeconds(1))).isFalse();
    assertThat(systems.takenOver("core1", old, now.minusSeconds(1))).isTrue();
    assertThat(systems.takenOver("core1", old, null)).as("the same again").isFalse();
  }

  @Test
  void whatIsSaidToBeOfATimeToComeIsNotTakenOver() {
    open("core1", "10.0.0.1:161");
    queues.get("core1").answers(STRICT);
    String later = systems.handedOver("core1", now.plusSeconds(3_600));
    assertThat(systems.takenOver("core1", later, null)).isFalse();
    String ofAClockAhead = systems.handedOver("core1", now.plusSeconds(60));
    assertThat(systems.takenOver("core1", ofAClockAhead, null)).isTrue();
  }

  @Test
  void whatWasLearnedOfAnotherAddressOrMakesNoSenseIsNotTakenOver() {
    open("core1", "10.0.0.1:161");
    queues.get("core1").answers(STRICT);
    open("core2", "10.0.0.2:161");
    String line = systems.handedOver("core1", now);
    assertThat(systems.takenOver("core2", line, null)).isFalse();
    assertThat(systems.takenOver("core2", line.replace("core1", "core2"), null)).isFalse();
    assertThat(systems.takenOver("core2", "core2\tgarbage", null)).isFalse();
    assertThat(systems.takenOver("core3", line.replace("core1", "core3"), null)).isFalse();
    assertThat(queues.get("core2").learned).isEqualTo(Learned.NOTHING);
    assertThat(count("takenOver")).isZero();
  }

  /** A queue of which only the health is asked. */
  private static final class Queue implements SystemQueue<Object, Object> {
    private volatile Learned learned = Learned.NOTHING;
    private boolean heardOf;
    private Executor owner = Runnable::run;

    void answers(Learned then) {
      learned = then;
      heardOf = true;
    }

    @Override
    public void learn(Learned known, Runnable then) {
      owner.execute(
          () -> {
            learned = known;
            then.run();
          });
    }

    @Override
    public Health health() {
      return new Health(
          Health.BreakerState.CLOSED,
          0,
          0,
          heardOf ? 2_000_000 : -1,
          0,
          null,
          28,
          0,
          0,
          -1,
          null,
          List.of(),
          List.of(),
          learned);
    }

    @Override
    public <C> Request submit(
        Object key,
        Priority priority,
        long deadlineNanos,
        RequesterBurst burst,
        Closure<Object, C> closure,
        C context) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean hasRoom(Requester requester) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <C> Request submit(
        Object key,
        Priority priority,
        long deadlineNanos,
        long askedNanos,
        RequesterBurst burst,
        Closure<Object, C> closure,
        C context) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean deliver(Object key, Outcome<Object> outcome) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void change(Limits limits, Exchanger<Object, Object> exchanger) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void share(Budget budget) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
      throw new UnsupportedOperationException();
    }
  }
}
