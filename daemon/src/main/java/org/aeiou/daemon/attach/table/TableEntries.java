package org.aeiou.daemon.attach.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.aeiou.closures.shared.table.TableKind;
import org.aeiou.closures.shared.table.ValueTable.Entry;
import org.aeiou.daemon.service.FileSystem.Absence;
import org.aeiou.daemon.service.FileSystem.Attributes;
import org.aeiou.daemon.service.FileSystem.Content;

/** What the service knows, as slots of the table have it. */
public final class TableEntries {
  private static final byte[] NOTHING = {};

  private TableEntries() {}

  static Entry reading(Content content, long nowNanos) {
    return reading(content, content.value(), nowNanos);
  }

  /** With another value than the file's. */
  static Entry reading(Content content, byte[] value, long nowNanos) {
    Attributes attributes = content.attributes();
    return new Entry(
        TableKind.READING,
        value,
        nowNanos + Math.max(0, attributes.validNanos()),
        nowNanos + content.usableNanos(),
        attributes.takenMillis(),
        attributes.changedMillis(),
        attributes.mode(),
        (int) attributes.size());
  }

  static Entry absent(Absence absence, Attributes attributes, long nowNanos) {
    return new Entry(
        TableKind.ABSENT,
        NOTHING,
        nowNanos + absence.validNanos(),
        nowNanos + absence.usableNanos(),
        absence.takenMillis(),
        attributes.changedMillis(),
        attributes.mode(),
        (int) attributes.size());
  }

  static Entry statOnly(Attributes attributes, long untilNanos) {
    return new Entry(
        TableKind.STAT_ONLY,
        NOTHING,
        untilNanos,
        untilNanos,
        attributes.takenMillis(),
        attributes.changedMillis(),
        attributes.mode(),
        size(attributes));
  }

  static Entry listing(
      byte[] names,
      Attributes directory,
      long freshUntilNanos,
      long usableUntilNanos,
      long takenMillis) {
    return new Entry(
        TableKind.LISTING,
        names,
        freshUntilNanos,
        usableUntilNanos,
        takenMillis,
        directory.changedMillis(),
        directory.mode(),
        size(directory));
  }

  static Entry unknown(String sentence, long untilNanos) {
    return new Entry(
        TableKind.UNKNOWN_NAME, sentence.getBytes(UTF_8), untilNanos, untilNanos, 0, 0, 0, 0);
  }

  private static int size(Attributes attributes) {
    boolean isDirectory = (attributes.mode() & 0170000) == 040000;
    return isDirectory ? attributes.links() : (int) attributes.size();
  }

  /**
   * What is known of an attribute: pairs of name and value with a NUL behind each, the value first.
   */
  public static byte[] description(byte[] value, Map<String, String> known) {
    ByteArrayOutputStream pairs = new ByteArrayOutputStream();
    addPair(pairs, "value", value);
    known.forEach((name, text) -> addPair(pairs, name, text.getBytes(UTF_8)));
    return pairs.toByteArray();
  }

  private static void addPair(ByteArrayOutputStream pairs, String name, byte[] value) {
    pairs.writeBytes(name.getBytes(UTF_8));
    pairs.write(0);
    pairs.writeBytes(value);
    pairs.write(0);
  }
}
