package org.aeiou.daemon.document;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {
  private final Problems problems = new Problems("file.yaml");

  private YamlNode read(String text) {
    return YamlReader.parse(text, problems);
  }

  @Test
  void everythingKnowsTheLineOfItsKeyAndTheWayThere() {
    YamlNode node = read("a:\n  b:\n    - c\n    - d\n  e:\n\n    f: g\n");
    YamlNode a = node.map().get("a");
    assertThat(a.line()).isEqualTo(1);
    assertThat(a.map().get("b").line()).isEqualTo(2);
    assertThat(a.map().get("b").list().get(1).line()).isEqualTo(4);
    assertThat(a.map().get("b").list().get(1).path()).isEqualTo("a.b");
    assertThat(a.map().get("e").line()).isEqualTo(5);
    assertThat(a.map().get("e").map().get("f").path()).isEqualTo("a.e.f");
    assertThat(problems.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0777", "1_000", "yes", "1e3", "0x1F", "!!str 5", "!mine 5", "'~'", "''"})
  void everyValueStaysTheTextThatItIs(String value) {
    YamlNode node = read("a: " + value).map().get("a");
    assertThat(node.isNothing()).isFalse();
    assertThat(node.text()).isEqualTo(value.replaceAll("'|!\\S+ ", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:", "a: ~", "a: null", "a: Null", "a: NULL"})
  void aKeyWithoutValueAndNullAreNothing(String text) {
    assertThat(read(text).map().get("a").isNothing()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "---\n", "~"})
  void anEmptyFileIsNothingAndNoProblem(String text) {
    assertThat(read(text).isNothing()).isTrue();
    assertThat(problems.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a: &x b\\nc: *x | 2: c: aliases ('*name') are not supported; write the value again",
        "a: 1\\nb: 2\\na: 3 | 3: a: is there twice; the first is in line 1",
        "a: 1\\n? [b]\\n: c | 2: a key is no text; expected 'KEY: VALUE'",
        "a: {b: {c: {d: {e: {f: {g: {h: {}}}}}}}} | 1: this is nested deeper than 8 levels",
        "a: !!int x | 1: a: is not a value of its tag ('!…'); expected none",
        "a: 1\\n---\\nb: 2 | 3: a second document begins here; expected one",
        "%YAML 9.9\\n---\\na: b | 1: this is not YAML: it cannot be read from here on"
      })
  void whatIsRefusedIsToldOnceWithItsLine(String text, String problem) {
    read(text.replace("\\n", "\n"));
    assertThat(problems.lines()).containsExactly("file.yaml:" + problem);
  }

  @Test
  void aKeyWithNothingBehindItTakesAwayNoKeys() {
    YamlNode ours = read("oids: {a: 1.3.6, b: 1.3.7}");
    ours.mergeFrom(read("oids:\nsystems: [1.3.6.1.4.1.9]"), "index");
    assertThat(ours.asMap().get("oids").asMap()).containsOnlyKeys("a", "b");
  }

  @Test
  void aFileIsLaidOverAnotherKeyByKeyAndToldWhereItWasWritten() {
    YamlNode ours = YamlNode.empty();
    ours.mergeFrom(read("a: {b: 1, index: {x: 1, y: 2}}\nc: 1"), "index");
    Problems later = new Problems("later.yaml");
    ours.mergeFrom(YamlReader.parse("\na: {b: [2], index: {y: 3}}", later), "index");
    YamlNode a = ours.map().get("a");
    assertThat(a.map().get("index").map()).containsOnlyKeys("y");
    assertThat(a.text("b")).isNull();
    assertThat(ours.text("c")).isEqualTo("1");
    assertThat(later.lines())
        .containsExactly("later.yaml:2: a.b: is a list; expected a single value");
    assertThat(problems.isEmpty()).isTrue();
  }
}
