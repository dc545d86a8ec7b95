package org.aeiou.daemon.tree;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.aeiou.daemon.catalogue.TtlClass;

/** {@code /.aeiou}: what the daemon says of itself. */
record TextDirectory(Map<String, Supplier<String>> texts) implements Directory {
  static final String NAME = ".aeiou";

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
    Supplier<String> text = texts.get(name);
    return text == null ? null : new StatedFile(name, text);
  }

  @Override
  public List<Named> list(Answers answers) {
    return texts.keySet().stream().map(name -> new Named(name, find(name, answers))).toList();
  }

  /** {@code /.aeiou/status}. */
  record StatedFile(String name, Supplier<String> content) implements TextFile {
    @Override
    public String text() {
      return content.get();
    }
  }
}
