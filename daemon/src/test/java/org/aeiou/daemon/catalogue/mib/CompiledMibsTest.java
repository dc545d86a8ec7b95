package org.aeiou.daemon.catalogue.mib;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.catalogue.Catalogue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was made of MIB files is kept, and made anew when it has to be. */
class CompiledMibsTest {
  private static final String MIB =
      """
      A-MIB DEFINITIONS ::= BEGIN
      aName OBJECT-TYPE SYNTAX INTEGER { up(1), down(2) } ACCESS read-only STATUS mandatory
        DESCRIPTION "A." ::= { enterprises 9 }
      END
      """;

  @TempDir private Path folder;
  private Path cache;
  private Path file;

  @BeforeEach
  void writeAFile() throws Exception {
    cache = folder.resolve("cache");
    file = Files.createDirectory(folder.resolve("mibs")).resolve("A-MIB.txt");
    Files.writeString(file, MIB);
  }

  private CompiledMibs.Compiled read() {
    return read("1", cache);
  }

  private CompiledMibs.Compiled read(String version, Path in) {
    MibSource source = new MibSource(List.of(folder.resolve("mibs")), List.of(), null);
    return new CompiledMibs(in, version).read(Catalogue::builtIn, List.of(source));
  }

  private static String name(CompiledMibs.Compiled compiled) {
    Catalogue catalogue = Catalogue.load(compiled.document(), List.of());
    return catalogue.describe(Oid.parse("1.3.6.1.4.1.9.0")).name();
  }

  private Path kept() throws Exception {
    try (var files = Files.list(cache)) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      return all.get(0);
    }
  }

  @Test
  void whatHasNotChangedIsNotReadAgain() {
    CompiledMibs.Compiled first = read();
    CompiledMibs.Compiled second = read();
    assertThat(first.isKept()).isFalse();
    assertThat(second.isKept()).isTrue();
    assertThat(second.summary()).isEqualTo(first.summary());
    assertThat(name(first)).isEqualTo("aName");
    assertThat(name(second)).isEqualTo("aName");
  }

  @Test
  void aFileThatChangedIsRead() throws Exception {
    read();
    Files.writeString(file, MIB.replace("aName", "another"));
    assertThat(name(read())).isEqualTo("another");
  }

  @Test
  void aFileThatCameIsReadAndOneThatWentIsForgotten() throws Exception {
    read();
    Path second = file.resolveSibling("B-MIB.txt");
    Files.writeString(
        second, MIB.replace("A-MIB", "B-MIB").replace("aName", "bName").replace(" 9", " 8"));
    assertThat(read().summary()).startsWith("2 files");
    Files.delete(second);
    assertThat(read().summary()).startsWith("1 file");
  }

  @Test
  void ofAFileThatWasOnlyTouchedTheContentsDecide() throws Exception {
    read();
    Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
    assertThat(read().isKept()).isTrue();
  }

  @Test
  void whatAnotherVersionMadeIsMadeAnew() {
    read();
    assertThat(read("2", cache).isKept()).isFalse();
  }

  @Test
  void whatIsDamagedIsMadeAnewWhereverItIs() throws Exception {
    read();
    byte[] whole = Files.readAllBytes(kept());
    for (int at = 0; at < whole.length; at += 1 + whole.length / 50) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x40;
      Files.write(kept(), damaged);
      assertThat(read().isKept()).as("octet " + at).isFalse();
      assertThat(read().isKept()).isTrue();
      Files.write(kept(), java.util.Arrays.copyOf(whole, at));
      assertThat(read().isKept()).as("cut at " + at).isFalse();
    }
  }

  @Test
  void whereNothingCanBeKeptFilesAreReadEachTimeAndThatIsSaid() {
    CompiledMibs.Compiled compiled = read("1", file);
    assertThat(name(compiled)).isEqualTo("aName");
    assertThat(compiled.notKept()).contains("A-MIB.txt");
    assertThat(read("1", null).notKept()).contains("XDG_CACHE_HOME");
  }

  @Test
  void nothingIsKeptOfWhatWasAskedForInVain() {
    MibSource source = new MibSource(List.of(folder.resolve("mibs")), List.of("aNaem"), null);
    for (int i = 0; i < 2; i++) {
      CompiledMibs.Compiled compiled =
          new CompiledMibs(cache, "1").read(Catalogue::builtIn, List.of(source));
      assertThat(compiled.errors())
          .containsExactly(
              "'aNaem' is nothing in these files; expected 'aName', or the name of a table, a group"
                  + " or a module, or an object identifier");
    }
  }

  @Test
  void onlyOfTheLastFewConfigurationsSomethingIsKept() throws Exception {
    for (int i = 0; i < 20; i++) {
      read("version " + i, cache);
    }
    try (var files = Files.list(cache)) {
      assertThat(files.count()).isLessThanOrEqualTo(8);
    }
  }

  @Test
  void rootsPlaceIsNoOtherUsersToSay() {
    Map<String, String> environment = Map.of("XDG_CACHE_HOME", "/x", "HOME", "/home/ops");
    assertThat(CompiledMibs.folder(environment, 0)).isEqualTo(Path.of("/var/cache/aeiou"));
    assertThat(CompiledMibs.folder(environment, 1000)).isEqualTo(Path.of("/x/aeiou"));
    assertThat(CompiledMibs.folder(Map.of("HOME", "/home/ops"), 1000))
        .isEqualTo(Path.of("/home/ops/.cache/aeiou"));
    assertThat(CompiledMibs.folder(Map.of("CACHE_DIRECTORY", "/run/c"), 0))
        .isEqualTo(Path.of("/run/c"));
    assertThat(CompiledMibs.folder(Map.of(), 1000)).isNull();
  }
}
