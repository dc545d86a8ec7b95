package org.aeiou.daemon.cli.output;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Lines of path, value, what else is wanted, and error (RFC 4180); the first has their names. */
public final class CsvFormat implements Format {
  private final CsvWriter csv;
  private final List<String> wanted;

  /**
   * Prints to {@code out}.
   *
   * @param wanted facts
   */
  public CsvFormat(PrintWriter out, List<String> wanted) {
    this.wanted = wanted;
    // The lines are the writer's to flush: this writes each of them through.
    csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).bufferSize(0).build(out);
    List<String> names = new ArrayList<>(List.of("path", "value"));
    names.addAll(wanted);
    names.add("error");
    csv.writeRecord(names);
  }

  @Override
  public void add(Item item) {
    List<String> fields = new ArrayList<>();
    fields.add(item.path());
    fields.add(item.text());
    wanted.forEach(name -> fields.add(item.facts().get(name)));
    fields.add(item.absent() || item.hasFailed() ? item.reasonWord() : null);
    csv.writeRecord(fields);
  }
}
