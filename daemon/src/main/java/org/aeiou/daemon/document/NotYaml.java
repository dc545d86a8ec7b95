package org.aeiou.daemon.document;

import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * Why a text is not YAML, with the line to look at: what is not closed is told where it opens,
 * which may be far above the line at which a parser notices. Quotes nothing of the text, as there
 * may be secrets in it.
 *
 * @param line counted from 1
 * @param what what is wrong there
 */
public record NotYaml(int line, String what) {

  /** The words for what the parser met. */
  public static NotYaml of(MarkedYamlEngineException e) {
    String problem = e.getProblem() == null ? "it cannot be read" : e.getProblem();
    int at = e.getProblemMark().map(NotYaml::line).orElse(1);
    int opened = e.getContextMark().map(NotYaml::line).orElse(at);
    String context = e.getContext() == null ? "" : e.getContext();
    if (isReference(e.getProblemMark())) {
      return new NotYaml(at, "'${…}' wants quotes here, as in \"${env:NAME}\"");
    }
    if (context.contains("flow mapping")) {
      return unclosed("{", "}", opened, at);
    }
    if (context.contains("flow sequence")) {
      return unclosed("[", "]", opened, at);
    }
    if (context.contains("quoted scalar") && problem.contains("unexpected")) {
      return new NotYaml(opened, "the quote that opens here is not closed");
    }
    if (problem.contains("unknown escape character")) {
      return new NotYaml(
          at, "there is a '\\' in double quotes; write '\\\\', or use single quotes");
    }
    if (problem.contains("could not find expected ':'")) {
      return new NotYaml(opened, "there is no ':' behind this key; expected 'KEY: VALUE'");
    }
    if (problem.startsWith("mapping values are not allowed")) {
      return new NotYaml(
          at, "there is a second ': ' in this line; a value that holds one wants quotes");
    }
    if (problem.contains("cannot start any token")) {
      return new NotYaml(
          at,
          problem.contains("TAB")
              ? "a tab is used for indentation; use spaces"
              : "a value begins with a character that wants quotes: '%', '@', '`'");
    }
    if (problem.startsWith("expected <block end>")) {
      return blockEnd(problem, at);
    }
    boolean isTag = problem.contains("tag") || context.contains("tag");
    return new NotYaml(at, isTag ? "there is a wrong tag ('!…')" : problem);
  }

  private static NotYaml unclosed(String open, String close, int opened, int at) {
    return new NotYaml(
        opened,
        at == opened
            ? "the '%s' in this line is not closed where '%s' or ',' is expected"
                .formatted(open, close)
            : "the '%s' that opens here is not closed; line %d goes on without '%s' or ','"
                .formatted(open, at, close));
  }

  private static NotYaml blockEnd(String problem, int at) {
    for (String close : new String[] {"}", "]"}) {
      if (problem.endsWith("'" + close + "'")) {
        return new NotYaml(at, "there is a '" + close + "' that closes nothing");
      }
    }
    return new NotYaml(
        at,
        "the line is not indented as those it belongs to; what is of one level begins in one"
            + " column");
  }

  private static int line(Mark mark) {
    return mark.getLine() + 1;
  }

  /** Whether the parser met the brace of a reference without quotes, which YAML takes for a map. */
  private static boolean isReference(Optional<Mark> met) {
    if (met.isEmpty()) {
      return false;
    }
    int[] text = met.get().getBuffer();
    int at = met.get().getPointer();
    return at > 0 && at < text.length && text[at - 1] == '$' && text[at] == '{';
  }
}
