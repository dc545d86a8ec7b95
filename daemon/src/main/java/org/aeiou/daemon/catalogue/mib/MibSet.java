package org.aeiou.daemon.catalogue.mib;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.catalogue.mib.MibModule.Definition;
import org.aeiou.daemon.catalogue.mib.MibModule.ObjectType;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.document.Spelling;

/**
 * Files and folders that are read together: their modules mean each other, and no others. For one
 * thread, once.
 */
final class MibSet {
  /** What all files together may define: more than all public MIBs known do. */
  private static final int MOST_DEFINITIONS = 2_000_000;

  private final StandardNames standard;
  private final MibSource source;
  private final Modules modules = new Modules();
  private final Map<Path, Problems> problems = new LinkedHashMap<>();
  private final List<String> errors = new ArrayList<>();
  private final TreeMap<Oid, MibObject> objects = new TreeMap<>();
  private final IdentityHashMap<Definition, MibObject> byDefinition = new IdentityHashMap<>();
  private final Map<Oid, String> names = new LinkedHashMap<>();
  private final IdentityHashMap<MibModule, Set<Oid>> reach = new IdentityHashMap<>();
  private final List<MibObject> members = new ArrayList<>();
  private int definitions;
  private int read;
  private int skipped;
  private int files;
  private boolean isRead;

  MibSet(StandardNames standard, MibSource source) {
    this.standard = standard;
    this.source = source;
  }

  /** Takes modules in place of those in files. */
  void add(Function<Problems, List<MibModule>> read) {
    Problems ofText = problemsOf(source.places().get(0));
    read.apply(ofText).forEach(module -> add(module, ofText));
    isRead = true;
  }

  /** Reads everything, and adds what is wanted to a catalogue. */
  void addTo(CatalogueText text, SyntaxText syntaxes) {
    if (!isRead) {
      readFiles();
    }
    modules.index();
    locate();
    List<Oid> below = selected();
    for (MibObject object : objects.values()) {
      if (object.isReadable() && (source.wanted().isEmpty() || isBelowOneOf(below, object.oid()))) {
        members.add(object);
      }
    }
    if (errors.isEmpty()) {
      Types types = new Types(modules, standard);
      TableText tables = new TableText(modules, standard, types, byDefinition, syntaxes);
      text.from(types, tables, this::problemsOf, source.systems());
      new Groups(objects, names).of(members, below).forEach(text::add);
    }
  }

  List<String> problems() {
    return problems.values().stream().flatMap(of -> of.lines().stream()).toList();
  }

  /** What was asked for and is not there. */
  List<String> errors() {
    return errors;
  }

  /** How many objects there are in all files. */
  int objects() {
    return read;
  }

  /** Of how many of them it is not known where they are. */
  int skipped() {
    return skipped;
  }

  int files() {
    return files;
  }

  int modules() {
    return modules.all().size();
  }

  private void readFiles() {
    for (Path place : source.places()) {
      Path real = place.toAbsolutePath().normalize();
      Problems ofPlace = problemsOf(real);
      List<Path> found = MibFiles.below(real, ofPlace);
      for (Path file : found) {
        readFile(file, file.equals(real));
      }
      if (found.isEmpty()) {
        ofPlace.add(0, "", "there is no file in it; expected MIB files");
      }
    }
    if (modules.all().isEmpty()) {
      problems.values().forEach(of -> errors.addAll(of.lines()));
      if (errors.isEmpty()) {
        errors.add(
            "there is no MIB in "
                + source.places().get(0)
                + "; expected a file, or a folder of them");
      }
    }
  }

  private void readFile(Path file, boolean isNamed) {
    Problems ofFile = problemsOf(file);
    String text = MibFiles.text(file, isNamed, ofFile);
    if (text == null) {
      return;
    }
    files++;
    ModuleReader.read(text, file, ofFile).forEach(module -> add(module, ofFile));
  }

  private void add(MibModule module, Problems ofFile) {
    definitions += module.definitions().size();
    if (definitions > MOST_DEFINITIONS) {
      ofFile.add(
          module.line(),
          module.name(),
          "there are more than " + MOST_DEFINITIONS + " definitions by now; skipped");
      return;
    }
    MibModule[] two = modules.add(module);
    if (two != null) {
      problemsOf(two[1])
          .add(
              two[1].line(),
              two[1].name(),
              "is in " + two[0].file().getFileName() + ", too, which is used; skipped");
    }
  }

  private Problems problemsOf(MibModule module) {
    return problemsOf(module.file());
  }

  private Problems problemsOf(Path file) {
    return problems.computeIfAbsent(file, any -> new Problems(any.toString()));
  }

