package org.aeiou.daemon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.aeiou.daemon.document.Spelling;
import org.aeiou.daemon.inventory.InventoryFormat;
import org.aeiou.daemon.inventory.NameTemplate;
import org.aeiou.daemon.inventory.Proposal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "import",
    description = {
      "Make a part of a configuration of systems that another program lists, for 'include:'.",
      "Formats: csv (columns name, address, profiles, snmp.KEY), hosts (/etc/hosts), file-sd",
      "(Prometheus), snmp-exporter (its auths, as profiles), librenms and netbox (what their APIs",
      "list, JSON; NetBox' CSV as well)."
    },
    mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
  /** Of a file that holds secrets: for its owner alone. */
  private static final Set<PosixFilePermission> OWN =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FORMAT", description = "what wrote the file")
  private String format;

  @Parameters(index = "1", paramLabel = "FILE", description = "what it wrote")
  private Path file;

  @Option(
      names = "--name",
      paramLabel = "TEMPLATE",
      defaultValue = "{name}",
      description = "what systems are called, of fields of the file: '{site}/{name}' ({name})")
  private String name;

  @Option(
      names = "--profiles",
      paramLabel = "NAME",
      split = ",",
      description = "profiles of each system, as in 'edge,{role}'")
  private List<String> profiles = List.of();

  @Option(names = "--out", paramLabel = "OUT", description = "where to write (to the terminal)")
  private Path out;

  @Override
  public Integer call() throws IOException {
    InventoryFormat from = InventoryFormat.named(format);
    if (from == null) {
      List<String> known = Stream.of(InventoryFormat.values()).map(Object::toString).toList();
      throw new CommandFailure(
          ExitCode.USAGE,
          "'"
              + format
              + "' is not a format; expected "
              + Spelling.meant(format, known)
              + "one of "
              + String.join(", ", known));
    }
    write(from.read(file(), template(name), profiles.stream().map(this::template).toList()));
    return ExitCode.OK;
  }

  private Path file() {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new CommandFailure(
          ExitCode.FAILED,
          file + ": cannot be read; expected " + InventoryFormat.named(format).what());
    }
    return file;
  }

  private NameTemplate template(String text) {
    try {
      return new NameTemplate(text);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, e.getMessage());
    }
  }

  private void write(Proposal proposal) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    proposal.leftOut().forEach(err::println);
    if (proposal.systems() == 0 && proposal.profiles() == 0) {
      throw new CommandFailure(ExitCode.FAILED, file + ": there is nothing in it to import");
    }
    if (out == null) {
      PrintWriter terminal = spec.commandLine().getOut();
      terminal.print(proposal.yaml());
      terminal.flush();
    } else {
      replace(out, proposal);
    }
    err.println(
        "%d systems, %d profiles, %d left out%s"
            .formatted(
                proposal.systems(),
                proposal.profiles(),
                proposal.leftOut().size(),
                proposal.holdsSecrets() ? "; it holds secrets: keep it from other users" : ""));
  }

  /** A daemon that reads the file meanwhile sees the old one or the new one, and all of it. */
  private static void replace(Path target, Proposal proposal) throws IOException {
    Path beside = target.toAbsolutePath().resolveSibling("." + target.getFileName() + ".new");
    try {
      Files.deleteIfExists(beside);
      Files.createFile(beside);
      if (proposal.holdsSecrets()) {
        Files.setPosixFilePermissions(beside, OWN);
      }
      Files.writeString(beside, proposal.yaml(), UTF_8);
      Files.move(
          beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (NoSuchFileException e) {
      throw new CommandFailure(
          ExitCode.FAILED, "--out: there is no folder for '" + target + "'; make it");
    }
  }
}
