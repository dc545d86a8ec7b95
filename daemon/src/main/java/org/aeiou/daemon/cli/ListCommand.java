package org.aeiou.daemon.cli;

import java.util.concurrent.Callable;
import org.aeiou.daemon.cli.command.ExitCode;
import org.aeiou.daemon.service.FileSystem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "ls",
    description = "List a directory of the tree without mounting.",
    mixinStandardHelpOptions = true)
final class ListCommand extends Offline implements Callable<Integer> {
  @Parameters(
      paramLabel = "PATH",
      arity = "0..1",
      defaultValue = "/",
      description = "as below the mount point: core1/interfaces; the root if not given")
  private String path;

  @Override
  public Integer call() {
    return with(tree -> tree.list(path), this::print);
  }

  private int print(FileSystem.Listing listing) {
    for (FileSystem.Entry entry : listing.entries()) {
      if (!entry.name().startsWith(".")) {
        String slash = entry.node().isDirectory() ? "/" : "";
        spec().commandLine().getOut().println(entry.name() + slash);
      }
    }
    return ExitCode.OK;
  }
}
