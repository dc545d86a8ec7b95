package org.aeiou.daemon.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

class NotYamlTest {

  static Stream<Arguments> texts() {
    return Stream.of(
        slip(
            "# first\nsystems:\n  a: {pass: ${env:PASS}}\n",
            3,
            "'${…}' wants quotes here, as in \"${env:NAME}\""),
        slip("a: [${file:x}, b]\n", 1, "'${…}' wants quotes here, as in \"${env:NAME}\""),
        slip(
            "systems:\n  a: {address: b\n  c: {address: d}\n  e: {address: f}\n",
            2,
            "the '{' that opens here is not closed; line 3 goes on without '}' or ','"),
        slip(
            "a: {b: c d: e}\n",
            1,
            "the '{' in this line is not closed where '}' or ',' is expected"),
        slip(
            "a: [b,\n  c\nd: e\n",
            1,
            "the '[' that opens here is not closed; line 3 goes on without ']' or ','"),
        slip("a: \"b\nc: d\ne: f\n", 1, "the quote that opens here is not closed"),
        slip("a: b\nc: 'd\n", 2, "the quote that opens here is not closed"),
        slip(
            "a: \"c:\\windows\"\n",
            1,
            "there is a '\\' in double quotes; write '\\\\', or use single quotes"),
        slip("a: 1\nbcd\ne: 2\n", 2, "there is no ':' behind this key; expected 'KEY: VALUE'"),
        slip(
            "a: b: c\n",
            1,
            "there is a second ': ' in this line; a value that holds one wants quotes"),
        slip("a:\n\tb: c\n", 2, "a tab is used for indentation; use spaces"),
        slip("a: %secret\n", 1, "a value begins with a character that wants quotes: '%', '@', '`'"),
        slip(
            "a:\n    b: c\n   d: e\n",
            3,
            "the line is not indented as those it belongs to; what is of one level begins in one"
                + " column"),
        slip("a: {b: c}}\n", 1, "there is a '}' that closes nothing"),
        slip("a: !<!secret b\n", 1, "there is a wrong tag ('!…')"));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void theLineIsTheOneToLookAtAndTheWordsSayWhatToDo(String text, int line, String what) {
    MarkedYamlEngineException thrown =
        catchThrowableOfType(
            MarkedYamlEngineException.class,
            () ->
                new Compose(LoadSettings.builder().build())
                    .composeAllFromString(text)
                    .forEach(document -> {}));
    assertThat(thrown).as(text).isNotNull();
    assertThat(NotYaml.of(thrown)).isEqualTo(new NotYaml(line, what));
  }

  private static Arguments slip(String text, int line, String what) {
    return Arguments.of(text, line, what);
  }
}
