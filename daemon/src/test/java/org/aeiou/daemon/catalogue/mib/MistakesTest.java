package org.aeiou.daemon.catalogue.mib;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.catalogue.TtlClass;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.document.YamlReader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is wrong with vendors' files, each of it in the files of {@code mibs/acme}. */
class MistakesTest {
  private static final Path FILES = Path.of("src/test/resources/mibs/acme");
  private static final String ACME = "1.3.6.1.4.1.54321.2.";

  private static MibImport.Result made;
  private static Catalogue catalogue;

  @BeforeAll
  static void readTheFiles() {
    made =
        MibImport.run(Catalogue.builtIn(), List.of(new MibSource(List.of(FILES), List.of(), null)));
    catalogue = catalogue(made);
  }

  /** As a daemon would load it; fails if anything is wrong with it. */
  static Catalogue catalogue(MibImport.Result made) {
    Problems problems = new Problems("made");
    Catalogue loaded = Catalogue.load(YamlReader.parse(made.yaml(), problems), List.of());
    assertThat(problems.lines()).isEmpty();
    return loaded;
  }

  private static Attribute attribute(String below) {
    Attribute attribute = catalogue.describe(Oid.parse(ACME + below));
    assertThat(attribute).as(below).isNotNull();
    return attribute;
  }

  private static String text(String below, long number) {
    Value value = new Value.Numeric(Value.NumberType.INTEGER, number);
    return new String(
        attribute(below).syntax().render(value, java.nio.charset.StandardCharsets.ISO_8859_1),
        java.nio.charset.StandardCharsets.UTF_8);
  }

  private static List<String> rows(String group, String... indices) {
    AttributeGroup.Table table = (AttributeGroup.Table) catalogue.group(group);
    List<Value.Row> rows =
        java.util.stream.Stream.of(indices)
            .map(index -> new Value.Row(Oid.parse(index), values(table)))
            .toList();
    return table.rows(new Value.Rows(rows), java.nio.charset.StandardCharsets.ISO_8859_1).stream()
        .map(AttributeGroup.NamedRow::name)
        .toList();
  }

  private static List<Value> values(AttributeGroup.Table table) {
    Value number = new Value.Numeric(Value.NumberType.INTEGER, 1);
    Value text = new Value.Octets(Value.OctetsType.OCTETS, new byte[0]);
    return table.walk().stream()
        .map(
            column -> catalogue.describe(column).syntax().type().contains("String") ? text : number)
        .toList();
  }

  @Test
  void aModuleMayBeInAFileOfAnotherNameAndTakeItsRootFromOneOfTheOldVersion() {
    assertThat(attribute("1.1.0").name()).isEqualTo("acmeUpsModel");
    assertThat(attribute("1.1.0").description()).isEqualTo("The model, as it stands on the front.");
  }

  @Test
  void importsWithoutASemicolonEndWhereTheFirstStatementBegins() {
    assertThat(made.problems())
        .contains(
            FILES.toAbsolutePath() + "/ups_rev3.txt:14: IMPORTS: there is no ';' before this line");
  }

  @Test
  void macrosNeedNotBeImportedAndAnIdentityMayBeLateAndOfNoDay() {
    assertThat(attribute("1.3.0").name()).isEqualTo("acmeUpsTemperature");
    assertThat(text("1.3.0", 215)).isEqualTo("21.5");
  }

  @Test
  void accessAndMandatoryOfTheOldVersionAreReadInTheNew() {
    assertThat(text("1.2.0", 2)).isEqualTo("battery");
  }

  @Test
  void labelsMayHoldUnderscoresBeginWithDigitsAndBeOfTwoWords() {
    assertThat(text("1.2.0", 3)).isEqualTo("by_pass");
    assertThat(text("9.1.1", 3)).isEqualTo("10Mbit");
    assertThat(text("9.1.1", 4)).isEqualTo("two-words");
  }

  @Test
  void aStatementWithoutAValueIsSkippedAndTheNextIsRead() {
    assertThat(made.problems())
        .contains(
            FILES.toAbsolutePath()
                + "/ups_rev3.txt:68: acmeUpsLost: has no value; expected '::= { PARENT NUMBER }'"
                + " behind it; skipped");
    assertThat(attribute("1.4.0").name()).as("and of upper case").isEqualTo("AcmeUpsLoad");
  }

  @Test
  void aSizeMayBeWrittenBadly() {
    assertThat(attribute("1.5.0").writable()).isTrue();
  }

