package org.aeiou.daemon.cli.attached;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.attached.Attachment;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.closures.shared.WriteDescriptor;
import org.aeiou.closures.shared.WriteDescriptor.Assignment;
import org.aeiou.daemon.cli.command.ExitCode;
import org.aeiou.daemon.cli.command.Program;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code aeiou set}. */
@Command(
    name = "set",
    description = {
      "Write attributes of a mounted network, and print what was there and what is read back.",
      "Those of one row, or of one group, are written together: all of them or none. A name without"
          + " a slash is in the directory of the path before it."
    },
    mixinStandardHelpOptions = true)
public final class SetCommand implements Callable<Integer> {
  /** Room for a row's worth of texts in one page. */
  private static final int PAGE_BYTES = 16 << 10;

  @Spec private CommandSpec spec;

  @Option(
      names = "--mount",
      paramLabel = "MOUNTPOINT",
      description = "where the network is mounted; found by the paths if missing")
  private Path mountPoint;

  @Option(
      names = "--dry-run",
      description = "write nothing; print what there is, and what would be written")
  private boolean dryRun;

  @Parameters(
      paramLabel = "PATH=TEXT",
      arity = "1..*",
      description = "as below the mount point, core1/system/sysLocation='Rack 7', or with it")
  private List<String> arguments;

  /** Attributes of one directory, with the paths that messages call them by. */
  private record Together(String directory, List<Assignment> assignments) {
    String shown() {
      return assignments.size() == 1
          ? assignments.get(0).path()
          : directory
              + "{"
              + String.join(
                  ",",
                  assignments.stream()
                      .map(each -> each.path().substring(directory.length()))
                      .toList())
              + "}";
    }
  }

  @Override
  public Integer call() throws IOException {
    MountedNetwork network = MountedNetwork.of(mountPoint, path(arguments.get(0)), "");
    Path socket = network.socket("write to the files instead; the daemon is process ");
    List<Together> writes = writes(network);
    Program program = Program.of(spec);
    Geometry geometry = new Geometry(writes.size() + 2, PAGE_BYTES, PAGE_BYTES, 0);
    try (Attachment net = Attachment.attach(socket, geometry, program.ticker(), program.clock())) {
      return dryRun ? compare(net, writes) : write(net, writes);
    }
  }

  /** Says what would be written, and writes nothing. */
  private int compare(Attachment net, List<Together> writes) {
    int exitCode = ExitCode.OK;
    for (Together together : writes) {
      for (Assignment each : together.assignments()) {
        CompletableFuture<Outcome<byte[]>> read = new CompletableFuture<>();
        if (net.submit(each.path(), null, (to, ended, delayed) -> to.complete(ended), read)
            == null) {
          read.complete(new Failure<>(Failure.Reason.STOPPED, String.valueOf(net.ended())));
        }
        if (read.join() instanceof Failure<byte[]> failure) {
          spec.commandLine().getErr().println("aeiou: " + each.path() + ": " + failure.message());
          exitCode = ExitCode.FAILED;
        } else {
          String before =
              read.join() instanceof Reading<byte[]> reading
                  ? new String(reading.value(), UTF_8)
                  : "(nothing)";
          spec.commandLine()
              .getOut()
              .println(each.path() + ": " + before + " → " + each.text() + " (not written)");
        }
      }
    }
    return exitCode;
  }

  private static String path(String argument) {
    int equals = argument.indexOf('=');
    return equals < 0 ? argument : argument.substring(0, equals);
  }

  /** The arguments by directory, in their order. */
  private List<Together> writes(MountedNetwork network) {
    Map<String, List<Assignment>> byDirectory = new LinkedHashMap<>();
    String directory = null;
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      String path = equals <= 0 ? "" : network.below(path(argument));
      int slash = path.lastIndexOf('/');
      if (slash < 0 && directory != null && !path.isEmpty()) {
        path = directory + path;
        slash = directory.length() - 1;
      }
      if (slash < 0 || slash == path.length() - 1) {
        throw new ParameterException(
            spec.commandLine(),
            "'"
                + argument
                + "' says nothing to write; expected PATH=TEXT, as in"
                + " core1/system/sysLocation='Rack 7'");
      }
      directory = path.substring(0, slash + 1);
      byDirectory
          .computeIfAbsent(directory, any -> new ArrayList<>())
          .add(new Assignment(path, argument.substring(equals + 1)));
    }
    List<Together> writes = new ArrayList<>();
    byDirectory.forEach((in, all) -> writes.add(new Together(in, all)));
    return writes;
  }

  private int write(Attachment net, List<Together> writes) {
    List<CompletableFuture<Outcome<byte[]>>> outcomes = new ArrayList<>();
    for (Together together : writes) {
      CompletableFuture<Outcome<byte[]>> outcome = new CompletableFuture<>();
      outcomes.add(outcome);
      if (net.write(
              together.assignments(), null, (to, ended, delayed) -> to.complete(ended), outcome)
          == null) {
        outcome.complete(new Failure<>(Failure.Reason.STOPPED, String.valueOf(net.ended())));
      }
    }
    int exitCode = ExitCode.OK;
    for (int i = 0; i < writes.size(); i++) {
      if (!told(writes.get(i), outcomes.get(i).join())) {
        exitCode = ExitCode.FAILED;
      }
    }
    spec.commandLine().getOut().flush();
    return exitCode;
  }

  private boolean told(Together together, Outcome<byte[]> outcome) {
    if (!(outcome instanceof Reading<byte[]> reading)) {
      String why = outcome instanceof Failure<byte[]> failure ? failure.message() : "is not there";
      spec.commandLine().getErr().println("aeiou: " + together.shown() + ": " + why);
      return false;
    }
    for (WriteDescriptor.Change change : WriteDescriptor.changes(reading.value())) {
      spec.commandLine()
          .getOut()
          .println(
              together.directory()
                  + change.name()
                  + ": "
                  + (change.before() == null ? "(nothing)" : change.before())
                  + " → "
                  + (change.after() == null ? "(written, and not read back)" : change.after()));
    }
    return true;
  }
}
