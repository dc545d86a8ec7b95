package org.aeiou.daemon.catalogue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.Value.NumberType;
import org.aeiou.daemon.backend.Value.OctetsType;
import org.junit.jupiter.api.Test;

class TableTest {
  private static final Catalogue CATALOGUE = Catalogue.load(List.of());

  private static AttributeGroup.Table table(String name) {
    return (AttributeGroup.Table) CATALOGUE.group(name);
  }

  private static Value text(String text) {
    return new Value.Octets(OctetsType.OCTETS, text.getBytes(UTF_8));
  }

  private static Value number(long number) {
    return new Value.Numeric(NumberType.INTEGER, number);
  }

  private static Value.Row row(String index, Value... columns) {
    Oid oid = index.isEmpty() ? Oid.EMPTY : Oid.parse(index);
    return new Value.Row(oid, Arrays.asList(columns));
  }

  private static List<AttributeGroup.NamedRow> rows(AttributeGroup.Table table, Value.Row... rows) {
    return table.rows(new Value.Rows(List.of(rows)), ISO_8859_1);
  }

  /** The name of the only row, of a table that is named by its index. */
  private static String nameOf(String table, String index) {
    return rows(table(table), present(table(table), index)).get(0).name();
  }

  /** A row of which the first of the walked columns is there. */
  private static Value.Row present(AttributeGroup.Table table, String index) {
    Value[] columns = new Value[table.walk().size()];
    columns[0] = number(1);
    return row(index, columns);
  }

  @Test
  void interfacesAreNamedByIfNameElseIfDescrElseTheirIndex() {
    AttributeGroup.Table interfaces = table("interfaces");
    assertThat(interfaces.walk())
        .containsExactly(Oid.parse("1.3.6.1.2.1.31.1.1.1.1"), Oid.parse("1.3.6.1.2.1.2.2.1.2"));
    assertThat(
            rows(
                interfaces,
                row("1", text("Gi0/1"), text("GigabitEthernet0/1")),
                row("2", text(""), text("lo")),
                row("3", null, text("eth0\0")),
                row("40", text(" "), text(""))))
        .extracting(AttributeGroup.NamedRow::name)
        .containsExactly("Gi0∕1", "lo", "eth0", "40");
  }

  @Test
  void labelsReadInTheCharacterSetOfTheSystem() {
    Value label = new Value.Octets(OctetsType.OCTETS, new byte[] {-69, -6, -73, -65, '1'});
    Value.Rows walked = new Value.Rows(List.of(row("1", label, null)));
    assertThat(table("interfaces").rows(walked, Charset.forName("GBK")))
        .extracting(AttributeGroup.NamedRow::name)
        .containsExactly("机房1");
  }

  @Test
  void theLabelGuardsItsRow() {
    Value label = text("eth0");
    AttributeGroup.NamedRow row = rows(table("interfaces"), row("3", null, label)).get(0);
    assertThat(row.index()).isEqualTo(Oid.of(3));
    assertThat(row.guard()).isEqualTo(Oid.parse("1.3.6.1.2.1.2.2.1.2.3"));
    assertThat(row.label()).isSameAs(label);
    AttributeGroup.NamedRow unlabelled = rows(table("interfaces"), row("4", null, text(""))).get(0);
    assertThat(unlabelled.guard()).isNull();
    assertThat(unlabelled.label()).isNull();
  }

  @Test
  void aRowWithAnIndexThatDoesNotFitBehindAllColumnsIsNone() {
    // ifXTable's columns have 11 numbers, and an object identifier 128.
    String fits = "1" + ".1".repeat(116);
    assertThat(rows(table("interfaces"), row(fits, text("a"), null), row(fits + ".1", text("b"))))
        .extracting(AttributeGroup.NamedRow::name)
        .containsExactly("a");
  }

  @Test
  void aLabelOfTheWrongTypeIsALabel() {
    assertThat(rows(table("interfaces"), row("1", number(17), null)).get(0).name()).isEqualTo("17");
  }

