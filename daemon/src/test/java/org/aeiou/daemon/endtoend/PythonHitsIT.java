package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.aeiou.daemon.simulator.Faults;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.Test;

/** What a program in Python is told inside the call, and what ends at its deadline. */
@Needs({Needs.Thing.FUSE, Needs.Thing.PYTHON3})
final class PythonHitsIT extends AttachedPrograms {
  @Test
  void secondWalkIsAllInsideTheCallAndSaysWhatTheFilesSay() throws Exception {
    try (SimulatedDaemon simulated = start(3, Duration.ofMillis(1), "")) {
      String out =
          python(
              simulated,
              """
              with aeiou.attach(root) as net:
                  def walk():
                      found, group = {}, net.begin()
                      def stated(delayed, entry): found[entry.path] = entry.stat
                      def listed(delayed, entry):
                          found[entry.path, "names"] = entry.names
                          for name, kind in entry.kinds.items():
                              path = f"{entry.path}/{name}"
                              if name != ".health":  # is made anew each time
                                  group.stat(path, stated)
                              if kind == "directory":
                                  group.list(path, listed)
                      for name in systems:
                          group.list(name, listed)
                      group.end()
                      assert group.wait(30)
                      return found, group.progress()
                  first, second = walk(), walk()
                  print(first[1].delayed > 0, second[1].delayed, second[1].failed, len(second[0]) > 1000)
                  wrong = []
                  for key, told in second[0].items():
                      if isinstance(key, tuple):
                          wrong += [key] if told != os.listdir(f"{root}/{key[0]}") else []
                          continue
                      shown = os.stat(f"{root}/{key}")
                      fields = ("st_mode", "st_uid", "st_gid", "st_size", "st_nlink")
                      if any(getattr(told, field) != getattr(shown, field) for field in fields):
                          wrong.append((key, told, shown))
                      elif abs(told.st_mtime - shown.st_mtime) > 0.002:
                          wrong.append((key, told.st_mtime, shown.st_mtime))
                  print(wrong)
                  # Absences, unknown names and descriptions, too.
                  seen = []
                  for _ in range(2):
                      group = net.begin()
                      note = lambda delayed, entry: seen.append((delayed, entry.reason))
                      group.read(f"{systems[0]}/.oid/1.3.6.1.2.1.1.99.0", note)
                      group.read(f"{systems[0]}/nothing", note)
                      group.describe(f"{systems[0]}/system/sysUpTime", note)
                      group.end()
                      assert group.wait(5)
                  print(sorted(seen[:3]) == [(True, ""), (True, "absent"), (True, "unknown name")])
                  print(seen[3:])
              """);

      assertThat(out)
          .isEqualTo(
              """
              True 0 0 True
              []
              True
              [(False, 'absent'), (False, 'unknown name'), (False, '')]
              """);
    }
  }

  @Test
  void requestOfASilentSystemEndsAtItsDeadlineAndGoesOnForOthers() throws Exception {
    try (SimulatedDaemon simulated = start(2, Duration.ofMillis(300), "")) {
      agents(simulated).get(1).faults(Faults.builder().dead(true).build());
      String out =
          python(
              simulated,
              """
              with aeiou.attach(root) as net:
                  begin = time.monotonic()
                  replies = [net.read(f"{systems[1]}/system/sysName", timeout=0.2),
                             net.listing(f"{systems[1]}/interfaces", timeout=0.2, background=True)]
                  for reply in replies:
                      entry = reply.result(10)
                      print(entry.reason, entry.message)
                  print(0.2 <= time.monotonic() - begin < 1.5)
                  slow = net.read(f"{systems[0]}/system/sysName", timeout=0.05).result(10)
                  end, cached = time.monotonic() + 10, slow
                  while not cached.ok and time.monotonic() < end:
                      cached = net.read(f".cached/{systems[0]}/system/sysName").result(5)
                  print(slow.reason, cached.ok)
              """);

      assertThat(out)
          .isEqualTo(
              """
              timeout its deadline passed
              timeout its deadline passed
              True
              timeout True
              """);
    }
  }
}
