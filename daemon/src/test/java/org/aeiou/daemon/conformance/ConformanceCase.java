package org.aeiou.daemon.conformance;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.document.YamlNode;
import org.aeiou.daemon.document.YamlReader;

/**
 * One case: what is done, and what every client has to print then. How it is written is in {@code
 * closures/src/test/conformance/README.md}.
 *
 * @param title what holds, as a sentence
 * @param lacks by client, or for all, what it cannot do: the case must fail with it
 * @param steps what is done, in order
 */
public record ConformanceCase(String title, Map<String, String> lacks, List<Step> steps) {
  /**
   * One thing that is done.
   *
   * @param where file and line
   * @param order for the drivers, or for the world
   * @param result the last line that is expected; null for the world
   * @param lines those before that
   */
  record Step(String where, String order, String result, List<Expected> lines) {
    boolean isOfWorld() {
      return result == null;
    }
  }

  /**
   * Lines that are expected.
   *
   * @param clients which they are expected of; empty for all
   * @param count how many of them
   */
  record Expected(List<String> clients, int count, String text) {
    private static final Pattern WRITTEN = Pattern.compile("(?:\\[([a-z ]+)] )?(?:(\\d+) × )?(.*)");

    static Expected of(String line) {
      Matcher parts = WRITTEN.matcher(line);
      if (!parts.matches()) {
        throw new IllegalArgumentException(line);
      }
      return new Expected(
          parts.group(1) == null ? List.of() : Arrays.asList(parts.group(1).split(" ")),
          parts.group(2) == null ? 1 : Integer.parseInt(parts.group(2)),
          parts.group(3));
    }

    boolean isOf(String client) {
      return clients.isEmpty() || clients.contains(client);
    }
  }

  private static final String RESULT = " = ";

  /** In the place of a client's name. */
  private static final String ALL = "all";

  /** What a client cannot do; null if nothing is known to be lacking. */
  public String lacks(String client) {
    return lacks.getOrDefault(client, lacks.get(ALL));
  }

  /** The cases of a file: their titles with {@code play}, and {@code lacks} if there is any. */
  public static List<ConformanceCase> in(Path path) {
    String file = path.getFileName().toString();
    Problems problems = new Problems(file);
    YamlNode document = YamlReader.read(path, problems);
    List<ConformanceCase> cases = new ArrayList<>();
    if (document != null) {
      document.map().forEach((title, node) -> cases.add(of(file, title, node.map())));
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems.lines()));
    }
    return cases;
  }

  private static ConformanceCase of(String file, String title, Map<String, YamlNode> parts) {
    Map<String, String> lacks = new LinkedHashMap<>();
    YamlNode lacking = parts.get("lacks");
    if (lacking != null) {
      lacking.map().forEach((client, what) -> lacks.put(client, what.text()));
    }
    YamlNode play = parts.get("play");
    List<Step> steps = new ArrayList<>();
    int line = play.line();
    for (String written : play.text().lines().toList()) {
      line++;
      String text = written.strip();
      if (text.startsWith("> ") || text.startsWith("! ")) {
        steps.add(step(file + ":" + line, text));
      } else if (!text.isEmpty() && !text.startsWith("#")) {
        steps.get(steps.size() - 1).lines().add(Expected.of(text));
      }
    }
    return new ConformanceCase(title, lacks, complete(file + ":" + play.line(), steps));
  }

  private static Step step(String where, String text) {
    if (text.startsWith("! ")) {
      return new Step(where, text.substring(2), null, List.of());
    }
    int at = text.lastIndexOf(RESULT);
    if (at < 0) {
      throw new IllegalArgumentException(where + ": '" + text + "' says no result, as ' = done'");
    }
    return new Step(
        where, text.substring(2, at), text.substring(at + RESULT.length()), new ArrayList<>());
  }

  /** With the attaching and detaching that are not written. */
  private static List<Step> complete(String where, List<Step> steps) {
    if (!steps.get(0).order().startsWith("attach")) {
      steps.add(0, new Step(where, "attach", "attached", new ArrayList<>()));
    }
    if (!steps.get(steps.size() - 1).order().equals("detach")) {
      steps.add(new Step(where, "detach", "detached", new ArrayList<>()));
    }
    return List.copyOf(steps);
  }
}
