package org.aeiou.daemon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.Lists;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.aeiou.closures.Failure;
import org.aeiou.daemon.app.Daemon;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.cli.command.Catalogues;
import org.aeiou.daemon.cli.command.CommandFailure;
import org.aeiou.daemon.cli.command.ConfigurationFile;
import org.aeiou.daemon.cli.command.ExitCode;
import org.aeiou.daemon.cli.command.PathReader;
import org.aeiou.daemon.cli.command.Program;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.document.YamlWriter;
import org.aeiou.daemon.inventory.FoundAgents;
import org.aeiou.daemon.inventory.Subnets;
import org.aeiou.daemon.logging.Logging;
import org.aeiou.daemon.metrics.EventLog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "discover",
    description = {
      "Ask every address of subnets for its name, and propose those that answer, for 'include:'.",
      "Addresses that the configuration has are not asked. Nothing is configured by this."
    },
    mixinStandardHelpOptions = true)
final class DiscoverCommand implements Callable<Integer> {
  /** More would only wait: for the rate. */
  private static final int AT_ONCE = 1024;

  private static final int MOST_A_SECOND = 10_000;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "SUBNET", arity = "1..*", description = "as in 10.1.0.0/24")
  private List<String> subnets;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      required = true,
      description = "the configuration, for what is known, and for its defaults and profiles")
  private Path file;

  @Option(
      names = "--profiles",
      paramLabel = "NAME",
      split = ",",
      description = "what to ask with, one after the other; without it, the defaults")
  private List<String> profiles = List.of();

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "100",
      description = "packets a second, at most (100)")
  private int rate;

  @Option(
      names = "--name",
      paramLabel = "TEMPLATE",
      defaultValue = "{name}",
      description = "what systems are called: '{name}' is their sysName, '{address}', … ({name})")
  private String name;

  @Option(names = "--out", paramLabel = "OUT", description = "where to write (to the terminal)")
  private Path out;

  /** What an address ended in. */
  private record Answered(String address, String json, Failure.Reason failure) {}

  @Override
  public Integer call() throws IOException {
    if (rate < 1 || rate > MOST_A_SECOND) {
      throw new CommandFailure(
          ExitCode.USAGE, "--rate: " + rate + ", expected 1 to " + MOST_A_SECOND + " a second");
    }
    var named = Parts.template(name);
    Configuration known = ConfigurationFile.read(file, spec);
    List<String> open = unknown(known);
    Catalogue catalogue = Catalogues.load(known, spec.commandLine().getErr());
    EventLog events = Logging.quiet();
    FoundAgents found = new FoundAgents();
    Set<String> refusing = new HashSet<>();
    List<List<String>> ways =
        profiles.isEmpty() ? List.of(List.of()) : Lists.transform(profiles, List::of);
    for (List<String> way : ways) {
      open = ask(open, way, catalogue, events, found, refusing);
    }
    open.stream().filter(refusing::contains).forEach(found::addRefusing);
    String asked = "what answers in " + String.join(", ", subnets);
    Parts.write(found.proposal(named, asked), out, "nothing answers that is not known yet", spec);
    return ExitCode.OK;
  }

  /** The addresses at which nothing is configured. */
  private List<String> unknown(Configuration known) {
    Set<String> taken = new HashSet<>();
    known.systems().values().forEach(system -> taken.add(host(system.settings().address())));
    try {
      return Subnets.addresses(subnets).stream().filter(host -> !taken.contains(host)).toList();
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, e.getMessage());
    }
  }

  private static String host(String address) {
    return address.startsWith("[")
        ? address.substring(1, address.indexOf(']'))
        : address.substring(0, address.lastIndexOf(':'));
  }

  /** Asks addresses in one way; returns those that did not answer it. */
  private List<String> ask(
      List<String> addresses,
      List<String> way,
      Catalogue catalogue,
      EventLog events,
      FoundAgents found,
      Set<String> refusing)
      throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    List<String> left = new ArrayList<>();
    try (Daemon daemon =
        new Daemon(
            file, candidates(addresses, way), Program.of(spec).backends(), catalogue, events)) {
      PathReader tree = new PathReader(daemon.service());
      int asked = 0;
      for (List<String> some : Lists.partition(addresses, AT_ONCE)) {
        List<CompletableFuture<Answered>> answers =
            some.stream().map(address -> ask(tree, address)).toList();
        for (CompletableFuture<Answered> answer : answers) {
          Answered answered = answer.join();
          if (answered.json() != null) {
            found.add(answered.address(), way, answered.json());
          } else {
            left.add(answered.address());
            if (answered.failure() == Failure.Reason.REFUSED) {
              refusing.add(answered.address());
            }
          }
        }
        asked += some.size();
        err.println(
            "asked %d of %d addresses%s, %d answer"
                .formatted(
                    asked,
                    addresses.size(),
                    way.isEmpty() ? "" : " with " + way.get(0),
                    asked - left.size()));
      }
    }
    return left;
  }

  private static CompletableFuture<Answered> ask(PathReader tree, String address) {
    return tree.read(address + "/system/.json")
        .handle(
            (content, failure) ->
                failure == null
                    ? new Answered(address, new String(content.bytes(), UTF_8), null)
                    : new Answered(address, null, reason(failure)));
  }

  private static Failure.Reason reason(Throwable failure) {
    Throwable cause = failure instanceof PathReader.Unreadable ? failure : failure.getCause();
    return cause instanceof PathReader.Unreadable unreadable ? unreadable.reason() : null;
  }

  /** The configuration, with the addresses for systems, and a rate for all of them. */
  private Configuration candidates(List<String> addresses, List<String> way) {
    YamlWriter yaml = new YamlWriter();
    yaml.begin("budget").put("requests-per-second", rate).put("burst", Math.min(rate, 10)).end();
    yaml.begin("learned").put("keep", false).end();
    yaml.begin("systems");
    for (String address : addresses) {
      yaml.begin(address)
          .put("address", address.contains(":") ? "[" + address + "]" : address)
          .put("profiles", way)
          .end();
    }
    return ConfigurationFile.readWith(yaml.toString(), file, spec);
  }
}
