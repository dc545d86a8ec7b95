package org.aeiou.daemon.catalogue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.catalogue.syntax.DefinedSyntax;
import org.aeiou.daemon.catalogue.syntax.Syntaxes;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.document.Spelling;
import org.aeiou.daemon.document.YamlNode;

/** Makes groups of what files say. For one thread, once. */
final class CatalogueBuilder {
  private static final Set<String> TOP_KEYS = Set.of("modules", "oids", "syntaxes", "groups");
  private static final Set<String> SCALARS_KEYS =
      Set.of("description", "probe", "systems", "ttl", "rates", "scalars");
  private static final Set<String> TABLE_KEYS =
      Set.of(
          "description",
          "probe",
          "systems",
          "ttl",
          "entries",
          "index",
          "label",
          "presence",
          "count",
          "most",
          "rates",
          "columns");
  private static final Set<String> SCALAR_KEYS = attributeKeys("with");
  private static final Set<String> COLUMN_KEYS = attributeKeys("index");

  /** A directory's or a file's name that needs no quoting in a shell. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private final Syntaxes syntaxes;
  private final TableBuilder tables;
  private final Map<String, Oid> oids = new HashMap<>();
  private final YamlNode top;

  /**
   * @param top what all files say, merged
   */
  CatalogueBuilder(YamlNode top) {
    this.top = top;
    this.syntaxes = new Syntaxes(top);
    this.tables = new TableBuilder(syntaxes);
  }

  private static Set<String> attributeKeys(String own) {
    Set<String> keys = new TreeSet<>(Syntaxes.REFINEMENTS);
    keys.addAll(List.of("oid", "type", "ttl", "access", "description", own));
    return keys;
  }

  /**
   * The catalogue, with its groups in the order of the files; what is wrong is told.
   *
   * @param whole for what is wrong with no file in particular
   */
  Catalogue build(Problems whole) {
    top.onlyKeys(TOP_KEYS);
    for (YamlNode entry : top.map("oids").values()) {
      Oid oid = oid(entry);
      if (oid != null) {
        oids.put(entry.key(), oid);
      }
    }
    List<AttributeGroup> groups = new ArrayList<>();
    for (YamlNode entry : top.map("groups").values()) {
      if (!NAME.matcher(entry.key()).matches()) {
        entry.problem("'" + entry.key() + "' cannot be a directory's name; " + nameRule());
      } else if (!entry.asMap().isEmpty()) {
        AttributeGroup group = entry.map().containsKey("columns") ? table(entry) : scalars(entry);
        if (group != null) {
          groups.add(group);
        }
      }
    }
    Map<String, List<Oid>> modules = new HashMap<>();
    for (String module : top.map("modules").keySet()) {
      modules.put(module, oids(top.map().get("modules"), module));
    }
    return new Catalogue(groups, oids, modules, whole);
  }

  private static String nameRule() {
    return "expected a letter or digit, then letters, digits, '.', '_' and '-'";
  }

  private AttributeGroup scalars(YamlNode entry) {
    entry.onlyKeys(SCALARS_KEYS);
    if (!entry.map().containsKey("scalars")) {
      entry.problem("has neither 'scalars' nor 'columns'; expected one of them");
      return null;
    }
    Map<String, Attribute> attributes = attributes(entry, "scalars", List.of());
    Oid probe = required(entry, "probe", "the object identifier that all of it is below");
    GroupProbe asked = new GroupProbe(probe, oids(entry, "systems"));
    return probe == null || attributes.isEmpty()
        ? null
        : new DefinedScalars(
            entry.key(),
            asked,
            attributes,
            witnesses(entry, attributes),
            DefinedRates.of(entry, attributes));
  }

  /** The scalars that others come {@code with}. */
  private static Map<String, String> witnesses(YamlNode group, Map<String, Attribute> attributes) {
    Map<String, String> witnesses = new HashMap<>();
    Map<String, YamlNode> scalars = group.map("scalars");
    for (YamlNode scalar : scalars.values()) {
      String witness = scalar.text("with");
      if (witness == null) {
        continue;
      }
      if (!attributes.containsKey(witness) || scalars.get(witness).map().containsKey("with")) {
        scalar
            .map()
            .get("with")
            .problem(
                "'"
                    + witness
                    + "' is no scalar of the group that comes with no other; expected one");
      } else {
        witnesses.put(scalar.key(), witness);
      }
    }
    return witnesses;
  }

  private AttributeGroup table(YamlNode entry) {
    entry.onlyKeys(TABLE_KEYS);
    List<Oid> entries = oids(entry, "entries");
    if (entries.isEmpty()) {
      entry.problem("has no 'entries'; expected the object identifiers that the columns are below");
      return null;
    }
    Map<String, Attribute> attributes = attributes(entry, "columns", entries);
    Oid probe = entry.map().containsKey("probe") ? oid(entry.map().get("probe")) : entries.get(0);
    Oid count = entry.map().containsKey("count") ? oid(entry.map().get("count")) : null;
    GroupProbe asked = new GroupProbe(probe, oids(entry, "systems"));
    DefinedTable table = tables.build(entry, asked, TableLength.of(entry, count), attributes);
    return probe == null || attributes.isEmpty() ? null : table;
  }

