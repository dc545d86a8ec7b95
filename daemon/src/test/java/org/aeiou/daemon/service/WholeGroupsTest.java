package org.aeiou.daemon.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.tree.GroupFile;
import org.aeiou.daemon.tree.Node;
import org.aeiou.daemon.tree.SystemNode;
import org.junit.jupiter.api.Test;

/** A table, or a group of scalars, that is read as one file. */
final class WholeGroupsTest extends ServiceFixture {
  private static final String TABLE = "core1/interfaces/.table";
  private static final String JSON = "core1/interfaces/.json";
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** The question that was asked, which must be a walk. */
  private List<Oid> walkedColumns() {
    assertThat(queue.asked()).hasSize(1);
    return ((Question.Walk) queue.asked().get(0)).columns();
  }

  private static Value number(long number) {
    return new Value.Numeric(Value.NumberType.INTEGER, number);
  }

  private static Value counter64(long number) {
    return new Value.Numeric(Value.NumberType.COUNTER64, number);
  }

  /** A row of what was asked: columns by their names, each with its value. */
  private Value.Row row(AttributeGroup group, Oid index, Object... namesAndValues) {
    List<Oid> columns = walkedColumns();
    Value[] values = new Value[columns.size()];
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Oid oid = group.attribute((String) namesAndValues[i]).oid();
      Oid column = group instanceof AttributeGroup.Table ? oid : oid.prefix(oid.length() - 1);
      values[columns.indexOf(column)] = (Value) namesAndValues[i + 1];
    }
    return new Value.Row(index, Arrays.asList(values));
  }

  private Value.Row interfaceRow(int index, String name, Object... more) {
    List<Object> all = new ArrayList<>(List.of("ifName", name(name)));
    all.addAll(List.of(more));
    return row(INTERFACES, Oid.of(index), all.toArray());
  }

  private void answer(Value.Row... rows) {
    queue.answer(reading(new Value.Rows(List.of(rows))));
  }

  /** Reads a file that is not cached, and answers with two interfaces. */
  private String readTwo(String path) {
    read(path);
    answer(
        interfaceRow(3, "eth0", "ifOperStatus", number(1), "ifHCInOctets", counter64(-1)),
        interfaceRow(4, "eth1", "ifOperStatus", number(2)));
    return content(onlyEnded());
  }

  /** The cells of the first line that begins with this, by the names of the columns. */
  private static String cell(String table, String row, String column) {
    List<String> lines = table.lines().toList();
    int at = List.of(lines.get(0).split("\t", -1)).indexOf(column);
    String line =
        lines.stream().filter(one -> one.startsWith(row + "\t")).findFirst().orElseThrow();
    return line.split("\t", -1)[at];
  }

  @Test
  void aTableIsReadByOneWalkOfTheColumnsThatNameItsRowsAndAllOthers() {
    read(TABLE);
    List<Oid> columns = walkedColumns();
    assertThat(columns).startsWith(INTERFACES.walk().toArray(Oid[]::new)).doesNotHaveDuplicates();
    assertThat(columns)
        .containsExactlyInAnyOrderElementsOf(
            INTERFACES.attributes().stream().map(Attribute::oid).toList());
  }

  @Test
  void theFirstLineNamesTheColumnsInTheOrderOfTheCatalogue() {
    String expected = "name";
    for (Attribute attribute : INTERFACES.attributes()) {
      expected += "\t" + attribute.name();
    }
    assertThat(readTwo(TABLE).lines().findFirst()).hasValue(expected);
  }

  @Test
  void eachRowIsALineWithItsNameAndWhatItsFilesHold() {
    String table = readTwo(TABLE);
    assertThat(table.lines()).hasSize(3);
    assertThat(table).endsWith("\n");
    assertThat(cell(table, "eth0", "ifOperStatus")).isEqualTo("up");
    assertThat(cell(table, "eth0", "ifHCInOctets")).isEqualTo("18446744073709551615");
    assertThat(cell(table, "eth1", "ifOperStatus")).isEqualTo("down");
    assertThat(cell(table, "eth1", "ifHCInOctets")).isEmpty();
  }

  @Test
  void aTableWithoutRowsIsItsFirstLine() {
    read(TABLE);
    answer();
    assertThat(content(onlyEnded()).lines()).hasSize(1);
    read(JSON);
    assertThat(content(onlyEnded())).isEqualTo("{}\n");
  }

  @Test
  void tabsLineEndsAndBackslashesAreEscapedInACell() {
    read(TABLE);
    answer(interfaceRow(3, "eth0", "ifAlias", name("to\tB\\C\nand D")));
    String table = content(onlyEnded());
    assertThat(table.lines()).hasSize(2);
    assertThat(cell(table, "eth0", "ifAlias")).isEqualTo("to\\tB\\\\C\\nand D");
  }

  @Test
  void jsonHasNumbersAsNumbersLabelsAsStringsAndNothingForWhatIsAbsent() {
    assertThat(readTwo(JSON))
        .isEqualTo(
            """
            {
            "eth0": {"ifOperStatus": "up", "ifName": "eth0", "ifHCInOctets": 18446744073709551615},
            "eth1": {"ifOperStatus": "down", "ifName": "eth1"}
            }
            """);
  }

  @Test
  void jsonHasATextThatSaysANumberAsAStringAndANumberWithoutALabelAsANumber() {
    read(JSON);
    answer(interfaceRow(3, "7", "ifOperStatus", number(99), "ifAlias", name("say \"1\"\\\n")));
    assertThat(content(onlyEnded()))
        .isEqualTo(
            "{\n\"7\": {\"ifOperStatus\": 99, \"ifName\": \"7\","
                + " \"ifAlias\": \"say \\\"1\\\"\\\\\"}\n}\n");
  }

  @Test
  void bothFormatsAreReadByOneFetch() {
    readTwo(TABLE);
    read(JSON);
    assertThat(onlyEnded().delayed()).isFalse();
    read(TABLE);
    assertThat(onlyEnded().delayed()).isFalse();
    assertThat(queue.asked()).isEmpty();
  }

  @Test
  void aTextIsWrittenOnceForEachAnswer() {
    readTwo(TABLE);
    byte[] table = service.cached(node(TABLE)).bytes();
    byte[] json = service.cached(node(JSON)).bytes();
    assertThat(service.cached(node(TABLE)).bytes()).isSameAs(table);
    assertThat(service.cached(node(JSON)).bytes()).isSameAs(json);
    assertThat(service.cached(node(".cached/" + TABLE)).bytes()).isSameAs(table);
  }

  @Test
  void theTextCountsForTheMemoryThatTheCacheTakes() {
    readTwo(TABLE);
    long before = bytes();
    int json = service.cached(node(JSON)).bytes().length;
    assertThat(bytes() - before).isBetween((long) json, json + 100L);
  }

  private long bytes() {
    return cache.find(((GroupFile) node(TABLE)).question()).outcome().map(value -> value.bytes())
            instanceof Reading<Long> reading
        ? reading.value()
        : -1;
  }

  @Test
  void aTableIsFreshForAsLongAsTheColumnThatAgesFastest() {
    readTwo(TABLE);
    assertThat(service.cached(node(TABLE)).attributes().validNanos()).isEqualTo(5 * SECOND);
    now += 11 * SECOND;
    assertThat(service.cached(node(TABLE))).isNull();
    read(TABLE);
    assertThat(queue.asked()).hasSize(1);
  }

  @Test
  void isFoundWithoutAskingAndNotListed() {
    knowInterfaces();
    assertThat(node(TABLE).name()).isEqualTo(".table");
    assertThat(node("core1/system/.json").isDirectory()).isFalse();
    for (String directory : List.of("core1/interfaces", "core1/system")) {
      service.list(requester, node(directory), note(), "list");
      FileSystem.Listing listing =
          (FileSystem.Listing) ((Reading<?>) onlyEnded().outcome()).value();
      assertThat(listing.entries())
          .extracting(FileSystem.Entry::name)
          .isNotEmpty()
          .doesNotContain(".table", ".json");
    }
  }

  @Test
  void anotherNameThatBeginsWithADotIsNotThereAndCostsNoWalk() {
    service.<String>lookup(requester, node("core1/interfaces"), ".git", note(), "lookup");
    assertThat(((FileSystem.Entry) ((Reading<?>) onlyEnded().outcome()).value()).node()).isNull();
    assertThat(queue.asked()).isEmpty();
  }

  @Test
  void scalarsAreOneRowThatIsNamedByTheSystem() {
    read("core1/system/.table");
    AttributeGroup system = CATALOGUE.group("system");
    answer(row(system, Oid.of(0), "sysName", name("sw7"), "sysServices", number(6)));
    String table = content(onlyEnded());
    assertThat(table.lines()).hasSize(2);
    assertThat(cell(table, "core1", "sysName")).isEqualTo("sw7");
    assertThat(cell(table, "core1", "sysContact")).isEmpty();
    read("core1/system/.json");
    assertThat(content(onlyEnded())).isEqualTo("{\"sysName\": \"sw7\", \"sysServices\": 6}\n");
  }

  @Test
  void scalarsThatASystemDoesNotHaveAreAnEmptyObject() {
    read("core1/host/.json");
    answer();
    assertThat(content(onlyEnded())).isEqualTo("{}\n");
    read("core1/host/.table");
    assertThat(content(onlyEnded()).lines()).hasSize(1);
  }

  @Test
  void columnsOfAnotherTableAreInTheRowThatLeadsThere() {
    AttributeGroup forwarding = CATALOGUE.group("forwarding");
    Oid address = Oid.of(0, 17, 34, 51, 68, 1);
    read("core1/forwarding/.table");
    answer(
        row(forwarding, address, "dot1dTpFdbPort", number(5)),
        row(forwarding, Oid.of(0, 17, 34, 51, 68, 2), "dot1dTpFdbPort", number(0)),
        row(forwarding, Oid.of(5), "dot1dBasePortIfIndex", number(105)),
        row(forwarding, Oid.of(105), "ifName", name("eth5")));
    String table = content(onlyEnded());
    assertThat(table.lines()).hasSize(3);
    assertThat(cell(table, "00:11:22:33:44:01", "ifName")).isEqualTo("eth5");
    assertThat(cell(table, "00:11:22:33:44:02", "ifName")).isEmpty();
  }

  @Test
  void theViewsHoldForWholeGroups() {
    read(".cached/" + TABLE);
    assertThat(reason(onlyEnded())).isEqualTo(Failure.Reason.NOT_CACHED);
    assertThat(queue.asked()).isEmpty();
    readTwo(TABLE);
    read(".cached/" + TABLE);
    assertThat(onlyEnded().delayed()).isFalse();
    read(".uncached/" + TABLE);
    assertThat(queue.asked()).hasSize(1);
  }

  @Test
  void sizeAndTimeOfChangeAreThoseOfTheText() {
    assertThat(service.attributes(node(TABLE)).size()).isEqualTo(NodeAttributes.UNKNOWN_SIZE);
    String table = readTwo(TABLE);
    long changed = TimeUnit.NANOSECONDS.toMillis(now);
    now += 7 * SECOND;
    read(".uncached/" + TABLE);
    answer(
        interfaceRow(3, "eth0", "ifOperStatus", number(1), "ifHCInOctets", counter64(-1)),
        interfaceRow(4, "eth1", "ifOperStatus", number(2)));
    FileSystem.Attributes same = service.attributes(node(TABLE));
    assertThat(same.size()).isEqualTo(table.getBytes(UTF_8).length);
    assertThat(same.changedMillis()).isEqualTo(changed);
    assertThat(same.takenMillis()).isEqualTo(changed + 7000);
  }

  @Test
  void itsExtendedAttributesSayHowOldItIsAndWhyItCouldNotBeRead() {
    readTwo(TABLE);
    assertThat(service.extendedAttributes(node(TABLE)))
        .containsExactly("user.aeiou.age_ms", "user.aeiou.ttl_ms", "user.aeiou.state");
    now += 11 * SECOND;
    read(TABLE);
    String why = "core1 has more than 250000 rows";
    queue.answer(new Failure<>(Failure.Reason.BAD_ANSWER, why));
    assertThat(reason(onlyEnded())).isEqualTo(Failure.Reason.BAD_ANSWER);
    assertThat(new String(service.extendedAttribute(node(TABLE), "user.aeiou.error"), UTF_8))
        .isEqualTo(why);
  }

  @Test
  void aChangeIsToldOfEveryFormatInEveryView() {
    List<String> told = new ArrayList<>();
    service.observe(
        new FileSystem.Observer() {
          @Override
          public void contentChanged(Node file) {
            told.add(((SystemNode) file).view().directory() + file.name());
          }

          @Override
          public void namesChanged(Node directory, Collection<String> names) {}
        });
    readTwo(TABLE); // it may have been read before, and forgotten since
    assertThat(told)
        .containsExactlyInAnyOrder(
            ".table",
            ".json",
            ".cached.table",
            ".cached.json",
            ".uncached.table",
            ".uncached.json");
    told.clear();
    read(JSON);
    ended.clear();
    read(".uncached/" + TABLE);
    answer(interfaceRow(3, "eth0"));
    assertThat(told).contains(".table", ".json");
  }

  @Test
  void aTableWhoseCountersGoOnMakesTheCacheForgetNoneOfItsRows() {
    readTwo(TABLE);
    service.list(requester, node("core1/interfaces"), note(), "list");
    walked("eth0", 3, "eth1", 4);
    read("core1/interfaces/eth0/ifOperStatus");
    queue.answer(reading(status(1, "eth0")));
    read("core1/interfaces/eth1/ifOperStatus");
    queue.answer(reading(status(1, "eth1")));
    read(".uncached/" + TABLE);
    answer(
        interfaceRow(3, "eth0", "ifHCInOctets", counter64(7)),
        interfaceRow(4, "eth9", "ifHCInOctets", counter64(7)));
    assertThat(service.cached(node("core1/interfaces/eth0/ifOperStatus"))).isNotNull();
    // Its label is another's by now.
    assertThat(service.cached(node("core1/interfaces/eth1/ifOperStatus"))).isNull();
  }

  @Test
  void aWatchedTableIsReadAgainWhenItIsNoLongerFresh() {
    FileSystem.Watch watch = service.watch(requester, node(TABLE));
    answer(interfaceRow(3, "eth0"));
    now += 5 * SECOND;
    passLater();
    assertThat(queue.asked()).hasSize(1);
    watch.close();
  }
}
