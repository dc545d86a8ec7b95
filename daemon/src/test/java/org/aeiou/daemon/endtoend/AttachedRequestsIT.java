package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.aeiou.daemon.simulator.Faults;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.Test;

/** What the daemon answers to requests of attached programs, whatever library they use. */
@Needs({Needs.Thing.FUSE, Needs.Thing.PYTHON3})
final class AttachedRequestsIT extends AttachedPrograms {
  private static final String RAW =
      """
      from raw import *
      name = f"{systems[0]}/system/sysName"
      def ask(operation, path, flags=0, **more):
          raw.page(0, operation, path, flags, **more)
          raw.enter(0)
          raw.take(1)
          kind, reason, value = raw.outcome(0)
          return kind, reason, value.decode(errors="replace")
      """;

  @Test
  void spaceForLongValuesComesBackWithoutUsingTheSamePageAgain() throws Exception {
    try (SimulatedDaemon simulated = start(1, Duration.ofMillis(1), "")) {
      String out =
          python(
              simulated,
              RAW
                  + """
                  raw = Raw(root, 512, 256, 256, 64 * 1024)
                  # 400 values, none of which fits its outcome, in pages that are used only once.
                  kinds = []
                  for page in range(400):
                      raw.page(page, READ, ".aeiou/stats")
                      raw.enter(page)
                      raw.take(1)
                      kinds.append(raw.outcome(page)[0])
                      raw.done()
                  print(set(kinds))
                  """);

      assertThat(out).isEqualTo("{1}\n");
    }
  }

  @Test
  void requestThatContradictsItselfOrIsNotKnownIsABadOne() throws Exception {
    try (SimulatedDaemon simulated = start(1, Duration.ofMillis(1), "")) {
      String out =
          python(
              simulated,
              RAW
                  + """
                  raw = Raw(root, 16, 2048, 512)
                  print(ask(99, name))
                  print(ask(READ, name, 1 << 13))
                  print(ask(READ, name, 1 << 31))
                  print(ask(READ, name, HIT_ONLY | FORCE_MISS))
                  print(ask(READ, name, EACH))
                  print(ask(READ, name, EACH_AS_GROUP))
                  print(ask(READ, name, SKIP))
                  print(ask(CANCEL, "", BACKGROUND))
                  print(ask(CANCEL, "", HIT_ONLY))
                  print(ask(READ, ".uncached/" + name, HIT_ONLY))
                  number = raw.page(0, WATCH, name, NO_COMPLETION)
                  raw.enter(0)
                  until(lambda: raw.number_of(0) == number)
                  print(raw.outcome(0)[:2])
                  print(ask(READ, "x" * 300), ask(READ, "x/" * 600))
                  raw.page(0, READ, "")
                  struct.pack_into("<H", raw.out, raw.pages_at + PATH_LENGTH, 0xFFFF)
                  raw.enter(0); raw.take(1)
                  print(raw.outcome(0)[:2])
                  """);

      assertThat(out.lines())
          .containsExactly(
              "(3, 11, 'operation 99 is not known')",
              "(3, 11, 'flags 0x2000 are not known')",
              "(3, 11, 'flags 0x80000000 are not known')",
              "(3, 11, 'hit-only and force-miss contradict each other')",
              "(3, 11, \"'each' goes behind a listing, and nothing is before this\")",
              "(3, 11, \"'each as group' goes with 'each'\")",
              "(3, 11, \"'skip' goes with a condition to stop\")",
              "(3, 11, 'a cancel takes no flag but no-completion')",
              "(3, 11, 'a cancel takes no flag but no-completion')",
              "(3, 11, 'the flags contradict the view in the path')",
              "(3, 11)",
              "(3, 14, 'a name in it is longer than the 255 bytes that one may have')"
                  + " (3, 14, 'is longer than the 1024 bytes that a path may have here')",
              "(3, 14)");
    }
  }

  @Test
  void whatIsNoFileOrNoDirectoryIsSaidAsFilesDoAndWithoutThePath() throws Exception {
    try (SimulatedDaemon simulated = start(1, Duration.ofMillis(1), "")) {
      String out =
          python(
              simulated,
              RAW
                  + """
                  raw = Raw(root, 16, 2048, 512)
                  print(ask(READ, f"{systems[0]}/system"))
                  print(ask(LIST, name))
                  print(ask(READ, f"{name}/deeper"))
                  print(ask(READ, f"{systems[0]}/nope", HIT_ONLY))
                  print(ask(READ, ".aeiou/version", HIT_ONLY)[0], ask(READ, ".aeiou/version", FORCE_MISS)[0])
                  print(ask(READ, f"//{systems[0]}//system/sysName/")[0])
                  """);

      assertThat(out.lines())
          .containsExactly(
              "(3, 12, 'is a directory')",
              "(3, 13, 'is not a directory')",
              "(3, 13, \"there is nothing below 'sysName', which is a file\")",
              "(3, 9, \"there is no 'nope'\")",
              "1 1",
              "1");
    }
  }

