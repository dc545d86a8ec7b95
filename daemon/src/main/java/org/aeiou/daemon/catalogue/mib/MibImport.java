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
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.catalogue.mib.MibModule.Definition;
import org.aeiou.daemon.catalogue.mib.MibModule.ObjectType;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.document.Spelling;
import org.aeiou.daemon.document.YamlNode;

/**
 * Makes a catalogue file of MIB files. Nothing in a MIB file is an error: what cannot be read is
 * skipped and told. What is an error is what the user asked for and is not there. For one thread,
 * once.
 */
public final class MibImport {
  /** How many objects all files together may have: five times what all public MIBs known have. */
  private static final int MOST_OBJECTS = 2_000_000;

  private final StandardNames standard;
  private final List<Path> places;
  private final List<String> wanted;
  private final Modules modules = new Modules();
  private final Map<Path, Problems> problems = new LinkedHashMap<>();
  private final List<String> errors = new ArrayList<>();

  private final TreeMap<Oid, MibObject> objects = new TreeMap<>();
  private final Map<Definition, MibObject> byDefinition = new IdentityHashMap<>();
  private final Map<Oid, String> names = new LinkedHashMap<>();
  private final Map<MibModule, Set<Oid>> reach = new IdentityHashMap<>();
  private int read;
  private int skipped;
  private int files;

  /**
   * What became of the files.
   *
   * @param yaml a catalogue file
   * @param summary in words
   * @param problems what is wrong with the files, one line each; nothing of it stands in the way
   * @param errors what was asked for and is not there
   * @param objects how many objects the files define, and of how many it is known where they are
   */
  public record Result(
      String yaml,
      String summary,
      List<String> problems,
      List<String> errors,
      int objects,
      int located) {}

  private MibImport(YamlNode builtIn, List<Path> places, List<String> wanted) {
    this.standard = new StandardNames(builtIn);
    this.places = places;
    this.wanted = wanted;
  }

  /**
   * Reads files and folders.
   *
   * @param builtIn the built-in catalogue as it is written
   * @param wanted the tables, groups, modules or parts of the tree to take, by name or in numbers;
   *     empty for all
   */
  public static Result run(YamlNode builtIn, List<Path> places, List<String> wanted) {
    return new MibImport(builtIn, places, wanted).run();
  }

  private Result run() {
    readFiles();
    modules.index();
    locate();
    Types types = new Types(modules, standard);
    SyntaxText syntaxes = new SyntaxText(standard);
    TableText tables = new TableText(modules, standard, types, byDefinition, syntaxes);
    CatalogueText text = new CatalogueText(standard, this::problemsOf, types, tables, syntaxes);
    List<Oid> below = selected();
    List<MibObject> members = new ArrayList<>();
    for (MibObject object : objects.values()) {
      if (object.isReadable() && (wanted.isEmpty() || isBelowOneOf(below, object.oid()))) {
        members.add(object);
      }
    }
    if (errors.isEmpty()) {
      new Groups(objects, names).of(members, below).forEach(text::add);
    }
    if (text.isTooLarge()) {
      errors.add(
          "there are "
              + members.size()
              + " attributes in these files, more than a catalogue should have; choose with --group"
              + " or --subtree, or 'groups' and 'subtree' in a configuration");
    }
    String yaml = text.text("made of MIB files by aeiou", modulesOf(members), namesOf(members));
    List<String> lines = problems.values().stream().flatMap(of -> of.lines().stream()).toList();
    return new Result(yaml, summary(text, lines.size()), lines, errors, read, read - skipped);
  }

  private void readFiles() {
    for (Path place : places) {
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
            "there is no MIB in " + places.get(0) + "; expected a file, or a folder of them");
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
    for (MibModule module : ModuleReader.read(text, file, ofFile)) {
      int count = module.definitions().size();
      if (read + count > MOST_OBJECTS) {
        ofFile.add(module.line(), module.name(), "is too much: " + MOST_OBJECTS + "; skipped");
        continue;
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
    for (String word : wanted) {
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

  private Map<String, List<Oid>> modulesOf(List<MibObject> members) {
    Map<MibModule, Boolean> used = new IdentityHashMap<>();
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
  private Map<String, Oid> namesOf(List<MibObject> members) {
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

  private String summary(CatalogueText text, int lines) {
    return "%s, %s, %s: %s, %s%s%s"
        .formatted(
            count(files, "file"),
            count(modules.all().size(), "module"),
            count(read, "object"),
            count(text.groups().size(), "group"),
            count(text.attributes(), "attribute"),
            text.builtIn() == 0 ? "" : ", " + text.builtIn() + " built in already",
            skipped == 0 && lines == 0
                ? ""
                : "; " + count(skipped, "object") + " skipped, " + count(lines, "problem"));
  }

  private static String count(int number, String of) {
    return number + " " + of + (number == 1 ? "" : "s");
  }
}
