package org.aeiou.daemon.catalogue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.aeiou.daemon.backend.Definitions;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.catalogue.syntax.DefinedSyntax;
import org.aeiou.daemon.catalogue.syntax.Syntax;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.document.YamlNode;

/** All groups and tables that are known. Immutable; for any thread. */
public final class Catalogue implements Definitions {
  /**
   * The instance by which systems say of what kind they are: sysObjectID (RFC 3418), an object
   * identifier below the number of the agent's maker.
   */
  public static final Oid KIND = Oid.parse("1.3.6.1.2.1.1.2.0");

  /** The built-in files, one name a line, in the order in which a system lists their groups. */
  private static final String INDEX = "index";

  private final List<AttributeGroup> groups;
  private final Map<String, AttributeGroup> byName = new LinkedHashMap<>();
  // Columns without index, scalars with their instance. None starts with another.
  private final TreeMap<Oid, Attribute> byOid = new TreeMap<>();
  private final Map<Oid, String> paths = new HashMap<>();

  /** Those that are in several groups. */
  private final Set<Oid> shared = new HashSet<>();

  private final ObjectNames names;

  Catalogue(
      List<AttributeGroup> groups,
      Map<String, Oid> oids,
      Map<String, List<Oid>> modules,
      Problems problems) {
    this.groups = List.copyOf(groups);
    this.names = new ObjectNames(groups, oids, modules);
    for (AttributeGroup group : groups) {
      byName.put(group.name(), group);
      for (Attribute attribute : group.attributes()) {
        byOid.putIfAbsent(attribute.oid(), attribute);
        if (paths.putIfAbsent(attribute.oid(), group.name() + "/" + attribute.name()) != null) {
          shared.add(attribute.oid());
        }
      }
    }
    Attribute before = null;
    for (Attribute attribute : byOid.values()) {
      if (before != null && attribute.oid().startsWith(before.oid())) {
        problems.add(
            0,
            "",
            "'%s' (%s) lies below '%s' (%s), which is no table; correct one of them"
                .formatted(attribute.name(), attribute.oid(), before.name(), before.oid()));
      }
      before = attribute;
    }
  }

  /**
   * Reads the built-in files, and then the user's own, each laid over what is there: it may add
   * groups, add attributes to a group, and change any key of either.
   *
   * @throws InvalidCatalogueException with everything that is wrong in all of the files
   */
  public static Catalogue load(List<Path> extraFiles) {
    return load(null, extraFiles);
  }

  /**
   * The same, with something between the built-in files and the user's.
   *
   * @param between as a file says it; null for nothing
   */
  public static Catalogue load(YamlNode between, List<Path> extraFiles) {
    CatalogueLoader loader = new CatalogueLoader();
    CatalogueLoader.resource(INDEX).lines().forEach(loader::addResource);
    loader.add(between);
    extraFiles.forEach(loader::addFile);
    return loader.catalogue();
  }

  /** The built-in files as they are written, laid over each other. */
  public static YamlNode builtIn() {
    CatalogueLoader loader = new CatalogueLoader();
    CatalogueLoader.resource(INDEX).lines().forEach(loader::addResource);
    return loader.written();
  }

  /** A number that is another one when the built-in files are. */
  public static long builtInChecksum() {
    CRC32 crc = new CRC32();
    CatalogueLoader.resource(INDEX)
        .lines()
        .forEach(name -> crc.update(CatalogueLoader.resource(name).getBytes(UTF_8)));
    return crc.getValue();
  }

  /** The groups, in the order in which they are listed. Names are unique. */
  public List<AttributeGroup> groups() {
    return groups;
  }

  /** The group of that name, or null. */
  public AttributeGroup group(String name) {
    return byName.get(name);
  }

  /**
   * The attribute that the object is an instance of, or null if no file defines it.
   *
   * @param instance with instance or index, as in {@code .oid/1.3.6.1.2.1.1.5.0}
   */
  public Attribute describe(Oid instance) {
    Map.Entry<Oid, Attribute> nearest = byOid.floorEntry(instance);
    return nearest != null && instance.startsWith(nearest.getKey()) ? nearest.getValue() : null;
  }

  /** What an object identifier stands for, as far as files define it. */
  public enum Place {
    /** A scalar or a cell of a table: it has a value, where it is there. */
    INSTANCE,
    /** A column, a table, or something above: instances lie below. */
    PREFIX,
    UNKNOWN
  }

  /** What an object identifier stands for. */
  public Place place(Oid oid) {
    Attribute attribute = describe(oid);
    if (attribute == null) {
      Oid next = byOid.higherKey(oid);
      return next != null && next.startsWith(oid) ? Place.PREFIX : Place.UNKNOWN;
    }
    if (attribute.oid().equals(oid)) {
      return names.isColumn(oid) ? Place.PREFIX : Place.INSTANCE;
    }
    return names.isInstance(oid, attribute.oid()) ? Place.INSTANCE : Place.UNKNOWN;
  }

  /**
   * The object identifier that a text names: {@code ifDescr.3}, {@code IF-MIB::ifDescr.3}, {@code
   * ifTable}.
   *
   * @return null if it names none
   */
  public Oid named(String text) {
    return names.find(text);
  }

  /** Whether an attribute of several groups has this object. */
  public boolean isShared(Oid object) {
    return shared.contains(object);
  }

  @Override
  public int mostOctets(Oid instance) {
    Attribute attribute = describe(instance);
    return attribute == null ? MOST_OCTETS : attribute.syntax().mostOctets();
  }

  @Override
  public String name(Oid object) {
    Attribute attribute = describe(object);
    return attribute == null ? null : paths.get(attribute.oid());
  }

  /** How values of objects read that no file defines: as text, in hexadecimal, as numbers. */
  public static Syntax undefined() {
    return DefinedSyntax.UNDEFINED;
  }

  /** The name of the SMI type of a value: {@code Counter32}. For objects that no file defines. */
  public static String typeOf(Value value) {
    return DefinedSyntax.typeName(value);
  }
}
