package org.aeiou.daemon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.aeiou.closures.Burst;
import org.aeiou.closures.Reading;
import org.aeiou.closures.attached.Attachment;
import org.aeiou.closures.group.Group;
import org.aeiou.daemon.app.Daemon;
import org.aeiou.daemon.attach.AttachServer;
import org.aeiou.daemon.attach.OrderHandler;
import org.aeiou.daemon.cli.command.Catalogues;
import org.aeiou.daemon.cli.command.ConfigurationFile;
import org.aeiou.daemon.cli.command.ExitCode;
import org.aeiou.daemon.cli.command.Program;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.logging.Logging;
import org.aeiou.daemon.simulator.SimulatedNetwork;
import org.aeiou.daemon.simulator.SimulationOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * What Java is made to remember for the next starts: {@code share-classes} runs it. A daemon asks
 * simulated agents for what an attached program wants, in one process, and mounts nothing, since
 * where a package is built there may be nothing to mount with.
 */
@Command(
    name = "rehearse",
    hidden = true,
    description = "Do in one process what a daemon does, for Java to remember it.",
    mixinStandardHelpOptions = true)
final class RehearseCommand implements Callable<Integer> {
  private static final int SYSTEMS = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FOLDER", description = "an empty folder to work in")
  private Path folder;

  @Option(
      names = "--bursts",
      paramLabel = "N",
      defaultValue = "20",
      description = "how often all is asked for (20)")
  private int bursts;

  @Override
  public Integer call() throws Exception {
    Path file = folder.resolve("net.yaml");
    SimulationOptions agents =
        SimulationOptions.builder().systems(SYSTEMS).rows(2).port(0).configOut(file).build();
    try (SimulatedNetwork network = SimulatedNetwork.start(agents)) {
      network.writeConfiguration(file);
      Configuration configuration = ConfigurationFile.read(file, spec);
      List<String> paths =
          configuration.systems().keySet().stream().flatMap(RehearseCommand::attributes).toList();
      try (Daemon daemon =
              new Daemon(
                  file,
                  configuration,
                  Program.of(spec).backends(),
                  Catalogues.load(configuration, spec.commandLine().getErr()),
                  Logging.start(false));
          AttachServer server =
              daemon.entrances().attach(folder.resolve("socket"), OrderHandler.NONE);
          Attachment program =
              Attachment.attach(
                  server.socket(), Attachment.STANDARD, daemon.ticker(), daemon.clock())) {
        int came = 0;
        for (int i = 0; i < bursts; i++) {
          came += ask(program, paths);
        }
        spec.commandLine().getOut().println(came + " of " + bursts * paths.size() + " came");
      }
    }
    loadAll();
    return ExitCode.OK;
  }

  private static Stream<String> attributes(String system) {
    Stream<String> scalars =
        Stream.of("sysDescr", "sysObjectID", "sysUpTime", "sysContact", "sysName", "sysLocation")
            .map(name -> system + "/system/" + name);
    Stream<String> objects =
        Stream.of("1.3.6.1.2.1.1.7.0", "1.3.6.1.2.1.2.2.1.10.1", "1.3.6.1.2.1.2.2.1.4.1")
            .map(name -> system + "/.oid/" + name);
    return Stream.concat(scalars, objects);
  }

  /** Asks for all of it past the cache, as for what is too old; returns how much came. */
  private static int ask(Attachment program, List<String> paths) throws InterruptedException {
    CountDownLatch pending = new CountDownLatch(paths.size());
    AtomicInteger came = new AtomicInteger();
    Burst burst = program.begin();
    for (String path : paths) {
      var unused =
          program.fetch(
              path,
              burst,
              (latch, outcome, delayed) -> {
                came.addAndGet(outcome instanceof Reading ? 1 : 0);
                latch.countDown();
              },
              pending);
    }
    burst.end();
    Group<String, byte[]> group = Group.begin(program);
    for (String path : paths) {
      var unused = group.submit(path, (context, outcome, delayed) -> {}, null);
    }
    group.end();
    var unused = pending.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) && group.await(PATIENCE);
    return came.get();
  }

  /** The program's classes that nothing used here: those of the mount, among others. */
  private void loadAll() throws IOException {
    Path program =
        Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    if (!program.toString().endsWith(".jar")) {
      return;
    }
    try (JarFile jar = new JarFile(program.toFile())) {
      jar.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.endsWith(".class"))
          .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
          .forEach(RehearseCommand::load);
    }
  }

  private static void load(String name) {
    try {
      var unused = Class.forName(name, false, RehearseCommand.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      // Not having it in the archive only costs time.
    }
  }
}
