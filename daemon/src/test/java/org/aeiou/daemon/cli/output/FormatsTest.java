package org.aeiou.daemon.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.aeiou.closures.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatsTest {
  private static final Map<String, String> NUMBER =
      Map.of("syntax", "number", "type", "Counter64", "age_ms", "12");
  private static final Map<String, String> TEXT = Map.of("syntax", "octets", "state", "fresh");

  private static final List<Item> ITEMS =
      List.of(
          Item.value("core1/interfaces/eth0/ifHCInOctets", "18446744073709551615", NUMBER),
          Item.value("core1/interfaces/eth0/ifAlias", "42", TEXT),
          Item.value("core1/interfaces/eth1/ifAlias", "to \"room, 5\"\n", TEXT),
          Item.absent("core1/interfaces/eth1/ifHCInOctets"),
          Item.failed("core2/interfaces/eth0/ifAlias", Failure.Reason.TIMEOUT, "too late"));

  private final StringWriter text = new StringWriter();
  private final PrintWriter out = new PrintWriter(text);

  private String printed(Format format) {
    ITEMS.forEach(format::add);
    format.end();
    out.flush();
    return text.toString();
  }

  @Test
  void plainLinesHaveAPathUnlessThereIsOneValue() {
    new PlainFormat(out, true, List.of(), Terminal.NONE).add(ITEMS.get(1));
    assertThat(printed(new PlainFormat(out, false, List.of("state", "age_ms"), Terminal.NONE)))
        .isEqualTo(
            """
            42
            core1/interfaces/eth0/ifHCInOctets: 18446744073709551615  [age_ms 12]
            core1/interfaces/eth0/ifAlias: 42  [state fresh]
            core1/interfaces/eth1/ifAlias: to "room, 5"
              [state fresh]
            """);
  }

  @Test
  void inJsonANumberIsANumberAndATextOfDigitsIsAText() {
    assertThat(printed(new JsonFormat(out, List.of("age_ms", "state"))))
        .isEqualTo(
            """
            {"path":"core1/interfaces/eth0/ifHCInOctets","value":18446744073709551615,"age_ms":12}
            {"path":"core1/interfaces/eth0/ifAlias","value":"42","state":"fresh"}
            {"path":"core1/interfaces/eth1/ifAlias","value":"to \\"room, 5\\"\\n","state":"fresh"}
            {"path":"core1/interfaces/eth1/ifHCInOctets","reason":"absent","error":"this system does not have it"}
            {"path":"core2/interfaces/eth0/ifAlias","reason":"timeout","error":"too late"}
            """);
  }

  @Test
  void csvQuotesWhatNeedsItAndHasALineOfNames() {
    assertThat(printed(new CsvFormat(out, List.of("type"))))
        .isEqualTo(
            """
            path,value,type,error
            core1/interfaces/eth0/ifHCInOctets,18446744073709551615,Counter64,
            core1/interfaces/eth0/ifAlias,42,,
            core1/interfaces/eth1/ifAlias,"to ""room, 5""\n",,
            core1/interfaces/eth1/ifHCInOctets,,,absent
            core2/interfaces/eth0/ifAlias,,,timeout
            """);
  }

  @Test
  void aTableHasARowForEachDirectoryAndAColumnForEachName() {
    assertThat(printed(new TableFormat(out, Terminal.NONE)))
        .isEqualTo(
            """
                                           ifHCInOctets  ifAlias
            core1/interfaces/eth0  18446744073709551615  42
            core1/interfaces/eth1                        to "room, 5"\\x0a
            core2/interfaces/eth0                        (timeout)
            """);
  }

  @Test
  void aTableOfNothingIsEmpty() {
    new TableFormat(out, Terminal.NONE).end();
    assertThat(text.toString()).isEmpty();
  }

  @Test
  void onATerminalNothingThatAnAgentSendsSteersIt() {
    String evil = "a\u001b]0;owned\u0007b\u009bc\u202ed\r";
    Item item = Item.value("core1/system/sysName", evil, Map.of());
    Terminal terminal = new Terminal(true, false);
    new PlainFormat(out, true, List.of(), terminal).add(item);
    assertThat(text.toString()).isEqualTo("a\\x1b]0;owned\\x07b\\x9bc\\u202ed\\x0d\n");
    assertThat(terminal.shown("é 日本")).isEqualTo("é 日本");
  }

  @Test
  void elsewhereAValueIsAsItIs() {
    new PlainFormat(out, true, List.of(), Terminal.NONE)
        .add(Item.value("core1/system/sysName", "a\u001bb", Map.of()));
    assertThat(text.toString()).isEqualTo("a\u001bb\n");
  }

  @ParameterizedTest
  @CsvSource({
    "true, '', xterm, true",
    "true, 1, xterm, false",
    "true, '', dumb, false",
    "false, '', xterm, false"
  })
  void colourIsForTerminalsAndUsersThatWantIt(
      boolean isTerminal, String noColour, String term, boolean expected) {
    Terminal terminal = Terminal.of(isTerminal, Map.of("NO_COLOR", noColour, "TERM", term));
    assertThat(!terminal.bold("x").equals("x")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"abcdef, 4, abc…", "abc, 3, abc", "日本語, 4, 日…", "abc, 0, ''", "abc, 1, …"})
  void aTextIsCutToTheColumnsThatItTakes(String given, int columns, String expected) {
    assertThat(Terminal.cut(given, columns)).isEqualTo(expected);
  }
}
