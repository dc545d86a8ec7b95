package org.aeiou.daemon.cli.output;

import java.io.PrintWriter;
import java.util.List;

/**
 * {@code path: value} lines; the value alone where one path was asked for. What else is wanted
 * stands behind it in brackets.
 */
public final class PlainFormat implements Format {
  private final PrintWriter out;
  private final boolean alone;
  private final List<String> wanted;
  private final Terminal terminal;

  /**
   * Prints to {@code out}.
   *
   * @param alone whether there is one value, which needs no path
   * @param wanted facts
   * @param terminal what {@code out} is shown on
   */
  public PlainFormat(PrintWriter out, boolean alone, List<String> wanted, Terminal terminal) {
    this.out = out;
    this.alone = alone;
    this.wanted = wanted;
    this.terminal = terminal;
  }

  @Override
  public void add(Item item) {
    if (item.absent() || item.hasFailed()) {
      return;
    }
    if (!alone) {
      out.print(terminal.path(terminal.shown(item.path())));
    }
    if (item.text() != null) {
      out.print((alone ? "" : ": ") + terminal.shownLines(item.text()));
    }
    StringBuilder facts = new StringBuilder();
    for (String name : wanted) {
      String fact = item.facts().get(name);
      if (fact != null) {
        facts.append(facts.isEmpty() ? "  [" : ", ").append(name).append(' ').append(fact);
      }
    }
    if (!facts.isEmpty()) {
      out.print(terminal.dim(terminal.shown(facts.append(']').toString())));
    }
    out.print('\n');
  }
}
