package org.aeiou.daemon.attach.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Ticker;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import org.aeiou.closures.Failure;
import org.aeiou.closures.shared.CompletionDescriptor;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.closures.shared.GroupValues;
import org.aeiou.closures.shared.Kind;
import org.aeiou.closures.shared.Memory;
import org.aeiou.closures.shared.Operation;
import org.aeiou.closures.shared.SubmissionRing.BrokenClient;
import org.aeiou.closures.shared.SubmissionRing.Submission;
import org.aeiou.closures.shared.SubmissionWriter;
import org.aeiou.daemon.attach.completion.Completions;
import org.junit.jupiter.api.Test;

/** Steps that run one after another, in the memory of this process. */
final class ChainsTest {
  private static final Geometry GEOMETRY = new Geometry(32, 256, 4096, 0);
  private static final long SOON = 1_000;
  private static final long LATER = 1_000_000_000;

  private final long[] now = {1};
  private final Memory submissions =
      new Memory(ByteBuffer.allocateDirect(GEOMETRY.submissionBytes()));
  private final Memory completions =
      new Memory(ByteBuffer.allocateDirect(GEOMETRY.completionBytes()));
  private final Client client =
      Clients.of(
          GEOMETRY,
          submissions,
          completions,
          new Ticker() {
            @Override
            public long read() {
              return now[0];
            }
          },
          3);
  private final SubmissionWriter writer = new SubmissionWriter(submissions, completions, GEOMETRY);

  /** Which paths were started, with the requests that wait for them. */
  private final Map<String, ClientRequest> started = new HashMap<>();

  private final List<String> order = new ArrayList<>();
  private final Queue<Runnable> turns = new ArrayDeque<>();
  private final Map<String, Completion> values = new HashMap<>();
  private final Chains chains = new Chains(this::start, this::read);
  private final List<Integer> firsts = new ArrayList<>();
  private int pages;

  private void start(ClientRequest step, String path) {
    order.add(path);
    started.put(path, step);
  }

  private void read(ClientRequest step, String path, ForEachStep.Name then) {
    then.end(values.getOrDefault(path, failure(Failure.Reason.TIMEOUT)));
  }

  private static Completion reading(String text) {
    return new Completion(Kind.READING, 0, text.getBytes(UTF_8), 9, 8, 7, 6);
  }

  private static Completion failure(Failure.Reason reason) {
    return Completions.failure(reason, reason.name());
  }

  private static final Completion ABSENT = new Completion(Kind.ABSENT, 0, new byte[0], 5, 0, 0, 0);

  private record Step(int operation, int flags, String path, long deadline) {
    Step(int flags, String path) {
      this(Operation.READ, flags, path, 0);
    }
  }

  /** Takes a chain in and starts its first step, if that may be. */
  private boolean submit(Step... steps) throws BrokenClient {
    int first = pages;
    firsts.add(first);
    for (int i = 0; i < steps.length; i++) {
      boolean isLast = i == steps.length - 1;
      write(
          pages++,
          steps[i].operation(),
          steps[i].flags() | (isLast ? 0 : Operation.CHAINED),
          steps[i].path(),
          steps[i].deadline(),
          isLast ? 0 : pages + 1);
    }
    return enter(first);
  }

  private void write(int page, int operation, int flags, String path, long target, int next) {
    writer.write(page, operation, flags, path.getBytes(UTF_8), page + 1, target, 0, next);
  }

  private boolean enter(int page) throws BrokenClient {
    writer.enter(page);
    writer.publish();
    assertThat(client.submissions().waiting()).isEqualTo(1);
    Submission submission = client.submissions().take();
    ClientRequest request = client.accept(submission);
    boolean mayStart = chains.accept(request, submission, turns::add);
    if (mayStart) {
      start(request, request.path);
    }
    return mayStart;
  }

  private void end(String path, Completion outcome) {
    client.end(started.get(path), outcome);
    while (!turns.isEmpty()) {
      turns.remove().run();
    }
  }

  private String outcome(int page) {
    int at = GEOMETRY.outcome(page);
    if (completions.get(at) == 0) {
      return "pending";
    }
    int length = completions.getInt(at + CompletionDescriptor.LENGTH);
    byte[] value = new byte[length];
    completions.getBytes(at + CompletionDescriptor.VALUE, value, 0, length);
    return completions.getShort(at + CompletionDescriptor.KIND)
        + "/"
        + completions.getInt(at + CompletionDescriptor.REASON)
        + " "
        + new String(value, UTF_8);
  }

  private static final String ENDED = "3/5 the chain ended before this step";

  @Test
  void stepUsesTheValueOfTheOneBeforeIt() throws Exception {
    submit(new Step(0, "a"), new Step(0, "b/{}"), new Step(0, "c/{}/{}"));
    end("a", reading("1"));
    end("b/1", reading("2"));
    end("c/2/2", reading("3"));

    assertThat(order).containsExactly("a", "b/1", "c/2/2");
    assertThat(outcome(2)).isEqualTo("1/0 3");
  }

