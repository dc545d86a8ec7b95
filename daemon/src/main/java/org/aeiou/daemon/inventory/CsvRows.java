package org.aeiou.daemon.inventory;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tables with a line of column names (RFC 4180), with commas, semicolons or tabs. */
final class CsvRows {

  private CsvRows() {}

  /**
   * A line of a table.
   *
   * @param cells by the names of their columns, in small letters; without the empty ones
   */
  record CsvRow(int line, Map<String, String> cells) {}

  /**
   * The lines of a table.
   *
   * @throws IOException if it cannot be read, or its quotes are not closed
   */
  static List<CsvRow> read(Path file) throws IOException {
    List<CsvRow> rows = new ArrayList<>();
    try (CsvReader<NamedCsvRecord> reader =
        CsvReader.builder()
            .fieldSeparator(separator(file))
            .detectBomHeader(true)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .ofNamedCsvRecord(file)) {
      for (NamedCsvRecord record : reader) {
        Map<String, String> cells = new LinkedHashMap<>();
        record
            .getFieldsAsMap()
            .forEach(
                (column, cell) -> {
                  if (!cell.isBlank()) {
                    cells.put(column.strip().toLowerCase(Locale.ROOT), cell.strip());
                  }
                });
        if (!cells.isEmpty()) {
          rows.add(new CsvRow((int) record.getStartingLineNumber(), cells));
        }
      }
    } catch (CsvParseException e) {
      throw new IOException(file + ": is no table in CSV: " + e.getMessage(), e);
    } catch (UncheckedIOException e) {
      throw e.getCause() instanceof MalformedInputException
          ? new IOException(file + ": is not a text in UTF-8; expected one", e)
          : e.getCause();
    }
    return rows;
  }

  /** The separator that the first line has most of. */
  private static char separator(Path file) throws IOException {
    String first;
    try (var lines = Files.newBufferedReader(file)) {
      first = lines.readLine();
    } catch (MalformedInputException e) {
      throw new IOException(file + ": is not a text in UTF-8; expected one", e);
    }
    char best = ',';
    for (char candidate : new char[] {';', '\t'}) {
      if (count(first, candidate) > count(first, best)) {
        best = candidate;
      }
    }
    return best;
  }

  private static long count(String line, char wanted) {
    return line == null ? 0 : line.chars().filter(one -> one == wanted).count();
  }
}