  private Map<String, Attribute> attributes(YamlNode group, String key, List<Oid> entries) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    Map<Oid, String> names = new HashMap<>();
    TtlClass ttl = group.map().containsKey("ttl") ? ttl(group.map().get("ttl")) : null;
    for (YamlNode entry : group.map(key).values()) {
      Attribute attribute = attribute(entry, ttl, key.equals("scalars"));
      if (attribute == null) {
        continue;
      }
      String other = names.put(attribute.oid(), attribute.name());
      if (other != null) {
        entry.problem("has the object identifier of '" + other + "': " + attribute.oid());
      }
      boolean isJoined = entry.map().containsKey("index");
      if (!entries.isEmpty() && !isJoined && !isBelowOneOf(entries, attribute.oid())) {
        entry.problem(
            attribute.oid() + " is not below an entry of the table; expected one of " + entries);
      }
      attributes.put(attribute.name(), attribute);
    }
    if (attributes.isEmpty()) {
      group.problem("has no '" + key + "' that can be used; expected at least one");
    }
    return attributes;
  }

  private static boolean isBelowOneOf(List<Oid> entries, Oid oid) {
    for (Oid entry : entries) {
      if (oid.startsWith(entry)) {
        return true;
      }
    }
    return false;
  }

  private Attribute attribute(YamlNode entry, TtlClass groupTtl, boolean isScalar) {
    if (!NAME.matcher(entry.key()).matches()) {
      entry.problem("'" + entry.key() + "' cannot be a file's name; " + nameRule());
      return null;
    }
    if (entry.asMap().isEmpty()) {
      return null;
    }
    entry.onlyKeys(isScalar ? SCALAR_KEYS : COLUMN_KEYS);
    Oid oid = required(entry, "oid", "where the object is, without instance");
    DefinedSyntax syntax = syntaxes.refined(entry, "type");
    TtlClass ttl = entry.map().containsKey("ttl") ? ttl(entry.map().get("ttl")) : null;
    boolean writable = isWritable(entry);
    String description = entry.text("description");
    if (oid == null || syntax == null) {
      return null;
    }
    if (ttl == null) {
      ttl =
          syntax.base().isCounter()
              ? TtlClass.COUNTER
              : groupTtl == null ? TtlClass.STATE : groupTtl;
    }
    Oid at = isScalar ? oid.append(0) : oid;
    return new Attribute(entry.key(), at, syntax, syntax.units(), ttl, writable, description);
  }

  private boolean isWritable(YamlNode entry) {
    String access = entry.text("access");
    if (access == null || access.equals("read-only")) {
      return false;
    }
    if (!access.equals("read-write") && !access.equals("read-create")) {
      entry
          .map()
          .get("access")
          .problem(
              "'" + access + "' is not an access; expected read-only, read-write or read-create");
    }
    return true;
  }

  private TtlClass ttl(YamlNode entry) {
    String word = entry.asText();
    for (TtlClass ttl : TtlClass.values()) {
      if (word != null && ttl.name().toLowerCase(Locale.ROOT).equals(word)) {
        return ttl;
      }
    }
    entry.problem(
        "'"
            + word
            + "' is not a TTL class; expected "
            + Spelling.choice(
                Stream.of(TtlClass.values()).map(ttl -> ttl.name().toLowerCase(Locale.ROOT))));
    return null;
  }

  private Oid required(YamlNode in, String key, String meaning) {
    YamlNode entry = in.map().get(key);
    if (entry == null) {
      in.problem("has no '" + key + "'; expected " + meaning);
      return null;
    }
    return oid(entry);
  }

  /** The object identifiers of a list, without those that are none, which are told. */
  private List<Oid> oids(YamlNode in, String key) {
    List<Oid> oids = new ArrayList<>();
    for (YamlNode item : in.texts(key)) {
      Oid oid = oid(item);
      if (oid != null) {
        oids.add(oid);
      }
    }
    return oids;
  }

  /** An object identifier, in numbers or with a name of {@code oids} before them; null is told. */
  private Oid oid(YamlNode entry) {
    String text = entry.asText();
    if (text == null) {
      return null;
    }
    int dot = text.indexOf('.');
    Oid named = oids.get(dot < 0 ? text : text.substring(0, dot));
    try {
      if (named == null) {
        return Oid.parse(text);
      }
      return dot < 0 ? named : named.append(Oid.parse(text.substring(dot + 1)));
    } catch (IllegalArgumentException e) {
      entry.problem(
          "'"
              + text
              + "' is not an object identifier; expected numbers with dots between them, or a name"
              + " given in 'oids' before them: ifEntry.2");
      return null;
    }
  }
}
