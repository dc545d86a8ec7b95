package org.aeiou.daemon.cli.output;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Rows by directory, columns by name: {@code core1/interfaces/eth0} has an {@code ifOperStatus}. A
 * column of numbers stands on the right. What is not there is empty; what failed is its reason in
 * brackets.
 */
public final class TableFormat implements Format {
  private static final String GAP = "  ";
  private static final Pattern NUMBER = Pattern.compile("-?[0-9.]+([eE][+-]?[0-9]+)?");

  private final PrintWriter out;
  private final Terminal terminal;
  private final Map<String, Map<String, String>> rows = new LinkedHashMap<>();
  private final Set<String> columns = new LinkedHashSet<>();

  /**
   * Prints to {@code out} at the end.
   *
   * @param terminal what that is shown on
   */
  public TableFormat(PrintWriter out, Terminal terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  @Override
  public void add(Item item) {
    int slash = item.path().lastIndexOf('/');
    String row = slash < 0 ? "" : item.path().substring(0, slash);
    String column = item.path().substring(slash + 1);
    columns.add(column);
    rows.computeIfAbsent(row, any -> new LinkedHashMap<>()).put(column, cell(item));
  }

  private static String cell(Item item) {
    if (item.hasFailed()) {
      return "(" + item.reasonWord() + ")";
    }
    return item.text() == null ? "" : Terminal.escaped(item.text());
  }

  @Override
  public void end() {
    List<List<String>> lines = new ArrayList<>();
    List<String> names = new ArrayList<>(List.of(""));
    names.addAll(columns);
    lines.add(names);
    rows.forEach(
        (row, cells) -> {
          List<String> line = new ArrayList<>(List.of(Terminal.escaped(row)));
          columns.forEach(column -> line.add(cells.getOrDefault(column, "")));
          lines.add(line);
        });
    if (!rows.isEmpty()) {
      print(lines);
    }
  }

  private void print(List<List<String>> lines) {
    int[] widths = new int[lines.get(0).size()];
    boolean[] numbers = new boolean[widths.length];
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      widths[i] = lines.stream().mapToInt(line -> Terminal.width(line.get(column))).max().orElse(0);
      numbers[i] =
          i > 0
              && lines.stream()
                  .skip(1)
                  .map(line -> line.get(column))
                  .allMatch(cell -> cell.isEmpty() || NUMBER.matcher(cell).matches());
    }
    for (int i = 0; i < lines.size(); i++) {
      StringBuilder text = new StringBuilder();
      for (int j = 0; j < widths.length; j++) {
        String cell = lines.get(i).get(j);
        String space = " ".repeat(widths[j] - Terminal.width(cell));
        text.append(j == 0 ? "" : GAP).append(numbers[j] ? space + cell : cell + space);
      }
      String line = text.toString().stripTrailing();
      out.print((i == 0 ? terminal.bold(line) : line) + "\n");
    }
  }
}
