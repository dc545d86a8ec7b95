package org.aeiou.daemon.catalogue.mib;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.catalogue.mib.MibModule.Definition;
import org.aeiou.daemon.catalogue.mib.MibModule.Node;
import org.aeiou.daemon.catalogue.mib.MibModule.ObjectType;
import org.aeiou.daemon.catalogue.mib.MibModule.Step;

/**
 * All modules that were read, and whose definition a name means: the module's own, that of the
 * module it is imported from, what that one has imported itself, or the only one of that name.
 * Modules of a folder mean each other before any of another folder.
 */
final class Modules {
  /** How far an import is followed from module to module. */
  private static final int MOST_STEPS = 8;

  /** In place of several of one name. */
  private static final Found AMBIGUOUS = new Found(null, null);

  private final List<MibModule> all = new ArrayList<>();
  private final Map<Path, Map<String, MibModule>> byFolder = new HashMap<>();
  private final Map<String, MibModule> byName = new LinkedHashMap<>();
  private final Map<Path, Map<String, Found>> uniqueInFolder = new HashMap<>();
  private final Map<String, Found> unique = new HashMap<>();

  /** What stands as {@code name(number)} in the values of others, which defines it, too. */
  private final IdentityHashMap<MibModule, Map<String, Found>> implied = new IdentityHashMap<>();

  /** A definition and the module that it is in. */
  record Found(MibModule module, Definition definition) {}

  /** In the order in which they were read. */
  List<MibModule> all() {
    return all;
  }

  /** The module of that name, seen from one of the files of a folder; null if there is none. */
  MibModule module(Path folder, String name) {
    MibModule here = byFolder.getOrDefault(folder, Map.of()).get(name);
    return here != null ? here : byName.get(name);
  }

  /**
   * Takes a module in.
   *
   * @return the module of the same name in the same folder that is used and the other that is not;
   *     null if there is one only
   */
  MibModule[] add(MibModule module) {
    Map<String, MibModule> folder =
        byFolder.computeIfAbsent(module.file().getParent(), any -> new HashMap<>());
    MibModule before = folder.get(module.name());
    if (before == null) {
      folder.put(module.name(), module);
      byName.putIfAbsent(module.name(), module);
      all.add(module);
      return null;
    }
    if (rank(module) <= rank(before) && !isLater(module, before)) {
      return new MibModule[] {before, module};
    }
    folder.put(module.name(), module);
    byName.replace(module.name(), before, module);
    all.set(all.indexOf(before), module);
    return new MibModule[] {module, before};
  }

  /** A file that is called like its module is the one that is meant. */
  private static int rank(MibModule module) {
    String file = module.file().getFileName().toString();
    int dot = file.indexOf('.');
    return (dot < 0 ? file : file.substring(0, dot)).equalsIgnoreCase(module.name()) ? 1 : 0;
  }

  private static boolean isLater(MibModule module, MibModule than) {
    return rank(module) == rank(than)
        && module.definitions().size() >= than.definitions().size()
        && year(module).compareTo(year(than)) > 0;
  }

  /** LAST-UPDATED with four digits of the year. */
  private static String year(MibModule module) {
    String updated = module.updated();
    return updated.length() == "9901010000Z".length() ? "19" + updated : updated;
  }

  /** To be called when all modules are there. */
  void index() {
    for (MibModule module : all) {
      Map<String, Found> folder =
          uniqueInFolder.computeIfAbsent(module.file().getParent(), any -> new HashMap<>());
      for (Definition definition : module.definitions().values()) {
        Found found = new Found(module, definition);
        folder.merge(definition.name(), found, (one, other) -> AMBIGUOUS);
        unique.merge(definition.name(), found, (one, other) -> AMBIGUOUS);
      }
    }
  }

  /** What a name in a module means; null if that is not among the files. */
  Found find(MibModule in, String name) {
    Found found = own(in, name);
    MibModule module = in;
    for (int step = 0; found == null && step < MOST_STEPS; step++) {
      String from = module.imports().get(name);
      MibModule next = from == null ? null : module(in.file().getParent(), from);
      if (next == null || isSame(next, module)) {
        break;
      }
      module = next;
      found = own(module, name);
    }
    return found != null ? found : implied(in, name);
  }

  /** The only definition of that name in the folder of a module, or in all; null if none is. */
  Found only(MibModule in, String name) {
    Found found = uniqueInFolder.getOrDefault(in.file().getParent(), Map.of()).get(name);
    found = found != null ? found : unique.get(name);
    return found == null || found.definition() == null ? null : found;
  }

  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(MibModule one, MibModule other) {
    return one == other;
  }

  private static Found own(MibModule module, String name) {
    Definition definition = module.definitions().get(name);
    return definition == null ? null : new Found(module, definition);
  }

  private Found implied(MibModule in, String name) {
    return implied.computeIfAbsent(in, Modules::impliedIn).get(name);
  }

  private static Map<String, Found> impliedIn(MibModule module) {
    Map<String, Found> implied = new HashMap<>();
    for (Definition definition : module.definitions().values()) {
      List<Step> value =
          definition instanceof Node node
              ? node.value()
              : definition instanceof ObjectType object ? object.value() : List.of();
      for (int i = 1; i < value.size(); i++) {
        Step step = value.get(i);
        if (step.name() != null && step.number() >= 0) {
          Node node = new Node(step.name(), definition.line(), value.subList(0, i + 1));
          implied.putIfAbsent(step.name(), new Found(module, node));
        }
      }
    }
    return implied;
  }
}
