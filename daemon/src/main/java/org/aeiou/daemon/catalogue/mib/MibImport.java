package org.aeiou.daemon.catalogue.mib;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.document.YamlNode;

/**
 * Makes a catalogue file of MIB files. Nothing in a MIB file is an error: what cannot be read is
 * skipped and told. What is an error is what the user asked for and is not there.
 */
public final class MibImport {
  private MibImport() {}

  /**
   * What became of the files.
   *
   * @param yaml a catalogue file
   * @param summary in words
   * @param problems what is wrong with the files, one line each; nothing of it stands in the way
   * @param errors what was asked for and is not there
   * @param objects how many objects the files define
   * @param located of how many of them it is known where they are
   */
  public record Result(
      String yaml,
      String summary,
      List<String> problems,
      List<String> errors,
      int objects,
      int located) {}

  /**
   * Reads files and folders.
   *
   * @param builtIn the built-in catalogue as it is written
   */
  public static Result run(YamlNode builtIn, List<MibSource> sources) {
    StandardNames standard = new StandardNames(builtIn);
    return made(standard, sources.stream().map(source -> new MibSet(standard, source)).toList());
  }

  /** The same of modules that are in no file. */
  static Result run(
      YamlNode builtIn, MibSource source, Function<Problems, List<MibModule>> modules) {
    StandardNames standard = new StandardNames(builtIn);
    MibSet set = new MibSet(standard, source);
    set.add(modules);
    return made(standard, List.of(set));
  }

  private static Result made(StandardNames standard, List<MibSet> sets) {
    SyntaxText syntaxes = new SyntaxText(standard);
    CatalogueText text = new CatalogueText(standard, syntaxes);
    Map<String, List<Oid>> modules = new TreeMap<>();
    Map<String, Oid> names = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    Counts counts = new Counts();
    for (MibSet set : sets) {
      set.addTo(text, syntaxes);
      set.reach().forEach(modules::putIfAbsent);
      set.names().forEach(names::putIfAbsent);
      problems.addAll(set.problems());
      errors.addAll(set.errors());
      counts.add(set);
    }
    if (text.isTooLarge()) {
      errors.add(
          "there are more than "
              + CatalogueText.MOST_ATTRIBUTES
              + " attributes in these files; choose with --group or --subtree, or with 'groups' in"
              + " a configuration");
    }
    String yaml =
        errors.isEmpty()
            ? text.text("made of MIB files by 'aeiou mib import'", modules, names)
            : "";
    return new Result(
        yaml,
        counts.summary(text, problems.size()),
        problems,
        errors,
        counts.objects,
        counts.objects - counts.skipped);
  }

  /** What all files together come to. */
  private static final class Counts {
    private int files;
    private int modules;
    private int objects;
    private int skipped;

    private void add(MibSet set) {
      files += set.files();
      modules += set.modules();
      objects += set.objects();
      skipped += set.skipped();
    }

    private String summary(CatalogueText text, int problems) {
      String made =
          "%s, %s, %s: %s, %s"
              .formatted(
                  count(files, "file"),
                  count(modules, "module"),
                  count(objects, "object"),
                  count(text.groups().size(), "group"),
                  count(text.attributes(), "attribute"));
      String known = text.builtIn() == 0 ? "" : ", " + text.builtIn() + " built in already";
      String wrong =
          skipped == 0 && problems == 0
              ? ""
              : "; " + count(skipped, "object") + " skipped, " + count(problems, "problem");
      return made + known + wrong;
    }

    private static String count(int number, String of) {
      return number + " " + of + (number == 1 ? "" : "s");
    }
  }
}
