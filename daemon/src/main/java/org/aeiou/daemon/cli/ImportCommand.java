package org.aeiou.daemon.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.aeiou.daemon.cli.command.CommandFailure;
import org.aeiou.daemon.cli.command.ExitCode;
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
    List<NameTemplate> given = profiles.stream().map(Parts::template).toList();
    Proposal proposal = from.read(file(from), Parts.template(name), given);
    Parts.write(proposal, out, file + ": there is nothing in it to import", spec);
    return ExitCode.OK;
  }

  private Path file(InventoryFormat from) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new CommandFailure(ExitCode.FAILED, file + ": cannot be read; expected " + from.what());
    }
    return file;
  }
}
