package org.aeiou.daemon.conformance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Plays cases with all clients at once, step by step: what takes time takes it once, and what
 * happens to the daemon happens to all. Each client has systems of its own, in each case, so that
 * none finds what another has cached.
 */
public final class Performance implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("\\$([a-z]+)");
  private static final String ANYTHING = "…";

  private final Map<String, List<String>> commands;
  private final World world;
  private final Map<String, ClientDriver> drivers = new HashMap<>();

  /**
   * With no driver started yet.
   *
   * @param commands by client, what starts its driver
   */
  public Performance(Map<String, List<String>> commands, World world) {
    this.commands = new LinkedHashMap<>(commands);
    this.world = world;
  }

  /** One client in one case. */
  private final class Player {
    final String client;
    final Map<String, String> systems = new HashMap<>();
    String wrong = "";

    Player(String client) {
      this.client = client;
    }

    boolean isIn() {
      return wrong.isEmpty();
    }

    String named(String text) {
      return NAME.matcher(text)
          .replaceAll(
              name ->
                  Matcher.quoteReplacement(systems.computeIfAbsent(name.group(1), world::system)));
    }

    void send(String order) {
      try {
        ClientDriver driver = drivers.get(client);
        if (driver == null) {
          driver = ClientDriver.start(commands.get(client));
          drivers.put(client, driver);
        }
        driver.send(named(order));
      } catch (IOException e) {
        wrong = e.toString();
      }
    }

    void compare(ConformanceCase.Step step) throws InterruptedException {
      ClientDriver.Answer answer;
      try {
        answer = drivers.get(client).answer();
      } catch (IOException e) {
        wrong = step.where() + ": > " + step.order() + "\n" + e.getMessage();
        return;
      }
      List<String> expected = new ArrayList<>();
      for (ConformanceCase.Expected line : step.lines()) {
        for (int i = 0; line.isOf(client) && i < line.count(); i++) {
          expected.add(named(line.text()));
        }
      }
      String result = resultOf(step);
      if (!matches(result, answer.result()) || !agree(expected, answer.lines())) {
        wrong =
            step.where()
                + ": > "
                + named(step.order())
                + "\n expected "
                + told(expected, result)
                + "\n but was  "
                + told(answer.lines(), answer.result());
      }
    }

    /** {@code accepted 7, refused 93 [python] accepted 100, refused 0}: for the others, for one. */
    private String resultOf(ConformanceCase.Step step) {
      String general = null;
      for (String part : step.result().split(" (?=\\[[a-z ]+] )", -1)) {
        ConformanceCase.Expected expected = ConformanceCase.Expected.of(part);
        if (expected.clients().isEmpty()) {
          general = expected.text();
        } else if (expected.isOf(client)) {
          return named(expected.text());
        }
      }
      return named(general);
    }
  }

  /** Plays a case. Returns what was wrong, by client; empty where nothing was. */
  public Map<String, String> play(ConformanceCase played) throws IOException, InterruptedException {
    List<Player> players = commands.keySet().stream().map(Player::new).toList();
    try {
      for (ConformanceCase.Step step : played.steps()) {
        List<Player> in = players.stream().filter(Player::isIn).toList();
        if (step.isOfWorld()) {
          List<String> wrong =
              world.happen(in.stream().map(player -> player.named(step.order())).toList());
          for (int i = 0; i < in.size(); i++) {
            if (!wrong.get(i).isEmpty()) {
              in.get(i).wrong = step.where() + ": ! " + step.order() + "\n " + wrong.get(i);
            }
          }
        } else {
          in.forEach(player -> player.send(step.order()));
          for (Player player : in) {
            if (player.isIn()) {
              player.compare(step);
            }
          }
        }
      }
    } finally {
      world.restore();
    }
    Map<String, String> wrong = new LinkedHashMap<>();
    for (Player player : players) {
      if (!player.isIn()) {
        settle(player.client);
      }
      wrong.put(player.client, player.wrong);
    }
    return wrong;
  }

  /** A driver that a case was too much for goes on if it can let go of what it has pending. */
  private void settle(String client) throws IOException, InterruptedException {
    ClientDriver driver = drivers.get(client);
    try {
      if (driver != null) {
        driver.send("detach");
        if (driver.answer().result().equals("detached")) {
          return;
        }
      }
    } catch (IOException e) {
      // It hangs, or has ended: another one is started.
    }
    drop(client);
  }

  private void drop(String client) throws IOException {
    ClientDriver driver = drivers.remove(client);
    if (driver != null) {
      driver.close();
    }
  }

  /** Those of one request in their order, whatever other requests were told between. */
  private static boolean agree(List<String> expected, List<String> told) {
    Map<String, List<String>> left = byLabel(expected);
    Map<String, List<String>> right = byLabel(told);
    return left.keySet().equals(right.keySet())
        && left.entrySet().stream().allMatch(e -> inOrder(e.getValue(), right.get(e.getKey())));
  }

  private static boolean inOrder(List<String> expected, List<String> told) {
    if (expected.size() != told.size()) {
      return false;
    }
    for (int i = 0; i < told.size(); i++) {
      if (!matches(expected.get(i), told.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static Map<String, List<String>> byLabel(List<String> lines) {
    return lines.stream().collect(Collectors.groupingBy(line -> line.split(" ", 2)[0]));
  }

  private static boolean matches(String expected, String told) {
    String pattern =
        Pattern.compile(ANYTHING, Pattern.LITERAL)
            .splitAsStream(expected + "\0")
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return Pattern.matches(pattern, told + "\0");
  }

  /** Lines as a case has them: those that are the same as one, with their number. */
  private static String told(List<String> lines, String result) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    lines.forEach(line -> counts.merge(line, 1, Integer::sum));
    StringBuilder all = new StringBuilder("= ").append(result);
    counts.forEach(
        (line, count) -> all.append("\n   ").append(count == 1 ? "" : count + " × ").append(line));
    return all.toString();
  }

  /** What the drivers wrote to their standard errors, as sanitizers do; empty if nothing. */
  public String errors() throws IOException {
    StringBuilder all = new StringBuilder();
    for (Map.Entry<String, ClientDriver> driver : drivers.entrySet()) {
      String errors = driver.getValue().errors();
      all.append(errors.isEmpty() ? "" : driver.getKey() + ": " + errors);
    }
    return all.toString();
  }

  @Override
  public void close() throws IOException {
    for (String client : List.copyOf(drivers.keySet())) {
      drop(client);
    }
  }
}