  @Test
  void whatNobodyHasIsToldOnceWithWhatDependsOnIt() {
    assertThat(made.problems())
        .contains(
            FILES.toAbsolutePath()
                + "/ups_rev3.txt:117: acmeSpareThing: 'acmeSpareRoot' is to come from"
                + " ACME-NOBODY-HAS-IT, which is not there; skipped, with 1 other");
  }

  @Test
  void ofATypeThatNobodyHasValuesReadAsTheyAre() {
    assertThat(text("1.9.0", 17)).isEqualTo("17");
  }

  @Test
  void aSecondModuleOfAFileHasARootThatTheFirstTookFromAThird() {
    assertThat(attribute("7.0").name()).isEqualTo("acmeSecond");
  }

  @Test
  void aFileNeedNotBeAsciiAndMayHoldControlCharacters() {
    assertThat(attribute("3.0").units()).isEqualTo("°C");
    assertThat(attribute("3.0").description()).isEqualTo("Café au lait.");
  }

  @Test
  void aByteOrderMarkIsNoCharacter() {
    assertThat(attribute("4.0").description()).isEqualTo("After a byte order mark ✓.");
  }

  @Test
  void aQuoteThatIsNotClosedEndsWithItsStatement() {
    assertThat(made.problems())
        .contains(FILES.toAbsolutePath() + "/quote.mib:7: the quote that opens here is not closed");
    assertThat(attribute("5.0").name()).isEqualTo("acmeQuoteFirst");
    assertThat(attribute("6.0").name()).isEqualTo("acmeQuoteSecond");
  }

  @Test
  void namesThatLeadBackToThemselvesEnd() {
    assertThat(made.problems())
        .contains(
            FILES.toAbsolutePath()
                + "/circle.mib:2: one: leads back to itself, or is too deep; skipped, with 3"
                + " others");
  }

  @Test
  void baseTypesAreWhatTheyAreWhateverAModuleSays() {
    assertThat(attribute("1.1.0").syntax().type()).isEqualTo("DisplayString");
  }

  @Test
  void whatIsObsoleteOrCannotBeReadIsNoAttribute() {
    assertThat(catalogue.describe(Oid.parse(ACME + "1.8.0"))).isNull();
    assertThat(catalogue.describe(Oid.parse(ACME + "1.20.1.1.1.1"))).isNull();
    assertThat(catalogue.describe(Oid.parse(ACME + "1.20.1.2.1.1"))).isNull();
  }

  @Test
  void anIndexMayHaveLabels() {
    assertThat(rows("acmeOutletTable", "2.7")).containsExactly("right.7");
  }

  @Test
  void aTableThatGoesOnWithAnotherHasItsIndex() {
    assertThat(rows("acmeOutletExtraTable", "1.3")).containsExactly("left.3");
  }

  @Test
  void aTableThatGoesOnWithABuiltInOneHasItsIndex() {
    assertThat(rows("acmePortTable", "12")).containsExactly("12");
  }

  @Test
  void anIndexThatNobodyKnowsReadsAsItsNumbers() {
    assertThat(rows("acmeSlotTable", "4.0.9")).containsExactly("4.0.9");
  }

  @Test
  void theOldVersionHasTypesInAnIndex() {
    assertThat(rows("acmeLampTable", "3.1")).containsExactly("3.1");
  }

  @Test
  void controlsAndClocksAgeAsStatesDo() {
    assertThat(attribute("1.1.0").ttl()).isEqualTo(TtlClass.STATIC);
    assertThat(attribute("1.5.0").ttl()).isEqualTo(TtlClass.CONFIG);
    assertThat(attribute("1.6.0").ttl()).as("a control").isEqualTo(TtlClass.STATE);
    assertThat(attribute("1.7.0").ttl()).as("a clock").isEqualTo(TtlClass.STATE);
  }

  @Test
  void unitsThatStandInASentenceStayThere() {
    assertThat(attribute("9.1.2").units()).isNull();
    assertThat(attribute("9.1.2").description())
        .isEqualTo("How long it was on, in hundredths of an hour.");
  }

  @Test
  void whatMayBeWrittenHasItsRangesAndSizesIfTheyCanBe() {
    assertThat(made.yaml())
        .contains("access: read-write, range: 0..20, description: \"Bad SIZE syntax.\"");
    assertThat(made.yaml().lines().filter(line -> line.contains("AcmeUpsLoad")))
        .noneMatch(line -> line.contains("range"));
  }

  @Test
  void theSummaryCountsWhatWasReadAndWhatWasSkipped() {
    assertThat(made.summary())
        .isEqualTo(
            "6 files, 7 modules, 36 objects: 10 groups, 20 attributes; 3 objects skipped, 6"
                + " problems");
  }
}
