package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.base.Ticker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.attached.Attachment;
import org.aeiou.closures.attached.Step;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.closures.shared.Stat;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program finds without asking, of a daemon in another process, and when no more. */
@Needs(Needs.Thing.FUSE)
final class ValueTableIT {
  private static final Oid CONTACT = Oid.parse("1.3.6.1.2.1.1.4.0");

  @TempDir Path folder;
  private SimulatedDaemon simulated;
  private SimulatedAgent agent;
  private Attachment net;

  /** What came of a request, and whether inside the call. */
  private record Answer(Outcome<byte[]> outcome, boolean delayed) {
    String text() {
      if (outcome instanceof Reading<byte[]> reading) {
        return new String(reading.value(), UTF_8).replace('\0', ' ');
      }
      return outcome instanceof Failure<byte[]> failure
          ? failure.reason() + " " + failure.message()
          : "absent";
    }

    Stat stat() {
      assertThat(outcome).as(text()).isInstanceOf(Reading.class);
      return Stat.of(((Reading<byte[]>) outcome).value());
    }
  }

  private interface Ask {
    Request ask(Closure<byte[], CompletableFuture<Answer>> closure, CompletableFuture<Answer> into);
  }

  private static Answer ask(Ask ask) throws Exception {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    Request request =
        ask.ask((into, outcome, delayed) -> into.complete(new Answer(outcome, delayed)), answer);
    assertThat(request).isNotNull();
    assertThat(request == Request.IMMEDIATE).isEqualTo(answer.isDone() && !answer.join().delayed);
    return answer.get(20, TimeUnit.SECONDS);
  }

  private Answer read(String path) throws Exception {
    return ask((closure, into) -> net.submit(path, null, closure, into));
  }

  private Answer stat(String path) throws Exception {
    return ask((closure, into) -> net.stat(path, null, closure, into));
  }

  private Answer list(String path) throws Exception {
    return ask((closure, into) -> net.list(path, null, closure, into));
  }

  private Answer describe(String path) throws Exception {
    return ask((closure, into) -> net.describe(path, null, closure, into));
  }

  /** What the daemon says: a step of a chain is never answered here. */
  private Answer asked(Step step) throws Exception {
    return ask((closure, into) -> net.chain(List.of(step), null, closure, into));
  }

  private void start(String more) throws Exception {
    simulated =
        SimulatedDaemon.start(
            folder,
            SimulationOptions.builder().systems(2).rows(12).rtt(Duration.ofMillis(1)),
            "timeout: 1s, retries: 1, max-in-flight: 2",
            more);
    agent = simulated.network().agents().iterator().next();
    net = attach(Attachment.STANDARD);
  }

  private Attachment attach(Geometry geometry) throws Exception {
    // A test does not touch the mount from its own threads.
    String socket = cat(".aeiou/attach").strip();
    return Attachment.attach(
        Path.of(socket), geometry, Ticker.systemTicker(), InstantSource.system());
  }

  private String cat(String path) {
    Commands.Result read = Commands.run("cat", simulated.daemon().path(path).toString());
    assertThat(read.exit()).as(read.err()).isZero();
    return read.out();
  }

  @AfterEach
  void stop() throws Exception {
    if (net != null) {
      net.close();
    }
    if (simulated != null) {
      simulated.close();
    }
  }

  private String path(String inside) {
    return agent.name() + "/" + inside;
  }

  /** Asks until the answer is inside the call. */
  private static Answer immediate(Callable<Answer> ask) throws Exception {
    Answer answer = ask.call();
    for (int i = 0; i < 3 && answer.delayed; i++) {
      answer = ask.call();
    }
    assertThat(answer.delayed).as(answer.text()).isFalse();
    return answer;
  }

