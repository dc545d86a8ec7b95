package org.aeiou.daemon.cli.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.aeiou.daemon.app.Version;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.catalogue.InvalidCatalogueException;
import org.aeiou.daemon.catalogue.mib.CompiledMibs;
import org.aeiou.daemon.catalogue.mib.MibSource;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.document.YamlNode;
import org.aeiou.daemon.http.snmp.InvalidModulesException;
import org.aeiou.daemon.http.snmp.ModulesReader;

/** Loads the catalogue that a configuration wants. */
public final class Catalogues {
  private static final Path SELF = Path.of("/proc/self");

  private Catalogues() {}

  /** Loads it, and says in one line if MIB files have problems. */
  public static Catalogue load(Configuration configuration, PrintWriter err) {
    return load(configuration, err, false);
  }

  /**
   * Loads it.
   *
   * @param tellsAll whether every problem of MIB files is told
   */
  public static Catalogue load(Configuration configuration, PrintWriter err, boolean tellsAll) {
    try {
      Catalogue catalogue =
          Catalogue.load(mibs(configuration, err, tellsAll), configuration.catalogueFiles());
      if (!configuration.snmpModules().isEmpty()) {
        checkModules(catalogue, configuration.snmpModules());
      }
      return catalogue;
    } catch (InvalidCatalogueException e) {
      throw new CommandFailure(
          ExitCode.CONFIGURATION, "the catalogue has errors:\n" + e.getMessage());
    }
  }

  /** What is wrong with them is told before there is a mount. */
  private static void checkModules(Catalogue catalogue, List<Path> files) {
    try {
      var unused = ModulesReader.read(catalogue, files);
    } catch (InvalidModulesException e) {
      throw new CommandFailure(
          ExitCode.CONFIGURATION, "snmp-modules: there are errors:\n" + e.getMessage());
    }
  }

  private static YamlNode mibs(Configuration configuration, PrintWriter err, boolean tellsAll) {
    if (configuration.mibs().isEmpty()) {
      return null;
    }
    List<MibSource> sources =
        configuration.mibs().stream()
            .map(of -> new MibSource(List.of(of.path()), of.wanted(), of.systems()))
            .toList();
    Path state = configuration.state().folder();
    Path folder = state == null ? CompiledMibs.folder(System.getenv(), ownUser()) : state;
    CompiledMibs.Compiled compiled =
        new CompiledMibs(folder, Version.text() + " " + Catalogue.builtInChecksum())
            .read(Catalogue::builtIn, sources);
    if (!compiled.errors().isEmpty()) {
      throw new CommandFailure(
          ExitCode.CONFIGURATION, "mibs: " + String.join("\nmibs: ", compiled.errors()));
    }
    if (tellsAll) {
      compiled.problems().forEach(problem -> err.println("warning: " + problem));
      err.println("mibs: " + compiled.summary());
    } else if (!compiled.isKept()) {
      err.println(
          "mibs: "
              + compiled.summary()
              + (compiled.problems().isEmpty() ? "" : "; 'aeiou check' says which"));
    }
    if (compiled.notKept() != null) {
      err.println(
          "warning: mibs: what was read cannot be kept for the next start: " + compiled.notKept());
    }
    return compiled.document();
  }

  private static int ownUser() {
    try {
      return (Integer) Files.getAttribute(SELF, "unix:uid");
    } catch (IOException e) {
      return -1;
    }
  }
}
