package org.aeiou.daemon.document;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A document in a form that is read in a tenth of the time that YAML takes. Every text is there
 * once; lines are not kept.
 *
 * <pre>
 *   int texts { UTF text }
 *   node:  byte kind   NOTHING | TEXT int text | LIST int items { node } | KEYS int keys { int text, node }
 * </pre>
 */
public final class BinaryNodes {
  private static final int NOTHING = 0;
  private static final int TEXT = 1;
  private static final int LIST = 2;
  private static final int KEYS = 3;
  private static final int MOST_DEPTH = 16;

  /** What a text may have: {@link DataOutputStream#writeUTF} takes no longer one. */
  private static final int LONGEST_TEXT = 16_000;

  private final Map<String, Integer> numbers = new HashMap<>();
  private final ByteArrayOutputStream textBytes = new ByteArrayOutputStream();
  private final DataOutputStream texts = new DataOutputStream(textBytes);

  private BinaryNodes() {}

  /**
   * A document as bytes.
   *
   * @throws IllegalArgumentException if a text in it is too long
   */
  public static byte[] write(YamlNode document) {
    BinaryNodes writer = new BinaryNodes();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      DataOutputStream nodes = new DataOutputStream(bytes);
      writer.write(document, nodes);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(all);
      out.writeInt(writer.numbers.size());
      writer.textBytes.writeTo(out);
      bytes.writeTo(out);
      return all.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
  }

  private void write(YamlNode node, DataOutputStream out) throws IOException {
    if (node.isNothing()) {
      out.writeByte(NOTHING);
    } else if (node.text() != null) {
      out.writeByte(TEXT);
      out.writeInt(number(node.text()));
    } else if (node.list() != null) {
      out.writeByte(LIST);
      out.writeInt(node.list().size());
      for (YamlNode item : node.list()) {
        write(item, out);
      }
    } else {
      out.writeByte(KEYS);
      out.writeInt(node.map().size());
      for (Map.Entry<String, YamlNode> entry : node.map().entrySet()) {
        out.writeInt(number(entry.getKey()));
        write(entry.getValue(), out);
      }
    }
  }

  private int number(String text) throws IOException {
    Integer known = numbers.get(text);
    if (known != null) {
      return known;
    }
    if (text.length() > LONGEST_TEXT) {
      throw new IllegalArgumentException(
          "a text of " + text.length() + " characters; expected at most " + LONGEST_TEXT);
    }
    texts.writeUTF(text);
    numbers.put(text, numbers.size());
    return numbers.size() - 1;
  }

  /**
   * The document that bytes are.
   *
   * @param problems to which everything goes that is found to be wrong in it later
   * @throws IOException if they are none
   */
  public static YamlNode read(byte[] bytes, int from, int length, Problems problems)
      throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, from, length));
    int count = in.readInt();
    if (count < 0 || count > length) {
      throw new IOException("holds " + count + " texts");
    }
    String[] texts = new String[count];
    for (int i = 0; i < count; i++) {
      texts[i] = in.readUTF();
    }
    return node(YamlNode.top(problems), "", in, texts, 0);
  }

  private static YamlNode node(
      YamlNode parent, String key, DataInputStream in, String[] texts, int depth)
      throws IOException {
    if (depth > MOST_DEPTH) {
      throw new IOException("is nested too deep");
    }
    switch (in.readByte()) {
      case NOTHING -> {
        return parent.nothing(key, 0, "");
      }
      case TEXT -> {
        return parent.value(key, 0, text(in, texts));
      }
      case LIST -> {
        YamlNode list = parent.list(key, 0);
        List<YamlNode> items = list.list();
        for (int left = in.readInt(); left > 0; left--) {
          items.add(node(list, key, in, texts, depth + 1));
        }
        return list;
      }
      case KEYS -> {
        YamlNode keys = parent.keys(key, 0);
        for (int left = in.readInt(); left > 0; left--) {
          String name = text(in, texts);
          keys.map().put(name, node(keys, name, in, texts, depth + 1));
        }
        return keys;
      }
      default -> throw new IOException("holds a node of no kind");
    }
  }

  private static String text(DataInputStream in, String[] texts) throws IOException {
    int number = in.readInt();
    if (number < 0 || number >= texts.length) {
      throw new IOException("holds a text that is not there");
    }
    return texts[number];
  }
}