  @Test
  void whatWasAskedForOnceIsAnsweredInsideTheCallAsTheDaemonAnswersIt() throws Exception {
    start("");
    for (String directory : new String[] {"", agent.name(), path("system"), path("interfaces")}) {
      Answer first = list(directory);
      assertThat(first.delayed).as(directory).isTrue();
      Answer second = list(directory);
      assertThat(second.delayed).as(directory).isFalse();
      assertThat(second.text()).isEqualTo(first.text());
      assertThat(stat(directory).delayed).as(directory).isFalse();
      assertThat(stat(directory).stat()).isEqualTo(asked(Step.stat(directory)).stat());
      assertThat(read(directory).text()).isEqualTo("IS_DIRECTORY is a directory");
      assertThat(read(directory).delayed).isFalse();
      assertThat(asked(Step.read(directory)).text()).isEqualTo("IS_DIRECTORY is a directory");
    }
    String row = path("interfaces/eth7");
    String name = null;
    for (String column : Splitter.on(' ').omitEmptyStrings().split(list(row).text())) {
      if (name == null && !stat(row + "/" + column).delayed) { // listing rows has read some
        name = row + "/" + column;
      }
    }
    assertThat(name).as("unread, and listed").isNotNull();
    assertThat(stat(name).stat()).isEqualTo(asked(Step.stat(name)).stat());
    assertThat(stat(name).stat().size()).isEqualTo(4096);
    assertThat(read(name).delayed).isTrue();
    assertThat(stat(name).stat().size()).isNotEqualTo(4096);
    assertThat(read(name).delayed).isFalse();
    assertThat(stat(name).delayed).isFalse();
    assertThat(stat(name).stat()).isEqualTo(asked(Step.stat(name)).stat());
    assertThat(stat(name).stat().size()).isEqualTo(read(name).text().length() + 1);
    assertThat(list(name).text()).isEqualTo("NOT_DIRECTORY is not a directory");
    assertThat(list(name).delayed).isFalse();
    assertThat(asked(Step.list(name)).text()).isEqualTo("NOT_DIRECTORY is not a directory");
    assertThat(describe(name).delayed).isTrue();
    assertThat(describe(name).delayed).isFalse();
    Map<String, String> described = pairs(describe(name));
    assertThat(described)
        .containsEntry("value", read(name).text())
        .containsEntry("state", "fresh")
        .containsKeys("oid", "type", "raw", "ttl_ms");
    assertThat(Long.parseLong(described.get("age_ms"))).isBetween(0L, 20_000L);
    assertThat(describe(agent.name()).text()).isEqualTo("IS_DIRECTORY is a directory");
    assertThat(counter("attach.listings")).isEqualTo(5);
    assertThat(counter("attach.descriptions")).isEqualTo(1);
  }

  private static Map<String, String> pairs(Answer answer) {
    List<String> parts =
        Splitter.on('\0')
            .splitToList(new String(((Reading<byte[]>) answer.outcome).value(), UTF_8));
    Map<String, String> pairs = new HashMap<>();
    for (int i = 0; i + 1 < parts.size(); i += 2) {
      pairs.put(parts.get(i), parts.get(i + 1));
    }
    return pairs;
  }

