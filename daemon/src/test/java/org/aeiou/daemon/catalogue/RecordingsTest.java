package org.aeiou.daemon.catalogue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.Value.NumberType;
import org.aeiou.daemon.backend.Value.OctetsType;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.catalogue.syntax.DefinedSyntax;
import org.aeiou.daemon.catalogue.syntax.PlainText;
import org.aeiou.daemon.catalogue.syntax.Syntax;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The catalogue against what real devices answered, where recordings of some are there. */
class RecordingsTest {
  private static final Catalogue CATALOGUE = Catalogue.load(List.of());

  /** What devices answer that is not as the MIB has it. */
  private static final Set<String> DEVIATIONS =
      Set.of(
          "juniper-mx960-13-3r9-13 ospfv3NbrRestartHelperAge is Integer32",
          "huawei-s5720 hwEntityFaultLight is 0");

  private static final Map<String, NavigableMap<Oid, Value>> DEVICES = new TreeMap<>();

  @BeforeAll
  static void readRecordings() throws IOException {
    String given = System.getenv("AEIOU_RECORDINGS");
    Path folder = given != null ? Path.of(given) : besideTheRepository();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".snmprec")).toList()) {
          String name = file.getFileName().toString().replace(".snmprec", "");
          DEVICES.put(name, read(file));
        }
      }
    }
    assumeThat(DEVICES).as("recordings in %s", folder).isNotEmpty();
  }

  /** Tests run in a module's folder, or in the repository's root. */
  private static Path besideTheRepository() {
    Path here = Path.of("").toAbsolutePath();
    Path root = Files.exists(here.resolve("mount-scripts")) ? here : here.getParent();
    return root.resolveSibling("shared").resolve("recordings");
  }

  @Test
  void everyObjectHasTheTypeThatTheCatalogueSays() {
    Set<String> surprises = new TreeSet<>();
    DEVICES.forEach(
        (device, objects) ->
            objects.forEach(
                (oid, value) -> {
                  Attribute attribute = CATALOGUE.describe(oid);
                  if (attribute != null && !fits((DefinedSyntax) attribute.syntax(), value)) {
                    surprises.add(
                        "%s %s is %s".formatted(device, attribute.name(), Catalogue.typeOf(value)));
                  }
                }));
    surprises.removeAll(DEVIATIONS);
    assertThat(surprises).isEmpty();
  }

  @Test
  void everyDeviceHasObjectsThatTheCatalogueDescribes() {
    DEVICES.forEach(
        (device, objects) ->
            assertThat(objects.keySet().stream().filter(oid -> CATALOGUE.describe(oid) != null))
                .as(device)
                .hasSizeGreaterThan(50));
  }

  @Test
  void everyNumberOfAnEnumerationHasALabel() {
    Set<String> unlabelled = new TreeSet<>();
    DEVICES.forEach(
        (device, objects) ->
            objects.forEach(
                (oid, value) -> {
                  Attribute attribute = CATALOGUE.describe(oid);
                  if (attribute != null
                      && value instanceof Value.Numeric number
                      && !attribute.syntax().labels().isEmpty()
                      && !attribute.syntax().labels().containsKey(number.number())) {
                    unlabelled.add(device + " " + attribute.name() + " is " + number);
                  }
                }));
    unlabelled.removeAll(DEVIATIONS);
    assertThat(unlabelled).isEmpty();
  }

  @Test
  void everyObjectHasARendering() {
    DEVICES.forEach(
        (device, objects) ->
            objects.forEach(
                (oid, value) -> {
                  Attribute attribute = CATALOGUE.describe(oid);
                  Syntax syntax = attribute == null ? Catalogue.undefined() : attribute.syntax();
                  assertThat(new String(syntax.render(value, ISO_8859_1), UTF_8).codePoints())
                      .as("%s %s", device, oid)
                      .allMatch(PlainText::isPrintable);
                }));
  }

  @Test
  void everyRowOfEveryTableHasAValidNameOfItsOwn() {
    DEVICES.forEach(
        (device, objects) -> {
          for (AttributeGroup group : CATALOGUE.groups()) {
            if (group instanceof AttributeGroup.Table table) {
              Value.Rows walked = walk(objects, table.walk());
              List<AttributeGroup.NamedRow> rows = table.rows(walked, ISO_8859_1);
              assertThat(rows)
                  .as("%s %s", device, table.name())
                  .extracting(AttributeGroup.NamedRow::name)
                  .doesNotHaveDuplicates()
                  .allMatch(name -> !name.isEmpty() && !name.contains("/") && name.charAt(0) != '.')
                  .allMatch(name -> name.getBytes(UTF_8).length <= UniqueFileNames.MAX_NAME);
            }
          }
        });
  }

  private static boolean fits(DefinedSyntax syntax, Value value) {
    String expected = syntax.base().smiName();
    return switch (syntax.base()) {
      case INTEGER, INTEGER32 -> Catalogue.typeOf(value).equals("Integer32");
      case UNSIGNED32 -> Catalogue.typeOf(value).equals("Gauge32");
      case BITS -> Catalogue.typeOf(value).equals("OCTET STRING");
      default -> Catalogue.typeOf(value).equals(expected);
    };
  }

  private static Value.Rows walk(NavigableMap<Oid, Value> objects, List<Oid> columns) {
    Map<Oid, List<Value>> rows = new TreeMap<>();
    for (int i = 0; i < columns.size(); i++) {
      Oid column = columns.get(i);
      for (Map.Entry<Oid, Value> object : objects.tailMap(column).entrySet()) {
        if (!object.getKey().startsWith(column)) {
          break;
        }
        rows.computeIfAbsent(
                object.getKey().suffix(column.length()),
                index -> new ArrayList<>(Collections.nCopies(columns.size(), null)))
            .set(i, object.getValue());
      }
    }
    return new Value.Rows(
        rows.entrySet().stream().map(row -> new Value.Row(row.getKey(), row.getValue())).toList());
  }

  private static NavigableMap<Oid, Value> read(Path file) throws IOException {
    NavigableMap<Oid, Value> objects = new TreeMap<>();
    for (String line : Files.readAllLines(file, ISO_8859_1)) {
      String[] parts = line.split("\\|", 3);
      // A tag with a word behind it is an order to a simulator, its value no reading.
      if (!line.startsWith("#") && parts.length == 3 && !parts[1].contains(":")) {
        objects.put(Oid.parse(parts[0]), value(parts[1], parts[2]));
      }
    }
    return objects;
  }

  private static Value value(String tag, String text) {
    boolean isHex = tag.endsWith("x");
    byte[] octets = isHex ? HexFormat.of().parseHex(text) : text.getBytes(ISO_8859_1);
    return switch (isHex ? tag.substring(0, tag.length() - 1) : tag) {
      case "2" -> new Value.Numeric(NumberType.INTEGER, Long.parseLong(text));
      case "4" -> new Value.Octets(OctetsType.OCTETS, octets);
      case "6" -> new Value.Identifier(text.isEmpty() ? Oid.EMPTY : Oid.parse(text));
      case "64" -> new Value.Octets(OctetsType.ADDRESS, isHex ? octets : address(text));
      case "65" -> new Value.Numeric(NumberType.COUNTER32, Long.parseLong(text));
      case "66" -> new Value.Numeric(NumberType.GAUGE, Long.parseLong(text));
      case "67" -> new Value.Numeric(NumberType.TIME, Long.parseLong(text));
      case "68" -> new Value.Octets(OctetsType.OPAQUE, octets);
      case "70" -> new Value.Numeric(NumberType.COUNTER64, Long.parseUnsignedLong(text));
      default -> throw new IllegalArgumentException("tag " + tag);
    };
  }

  private static byte[] address(String text) {
    Oid numbers = Oid.parse(text);
    byte[] octets = new byte[numbers.length()];
    for (int i = 0; i < octets.length; i++) {
      octets[i] = (byte) numbers.get(i);
    }
    return octets;
  }
}
