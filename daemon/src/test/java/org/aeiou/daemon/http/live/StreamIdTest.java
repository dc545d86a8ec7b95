package org.aeiou.daemon.http.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.aeiou.daemon.http.live.WatchList.NoWatchListException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What browsers say of themselves, right and wrong. */
final class StreamIdTest {

  @Test
  void anIdReadsAsItWasWritten() {
    StreamId id = new StreamId("mwrs", "0a1b", 17, 4096);
    assertThat(StreamId.of(id.text())).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "...",
        "....",
        "a.b.c.d",
        "a.b.1",
        "a.b.1.2.3",
        "a.b.-1.0",
        "a.b.1.-1",
        "a.b.99999999999999999999.0",
        "a.b.0x1.0",
        "\u0000",
        "a.b. 1.0"
      })
  void anythingElseIsNone(String text) {
    assertThat(StreamId.of(text)).isNull();
  }

  @Test
  void aLongOneIsNone() {
    assertThat(StreamId.of("a".repeat(10_000) + ".b.1.1")).isNull();
    assertThat(StreamId.of(null)).isNull();
  }

  private static WatchList list(String body) throws NoWatchListException {
    return WatchList.of(body.getBytes(UTF_8), 3);
  }

  @Test
  void aWatchListHasEachPathOnceInItsOneSpelling() throws Exception {
    assertThat(list("{\"cells\": [\"/a//b/\", \"a/b\", \"c\"], \"events\": true}"))
        .isEqualTo(new WatchList(List.of("a/b", "c"), false, true));
    assertThat(list("{}")).isEqualTo(new WatchList(List.of(), false, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{}{}",
        "null",
        "{\"cells\": {}}",
        "{\"cells\": [1]}",
        "{\"cells\": [[]]}",
        "{\"cells\": [\"a\"",
        "{\"systems\": 1}",
        "{\"cell\": []}",
        "{\"cells\": null}",
        "{\"cells\": [\"a\",\"b\",\"c\",\"d\"]}",
        "{\"events\": \"true\"}",
        "\u00ff",
        "{\"cells\":"
      })
  void aBodyThatMakesNoSenseIsRefusedInWords(String body) {
    assertThatThrownBy(() -> list(body))
        .isInstanceOf(NoWatchListException.class)
        .hasMessageMatching("(?s).{10,300}");
  }
}
