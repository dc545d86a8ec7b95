package org.aeiou.daemon.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files of the page: small, of one piece, and safe whatever an agent says. */
class PageFilesTest {
  private static final Path WEB = Path.of("src/main/resources/web");
  private static final int MOST_OCTETS = 150 << 10;

  private static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(WEB)) {
      return all.sorted().toList();
    }
  }

  /** Those that were written here. */
  private static List<Path> own() throws IOException {
    return files().stream()
        .filter(file -> !file.getFileName().toString().startsWith("uplot"))
        .toList();
  }

  private static List<String> found(Path file, String regex) throws IOException {
    Matcher matcher = Pattern.compile(regex).matcher(Files.readString(file, UTF_8));
    return matcher.results().map(result -> file.getFileName() + ": " + result.group()).toList();
  }

  @Test
  void allFilesTogetherAreSmall() throws IOException {
    long octets = 0;
    for (Path file : files()) {
      boolean isOfAll = !file.endsWith("cluster.js"); // fetched in a cluster only
      octets += isOfAll ? Files.size(file) : 0;
    }
    assertThat(octets).isLessThanOrEqualTo(MOST_OCTETS);
  }

  @Test
  void noTextBecomesMarkupOrCode() throws IOException {
    for (Path file : own()) {
      assertThat(
              found(
                  file,
                  "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|DOMParser|srcdoc"
                      + "|\\beval\\b|new Function|setTimeout\\(['\"]|createContextualFragment"))
          .isEmpty();
    }
  }

  @Test
  void nothingIsInlineAndNothingComesFromElsewhere() throws IOException {
    for (Path file : own()) {
      assertThat(found(file, "(?i)https?://(?!www\\.w3\\.org/2000/svg)|//cdn|@import|url\\("))
          .isEmpty();
      assertThat(
              found(
                  file, "(?i)<style|\\sstyle=|\\son[a-z]+=\"|<script(?![^>]*\\ssrc=)|javascript:"))
          .isEmpty();
    }
  }

  @Test
  void everyFileThatAnotherNamesIsThere() throws IOException {
    List<String> names = new ArrayList<>();
    for (Path file : own()) {
      names.addAll(
          found(
              file, "(?<=(from|import\\() ?\"\\./|href=\"|src=\"|href = \")[\\w-]+\\.\\w+(?=\")"));
    }
    assertThat(names).contains("chart.js: uplot.js", "app.js: map.js", "index.html: style.css");
    for (String name : names) {
      assertThat(WEB.resolve(name.substring(name.indexOf(": ") + 2))).exists();
    }
  }
}
