package org.aeiou.daemon.http.snmp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.document.YamlNode;
import org.aeiou.daemon.document.YamlReader;
import org.aeiou.daemon.http.snmp.ModuleExport.OfGroup;
import org.aeiou.daemon.http.snmp.ModuleExport.OfObject;

/**
 * Reads what modules export: the built-in file, and then the user's, each laid over what is there.
 * For one thread.
 *
 * <pre>
 * modules:
 *   NAME:
 *     groups: [GROUP, …]     attribute groups of the catalogue
 *     only: [ATTRIBUTE, …]   nothing but these; all where it is not said
 *     omit: [ATTRIBUTE, …]   all but these
 *     labels: [COLUMN, …]    labels of every metric of a table that has them; else what names its rows
 *     hide: [INDEX, …]       objects of an index that are no labels
 *     info: [ATTRIBUTE, …]   enumerations that are exported as NAME_info, with their label
 *     states: [ATTRIBUTE, …] enumerations that are exported as a series for each label
 *     objects: {NAME: HELP}  scalars that are in no group
 * </pre>
 */
public final class ModulesReader {
  private static final String RESOURCE = "snmp-modules.yaml";
  private static final String MODULES = "modules";
  private static final Set<String> KEYS =
      Set.of("groups", "only", "omit", "labels", "hide", "info", "states", "objects");

  private final Catalogue catalogue;
  private final List<Problems> problems = new ArrayList<>();

  private ModulesReader(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  /**
   * The built-in modules, and those of the user's files.
   *
   * @throws InvalidModulesException with everything that is wrong in the files
   */
  public static Modules read(Catalogue catalogue, List<Path> files) {
    ModulesReader reader = new ModulesReader(catalogue);
    YamlNode top = YamlNode.empty();
    reader.lay(top, YamlReader.parse(builtIn(), reader.problemsOf(RESOURCE)));
    for (Path file : files) {
      reader.lay(top, YamlReader.read(file, reader.problemsOf(file.toString())));
    }
    Map<String, ModuleExport> modules = new LinkedHashMap<>();
    for (YamlNode module : top.map(MODULES).values()) {
      modules.put(module.key(), reader.module(module));
    }
    List<String> wrong = reader.problems.stream().flatMap(each -> each.lines().stream()).toList();
    if (!wrong.isEmpty()) {
      throw new InvalidModulesException(wrong);
    }
    return new Modules(modules, catalogue);
  }

  private static String builtIn() {
    try (InputStream in = ModulesReader.class.getResourceAsStream("/" + RESOURCE)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the resource " + RESOURCE + " is not readable", e);
    }
  }

  private Problems problemsOf(String file) {
    Problems ofFile = new Problems(file);
    problems.add(ofFile);
    return ofFile;
  }

  private void lay(YamlNode top, YamlNode file) {
    if (file != null && file.map() != null) {
      file.onlyKeys(Set.of(MODULES));
      top.mergeFrom(file, "");
    } else if (file != null && !file.isNothing()) {
      file.problem("expected a map with '" + MODULES + "', got " + file.kind());
    }
  }

  private ModuleExport module(YamlNode node) {
    if (node.map() == null) {
      node.problem("is " + node.kind() + "; expected 'groups: [GROUP, …]'");
      return new ModuleExport(node.key(), List.of(), List.of());
    }
    node.onlyKeys(KEYS);
    Set<String> known = new HashSet<>();
    List<OfGroup> groups = new ArrayList<>();
    for (YamlNode name : node.texts("groups")) {
      AttributeGroup group = catalogue.group(name.text());
      if (group == null) {
        name.problem("'" + name.text() + "' is no attribute group of the catalogue");
      } else {
        groups.add(group(node, group));
        group.attributes().forEach(attribute -> known.add(attribute.name()));
        if (group instanceof AttributeGroup.Table table) {
          table.index().forEach(object -> known.add(object.name()));
        }
      }
    }
    for (String key : List.of("only", "omit", "labels", "hide", "info", "states")) {
      for (YamlNode name : node.texts(key)) {
        if (!known.contains(name.text())) {
          name.problem("'" + name.text() + "' is no attribute of the module's groups");
        }
      }
    }
    List<OfObject> objects = objects(node);
    if (node.texts("groups").isEmpty() && node.map("objects").isEmpty()) {
      node.problem("exports nothing; expected 'groups: [GROUP, …]' or 'objects: {NAME: HELP}'");
    }
    return new ModuleExport(node.key(), groups, objects);
  }

  private List<OfObject> objects(YamlNode node) {
    List<OfObject> objects = new ArrayList<>();
    for (YamlNode help : node.map("objects").values()) {
      Oid object = catalogue.named(help.key());
      if (object == null) {
        help.problem("no catalogue or MIB file names '" + help.key() + "'");
      } else if (help.asText() != null) {
        objects.add(new OfObject(help.key(), object.append(0), help.text()));
      }
    }
    return objects;
  }

  private static OfGroup group(YamlNode node, AttributeGroup group) {
    Set<String> only = names(node, "only");
    Set<String> omit = names(node, "omit");
    List<Attribute> metrics =
        group.attributes().stream()
            .filter(each -> only.isEmpty() || only.contains(each.name()))
            .filter(each -> !omit.contains(each.name()))
            .toList();
    Set<String> labels = names(node, "labels");
    boolean isTable = group instanceof AttributeGroup.Table;
    boolean saysLabels = node.map().containsKey("labels");
    return new OfGroup(
        group,
        metrics,
        isTable && saysLabels
            ? group.attributes().stream().filter(each -> labels.contains(each.name())).toList()
            : Modules.whole(group).labels(),
        names(node, "hide"),
        names(node, "info"),
        names(node, "states"));
  }

  private static Set<String> names(YamlNode node, String key) {
    Set<String> names = new HashSet<>();
    node.texts(key).forEach(each -> names.add(each.text()));
    return names;
  }
}
