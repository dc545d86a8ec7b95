package org.aeiou.daemon.catalogue.mib;

import java.nio.file.Path;
import java.util.List;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.document.YamlNode;
import org.aeiou.daemon.document.YamlReader;

/**
 * What a coverage-guided fuzzer runs: bytes are a MIB file. Whatever they are, what is made of them
 * is a catalogue that can be used. See {@link MibFuzzIT}.
 */
public final class MibFuzzTarget {
  private static final YamlNode BUILT_IN = Catalogue.builtIn();
  private static final Path FILE = Path.of("/fuzz/FUZZ-MIB.txt");

  private MibFuzzTarget() {}

  /** Called by the fuzzer for each input. */
  public static void fuzzerTestOneInput(byte[] input) {
    check(MibFiles.decoded(input));
  }

  /** Throws if no catalogue becomes of the text that can be used. */
  static void check(String text) {
    MibImport.Result made =
        MibImport.run(
            BUILT_IN,
            new MibSource(List.of(FILE), List.of(), null),
            problems -> ModuleReader.read(text, FILE, problems));
    Problems problems = new Problems("made");
    YamlNode yaml = YamlReader.parse(made.yaml(), problems);
    if (!problems.isEmpty()) {
      throw new AssertionError(problems.lines() + "\n" + made.yaml());
    }
    Catalogue.load(yaml.isNothing() ? null : yaml, List.of());
  }
}