  @Test
  void attributeIsDescribedAsItsExtendedAttributesAreAndStatFetchesNothing() throws Exception {
    try (SimulatedDaemon simulated = start(2, Duration.ofMillis(1), "")) {
      String out =
          python(
              simulated,
              RAW
                  + """
                  raw = Raw(root, 16, 256, 1024)
                  def sent():
                      return int(next(l for l in open(f"{root}/.aeiou/stats") if l.startswith("backend.snmp.datagrams.sent")).split()[1])
                  def described(path, flags=0):
                      kind, reason, value = ask(DESCRIBE, path, flags)
                      if kind != 1: return kind, reason
                      parts = value.split("\\0")[:-1]
                      return dict(zip(parts[::2], parts[1::2]))
                  before = sent()
                  print([ask(STAT, f"{path}/.health")[:2] for path in (*systems, systems[1].split("/")[0], "nowhere")], sent() - before)
                  for path, syntax in ("system/sysObjectID", "identifier"), ("system/sysName", "octets"), ("system/sysUpTime", "number"):
                      path = f"{systems[0]}/{path}"
                      known = described(path)
                      names = [n[11:] for n in os.listxattr(f"{root}/{path}")]
                      steady = [n for n in names if n not in ("age_ms", "ttl_ms")]
                      assert list(known) == ["value", *names, "syntax"], (known, names)
                      assert all(known[n] == os.getxattr(f"{root}/{path}", f"user.aeiou.{n}").decode() for n in steady)
                      print(known["value"] == open(f"{root}/{path}").read().strip(), known["syntax"] == syntax, known["state"])
                  print(list(described(f"{systems[0]}/.health")), described(f"{systems[1]}/system/sysName", HIT_ONLY), described(systems[0]))
                  """);

      assertThat(out.lines())
          .containsExactly(
              "[(1, 0), (1, 0), (3, 9), (3, 9)] 0",
              "True True fresh",
              "True True fresh",
              "True True fresh",
              "['value'] (3, 7) (3, 12)");
    }
  }

  @Test
  void hitOnlyLeavesTheNetworkAloneWhateverIsAskedAndHoweverStale() throws Exception {
    try (SimulatedDaemon simulated =
        start(1, Duration.ofMillis(1), "ttl: {config: 300ms, directory: 300ms, grace: 100}\n")) {
      String out =
          python(
              simulated,
              RAW
                  + """
                  raw = Raw(root, 64, 256, 4096)
                  table = f"{systems[0]}/interfaces"
                  def sent():
                      return int(next(l for l in open(f"{root}/.aeiou/stats") if l.startswith("backend.snmp.datagrams.sent")).split()[1])
                  print(ask(READ, name, HIT_ONLY)[:2], ask(LIST, table, HIT_ONLY)[:2])
                  row = ask(LIST, table)[2].split("\\0")[0].rstrip("/")
                  assert ask(READ, name)[0] == 1 and ask(READ, f"{table}/{row}/ifAlias")[0] == 1
                  time.sleep(0.4)
                  before = sent()
                  for _ in range(20):
                      assert ask(READ, name, HIT_ONLY)[0] == 1
                      assert ask(LIST, table, HIT_ONLY)[0] == 1
                      assert ask(READ, f".cached/{name}")[0] == 1
                  raw.page(0, LIST, table, HIT_ONLY | CHAINED, following=2)
                  raw.page(1, READ, table + "/{}/ifAlias", EACH | HIT_ONLY)
                  raw.enter(0); raw.take(2)
                  print(raw.outcome(1)[0], sum(map(bool, raw.outcome(1)[2].split(b"\\0")[1::2])) <= 1)
                  raw.page(2, WATCH, name, HIT_ONLY)
                  raw.enter(2)
                  time.sleep(1)
                  print(sent() - before, raw.outcome(2)[:2])
                  """);

      assertThat(out.lines()).containsExactly("(3, 7) (3, 7)", "1 True", "0 (1, 0)");
    }
  }

