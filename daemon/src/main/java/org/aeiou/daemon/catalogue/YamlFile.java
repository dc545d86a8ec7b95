package org.aeiou.daemon.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.aeiou.daemon.document.NotYaml;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads a YAML file into {@link Entry entries}.
 *
 * <p>The composer's nodes are taken as they are, without Jackson's or anybody's binding: every
 * scalar stays the text it is ({@code true} is a fine label), every entry keeps its line, and
 * nothing is loaded by reflection while the daemon starts.
 */
final class YamlFile {
  /** A file nests four maps at most: groups, a group, its columns, a column; index parts too. */
  private static final int MAX_DEPTH = 8;

  private final String name;
  private final Problems problems;

  private YamlFile(String name, Problems problems) {
    this.name = name;
    this.problems = problems;
  }

  /** A resource beside this class's package in {@code /catalogue}; its absence is a defect. */
  static String resource(String resource) {
    try (InputStream in = YamlFile.class.getResourceAsStream("/catalogue/" + resource)) {
      if (in == null) {
        throw new IllegalStateException("the resource catalogue/" + resource + " is not there");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the resource catalogue/" + resource + " is not readable", e);
    }
  }

  /** The file's top map, or null if it cannot be read, which is told. */
  static Entry read(Path file, Problems problems) {
    try {
      byte[] octets = Files.readAllBytes(file);
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
      return parse(file.toString(), text, problems);
    } catch (NoSuchFileException e) {
      problems.add(file + ": there is no such file; expected a catalogue file");
    } catch (CharacterCodingException e) {
      problems.add(file + ": is not UTF-8 text; save it as UTF-8");
    } catch (IOException e) {
      problems.add(file + ": cannot be read: " + e.getMessage());
    }
    return null;
  }

  /** The text's top map, or null if there is none; what is wrong is told. */
  static Entry parse(String name, String text, Problems problems) {
    return new YamlFile(name, problems).parse(text);
  }

  private Entry parse(String text) {
    try {
      LoadSettings settings =
          LoadSettings.builder().setLabel(name).setAllowNonScalarKeys(true).build();
      Iterator<Node> documents = new Compose(settings).composeAllFromString(text).iterator();
      if (!documents.hasNext()) {
        return Entry.ofMap(null, "", name, 1);
      }
      Entry top = entry(null, "", documents.next(), 0);
      if (documents.hasNext()) {
        problems.add(name + ": holds more than one YAML document; expected one");
      }
      if (top == null || top.map() != null) {
        return top;
      }
      problems.add(top, "expected a map with 'oids', 'syntaxes' and 'groups', got " + top.kind());
    } catch (MarkedYamlEngineException e) {
      NotYaml wrong = NotYaml.of(e);
      problems.add(name + ":" + wrong.line() + ": is not YAML: " + wrong.what());
    } catch (YamlEngineException e) {
      problems.add(name + ": is not YAML: " + e.getMessage());
    }
    return null;
  }

  private Entry entry(Entry parent, String key, Node node, int depth) {
    int line = line(node);
    if (depth > MAX_DEPTH) {
      problems.add(name + ":" + line + ": is nested deeper than anything in a catalogue");
      return null;
    }
    if (node instanceof ScalarNode scalar) {
      return Entry.ofText(parent, key, name, line, scalar.getValue());
    }
    if (node instanceof SequenceNode sequence) {
      List<Entry> list = new ArrayList<>(sequence.getValue().size());
      for (Node item : sequence.getValue()) {
        Entry entry = entry(parent, key, item, depth + 1);
        if (entry != null) {
          list.add(entry);
        }
      }
      return Entry.ofList(parent, key, name, line, list);
    }
    return map(parent, key, (MappingNode) node, depth);
  }

  private Entry map(Entry parent, String key, MappingNode node, int depth) {
    Entry map = Entry.ofMap(parent, key, name, line(node));
    for (NodeTuple tuple : node.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode scalar)) {
        problems.add(name + ":" + line(tuple.getKeyNode()) + ": a key is no text; expected a name");
        continue;
      }
      Entry value = entry(map, scalar.getValue(), tuple.getValueNode(), depth + 1);
      if (value != null && map.map().putIfAbsent(scalar.getValue(), value) != null) {
        problems.add(value, "'" + scalar.getValue() + "' is given twice; keep one of them");
      }
    }
    return map;
  }

  private static int line(Node node) {
    return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
  }
}