  @Test
  void aJoinedTablesRowsAreThoseOfItsOwn() {
    AttributeGroup.Table sensors = table("sensors");
    assertThat(sensors.walk().get(0)).isEqualTo(Oid.parse("1.3.6.1.2.1.99.1.1.1.1"));
    assertThat(
            rows(
                sensors,
                row("1", null, text("chassis"), text("Chassis")),
                row("2", number(8), text("inlet"), text("Temperature"))))
        .extracting(AttributeGroup.NamedRow::name)
        .containsExactly("inlet");
  }

  @Test
  void indicesReadAsTheirSyntaxes() {
    assertThat(nameOf("forwarding", "0.17.34.51.68.255")).isEqualTo("00:11:22:33:44:ff");
    assertThat(nameOf("vlan-forwarding", "10.0.17.34.51.68.255")).isEqualTo("10.00:11:22:33:44:ff");
    assertThat(nameOf("ipv4-addresses", "10.0.0.1")).isEqualTo("10.0.0.1");
    assertThat(nameOf("ip-addresses", "1.4.10.0.0.1")).isEqualTo("10.0.0.1");
    assertThat(nameOf("ip-addresses", "2.16.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.1"))
        .isEqualTo("fe80::1");
    assertThat(nameOf("ip-addresses", "4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.3"))
        .isEqualTo("fe80::1%3");
    assertThat(nameOf("lldp-neighbour-addresses", "900.7.3.1.4.10.0.0.1"))
        .isEqualTo("7.3.10.0.0.1");
    assertThat(nameOf("lldp-neighbour-addresses", "900.7.3.6.6.0.17.34.51.68.85"))
        .isEqualTo("7.3.00:11:22:33:44:55");
    assertThat(nameOf("processes", "4294967295")).isEqualTo("4294967295");
  }

  @Test
  void anIndexThatIsNotAsTheTableDefinesItReadsAsItsNumbers() {
    assertThat(nameOf("forwarding", "0.17.34")).isEqualTo("0.17.34");
    assertThat(nameOf("forwarding", "0.17.34.51.68.256")).isEqualTo("0.17.34.51.68.256");
    assertThat(nameOf("forwarding", "0.17.34.51.68.255.1")).isEqualTo("0.17.34.51.68.255.1");
    assertThat(nameOf("ip-addresses", "1.10.0.0.1")).isEqualTo("1.10.0.0.1");
    assertThat(nameOf("ip-addresses", "1")).isEqualTo("1");
    assertThat(nameOf("ip-addresses", "1.4294967295.10.0.0.1")).isEqualTo("1.4294967295.10.0.0.1");
    assertThat(nameOf("processes", "")).isEqualTo("~");
  }

  @Test
  void impliedAndCountedStringsAndIdentifiersAreIndicesToo() {
    Catalogue catalogue =
        new CatalogueLoader()
            .addText(
                "test",
                """
                    groups:
                      implied:
                        entries: [1.3.1]
                        index: {n: INTEGER, s: {type: OCTET STRING, implied: true}}
                        columns: {c: {oid: 1.3.1.1, type: INTEGER}}
                      counted:
                        entries: [1.3.2]
                        index: {s: OCTET STRING, o: OBJECT IDENTIFIER}
                        columns: {c: {oid: 1.3.2.1, type: INTEGER}}
                      fixed:
                        entries: [1.3.3]
                        index: {s: {type: OCTET STRING, size: 2}, n: {type: INTEGER, hint: d-1}}
                        columns: {c: {oid: 1.3.3.1, type: INTEGER}}
                    """)
            .catalogue();
    assertThat(nameOf(catalogue, "implied", "7.97.47.98")).isEqualTo("7.a∕b");
    assertThat(nameOf(catalogue, "counted", "2.104.105.3.1.3.6")).isEqualTo("hi.1.3.6");
    assertThat(nameOf(catalogue, "fixed", "104.105.15")).isEqualTo("hi.1.5");
  }

  private static String nameOf(Catalogue catalogue, String table, String index) {
    AttributeGroup.Table defined = (AttributeGroup.Table) catalogue.group(table);
    return rows(defined, present(defined, index)).get(0).name();
  }
}
