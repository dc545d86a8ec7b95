package org.aeiou.daemon.http.snmp;

import java.util.List;

/**
 * Samples of one name.
 *
 * @param type {@code counter} or {@code gauge}
 */
record MetricFamily(String name, String type, String help, Samples samples) {

  /** What writes the samples, one after another; for one thread at a time. */
  interface Samples {
    /** How many times it may be called. */
    int size();

    /** Writes the lines of one value, none if there is none; returns how many. */
    int put(int index, StringBuilder out);
  }

  /** Writes the lines that say what it is. */
  void head(StringBuilder out) {
    out.append("# HELP ").append(name).append(' ');
    for (int i = 0; i < help.length(); i++) {
      char c = help.charAt(i);
      out.append(c == '\\' ? "\\\\" : c == '\n' ? "\\n" : Character.toString(c));
    }
    out.append("\n# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  /** Lines that are known. */
  record Lines(String name, List<String> all) implements Samples {
    static Lines of(String name, String... all) {
      return new Lines(name, List.of(all));
    }

    @Override
    public int size() {
      return all.size();
    }

    @Override
    public int put(int index, StringBuilder out) {
      out.append(name).append(all.get(index)).append('\n');
      return 1;
    }
  }
}