  private long counter(String name) {
    return cat(".aeiou/stats")
        .lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll(".*[ :]", "")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void statIsTheSameInTheTableInTheDaemonAndOnTheMount() throws Exception {
    start("");
    List<String> paths = new ArrayList<>();
    walk("", paths, 0);
    for (int i = 0; i < paths.size(); i += 3) {
      if (!paths.get(i).endsWith("/")) {
        read(paths.get(i));
      }
    }
    int inTable = 0;
    List<String> command = new ArrayList<>(List.of("stat", "-c", "%f %u %g %s %X %Y %h|%n"));
    List<Answer> answers = new ArrayList<>();
    List<String> compared = new ArrayList<>();
    for (String path : paths) {
      String bare = path.replaceAll("/$", "");
      if (bare.contains("/.") || bare.startsWith(".")) {
        continue; // texts that are made anew at each look
      }
      Answer mine = immediate(() -> stat(bare));
      assertThat(mine.stat()).as(bare).isEqualTo(asked(Step.stat(bare)).stat());
      inTable++;
      answers.add(mine);
      compared.add(bare);
      command.add(simulated.daemon().path(bare).toString());
    }
    assertThat(inTable).isGreaterThan(100);
    List<String> lines = Commands.run(command.toArray(String[]::new)).out().lines().toList();
    assertThat(lines).hasSize(answers.size());
    for (int i = 0; i < lines.size(); i++) {
      Stat stat = answers.get(i).stat();
      String mine =
          "%x %d %d %d %d %d %d"
              .formatted(
                  stat.mode(),
                  stat.uid(),
                  stat.gid(),
                  stat.size(),
                  stat.takenMillis() / 1000,
                  stat.changedMillis() / 1000,
                  stat.links());
      String theirs = lines.get(i).substring(0, lines.get(i).indexOf('|'));
      assertThat(mine).as(compared.get(i)).isEqualTo(theirs);
    }
  }

  private void walk(String directory, List<String> into, int depth) throws Exception {
    String names = new String(((Reading<byte[]>) list(directory).outcome).value(), UTF_8);
    for (String name : Splitter.on('\0').omitEmptyStrings().split(names)) {
      if (name.isEmpty() || name.equals(".aeiou/")) {
        continue;
      }
      String path = directory.isEmpty() ? name : directory + "/" + name;
      into.add(path);
      if (name.endsWith("/") && depth < 4) {
        walk(path.substring(0, path.length() - 1), into, depth + 1);
      }
    }
  }

  @Test
  void secondWalkAsksNothing() throws Exception {
    start("");
    List<String> first = new ArrayList<>();
    walk("", first, 0);
    for (String path : first) {
      stat(path); // of what listing has read there is no more in the table than its name
    }
    long submissions = counter("attach.submissions");
    List<String> second = new ArrayList<>();
    walk("", second, 0);
    for (String path : second) {
      if (!path.contains("/.")) {
        assertThat(stat(path).delayed).as(path).isFalse();
      }
    }
    assertThat(second).isEqualTo(first);
    assertThat(counter("attach.submissions")).isEqualTo(submissions);
  }

  @Test
  void absenceIsKnownAndEndsWhenTheAttributeComes() throws Exception {
    start("ttl: {attributes: {sysContact: 300ms}}\n");
    agent.remove(CONTACT);
    String contact = path("system/sysContact");
    assertThat(read(contact).outcome).isInstanceOf(Absent.class);
    Answer second = read(contact);
    assertThat(second.delayed).isFalse();
    assertThat(second.outcome).isInstanceOf(Absent.class);
    assertThat(stat(contact).delayed).isFalse();
    assertThat(stat(contact).stat()).isEqualTo(asked(Step.stat(contact)).stat());
    assertThat(list(contact).text()).isEqualTo("NOT_DIRECTORY is not a directory");

    agent.set(CONTACT, new Value.Octets(Value.OctetsType.OCTETS, "root".getBytes(UTF_8)));
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    Answer last = read(contact);
    while (!(last.outcome instanceof Reading) && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(20);
      last = read(contact);
    }
    assertThat(last.text()).isEqualTo("root");
    assertThat(stat(contact).stat()).isEqualTo(asked(Step.stat(contact)).stat());
  }

  @Test
  void unknownNameIsKnownAndBecomesKnownWhenARowComes() throws Exception {
    start("ttl: {directory: 500ms}\n");
    list(path("interfaces"));
    String next = "eth11";
    String unknown = path("interfaces/" + next + "/ifName");
    Answer first = read(unknown);
    assertThat(first.text()).startsWith("UNKNOWN_NAME there is no '" + next + "'");
    Answer second = immediate(() -> read(unknown));
    assertThat(second.text()).isEqualTo(first.text());
    assertThat(stat(unknown).text()).isEqualTo(first.text());
    assertThat(list(unknown).text()).isEqualTo(first.text());
    assertThat(describe(unknown).text()).isEqualTo(first.text());

    assertThat(agent.addInterface()).isEqualTo(next);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    Answer last = read(unknown);
    while (!(last.outcome instanceof Reading) && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(20);
      last = read(unknown);
    }
    assertThat(last.text()).isEqualTo(next);
    assertThat(immediate(() -> list(path("interfaces"))).text()).contains(next);
  }

  @Test
  void rowThatIsGoneIsNotServedAnyMore() throws Exception {
    start("ttl: {directory: 500ms}\n");
    String row = path("interfaces/eth1");
    list(path("interfaces"));
    list(row);
    read(row + "/ifName");
    describe(row + "/ifName");
    assertThat(stat(row).delayed).isFalse();
    assertThat(stat(row + "/ifName").delayed).isFalse();
    assertThat(read(row + "/ifName").delayed).isFalse();

    agent.removeInterface("eth1");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (list(path("interfaces")).text().contains(" eth1/") && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(list(path("interfaces")).text()).doesNotContain(" eth1/");
    for (Answer gone :
        List.of(
            read(row + "/ifName"),
            stat(row + "/ifName"),
            describe(row + "/ifName"),
            stat(row),
            list(row))) {
      assertThat(gone.text()).startsWith("UNKNOWN_NAME");
    }
  }

  @Test
  void staleListingIsServedAndRefreshedByNoneOfTheProgramsPages() throws Exception {
    start("ttl: {directory: 1500ms}\n"); // and as long again it is stale
    list(path("interfaces"));
    assertThat(list(path("interfaces")).delayed).isFalse();
    agent.addInterface();
    TimeUnit.MILLISECONDS.sleep(1700);
    assertThat(list(path("interfaces")).delayed).as("stale").isFalse();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!list(path("interfaces")).text().contains("eth11") && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(list(path("interfaces")).text()).contains("eth11");
  }

  @Test
  void reloadTakesAwayWhatIsGoneAndBringsWhatCame() throws Exception {
    start("");
    Path configuration = folder.resolve("net.yaml");
    String all = Files.readString(configuration);
    String other = simulated.network().agents().get(1).name();
    assertThat(other).startsWith("lon/");
    list("");
    list(other + "/system");
    read(other + "/system/sysName");
    assertThat(stat(other + "/system/sysDescr").delayed).isFalse();
    String without = all.replaceFirst("(?m)^  " + other + ":\n.*\n?", "");
    assertThat(without).doesNotContain(other);
    Files.writeString(configuration, without);
    simulated.daemon().signal("HUP");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (list("").text().contains("lon/") && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(list("").text()).doesNotContain("lon/");
    while (!stat(other + "/system/sysDescr").text().startsWith("UNKNOWN_NAME")
        && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(1); // observers are told after names can be read
    }
    assertThat(stat(other + "/system/sysDescr").text()).startsWith("UNKNOWN_NAME");
    assertThat(read(other + "/system/sysName").text()).startsWith("UNKNOWN_NAME");
    while (read(other + "/system/sysName").delayed && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(1); // as above: what is told then takes unknown names away
    }
    assertThat(read(other + "/system/sysName").delayed).isFalse();

    Files.writeString(configuration, all);
    simulated.daemon().signal("HUP");
    while (!list("").text().contains("lon/") && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(read(other + "/system/sysName").text()).doesNotContain("UNKNOWN");
  }

  @Test
  void whatWasAskedForIsServedWhenTheDaemonIsGoneAndNothingElse() throws Exception {
    start("");
    list(path("system"));
    stat(path("system/sysName"));
    assertThat(list(path("system")).delayed).isFalse();
    simulated.daemon().signal("KILL");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (net.ended() == null && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(net.ended()).isNotNull();
    Closure<byte[], Void> none = (context, outcome, delayed) -> {};
    assertThat(list(path("system")).delayed).isFalse();
    assertThat(stat(path("system/sysName")).delayed).isFalse();
    assertThat(net.submit(path("system/sysName"), null, none, null)).isNull();
    assertThat(net.list(path("interfaces"), null, none, null)).isNull();
    assertThat(net.describe(path("system/sysName"), null, none, null)).isNull();
    assertThat(net.cached(path("system/sysName"))).isNull();
  }
}
