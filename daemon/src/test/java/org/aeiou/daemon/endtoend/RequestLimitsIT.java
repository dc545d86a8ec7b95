package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.aeiou.daemon.simulator.Faults;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.Test;

/** What attached programs may say of each request: by when, how urgent, and on what condition. */
@Needs({Needs.Thing.FUSE, Needs.Thing.PYTHON3})
final class RequestLimitsIT extends AttachedPrograms {
  private static final String RAW =
      """
      from raw import *
      import random
      name = f"{systems[0]}/system/sysName"
      table = f"{systems[0]}/interfaces"
      def within(seconds):
          return time.monotonic_ns() + int(seconds * 1e9)
      def outcome(raw, page):
          kind, reason, value = raw.outcome(page)
          return kind, reason, value.decode(errors="replace")
      def ask(raw, operation, path, flags=0, **more):
          raw.page(0, operation, path, flags, **more)
          raw.enter(0)
          raw.take(1)
          return outcome(raw, 0)
      """;

  @Test
  void deadlineEndsARequestOfAnyKindAndWhatWasSentForItUpdatesTheCache() throws Exception {
    try (SimulatedDaemon simulated = start(2, Duration.ofMillis(400), "")) {
      agents(simulated).get(1).faults(Faults.builder().dead(true).build());
      String out =
          python(
              simulated,
              RAW
                  + """
                  raw = Raw(root, 32, 256, 4096, 65536)
                  for _ in range(2):  # the first finds out whether the system answers
                      assert ask(raw, READ, name, FORCE_MISS)[0] == 1
                  begun = time.monotonic()
                  print(ask(raw, READ, f"{systems[0]}/system/sysLocation", target=within(0.1)))
                  print(0.1 <= time.monotonic() - begun < 0.35)
                  begun = time.monotonic()
                  print(ask(raw, LIST, table, target=within(0.05))[:2], ask(raw, READ_GROUP, table, target=within(0.05))[:2])
                  time.sleep(1)  # for those: what waits for its turn is not sent
                  print(ask(raw, DESCRIBE, f"{systems[0]}/system/sysDescr", target=within(0.05))[:2])
                  print(time.monotonic() - begun < 1.35)
                  # Past already: nothing is asked. Far enough away: as without.
                  print(ask(raw, READ, f"{systems[0]}/system/sysContact", target=1)[:2], ask(raw, STAT, name, target=1)[:2])
                  print(ask(raw, READ, name, FORCE_MISS, target=within(30))[0], ask(raw, READ, name, FORCE_MISS, target=1 << 63)[0])
                  # What was sent came in, for others.
                  until(lambda: ask(raw, READ, f"{systems[0]}/system/sysLocation", HIT_ONLY)[0] == 1)
                  until(lambda: ask(raw, READ, f"{systems[0]}/system/sysDescr", HIT_ONLY)[0] == 1)
                  print(ask(raw, READ, f"{systems[0]}/system/sysContact", HIT_ONLY)[:2])
                  # One that was not told of: in its outcome.
                  number = raw.page(5, READ, f"{systems[1]}/system/sysName", NO_COMPLETION, target=within(0.05))
                  raw.enter(5)
                  until(lambda: raw.number_of(5) == number)
                  print(outcome(raw, 5))
                  # The deadline is what ends it: a cancel behind it is too late.
                  number = raw.page(6, READ, f"{systems[1]}/system/sysName", target=within(0.05))
                  raw.enter(6); raw.take(1)
                  print(outcome(raw, 6)[:2], ask(raw, CANCEL, "", target=number)[:2])
                  # A client of version 1.2 knows no deadlines.
                  old = Raw(root, minor=2)
                  print(ask(old, READ, name, target=1)[0])
                  """);

      assertThat(out.lines())
          .containsExactly(
              "(3, 1, 'its deadline passed')",
              "True",
              "(3, 1) (3, 1)",
              "(3, 1)",
              "True",
              "(3, 1) (3, 1)",
              "1 1",
              "(3, 7)",
              "(3, 1, 'its deadline passed')",
              "(3, 1) (4, 2)",
              "1");
      assertThat(counter(simulated, "attach.deadlines")).isEqualTo(8);
      assertThat(counter(simulated, "attach.faults")).isZero();
    }
  }

