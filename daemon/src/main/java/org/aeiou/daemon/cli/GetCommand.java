package org.aeiou.daemon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.aeiou.daemon.cli.command.ExitCode;
import org.aeiou.daemon.cli.command.PathReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "get",
    description = {
      "Print attributes without mounting, all of them fetched at once.",
      "Several are printed as 'PATH: VALUE' lines."
    },
    mixinStandardHelpOptions = true)
final class GetCommand extends Offline implements Callable<Integer> {
  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "as below the mount point: core1/system/sysUpTime")
  private List<String> paths;

  /** What became of one path: its text, or why there is none. */
  private record OutputLine(String path, String text, String failure) {}

  @Override
  public Integer call() {
    return with(this::lines, this::print);
  }

  private CompletableFuture<List<OutputLine>> lines(PathReader tree) {
    List<CompletableFuture<OutputLine>> lines =
        paths.stream().map(path -> line(tree, path)).toList();
    return CompletableFuture.allOf(lines.toArray(CompletableFuture[]::new))
        .thenApply(done -> lines.stream().map(CompletableFuture::join).toList());
  }

  private static CompletableFuture<OutputLine> line(PathReader tree, String path) {
    return tree.read(path)
        .handle(
            (bytes, failure) ->
                failure == null
                    ? new OutputLine(path, new String(bytes, UTF_8), null)
                    : new OutputLine(path, null, reason(failure)));
  }

  private static String reason(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause().getMessage()
        : failure.getMessage();
  }

  private int print(List<OutputLine> lines) {
    int exitCode = ExitCode.OK;
    for (OutputLine line : lines) {
      if (line.failure() == null) {
        String prefix = lines.size() > 1 ? line.path() + ": " : "";
        spec().commandLine().getOut().print(prefix + line.text());
      } else {
        spec().commandLine().getErr().println("aeiou: " + line.failure());
        exitCode = ExitCode.FAILED;
      }
    }
    spec().commandLine().getOut().flush();
    return exitCode;
  }
}