  /** Finds where all objects are; names that are missing are told once, with what they cost. */
  private void locate() {
    Identifiers identifiers = new Identifiers(modules, standard);
    for (MibModule module : modules.all()) {
      Map<String, List<Definition>> missing = new LinkedHashMap<>();
      for (Definition definition : module.definitions().values()) {
        if (definition instanceof MibModule.NamedType) {
          continue;
        }
        Identifiers.Result result = identifiers.of(module, definition);
        boolean isObject = definition instanceof ObjectType;
        read += isObject ? 1 : 0;
        if (result.oid() == null) {
          skipped += isObject ? 1 : 0;
          String why =
              result.missing() == null ? result.why() : reason(result.module(), result.missing());
          missing.computeIfAbsent(why, any -> new ArrayList<>()).add(definition);
        } else {
          located(module, definition, result.oid());
        }
      }
      missing.forEach((why, of) -> tellMissing(module, why, of));
    }
  }

  private void located(MibModule module, Definition definition, Oid oid) {
    names.putIfAbsent(oid, definition.name());
    reach.computeIfAbsent(module, any -> new TreeSet<>()).add(oid);
    if (definition instanceof ObjectType type) {
      MibObject object = new MibObject(module, type, oid);
      MibObject before = objects.putIfAbsent(oid, object);
      byDefinition.put(definition, object);
      if (before != null && !before.name().equals(type.name())) {
        problemsOf(module)
            .add(
                type.line(),
                type.name(),
                "has the object identifier of '" + before.name() + "', " + oid + "; skipped");
      }
    }
  }

  private String reason(MibModule in, String name) {
    String from = in.imports().get(name);
    if (from == null) {
      return "'" + name + "' is not defined, and not imported";
    }
    return modules.module(in.file().getParent(), from) == null
        ? "'" + name + "' is to come from " + from + ", which is not there"
        : "'" + name + "' is to come from " + from + ", which does not define it";
  }

  private void tellMissing(MibModule module, String why, List<Definition> of) {
    int others = of.size() - 1;
    problemsOf(module)
        .add(
            of.get(0).line(),
            of.get(0).name(),
            why
                + "; skipped"
                + (others == 0 ? "" : ", with " + others + (others == 1 ? " other" : " others")));
  }

  /** What the wanted words mean. */
  private List<Oid> selected() {
    List<Oid> below = new ArrayList<>();
    for (String word : source.wanted()) {
      List<Oid> found = new ArrayList<>();
      if (word.matches("\\.?\\d+(\\.\\d+)+")) {
        found.add(Oid.parse(word));
      }
      String module = word.contains("::") ? word.substring(0, word.indexOf("::")) : null;
      String name = word.substring(word.indexOf("::") < 0 ? 0 : word.indexOf("::") + 2);
      names.forEach(
          (oid, other) -> {
            if (other.equals(name) && (module == null || isOf(module, oid))) {
              found.add(oid);
            }
          });
      for (MibModule any : modules.all()) {
        if (any.name().equals(word)) {
          found.addAll(tops(reach.getOrDefault(any, Set.of())));
        }
      }
      if (found.isEmpty() && !modules.all().isEmpty()) {
        Set<String> known = new LinkedHashSet<>(names.values());
        modules.all().forEach(any -> known.add(any.name()));
        errors.add(
            "'"
                + word
                + "' is nothing in these files; expected "
                + Spelling.meant(word, known)
                + "the name of a table, a group or a module, or an object identifier");
      }
      below.addAll(found);
    }
    return below;
  }

  private boolean isOf(String module, Oid oid) {
    return modules.all().stream()
        .anyMatch(
            any -> any.name().equals(module) && reach.getOrDefault(any, Set.of()).contains(oid));
  }

  private static boolean isBelowOneOf(List<Oid> prefixes, Oid oid) {
    for (Oid prefix : prefixes) {
      if (oid.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /** Those that are not below another, in the order of identifiers. */
  private static List<Oid> tops(Set<Oid> sorted) {
    List<Oid> tops = new ArrayList<>();
    for (Oid oid : sorted) {
      if (tops.isEmpty() || !oid.startsWith(tops.get(tops.size() - 1))) {
        tops.add(oid);
      }
    }
    return tops;
  }

  /** For each module that objects are taken of, what its objects are below. */
  Map<String, List<Oid>> reach() {
    IdentityHashMap<MibModule, Boolean> used = new IdentityHashMap<>();
    members.forEach(object -> used.put(object.module(), true));
    Map<String, Set<Oid>> all = new TreeMap<>();
    for (MibModule module : used.keySet()) {
      all.computeIfAbsent(module.name(), any -> new TreeSet<>()).addAll(tops(reach.get(module)));
    }
    Map<String, List<Oid>> modulesByName = new LinkedHashMap<>();
    all.forEach((name, oids) -> modulesByName.put(name, tops(oids)));
    return modulesByName;
  }

  /** Names of what objects are below, and of nothing else; none that the built-in files give. */
  Map<String, Oid> names() {
    Map<String, Oid> oids = new TreeMap<>();
    Set<Oid> seen = new TreeSet<>();
    for (MibObject object : members) {
      for (int length = object.oid().length() - 1; length > 1; length--) {
        Oid oid = object.oid().prefix(length);
        String name = seen.add(oid) ? names.get(oid) : null;
        if (name != null && !standard.isNamed(name) && name.indexOf('.') < 0) {
          oids.putIfAbsent(name, oid);
        }
      }
    }
    return oids;
  }
}
