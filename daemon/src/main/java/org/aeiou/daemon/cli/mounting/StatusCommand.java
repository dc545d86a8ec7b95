package org.aeiou.daemon.cli.mounting;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.aeiou.daemon.cli.command.CommandFailure;
import org.aeiou.daemon.cli.command.ExitCode;
import org.aeiou.daemon.fuse.mount.MountPoint;
import org.aeiou.daemon.fuse.mount.Mounting;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "status",
    description = {
      "Say how a mounted network is, or all of them, or a poller: whether its daemon answers, its"
          + " version, process and age, how many systems are up, what is pending, its memory, where"
          + " programs attach and where its page is.",
      "Asks no system, changes nothing, and ends within a few seconds also where a daemon hangs."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes; of several mounts the worst one's:%n",
    exitCodeList = {
      "0:it answers, and all is fine",
      "1:this user may not look at it",
      "2:the command line was not understood",
      "4:no network is mounted there, or anywhere",
      "5:its daemon is gone, or there is no such poller",
      "6:its daemon does not answer in time",
      "7:it answers, and more systems do not than may be down"
    })
public final class StatusCommand implements Callable<Integer> {
  private static final int LONGEST_DEADLINE = 3600;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "MOUNTPOINT",
      description = "where a network is mounted; all that are by default")
  private Path mountPoint;

  @Option(
      names = "--pid",
      paramLabel = "PID",
      description = "the process of a poller, which has no mount")
  private Long pid;

  @Option(names = "--json", description = "an array of objects, one for each mount")
  private boolean json;

  @Option(
      names = "--deadline",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = "how long a daemon may take to answer (5)")
  private int deadline;

  @Option(
      names = "--max-down",
      paramLabel = "SYSTEMS",
      defaultValue = "0",
      description = "how many systems may be down while all is fine (0)")
  private int mostDown;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (deadline < 1 || deadline > LONGEST_DEADLINE) {
      throw new CommandFailure(
          ExitCode.USAGE, "--deadline: " + deadline + "; expected 1 to " + LONGEST_DEADLINE);
    }
    if (pid != null && mountPoint != null) {
      throw new CommandFailure(
          ExitCode.USAGE, "--pid: a poller has no mount; expected this, or MOUNTPOINT");
    }
    List<MountState> states =
        pid == null
            ? states(points())
            : List.of(MountState.ofPoller(pid, Duration.ofSeconds(deadline), mostDown));
    spec.commandLine().getOut().print(json ? asJson(states) : asText(states));
    spec.commandLine().getOut().flush();
    // The states are in the order of how bad they are.
    return states.stream()
        .map(MountState::state)
        .max(Comparator.naturalOrder())
        .orElseThrow()
        .exitCode();
  }

  private List<MountPoint> points() throws IOException {
    List<MountPoint> points = new ArrayList<>();
    if (mountPoint != null) {
      points.add(point());
      return points;
    }
    for (Path place : MountPoint.all(Mounting.TYPE)) {
      points.add(MountPoint.ofMounted(place));
    }
    if (points.isEmpty()) {
      throw new CommandFailure(ExitCode.MOUNT, "no network is mounted");
    }
    return points;
  }

  private MountPoint point() {
    String why = "";
    try {
      MountPoint point = MountPoint.of(mountPoint);
      if (point.mounted().filter(there -> there.type().equals(Mounting.TYPE)).isPresent()) {
        return point;
      }
    } catch (IOException e) {
      why = " (" + e.getMessage() + ")";
    }
    throw new CommandFailure(
        ExitCode.MOUNT,
        mountPoint.toAbsolutePath()
            + ": no network is mounted there"
            + why
            + "; see 'findmnt -t "
            + Mounting.TYPE
            + "'");
  }

  /** Looks at all of them at once: ten that hang take as long as one. */
  private List<MountState> states(List<MountPoint> points)
      throws IOException, InterruptedException {
    List<Callable<MountState>> looks = new ArrayList<>();
    for (MountPoint point : points) {
      looks.add(() -> MountState.of(point, Duration.ofSeconds(deadline), mostDown));
    }
    ExecutorService threads = Executors.newFixedThreadPool(looks.size());
    try {
      List<MountState> states = new ArrayList<>();
      for (Future<MountState> state : threads.invokeAll(looks)) {
        states.add(state.get());
      }
      return states;
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e);
    } finally {
      threads.shutdown();
    }
  }

  private static String asText(List<MountState> states) {
    StringBuilder text = new StringBuilder();
    states.forEach(state -> text.append(state.asText()));
    return text.toString();
  }

  private static String asJson(List<MountState> states) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartArray();
      for (MountState state : states) {
        state.writeTo(json);
      }
      json.writeEndArray();
    }
    return text + "\n";
  }
}
