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
import java.util.Set;
import org.aeiou.daemon.cli.command.CommandFailure;
import org.aeiou.daemon.cli.command.ExitCode;
import org.aeiou.daemon.inventory.NameTemplate;
import org.aeiou.daemon.inventory.Proposal;
import picocli.CommandLine.Model.CommandSpec;

/** Writes parts of a configuration that commands propose. */
final class Parts {
  /** Of a file that holds secrets: for its owner alone. */
  private static final Set<PosixFilePermission> OWN =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private Parts() {}

  static NameTemplate template(String text) {
    try {
      return new NameTemplate(text);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, e.getMessage());
    }
  }

  /**
   * Writes a proposal to a file, or to the terminal if that is null, and says what was left out.
   *
   * @param nothing what to say if nothing is in it
   */
  static void write(Proposal proposal, Path out, String nothing, CommandSpec spec)
      throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    proposal.leftOut().forEach(err::println);
    if (proposal.systems() == 0 && proposal.profiles() == 0) {
      throw new CommandFailure(ExitCode.FAILED, nothing);
    }
    if (out == null) {
      PrintWriter terminal = spec.commandLine().getOut();
      terminal.print(proposal.yaml());
      terminal.flush();
    } else {
      replace(out, proposal.yaml(), proposal.holdsSecrets());
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
  static void replace(Path target, String yaml, boolean holdsSecrets) throws IOException {
    Path beside = target.toAbsolutePath().resolveSibling("." + target.getFileName() + ".new");
    try {
      Files.deleteIfExists(beside);
      Files.createFile(beside);
      if (holdsSecrets) {
        Files.setPosixFilePermissions(beside, OWN);
      }
      Files.writeString(beside, yaml, UTF_8);
      Files.move(
          beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (NoSuchFileException e) {
      throw new CommandFailure(
          ExitCode.FAILED, "--out: there is no folder for '" + target + "'; make it");
    }
  }
}
