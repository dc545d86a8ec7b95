package org.aeiou.daemon.cli;

import static java.util.stream.Collectors.joining;

import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.aeiou.daemon.app.process.Signals;
import org.aeiou.daemon.cli.command.CommandFailure;
import org.aeiou.daemon.cli.command.ExitCode;
import org.aeiou.daemon.document.Durations;
import org.aeiou.daemon.document.Texts;
import org.aeiou.daemon.logging.Logging;
import org.aeiou.daemon.simulator.Hostility;
import org.aeiou.daemon.simulator.SimulatedNetwork;
import org.aeiou.daemon.simulator.SimulationOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "simulate",
    description = {
      "Run a network of simulated SNMP agents on loopback addresses, until Ctrl-C.",
      "Each agent has an address of its own (127.x.y.z) and answers v1, v2c and v3.",
      "SIGUSR1 prints what all of them have seen so far."
    },
    mixinStandardHelpOptions = true)
final class SimulateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--systems",
      paramLabel = "N",
      defaultValue = "10",
      description = "how many agents (10)")
  private int systems;

  @Option(
      names = "--rows",
      paramLabel = "R",
      defaultValue = "8",
      description = "interfaces of each (8)")
  private int rows;

  @Option(
      names = "--rtt",
      paramLabel = "TIME",
      defaultValue = "0ms",
      description = "round-trip time, as in 50ms (0ms)")
  private String rtt;

  @Option(
      names = "--jitter",
      paramLabel = "TIME",
      defaultValue = "0ms",
      description = "how much that varies (0ms)")
  private String jitter;

  @Option(
      names = "--loss",
      paramLabel = "SHARE",
      defaultValue = "0",
      description = "how many answers get lost, as in 1%% (0)")
  private String loss;

  @Option(
      names = "--duplicates",
      paramLabel = "SHARE",
      defaultValue = "0",
      description = "how many answers come twice (0)")
  private String duplicates;

  @Option(
      names = "--reordered",
      paramLabel = "SHARE",
      defaultValue = "0",
      description = "how many answers come after later ones (0)")
  private String reordered;

  @Option(
      names = "--dead",
      paramLabel = "N",
      defaultValue = "0",
      description = "how many agents never answer (0)")
  private int dead;

  @Option(
      names = "--max-message",
      paramLabel = "N",
      defaultValue = "1472",
      description = "the largest message of an agent (1472)")
  private int maxMessage;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "1161",
      description = "of all agents; 0 picks one (1161)")
  private int port;

  @Option(
      names = "--first-address",
      paramLabel = "IP",
      defaultValue = "127.1.0.1",
      description = "of the first agent (127.1.0.1)")
  private String firstAddress;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "of everything that looks random (1)")
  private long seed;

  @Option(
      names = "--recordings",
      paramLabel = "FILE",
      description = "walks of real devices (.snmprec) to play too: a file, or a folder of them")
  private List<Path> recordings = List.of();

  @Option(
      names = "--hostile",
      paramLabel = "KIND",
      split = ",",
      description = "agents that break the protocol, one of each kind: endless-rows,circle; or all")
  private List<String> hostile = List.of();

  @Option(
      names = "--traps",
      paramLabel = "IP:PORT",
      description = "where all agents send traps to (nowhere)")
  private String traps;

  @Option(
      names = "--flap",
      paramLabel = "TIME",
      defaultValue = "0s",
      description = "how often a link goes down or comes up, of one agent after another (never)")
  private String flap;

  @Option(
      names = "--config-out",
      paramLabel = "FILE",
      description = "where to write a configuration for 'aeiou mount'")
  private Path configOut;

  @Override
  public Integer call() throws InterruptedException {
    Logging.start(false);
    try (SimulatedNetwork network = SimulatedNetwork.start(options())) {
      CountDownLatch end = new CountDownLatch(1);
      Signals.handle("TERM", end::countDown);
      Signals.handle("INT", end::countDown);
      Signals.handle("USR1", () -> say("so far: " + network.totals()));
      say(network.agents().size() + " agents answer; Ctrl-C ends them");
      end.await();
      say("in all: " + network.totals());
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.FAILED, e.getMessage());
    }
    return ExitCode.OK;
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  private SimulationOptions options() {
    for (Path recording : recordings) {
      if (!Files.isReadable(recording)) {
        throw new CommandFailure(
            ExitCode.USAGE,
            "--recordings: '"
                + recording
                + "' cannot be read; expected a .snmprec file, or a folder");
      }
    }
    Path folder = configOut == null ? null : configOut.toAbsolutePath().getParent();
    if (folder != null && !Files.isWritable(folder)) {
      throw new CommandFailure(
          ExitCode.USAGE, "--config-out: nothing can be written in '" + folder + "'");
    }
    try {
      return SimulationOptions.builder()
          .systems(systems)
          .rows(rows)
          .rtt(duration("--rtt", rtt))
          .jitter(duration("--jitter", jitter))
          .loss(share("--loss", loss))
          .duplicates(share("--duplicates", duplicates))
          .reordered(share("--reordered", reordered))
          .dead(dead)
          .maxMessage(maxMessage)
          .port(port)
          .firstAddress(firstAddress)
          .seed(seed)
          .recordings(recordings.toArray(Path[]::new))
          .hostile(hostile(hostile))
          .traps(address(traps))
          .flap(duration("--flap", flap))
          .configOut(configOut)
          .build();
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, e.getMessage());
    }
  }

  private static Hostility[] hostile(List<String> words) {
    if (words.equals(List.of("all"))) {
      return Hostility.values();
    }
    return words.stream().map(SimulateCommand::hostile).toArray(Hostility[]::new);
  }

  private static Hostility hostile(String word) {
    for (Hostility kind : Hostility.values()) {
      if (kind.word().equals(word)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "--hostile: '"
            + word
            + "' is no kind; expected 'all', or some of "
            + Stream.of(Hostility.values()).map(Hostility::word).collect(joining(", ")));
  }

  private static Duration duration(String option, String text) {
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
    }
  }

  private static InetSocketAddress address(String text) {
    try {
      Texts.Address address = text == null ? null : Texts.address(text, 162);
      return address == null
          ? null
          : new InetSocketAddress(InetAddresses.forString(address.host()), address.port());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--traps: '" + text + "' is not an address; expected one as in 127.0.0.1:1162", e);
    }
  }

  private static double share(String option, String text) {
    try {
      return text.endsWith("%")
          ? Double.parseDouble(text.substring(0, text.length() - 1)) / 100
          : Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          option + ": '" + text + "' is not a share; expected a number from 0 to 1, or 1%", e);
    }
  }
}
