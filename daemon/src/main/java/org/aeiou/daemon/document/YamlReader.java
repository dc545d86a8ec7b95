package org.aeiou.daemon.document;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.events.StreamEndEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads YAML into {@link YamlNode nodes}: every value stays the text it is, and everything keeps
 * its line. Aliases, deep nesting, endless files and endless lines are refused, in every file
 * alike. What is wrong is said without quoting the file: there may be secrets in it.
 */
public final class YamlReader {
  /** A column in a group of the catalogue has six, a password in a configuration five. */
  private static final int MAX_DEPTH = 8;

  /** The largest file, in bytes: ten times what ten thousand systems of version 3 need. */
  private static final int MAX_SIZE = 64 << 20;

  /**
   * The longest line, in characters. The time for an unquoted value grows with the square of its
   * length, so that one of 64 MiB would take ten minutes.
   */
  private static final int MAX_LINE = 8 << 20;

  /** In characters; a long text is copied once for each of these. */
  private static final int BUFFER_SIZE = 256 << 10;

  /** How YAML writes nothing, without quotes. */
  private static final Set<String> NOTHING = Set.of("", "~", "null", "Null", "NULL");

  private static final String TYPE_TAG = "tag:yaml.org,2002:";
  private static final Set<String> CHECKED_TYPES = Set.of("int", "float", "bool", "null");

  private final Iterator<Event> events;
  private Event last;

  private YamlReader(Iterator<Event> events) {
    this.events = events;
  }

  /** What stands in the way of reading the rest. */
  private static final class UnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int line;

