package org.aeiou.daemon.catalogue.mib;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.aeiou.daemon.document.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever is in a file, the reader comes to an end, and what it makes can be used. */
@Timeout(120)
class AnyTextTest {
  private static final Path FILES = Path.of("src/test/resources/mibs/acme");

  private static List<String> seeds() throws Exception {
    List<String> seeds = new ArrayList<>();
    try (Stream<Path> files = Files.list(FILES)) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        seeds.add(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return seeds;
  }

  @Test
  void wordsOfRightFilesInAnyOrderAreRead() throws Exception {
    Random random = new Random(46);
    for (String seed : seeds()) {
      List<String> words = new ArrayList<>(List.of(seed.split("(?<=\\s)")));
      for (int i = 0; i < 12; i++) {
        for (int swaps = 1 << random.nextInt(8); swaps > 0; swaps--) {
          Collections.swap(words, random.nextInt(words.size()), random.nextInt(words.size()));
        }
        MibFuzzTarget.check(String.join("", words));
      }
    }
  }

  @Test
  void filesThatAreCutAnywhereOrLackAnyPartAreRead() throws Exception {
    Random random = new Random(47);
    for (String seed : seeds()) {
      for (int i = 0; i < 12; i++) {
        int from = random.nextInt(seed.length());
        int to = from + random.nextInt(1 + Math.min(300, seed.length() - from));
        MibFuzzTarget.check(seed.substring(0, from));
        MibFuzzTarget.check(seed.substring(0, from) + seed.substring(to));
      }
    }
  }

  private static String module(String statements) {
    return "DEEP-MIB DEFINITIONS ::= BEGIN\n" + statements + "\nEND\n";
  }

  private static String repeated(int times, java.util.function.IntFunction<String> statement) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < times; i++) {
      text.append(statement.apply(i)).append('\n');
    }
    return text.toString();
  }

  @Test
  void whatIsDeepOrLongIsRead() {
    int many = 20_000;
    List<String> texts =
        List.of(
            module(repeated(many, i -> "n" + (i + 1) + " OBJECT IDENTIFIER ::= { n" + i + " 1 }")),
            module(repeated(many, i -> "n" + i + " OBJECT IDENTIFIER ::= { n" + (i + 1) + " 1 }")),
            module(
                repeated(many, i -> "T" + i + " ::= T" + (i + 1))
                    + "x OBJECT-TYPE SYNTAX T0 ACCESS read-only STATUS mandatory ::= { enterprises 1 }"),
            module("x OBJECT-TYPE SYNTAX INTEGER " + "(".repeat(many) + " ::= { enterprises 1 }"),
            module(
                "x OBJECT-TYPE SYNTAX INTEGER { "
                    + repeated(many, i -> "a" + i + "(" + i + "),")
                    + "} ACCESS read-only STATUS mandatory ::= { enterprises 1 }"),
            module("x OBJECT-TYPE DEFVAL " + "{".repeat(many)),
            module("x OBJECT IDENTIFIER ::= { iso " + "1 ".repeat(many) + "}"),
            module(
                "x OBJECT-TYPE SYNTAX INTEGER INDEX { " + "a, ".repeat(many) + "} ::= { iso 1 }"),
            module("x OBJECT-TYPE DESCRIPTION \"" + "y\n".repeat(many)),
            "\"".repeat(many),
            "-".repeat(many),
            "A DEFINITIONS ::= BEGIN ".repeat(many),
            module("IMPORTS " + "a, ".repeat(many)),
            module(
                repeated(
                    many,
                    i ->
                        "a OBJECT-TYPE SYNTAX INTEGER ACCESS read-only ::= { enterprises "
                            + i
                            + " }")),
            module("'" + "0".repeat(many) + "'H x ::= { '" + "f".repeat(60) + "'H }"),
            module(
                "x OBJECT IDENTIFIER ::= { iso 99999999999999999999999 } y OBJECT IDENTIFIER ::= { iso -3 }"));
    for (String text : texts) {
      assertThat(text).isNotEmpty();
      MibFuzzTarget.check(text);
    }
  }

  @Test
  void modulesThatImportFromEachOtherInACircleEnd() {
    String text =
        "A DEFINITIONS ::= BEGIN IMPORTS x FROM B; END B DEFINITIONS ::= BEGIN IMPORTS x FROM A;"
            + " y OBJECT IDENTIFIER ::= { x 1 } z OBJECT-TYPE SYNTAX X ACCESS read-only ::= { y 1 }"
            + " END";
    MibFuzzTarget.check(text);
  }

  @Test
  void aFileWithMoreThanAnyHasIsReadInPart() {
    Problems problems = new Problems("A-MIB");
    String text = module(repeated(210_000, i -> "n" + i + " OBJECT IDENTIFIER ::= { iso 1 }"));
    List<MibModule> modules = ModuleReader.read(text, Path.of("/A-MIB"), problems);
    assertThat(modules.get(0).definitions())
        .hasSizeLessThanOrEqualTo(ModuleReader.MOST_DEFINITIONS);
    assertThat(problems.lines())
        .containsExactly(
            "A-MIB:200002: n200000: is definition number 200001 of the file; the rest is left out");
  }
}