  @Test
  void watchOfWhatIsCachedIsToldOfWhatOthersRead() throws Exception {
    try (SimulatedDaemon simulated = start(1, Duration.ofMillis(1), "ttl: {counter: 1h}\n")) {
      String out =
          python(
              simulated,
              RAW
                  + """
                  raw, other = Raw(root, 16, 256, 512), Raw(root, 16, 256, 512)
                  path = f"{systems[0]}/system/sysUpTime"
                  number = raw.page(1, WATCH, path, HIT_ONLY)
                  raw.enter(1)
                  raw.take(1)
                  print(raw.outcome(1)[:2])
                  seen = set()
                  for flags in 0, FORCE_MISS, FORCE_MISS:
                      other.page(0, READ, path, flags); other.enter(0); other.take(1)
                      assert len(raw.take(1)) == 1
                      assert raw.outcome(1)[2] == other.outcome(0)[2], (raw.outcome(1), other.outcome(0))
                      seen.add(raw.outcome(1)[2])
                      time.sleep(0.05)
                  print(len(seen))
                  raw.page(0, CANCEL, "", target=number)
                  raw.enter(0)
                  # The answer and the end of the watch, in any order.
                  until(lambda: (raw.take(1, 0.1), raw.outcome(0)[0] and raw.outcome(1)[0] == 3)[1])
                  print(raw.outcome(0)[:2], raw.outcome(1)[:2])
                  """);

      assertThat(out.lines()).containsExactly("(3, 7)", "3", "(4, 1) (3, 5)");
    }
  }

  @Test
  void watchOfASystemThatAReloadTakesOutSaysSoAndGoesOnWhenItIsBack() throws Exception {
    try (SimulatedDaemon simulated = start(2, Duration.ofMillis(1), "ttl: {counter: 1h}\n")) {
      String out =
          python(
              simulated,
              RAW
                  + """
                  raw = Raw(root, 16, 256, 512)
                  text = open(sys.argv[5]).read()
                  def reloads():
                      return open(f"{root}/.aeiou/events").read().count("reloaded ")
                  def reload(systems_of):
                      kept, drop, before = [], False, reloads()
                      for line in text.splitlines(True):
                          if line[:2] == "  " and line[2] != " ":
                              drop = line.startswith(f"  {systems_of}:")
                          kept += [] if drop else [line]
                      open(sys.argv[5], "w").write("".join(kept))
                      os.kill(int(sys.argv[6]), signal.SIGHUP)
                      until(lambda: reloads() > before)
                  path = f"{systems[1]}/system/sysName"
                  raw.page(1, WATCH, path)
                  raw.page(2, WATCH, path, HIT_ONLY)
                  raw.page(3, WATCH, f"{systems[0]}/system/sysName")
                  raw.enter(1, 2, 3)
                  until(lambda: (raw.take(1, 0.1), raw.outcome(1)[0] == raw.outcome(2)[0] == raw.outcome(3)[0] == 1)[1])
                  for _ in range(2):
                      reload(systems[1])
                      until(lambda: (raw.take(1, 0.1), raw.outcome(1)[:2] == raw.outcome(2)[:2] == (3, 9))[1])
                      print(raw.outcome(1)[2].decode(), raw.outcome(3)[0], raw.flags(1), raw.flags(2))
                      reload("none")
                      until(lambda: (raw.take(1, 0.1), raw.outcome(1)[0] == 1)[1])
                      until(lambda: (raw.take(1, 0.1), raw.outcome(2)[0] == 1)[1])
                      print(raw.outcome(1)[2].decode() == raw.outcome(2)[2].decode() == systems[1], raw.flags(1))
                  """,
              folder.resolve("net.yaml").toString(),
              Long.toString(simulated.daemon().pid()));

      String name = agents(simulated).get(1).name();
      assertThat(out)
          .isEqualTo((name + " was taken out of the configuration 1 1 1\nTrue 1\n").repeat(2));
    }
  }

  @Test
  void answerToACancelIsWhatBecomesOfTheRequest() throws Exception {
    try (SimulatedDaemon simulated = start(2, Duration.ofMillis(2), "")) {
      agents(simulated).get(1).faults(Faults.builder().dead(true).build());
      String out =
          python(
              simulated,
              RAW
                  + """
                  raw = Raw(root, 64, 256, 256)
                  answers = {(1, True): 0, (2, False): 0}
                  for turn in range(400):
                      number = raw.page(1, READ, name, FORCE_MISS)
                      raw.page(0, CANCEL, "", target=number)
                      raw.enter(1)
                      time.sleep(turn % 8 / 2000)
                      raw.enter(0)
                      raw.take(2)
                      answers[raw.outcome(0)[1], raw.outcome(1)[:2] == (3, 5)] += 1
                  print(sorted(answers), min(answers.values()) > 0)
                  # A cancel with an answer that is not told.
                  number = raw.page(1, READ, f"{systems[1]}/system/sysName")
                  cancel = raw.page(2, CANCEL, "", NO_COMPLETION, target=number)
                  raw.enter(1, 2)
                  until(lambda: raw.number_of(2) == cancel)
                  print(raw.take(1)[0][0], raw.outcome(1)[:2], raw.outcome(2)[:2], raw.take(1, 0.1))
                  """);

      assertThat(out.lines()).containsExactly("[(1, True), (2, False)] True", "1 (3, 5) (4, 1) []");
    }
  }
}