  @Test
  void conditionHoldsForItsOutcomesAndNoOthers() throws Exception {
    Completion zero = reading("0");
    Completion one = reading("1");
    Completion failed = failure(Failure.Reason.TIMEOUT);
    assertThat(stops(Operation.STOP_ON_ERROR, zero, one, ABSENT, failed)).isEqualTo("--XX");
    assertThat(stops(Operation.STOP_ON_NONZERO, zero, one, ABSENT, failed)).isEqualTo("-XXX");
    assertThat(stops(Operation.STOP_ON_ZERO, zero, one, ABSENT, failed)).isEqualTo("X-XX");
    assertThat(stops(Operation.STOP_ON_ABSENT, zero, one, ABSENT, failed)).isEqualTo("--X-");
    assertThat(stops(Operation.STOP_ON_READING, zero, one, ABSENT, failed)).isEqualTo("XX--");
    assertThat(
            stops(Operation.STOP_ON_READING | Operation.STOP_ON_ABSENT, zero, one, ABSENT, failed))
        .isEqualTo("XXX-");
    assertThat(stops(0, zero, one, ABSENT, failed)).isEqualTo("----");
  }

  @Test
  void everyKindOfStepHasSomethingToLookAt() {
    Completion none = reading("");
    Completion names = reading("eth0\0");
    assertThat(stops(Operation.LIST, Operation.STOP_ON_ZERO, none, names)).isEqualTo("X-");
    assertThat(stops(Operation.LIST, Operation.STOP_ON_NONZERO, none, names)).isEqualTo("-X");
    int each = Operation.EACH | Operation.STOP_ON_ZERO;
    assertThat(stops(Operation.READ, each, none, reading("eth0\0up\0"))).isEqualTo("X-");
    Completion emptyGroup = NamedOutcomes.group(List.of());
    assertThat(stops(Operation.READ, each | Operation.EACH_AS_GROUP, emptyGroup)).isEqualTo("X");
    assertThat(
            stops(
                Operation.DESCRIBE,
                Operation.STOP_ON_ZERO,
                reading("value\0" + "0\0oid\0" + "1.3\0"),
                reading("value\0up\0oid\0" + "0\0")))
        .isEqualTo("X-");
    assertThat(stops(Operation.STAT, Operation.STOP_ON_ZERO, reading("0"))).isEqualTo("-");
    assertThat(stops(Operation.STAT, Operation.STOP_ON_READING, reading("0"))).isEqualTo("X");
  }

  private String stops(int flags, Completion... outcomes) {
    return stops(Operation.READ, flags, outcomes);
  }

  private String stops(int operation, int flags, Completion... outcomes) {
    ClientRequest step =
        new ClientRequest(
            client, new Submission(0, operation, flags, 1, 1, 0, 0, 0, "path", false));
    StringBuilder stops = new StringBuilder();
    for (Completion each : outcomes) {
      stops.append(Condition.holds(step, each) ? 'X' : '-');
    }
    return stops.toString();
  }

  @Test
  void conditionEndsTheChainAndWithSkipTheNextStepOnly() throws Exception {
    submit(new Step(Operation.STOP_ON_ABSENT, "a"), new Step(0, "b"), new Step(0, "c"));
    end("a", ABSENT);
    assertThat(List.of(outcome(1), outcome(2))).containsOnly(ENDED);

    int skip = Operation.STOP_ON_READING | Operation.SKIP;
    submit(new Step(skip, "d"), new Step(0, "e/{}"), new Step(0, "f/{}"), new Step(0, "g/{}"));
    end("d", reading("1"));
    assertThat(outcome(4)).isEqualTo("3/5 skipped");
    end("f/1", reading("2"));
    end("g/2", reading("3"));
    assertThat(outcome(6)).isEqualTo("1/0 3");

    submit(new Step(skip, "h"), new Step(0, "i"));
    end("h", reading("1"));
    assertThat(outcome(8)).as("nothing is behind it").isEqualTo("3/5 skipped");

    submit(new Step(skip, "j"), new Step(0, "k/{}"));
    end("j", failure(Failure.Reason.TIMEOUT));
    assertThat(order).endsWith("j", "k/").doesNotContain("b", "c", "e/1", "i");
  }

  @Test
  void withdrawnStepTakesTheRestWithItWhateverItsFlags() throws Exception {
    int skip = Operation.STOP_ON_ERROR | Operation.SKIP;
    submit(new Step(skip, "a"), new Step(skip, "b"), new Step(0, "c"));
    client.cancel(null, 1);
    assertThat(List.of(outcome(0), outcome(1), outcome(2)))
        .containsExactly("3/5 withdrawn", ENDED, ENDED);

    submit(new Step(skip, "d"), new Step(skip, "e"), new Step(0, "f"));
    client.cancel(null, 5);
    assertThat(List.of(outcome(3), outcome(4), outcome(5)))
        .containsExactly("pending", "3/5 withdrawn", ENDED);
    end("d", reading("1"));
    assertThat(order).containsExactly("a", "d");
  }

