package org.aeiou.daemon.tree;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.aeiou.daemon.catalogue.TtlClass;
import org.aeiou.daemon.metrics.EventRing;

/** {@code /.aeiou}: what the daemon says of itself. */
record TextDirectory(Map<String, Supplier<String>> texts, EventRing events) implements Directory {
  static final String NAME = ".aeiou";
  static final String EVENTS = "events";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public MonitoredSystem system() {
    return null;
  }

  @Override
  public View view() {
    return View.NORMAL;
  }

  @Override
  public TtlClass only() {
    return null;
  }

  @Override
  public Node find(String name, Answers answers) {
    if (name.equals(EVENTS)) {
      return new EventsFile(events);
    }
    Supplier<String> text = texts.get(name);
    return text == null ? null : new StatedFile(name, text);
  }

  @Override
  public List<Named> list(Answers answers) {
    return Stream.concat(Stream.of(EVENTS), texts.keySet().stream())
        .map(name -> new Named(name, find(name, answers)))
        .toList();
  }

  /** {@code /.aeiou/events}: what happened lately, of all systems and the daemon itself. */
  record EventsFile(EventRing events) implements TextFile.Growing {
    @Override
    public String name() {
      return EVENTS;
    }
  }

  /** {@code /.aeiou/status}. */
  record StatedFile(String name, Supplier<String> content) implements TextFile {
    @Override
    public String text() {
      return content.get();
    }
  }
}
