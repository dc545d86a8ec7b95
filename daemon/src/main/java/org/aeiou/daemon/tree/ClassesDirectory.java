package org.aeiou.daemon.tree;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.aeiou.daemon.catalogue.TtlClass;

/**
 * {@code /.class}: for each class of attributes a tree that shows no others, so that comparing two
 * systems compares what was configured, and not what counts on.
 */
record ClassesDirectory(Network network, View view) implements Directory {
  static final String NAME = ".class";

  /** Those that attributes are of. */
  static final Set<TtlClass> CLASSES = EnumSet.complementOf(EnumSet.of(TtlClass.DIRECTORY));

  /** What its tree is called. */
  static String name(TtlClass ttlClass) {
    return ttlClass.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public MonitoredSystem system() {
    return null;
  }

  @Override
  public TtlClass only() {
    return null;
  }

  @Override
  public Node find(String name, Answers answers) {
    return list(answers).stream()
        .filter(named -> named.name().equals(name))
        .map(Named::node)
        .findFirst()
        .orElse(null);
  }

  @Override
  public List<Named> list(Answers answers) {
    List<Named> trees = new ArrayList<>();
    for (TtlClass each : CLASSES) {
      trees.add(new Named(name(each), new NamesDirectory(network, view, each, "")));
    }
    return trees;
  }
}