  @Test
  void stepWhoseDeadlinePassesBeforeItsTurnLetsNoneOvertake() throws Exception {
    submit(
        new Step(0, "a"),
        new Step(Operation.READ, Operation.STOP_ON_ABSENT, "b", SOON),
        new Step(0, "c"));
    now[0] = LATER;
    while (client.endPassed()) {
      assertThat(outcome(1)).isEqualTo("3/1 its deadline passed");
    }
    assertThat(order).containsExactly("a");
    end("a", reading("1"));
    end("c", reading("2"));
    assertThat(order).containsExactly("a", "c");

    submit(
        new Step(0, "d"),
        new Step(Operation.READ, Operation.STOP_ON_ERROR, "e", LATER + SOON),
        new Step(0, "f"));
    now[0] = 2 * LATER;
    while (client.endPassed()) {
      assertThat(outcome(5)).isEqualTo("pending");
    }
    end("d", reading("1"));
    assertThat(outcome(5)).isEqualTo(ENDED);
  }

  @Test
  void eachAsGroupTellsOfEveryNameHowItEnded() throws Exception {
    values.put("t/eth0/x", reading("up\0."));
    values.put("t/eth1/x", ABSENT);
    int flags = Operation.EACH | Operation.EACH_AS_GROUP;
    submit(
        new Step(Operation.LIST, 0, "t", 0),
        new Step(flags, "t/{}/x"),
        new Step(Operation.STOP_ON_READING, "last"));
    end("t", reading("eth0/\0eth1/\0eth2/\0"));

    int at = GEOMETRY.outcome(1);
    int length = completions.getInt(at + CompletionDescriptor.LENGTH);
    byte[] value = new byte[length];
    completions.getBytes(at + CompletionDescriptor.VALUE, value, 0, length);
    assertThat(completions.get(at + CompletionDescriptor.TAKEN)).isEqualTo(9);
    List<String> told = new ArrayList<>();
    GroupValues group = GroupValues.of(value, 9);
    while (group.next()) {
      told.add(
          group.row()
              + group.column()
              + " "
              + group.kind()
              + "/"
              + group.reason()
              + " "
              + group.value());
    }
    assertThat(told).containsExactly("eth0 1/null up .", "eth1 2/null ", "eth2 3/TIMEOUT TIMEOUT");
    assertThat(order).contains("last");
  }

  @Test
  void chainThatIsNoneFailsAndItsClientGoesOn() throws Exception {
    for (int page = 0; page < 17; page++) {
      write(page, Operation.READ, Operation.CHAINED, "p" + page, 0, page + 2);
    }
    assertThat(enter(0)).isFalse();
    for (int page = 0; page < 16; page++) {
      assertThat(outcome(page)).isEqualTo("3/11 its chain has more than 16 steps");
    }
    assertThat(outcome(16)).as("was not read, and is the client's").isEqualTo("pending");

    for (int page = 20; page < 23; page++) {
      write(page, Operation.READ, Operation.CHAINED, "q", 0, page == 22 ? 21 + 1 : page + 2);
    }
    assertThat(enter(20)).isFalse();
    for (int page = 20; page < 23; page++) {
      assertThat(outcome(page)).isEqualTo("3/11 its chain comes to page 21 again");
    }
    assertThat(started).isEmpty();
    assertThat(client.pendingCount()).isZero();
  }

  @Test
  void pageThatIsInUseElsewhereStillEndsTheClient() throws Exception {
    submit(new Step(0, "a"));
    write(5, Operation.READ, Operation.CHAINED, "b", 0, 1);
    assertThatThrownBy(() -> enter(5))
        .isInstanceOf(BrokenClient.class)
        .hasMessage("it submits page 0, which is still in use");
  }

  /** Whatever ends when and how: every step has one outcome, and none waits for ever. */
  @Test
  void randomChainsEndWithOneOutcomeForEachStep() throws Exception {
    SplittableRandom random = new SplittableRandom(14);
    for (int round = 0; round < 20_000; round++) {
      started.clear();
      pages = 0;
      long told = completions.getAcquire(CompletionDescriptor.TAIL);
      Step[] steps = new Step[random.nextInt(1, 7)];
      for (int i = 0; i < steps.length; i++) {
        int flags = random.nextInt() & (Operation.CONDITIONS | Operation.SKIP);
        long deadline = random.nextInt(4) == 0 ? now[0] + random.nextInt(1, 20) * 1_000_000L : 0;
        steps[i] = new Step(Operation.READ, flags, round + "/" + i, deadline);
      }
      submit(steps);
      for (int i = 0; client.pendingCount() > 0; i++) {
        assertThat(i).isLessThan(1000);
        switch (random.nextInt(8)) {
          case 0 -> client.cancel(null, random.nextInt(1, steps.length + 1));
          case 1 -> {
            now[0] += random.nextInt(4_000_000);
            client.endPassed();
          }
          default -> {
            Completion[] outcomes = {
              reading("0"), reading("1"), ABSENT, failure(Failure.Reason.TIMEOUT)
            };
            List.copyOf(started.values())
                .forEach(each -> client.end(each, outcomes[random.nextInt(outcomes.length)]));
          }
        }
      }
      assertThat(completions.getAcquire(CompletionDescriptor.TAIL)).isEqualTo(told + steps.length);
    }
  }
}
