package org.aeiou.daemon.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class YamlWriterTest {
  private final YamlWriter yaml = new YamlWriter();

  @Test
  void sectionsAreBlocksAndWhatIsSmallIsInOneLine() {
    Map<String, Object> snmp = new LinkedHashMap<>();
    snmp.put("version", "2c");
    snmp.put("retries", 2);
    snmp.put("auth", Map.of("protocol", "SHA-256"));
    yaml.comment("two systems").begin("systems");
    yaml.begin("lon/edge7").put("address", "127.1.0.1:1161").put("snmp", snmp).end();
    yaml.put("core 1", "[::1]:161").end().put("mode", "0444").put("allow-other", false);
    assertThat(yaml)
        .hasToString(
            """
            # two systems
            systems:
              lon/edge7:
                address: 127.1.0.1:1161
                snmp: {version: 2c, retries: 2, auth: {protocol: SHA-256}}
              "core 1": "[::1]:161"
            mode: "0444"
            allow-other: false
            """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "~",
        "null",
        "No",
        "y",
        "1",
        "0x1F",
        "1e3",
        "1.5",
        "12:30",
        "2026-01-01",
        "-",
        "- a",
        "a: b",
        "a:",
        "a #b",
        " a",
        "{a",
        "[a]",
        "*a",
        "&a",
        "!a",
        "%a",
        "@a",
        "'a",
        "\"a\\",
        "a\nb\t\u0000\u202e",
        "é😀",
        "2c",
        "500ms",
        "10.0.0.1:161",
        "fe80::1%eth0"
      })
  void everyTextIsReadAsItWasWritten(String text) {
    yaml.put(text, text).put("small", Map.of("a" + text, text));
    String written = yaml.toString();
    YamlNode node = YamlReader.parse(written, new Problems("file"));
    assertThat(node.text(text)).isEqualTo(text);
    assertThat(node.map().get(text).isNothing()).isFalse();
    assertThat(node.map("small").get("a" + text).text()).isEqualTo(text);
    Object load = new Load(LoadSettings.builder().build()).loadFromString(written);
    assertThat(List.of(load))
        .containsExactly(Map.of(text, text, "small", Map.of("a" + text, text)));
  }
}
