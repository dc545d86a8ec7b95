package org.aeiou.daemon.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.backend.Oid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueFilesTest {
  @TempDir Path folder;

  private Catalogue load(String... files) throws IOException {
    List<Path> paths = new ArrayList<>();
    for (int i = 0; i < files.length; i++) {
      paths.add(Files.writeString(folder.resolve("user" + i + ".yaml"), files[i]));
    }
    return Catalogue.load(paths);
  }

  private List<String> problems(String... files) {
    InvalidCatalogueException e =
        catchThrowableOfType(InvalidCatalogueException.class, () -> load(files));
    assertThat(e).isNotNull();
    return e.problems().stream().map(p -> p.replace(folder + "/", "")).toList();
  }

  @Test
  void aUsersFileAddsGroups() throws IOException {
    Catalogue catalogue =
        load(
            """
            oids: {ciscoMemoryPoolEntry: 1.3.6.1.4.1.9.9.48.1.1.1}
            syntaxes:
              Percent: {is: Gauge32, units: percent}
            groups:
              memory-pools:
                entries: [ciscoMemoryPoolEntry]
                index: {ciscoMemoryPoolType: Integer32}
                label: [ciscoMemoryPoolName]
                columns:
                  ciscoMemoryPoolName: {oid: ciscoMemoryPoolEntry.2, type: DisplayString, ttl: static}
                  ciscoMemoryPoolUsed: {oid: ciscoMemoryPoolEntry.5, type: Gauge32, units: bytes}
                  load: {oid: ciscoMemoryPoolEntry.99, type: Percent}
            """);
    assertThat(catalogue.groups().get(0).name()).isEqualTo("system");
    assertThat(catalogue.groups().get(catalogue.groups().size() - 1).name())
        .isEqualTo("memory-pools");
    AttributeGroup pools = catalogue.group("memory-pools");
    assertThat(pools.probe()).isEqualTo(Oid.parse("1.3.6.1.4.1.9.9.48.1.1.1"));
    assertThat(pools.attribute("ciscoMemoryPoolUsed").units()).isEqualTo("bytes");
    assertThat(pools.attribute("ciscoMemoryPoolUsed").ttl()).isEqualTo(TtlClass.STATE);
    assertThat(pools.attribute("load").units()).isEqualTo("percent");
    assertThat(pools.attribute("load").syntax().type()).isEqualTo("Percent");
    assertThat(((AttributeGroup.Table) pools).walk())
        .containsExactly(Oid.parse("1.3.6.1.4.1.9.9.48.1.1.1.2"));
  }

  @Test
  void aLaterFileChangesSingleKeysAndAddsAttributes() throws IOException {
    Catalogue catalogue =
        load(
            "groups: {interfaces: {columns: {ifAlias: {ttl: static}}}}",
            """
            groups:
              interfaces:
                label: [ifAlias, ifName, index]
                columns:
                  ifAlias: {access: read-only}
                  ifSpecific: {oid: ifEntry.22, type: OBJECT IDENTIFIER, ttl: static}
              system:
                scalars:
                  sysUpTime: {units: ticks}
            """);
    AttributeGroup.Table interfaces = (AttributeGroup.Table) catalogue.group("interfaces");
    assertThat(interfaces.attribute("ifAlias").ttl()).isEqualTo(TtlClass.STATIC);
    assertThat(interfaces.attribute("ifAlias").writable()).isFalse();
    assertThat(interfaces.attribute("ifAlias").oid())
        .isEqualTo(Oid.parse("1.3.6.1.2.1.31.1.1.1.18"));
    assertThat(interfaces.attributes()).last().extracting("name").isEqualTo("ifSpecific");
    assertThat(interfaces.attribute("ifName")).isNotNull();
    assertThat(interfaces.walk())
        .containsExactly(Oid.parse("1.3.6.1.2.1.31.1.1.1.18"), Oid.parse("1.3.6.1.2.1.31.1.1.1.1"));
    assertThat(catalogue.group("system").attribute("sysUpTime").units()).isEqualTo("ticks");
    assertThat(catalogue.groups().get(2)).isSameAs(interfaces);
  }

  @Test
  void aGroupSaysWhichSystemsAreProbedAndALaterFileChangesThat() throws IOException {
    String probed =
        """
        oids: {cisco: 1.3.6.1.4.1.9}
        groups:
          fans:
            probe: cisco.9.13
            systems: [cisco, 1.3.6.1.4.1.29671]
            scalars: {fanSpeed: {oid: cisco.9.13.1, type: Gauge32}}
        """;
    AttributeGroup fans = load(probed).group("fans");
    assertThat(fans.systems())
        .containsExactly(Oid.parse("1.3.6.1.4.1.9"), Oid.parse("1.3.6.1.4.1.29671"));
    assertThat(fans.isOn(Oid.parse("1.3.6.1.4.1.9.1.617"))).isTrue();
    assertThat(fans.isOn(Oid.parse("1.3.6.1.4.1.8072.3.2.10"))).isFalse();
    assertThat(load(probed, "groups: {fans: {systems: []}}").group("fans").isOn(Oid.EMPTY))
        .as("an empty list: all systems")
        .isTrue();
    assertThat(problems(probed, "groups: {fans: {systems: [cicso.1]}}"))
        .singleElement()
        .asString()
        .startsWith("user1.yaml:1: groups.fans.systems: 'cicso.1' is not an object identifier");
  }

  @Test
  void aScalarMayComeWithAnotherOfItsGroupAndATableMayBeTooLong() throws IOException {
    String file =
        """
        groups:
          fans:
            probe: 1.3.6.1.3.7
            scalars:
              fanSpeed: {oid: 1.3.6.1.3.7.1, type: Gauge32}
              fanState: {oid: 1.3.6.1.3.7.2, type: Integer32, with: fanSpeed}
          rows:
            entries: [1.3.6.1.3.8]
            index: {row: Integer32}
            most: 100
            columns: {rowState: {oid: 1.3.6.1.3.8.1, type: Integer32}}
        """;
    Catalogue catalogue = load(file);
    AttributeGroup.Scalars fans = (AttributeGroup.Scalars) catalogue.group("fans");
    AttributeGroup.Attribute speed = fans.attribute("fanSpeed");
    assertThat(fans.witness(fans.attribute("fanState"))).isEqualTo(speed);
    assertThat(fans.witness(speed)).isEqualTo(speed);
    assertThat(((AttributeGroup.Table) catalogue.group("rows")).most()).isEqualTo(100);
    assertThat(
            problems(
                file.replace("with: fanSpeed", "with: fanColour")
                    .replace("most: 100", "most: few")))
        .containsExactlyInAnyOrder(
            "user0.yaml:6: groups.fans.scalars.fanState.with: 'fanColour' is no scalar of the group"
                + " that comes with no other; expected one",
            "user0.yaml:10: groups.rows.most: 'few' is not a number of rows; expected 1 to"
                + " 999999999");
  }

  @Test
  void theExampleOfTheManualIsRight() throws IOException {
    Path here = Path.of("").toAbsolutePath();
    Path module = here.endsWith("daemon") ? here : here.resolve("daemon");
    String manual = Files.readString(module.resolve("docs/catalogue.md"));
    int begin = manual.indexOf("```yaml\n") + "```yaml\n".length();
    Catalogue catalogue = load(manual.substring(begin, manual.indexOf("```\n", begin)));
    assertThat(catalogue.group("memory-pools")).isInstanceOf(AttributeGroup.Table.class);
    assertThat(catalogue.group("site").attribute("siteDoor").writable()).isTrue();
    assertThat(((AttributeGroup.Table) catalogue.group("interfaces")).walk()).hasSize(2);
  }

  @Test
  void aWayToAnotherTableThatLeadsNowhereIsTold() {
    assertThat(
            problems(
                """
                groups:
                  ports:
                    entries: [1.3.7]
                    index: {port: Integer32}
                    presence: [ifName, portState]
                    columns:
                      portState: {oid: 1.3.7.1, type: Integer32}
                      ifName: {oid: 1.3.8.1, index: ifIndex, type: Integer32}
                      a: {oid: 1.3.9.1, index: [port, b], type: Integer32}
                      b: {oid: 1.3.9.2, index: a, type: Integer32}
                      c: {oid: 1.3.9.3, index: [], type: Integer32}
                  more:
                    probe: 1.3.10
                    scalars: {s: {oid: 1.3.10.1, index: port, type: Integer32}}
                """))
        .containsExactlyInAnyOrder(
            """
            user0.yaml:5: groups.ports.presence: 'ifName' is of another table; expected a column of this
            user0.yaml:8: groups.ports.columns.ifName.index: 'ifIndex' is neither a part of the table's index nor a column of it; expected the other table's index in these
            user0.yaml:9: groups.ports.columns.a: 'a' leads back to itself; expected a way that begins in this table
            user0.yaml:10: groups.ports.columns.b: 'b' leads back to itself; expected a way that begins in this table
            user0.yaml:11: groups.ports.columns.c: has an 'index' without parts; expected the other table's index
            user0.yaml:14: groups.more.scalars.s.index: is not a key here; expected one of access, binary-hint, description, format, hint, labels, oid, range, size, ttl, type, units or with
            """
                .lines()
                .toArray(String[]::new));
  }

  @Test
  void aFileMayBeEmpty() throws IOException {
    assertThat(load("", "# nothing\n").groups()).isNotEmpty();
  }

  @Test
  void everythingThatIsWrongInAllFilesIsToldAtOnceWithItsPlace() {
    assertThat(
            problems(
                """
                syntaxes:
                  Loop: {is: Pool}
                  Pool: {is: Loop}
                  INTEGER: {is: Integer32}
                  Colour: {is: INTEGER, labels: red(1) green(1) blue}
                  Odd: {is: OCTET STRING, hint: zz, format: pretty, size: many}
                  Odder: {is: DisplayString, labels: a(1)}
                  Oddest: {is: Integer32, size: 2}
                groups:
                  system:
                    scalars:
                      sysName: {ttl: fast, acess: read-write}
                  my/group: {probe: 1.3, scalars: {}}
                """,
                """
                groups:
                  fans:
                    probe: 1.3.6.1.4.1.9
                    scalars:
                      fanSpeed: {oid: 1.3.6.x, type: Integer32}
                      fanState: {oid: 1.3.6.2, type: FanState, access: write}
                      ".hidden": {oid: 1.3.6.3, type: Integer32}
                  psus:
                    entries: [1.3.7]
                    label: [index, psuName]
                    columns:
                      psuState: {oid: 1.3.8.1, type: Integer32}
                      psuOther: {oid: 1.3.8.1}
                  nothing: {description: [a, b]}
                """))
        .containsExactlyInAnyOrder(
            """
            user0.yaml:2: syntaxes.Loop: 'Loop' is made of itself: [Loop, Pool]
            user0.yaml:3: syntaxes.Pool: 'Pool' is made of itself: [Pool, Loop]
            user0.yaml:4: syntaxes.INTEGER: 'INTEGER' is a type of the SMI; name it another
            user0.yaml:5: syntaxes.Colour.labels: 1 is both 'red' and 'green'; keep one
            user0.yaml:5: syntaxes.Colour.labels: 'blue' is not a label with its number; expected as in a MIB: up(1) down(2)
            user0.yaml:6: syntaxes.Odd.hint: 'zz' is not a display hint for octets; expected for example 255a, 255t, 1x: or 2d-1d-1d,1d:1d:1d.1d,1a1d:1d (RFC 2579, section 3.1)
            user0.yaml:6: syntaxes.Odd.format: 'pretty' is not a format; expected bits, inet-address or date-and-time
            user0.yaml:6: syntaxes.Odd.size: 'many' is not a size; expected octets, 0 to 64
            user0.yaml:7: syntaxes.Odder.labels: labels are for numbers and bits, not for DisplayString
            user0.yaml:8: syntaxes.Oddest.size: 'size' is for octets, not for Integer32
            user0.yaml:12: groups.system.scalars.sysName.acess: is not a key here; expected 'access', or one of access, binary-hint, description, format, hint, labels, oid, range, size, ttl, type, units or with
            user0.yaml:12: groups.system.scalars.sysName.ttl: 'fast' is not a TTL class; expected static, config, state, counter or directory
            user0.yaml:13: groups.my/group: 'my/group' cannot be a directory's name; expected a letter or digit, then letters, digits, '.', '_' and '-'
            user1.yaml:5: groups.fans.scalars.fanSpeed.oid: '1.3.6.x' is not an object identifier; expected numbers with dots between them, or a name given in 'oids' before them: ifEntry.2
            user1.yaml:6: groups.fans.scalars.fanState.type: 'FanState' is no syntax; expected one of 'syntaxes', or INTEGER, Integer32, Unsigned32, Gauge32, Counter32, Counter64, TimeTicks, OCTET STRING, BITS, IpAddress, Opaque or OBJECT IDENTIFIER
            user1.yaml:6: groups.fans.scalars.fanState.access: 'write' is not an access; expected read-only, read-write or read-create
            user1.yaml:7: groups.fans.scalars..hidden: '.hidden' cannot be a file's name; expected a letter or digit, then letters, digits, '.', '_' and '-'
            user1.yaml:2: groups.fans: has no 'scalars' that can be used; expected at least one
            user1.yaml:12: groups.psus.columns.psuState: 1.3.8.1 is not below an entry of the table; expected one of [1.3.7]
            user1.yaml:13: groups.psus.columns.psuOther: has no 'type'; expected the name of a syntax
            user1.yaml:8: groups.psus: has no 'index' that can be used; expected the parts of the table's INDEX
            user1.yaml:10: groups.psus.label: 'index' always gives a name; expected it last
            user1.yaml:10: groups.psus.label: 'psuName' is no column of the table; expected its own
            user1.yaml:14: groups.nothing: has neither 'scalars' nor 'columns'; expected one of them
            """
                .lines()
                .toArray(String[]::new));
  }

  @Test
  void whatIsNoYamlIsToldWithItsLineAndTheOtherFilesAreReadNevertheless() {
    assertThat(problems("groups:\n  a: [1, 2\nb: }\n", "colour: red"))
        .hasSize(2)
        .anySatisfy(p -> assertThat(p).matches("user0\\.yaml:[23]: this is not YAML: .*"))
        .anySatisfy(p -> assertThat(p).startsWith("user1.yaml:1: colour: is not a key here"));
    assertThat(problems("a: {b: 1, b: 2}\n---\nc: 1"))
        .anySatisfy(
            p ->
                assertThat(p)
                    .isEqualTo("user0.yaml:1: a.b: is there twice; the first is in line 1"))
        .anySatisfy(
            p ->
                assertThat(p)
                    .isEqualTo("user0.yaml:3: a second document begins here; expected one"));
    assertThat(problems("- 1")).singleElement().asString().contains("got a list");
    assertThat(problems("groups: &a {b: *a}")).isNotEmpty();
    assertThat(problems("? [a]\n: b")).singleElement().asString().contains("a key is no text");
  }

  @Test
  void aFileThatCannotBeReadIsTold() throws IOException {
    Path latin1 = folder.resolve("latin1.yaml");
    Files.write(latin1, "# Zürich".getBytes(StandardCharsets.ISO_8859_1));
    InvalidCatalogueException e =
        catchThrowableOfType(
            InvalidCatalogueException.class,
            () -> Catalogue.load(List.of(folder.resolve("none.yaml"), latin1, folder)));
    assertThat(e.problems())
        .hasSize(3)
        .anySatisfy(p -> assertThat(p).contains("none.yaml: there is no such file"))
        .anySatisfy(p -> assertThat(p).contains("latin1.yaml:1: this is not a text in UTF-8"))
        .anySatisfy(p -> assertThat(p).contains("cannot be read"));
    assertThat(e).hasMessageContaining("none.yaml").hasMessageContaining("latin1.yaml");
  }

  @Test
  void anAttributeBelowAnotherIsRefused() {
    assertThat(
            problems(
                """
                groups:
                  odd:
                    probe: 1.3.6.1.2.1.2.2.1.2
                    scalars: {deeper: {oid: 1.3.6.1.2.1.2.2.1.2.5, type: Integer32}}
                """))
        .singleElement()
        .asString()
        .isEqualTo(
            "'deeper' (1.3.6.1.2.1.2.2.1.2.5.0) lies below 'ifDescr' (1.3.6.1.2.1.2.2.1.2), which is"
                + " no table; correct one of them");
  }
}