    UnreadableException(Event event, String what, Throwable cause) {
      super(what, cause);
      this.line = event == null ? 1 : line(event);
    }
  }

  /** The document in a file; null if it cannot be read, which is then a problem. */
  public static YamlNode read(Path file, Problems problems) {
    String wrong;
    try (InputStream in = Files.newInputStream(file)) {
      byte[] octets = in.readNBytes(MAX_SIZE + 1);
      if (octets.length <= MAX_SIZE) {
        String text = decoded(octets, problems);
        return text == null ? null : parse(text, problems);
      }
      wrong = "is larger than " + (MAX_SIZE >> 20) + " MiB";
    } catch (NoSuchFileException e) {
      wrong = "there is no such file";
    } catch (AccessDeniedException e) {
      wrong = "there is no permission to read it";
    } catch (FileSystemException e) {
      wrong = "cannot be read: " + (e.getReason() == null ? e.getMessage() : e.getReason());
    } catch (IOException e) {
      wrong = "cannot be read: " + e.getMessage();
    }
    problems.add(0, "", wrong);
    return null;
  }

  private static String decoded(byte[] octets, Problems problems) {
    CharBuffer characters = CharBuffer.allocate(octets.length);
    ByteBuffer bytes = ByteBuffer.wrap(octets);
    if (UTF_8.newDecoder().decode(bytes, characters, true).isError()) {
      int line = 1;
      for (int i = 0; i < bytes.position(); i++) {
        line += octets[i] == '\n' ? 1 : 0;
      }
      problems.add(line, "", "this is not a text in UTF-8; expected one");
      return null;
    }
    return characters.flip().toString();
  }

  /**
   * The document that a text is, which {@link YamlNode#isNothing is nothing} if the text is empty;
   * null if it cannot be read, which is then a problem.
   */
  public static YamlNode parse(String text, Problems problems) {
    int tooLong = tooLongLine(text);
    if (tooLong > 0) {
      problems.add(
          tooLong, "", "the line is too long; expected at most " + MAX_LINE + " characters");
      return null;
    }
    LoadSettings settings =
        LoadSettings.builder().setCodePointLimit(MAX_SIZE).setBufferSize(BUFFER_SIZE).build();
    try {
      return new YamlReader(new Parse(settings).parseString(text).iterator()).document(problems);
    } catch (UnreadableException e) {
      problems.add(e.line, "", e.getMessage());
    } catch (MarkedYamlEngineException e) {
      NotYaml wrong = NotYaml.of(e);
      problems.add(wrong.line(), "", "this is not YAML: " + wrong.what());
    } catch (ReaderException e) {
      problems.add(
          lineOf(e.getPosition(), text),
          "",
          String.format("this is not YAML: the character U+%04X is not allowed", e.getCodePoint()));
    }
    return null;
  }

  private static int lineOf(int codePoints, String text) {
    return 1 + (int) text.codePoints().limit(codePoints).filter(point -> point == '\n').count();
  }

  /** The number of the first line that is too long, or 0. */
  private static int tooLongLine(String text) {
    int line = 1;
    int start = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      if (end - start > MAX_LINE) {
        return line;
      }
      line++;
      start = end + 1;
    }
    return text.length() - start > MAX_LINE ? line : 0;
  }

  private YamlNode document(Problems problems) {
    YamlNode top = YamlNode.top(problems);
    next(); // the beginning of the stream
    if (next() instanceof StreamEndEvent) {
      return top.nothing("", 1, "");
    }
    Event first = next();
    YamlNode document = node(top, "", line(first), first, 0);
    next(); // the end of the document

    if (next() instanceof DocumentStartEvent) {
      problems.add(line(next()), "", "a second document begins here; expected one");
    }
    return document;
  }

  private YamlNode node(YamlNode parent, String key, int line, Event event, int depth) {
    if (event instanceof ScalarEvent scalar) {
      return scalar(parent, key, line, scalar);
    }
    if (event instanceof AliasEvent) {
      YamlNode alias = parent.nothing(key, line, "");
      alias.problem("aliases ('*name') are not supported; write the value again");
      return alias;
    }
    if (depth == MAX_DEPTH) {
      throw new UnreadableException(
          event, "this is nested deeper than " + MAX_DEPTH + " levels", null);
    }
    if (event instanceof SequenceStartEvent) {
      YamlNode list = parent.list(key, line);
      for (Event item = next(); !(item instanceof CollectionEndEvent); item = next()) {
        list.list().add(node(parent, key, line(item), item, depth + 1));
      }
      return list;
    }
    return keys(parent.keys(key, line), depth + 1);
  }

  private YamlNode keys(YamlNode map, int depth) {
    for (Event event = next(); !(event instanceof CollectionEndEvent); event = next()) {
      if (!(event instanceof ScalarEvent scalar)) {
        throw new UnreadableException(event, "a key is no text; expected 'KEY: VALUE'", null);
      }
      String key = scalar.getValue();
      YamlNode value = node(map, key, line(event), next(), depth);
      YamlNode first = map.map().putIfAbsent(key, value);
      if (first != null) {
        // A key without a value may be a secret that got there by a slip, as in {pass:secret}.
        map.problem(
            value.line(),
            value.isNothing() ? map.path() : value.path(),
            (value.isNothing() ? "has a key twice" : "is there twice")
                + "; the first is in line "
                + first.line());
      }
    }
    return map;
  }

  private static YamlNode scalar(YamlNode parent, String key, int line, ScalarEvent scalar) {
    String text = scalar.getValue();
    String tag = scalar.getTag().orElse("");
    if (tag.isEmpty() && scalar.isPlain() && NOTHING.contains(text)) {
      return parent.nothing(key, line, text);
    }
    YamlNode value = parent.value(key, line, text);
    if (tag.startsWith(TYPE_TAG) && CHECKED_TYPES.contains(tag.substring(TYPE_TAG.length()))) {
      String type = new CoreSchema().getScalarResolver().resolve(text, true).getValue();
      if (!type.equals(tag)) {
        value.problem("is not a value of its tag ('!…'); expected none");
      }
    }
    return value;
  }

  /**
   * The parser says what is wrong in exceptions that hold a place. All others are defects of it, as
   * at an escape that the end of the file cuts short: the place is then the one that it got to.
   */
  private Event next() {
    try {
      last = events.next();
      return last;
    } catch (MarkedYamlEngineException | ReaderException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new UnreadableException(last, "this is not YAML: it cannot be read from here on", e);
    }
  }

  private static int line(Event event) {
    return event.getStartMark().map(Mark::getLine).orElse(0) + 1;
  }
}