  @Test
  void whatIsInTheBackgroundWaitsForEverythingInteractiveOfAnyProgram() throws Exception {
    try (SimulatedDaemon simulated = start(1, Duration.ofMillis(20), "")) {
      String out =
          python(
              simulated,
              RAW
                  + """
                  raw, other = Raw(root, 512, 256, 256), Raw(root, 512, 256, 256)
                  assert ask(raw, READ, name, FORCE_MISS)[0] == 1
                  # Each OID is a question of its own: many exchanges, one after another.
                  def oid(i):
                      return f"{systems[0]}/.oid/1.3.6.1.2.1.2.2.1.{i % 22 + 1}.{i // 22 + 1}"
                  for page in range(400):
                      raw.page(page, READ, oid(page), BACKGROUND)
                  raw.enter(*range(400))
                  until(lambda: raw.word(raw.into, TAIL) > raw.head)
                  before = raw.word(raw.into, TAIL)
                  print(ask(other, READ, f"{systems[0]}/system/sysLocation", FORCE_MISS)[0])
                  print(raw.word(raw.into, TAIL) - before < 300)
                  # One that an interactive request wants as well goes with that.
                  last = 399
                  print(ask(other, READ, oid(last))[0] in (1, 2), raw.number_of(last) != 0 or raw.word(raw.into, TAIL) < 400)
                  print(len(raw.take(400, 30)), {raw.outcome(page)[0] for page in range(400)} <= {1, 2})
                  """);

      assertThat(out.lines()).containsExactly("1", "True", "True True", "400 True");
    }
  }

  @Test
  void chainSkipsAndStopsWhereItIsToldAndTellsOfEveryName() throws Exception {
    try (SimulatedDaemon simulated = start(1, Duration.ofMillis(5), "")) {
      String out =
          python(
              simulated,
              RAW
                  + """
                  raw = Raw(root, 32, 256, 4096, 65536)
                  def chain(*steps):
                      for page, (operation, path, flags, *deadline) in enumerate(steps):
                          last = page == len(steps) - 1
                          raw.page(page, operation, path, flags | (0 if last else CHAINED),
                                   target=deadline[0] if deadline else 0, following=0 if last else page + 2)
                      raw.enter(0)
                      assert len(raw.take(len(steps))) == len(steps)
                      return [outcome(raw, page) for page in range(len(steps))]
                  missing, value = f"{systems[0]}/.oid/1.3.6.1.2.1.1.99.0", (READ, name, 0)
                  print(chain((READ, missing, STOP_ON_ABSENT), value)[1])
                  print(*chain((READ, missing, STOP_ON_ABSENT | SKIP), value, value)[1:])
                  print(*chain((READ, name, STOP_ON_READING), value)[1:])
                  print([o[0] for o in chain((READ, "nowhere", STOP_ON_READING | STOP_ON_ABSENT), value)])
                  print(*chain((READ, name, STOP_ON_READING | SKIP), (LIST, table, 0), (READ, "{}/system/sysName", 0))[1:])
                  # A deadline is a step's own, and a failure as any other.
                  late = (READ, f"{systems[0]}/system/sysDescr", FORCE_MISS, 1)
                  print([o[:2] for o in chain(late, value)])
                  print([o[:2] for o in chain((*late[:2], FORCE_MISS | STOP_ON_ERROR, 1), value)])
                  kind, reason, _ = chain((LIST, table, 0), (READ, table + "/{}/{}", EACH | EACH_AS_GROUP))[1]
                  group = raw.outcome(1)[2]
                  rows, columns, form, names = struct.unpack_from("<4I", group)
                  print(kind, rows, columns, form, {tuple(group[16 + 2 * i:18 + 2 * i]) for i in range(rows)})
                  chain((LIST, table, STOP_ON_ZERO), (READ, table + "/{}/ifName", EACH | EACH_AS_GROUP))
                  group = raw.outcome(1)[2]
                  at = 16 + (2 * rows + 3 & ~3) + 4 * rows
                  words = group[at:].split(b"\\0")
                  print(words[0], words[1:1 + rows] == words[1 + rows:1 + 2 * rows], {tuple(group[16 + 2 * i:18 + 2 * i]) for i in range(rows)})
                  # More than 16 steps, and a loop: its own failure, and the program goes on.
                  for page in range(17):
                      raw.page(page, READ, name, CHAINED, following=page + 2)
                  raw.enter(0)
                  print(len(raw.take(17, 0.5)), {outcome(raw, page) for page in range(16)})
                  raw.page(20, READ, name, CHAINED, following=22)
                  raw.page(21, READ, name, CHAINED, following=21)
                  raw.enter(20)
                  print(len(raw.take(2)), outcome(raw, 20), outcome(raw, 21)[:2])
                  print(ask(raw, READ, name)[0])
                  """);

      String ended = "(3, 5, 'the chain ended before this step')";
      String read = "(1, 0, 'core1')";
      assertThat(out.lines())
          .containsExactly(
              ended,
              "(3, 5, 'skipped') " + read,
              ended,
              "[3, 1]",
              "(3, 5, 'skipped') " + read,
              "[(3, 1), (1, 0)]",
              "[(3, 1), (3, 5)]",
              "1 4 1 2 {(3, 9)}",
              "b'' True {(1, 0)}",
              "16 {(3, 11, 'its chain has more than 16 steps')}",
              "2 (3, 11, 'its chain comes to page 20 again') (3, 11)",
              "1");
      assertThat(counter(simulated, "attach.broken")).isZero();
    }
  }

  /** Pages of all flags, operations, deadlines and links: an outcome for each, and no fault. */
  @Test
  void randomPagesHaveOneOutcomeEachAndHarmNoOther() throws Exception {
    try (SimulatedDaemon simulated = start(2, Duration.ofMillis(2), "")) {
      agents(simulated).get(1).faults(Faults.builder().loss(0.3).build());
      String out =
          python(
              simulated,
              RAW
                  + """
                  rng = random.Random(14)
                  paths = [name, table, f"{table}/{{}}/ifName", "{}/system/sysName", f"{systems[1]}/system/sysName", "", "nowhere", "{}"]
                  raw, ended = Raw(root, 64, 256, 1024, 4096), 0
                  for turn in range(300):
                      # Chains of pages that are used once each, but for loops, which end where they are found.
                      free = list(range(64)); rng.shuffle(free)
                      entered, expected = [], 0
                      while free and rng.random() < 0.95:
                          chain = [free.pop() for _ in range(min(len(free), rng.choice((1, 1, 1, 2, 3, 5, 17))))]
                          loops = rng.random() < 0.1
                          for i, page in enumerate(chain):
                              last = i == len(chain) - 1
                              flags = rng.getrandbits(13) & rng.getrandbits(13) & ~(CHAINED | NO_COMPLETION)
                              following = (rng.choice(chain) + 1 if loops else 0) if last else chain[i + 1] + 1
                              raw.page(page, rng.choice((1, 1, 1, 2, 3, 4, 8, 9, 99)), rng.choice(paths),
                                       flags | (CHAINED if following else 0), group=rng.randrange(3), following=following,
                                       target=rng.choice((0, 1, within(0.001), within(0.02), within(60), 2**64 - 1, rng.getrandbits(64))))
                          entered.append(chain[0])
                          expected += min(len(chain), 16)
                      if entered:
                          raw.enter(*entered)
                          taken = raw.take(expected, 60)
                          assert len(taken) == expected, (turn, len(taken), expected)
                          assert len({page for page, _ in taken}) == expected
                          ended += expected
                          raw.done()
                  with aeiou.attach(root) as net:
                      print(ended > 5000, net.read(name).result(5).ok)
                  """);

      assertThat(out).isEqualTo("True True\n");
      assertThat(counter(simulated, "attach.deadlines")).isGreaterThan(100);
      assertThat(List.of(counter(simulated, "attach.faults"), counter(simulated, "attach.broken")))
          .containsOnly(0L);
      assertThat(simulated.daemon().log()).doesNotContain("ERROR");
    }
  }
}
