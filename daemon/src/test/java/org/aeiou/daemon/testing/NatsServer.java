package org.aeiou.daemon.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A {@code nats-server} of a test: a process of its own with JetStream, whose store is a folder
 * that goes with it. Close it by {@code @AutoClose} or {@code try}; at the latest it ends with this
 * JVM. Tests that use it are marked with {@code @Needs(Thing.NATS_SERVER)}.
 *
 * <p>For example {@code @AutoClose private final NatsServer nats = NatsServer.start();}
 */
public final class NatsServer implements AutoCloseable {
  /** Where servers of tests listen, unless a test says otherwise. */
  public static final String HOST = "127.62.0.1";

  /** Lines of the log: a panic of it has some fifty. */
  private static final int MOST_TOLD = 80;

  private static final Path INSTALLED = Path.of("/usr/sbin/nats-server");
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final Set<NatsServer> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(server -> server.endBy("KILL"))));
  }

  private final String host;
  private final int port;
  private final Path folder;
  private Process process;

  private NatsServer(String host, int port, Path folder) {
    this.host = host;
    this.port = port;
    this.folder = folder;
  }

  /** Starts one that lets any client do everything. */
  public static NatsServer start() throws Exception {
    return start(HOST, "");
  }

  /**
   * Starts one, and waits until it serves.
   *
   * @param host the address on which it listens
   * @param more lines of its configuration: accounts, TLS, a cluster
   */
  public static NatsServer start(String host, String more) throws Exception {
    Path folder = Files.createTempDirectory("aeiou-nats");
    NatsServer server = new NatsServer(host, freePort(host), folder);
    try {
      server.configure(more);
      server.restart();
    } catch (Throwable t) {
      server.close();
      throw t;
    }
    return server;
  }

  /**
   * One that the kernel gives to no client, so that it is still free when the server comes back,
   * and no client is ever connected with itself.
   */
  private static int freePort(String host) throws IOException {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
      try (ServerSocket socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(host, port));
        return port;
      } catch (BindException e) {
        // Taken: the next one.
      }
    }
  }

  /**
   * Writes the configuration, for the next {@link #restart} or {@link #reload}.
   *
   * @param more lines of it; where they say something of JetStream themselves, nothing else is said
   */
  public void configure(String more) throws IOException {
    String own =
        """
        server_name: %s
        listen: "%s:%d"
        write_deadline: "2s"
        """
            .formatted(folder.getFileName(), host, port);
    String jetStream =
        more.contains("jetstream {") || more.contains("jetstream:")
            ? ""
            : "jetstream { store_dir: \"%s\" }%n".formatted(folder.resolve("store"));
    Files.writeString(folder.resolve("nats.conf"), own + jetStream + more + "\n");
  }

  /** Starts it again, on the same port and with what it had stored; it must have ended. */
  public void restart() throws Exception {
    String program = Files.isExecutable(INSTALLED) ? INSTALLED.toString() : "nats-server";
    File log = folder.resolve("log").toFile();
    process =
        new ProcessBuilder(program, "-c", folder.resolve("nats.conf").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .start();
    RUNNING.add(this);
    long start = System.nanoTime();
    while (!serves()) {
      if (!process.isAlive() || System.nanoTime() - start > LIMIT_NANOS) {
        throw new AssertionError("nats-server does not serve: " + log());
      }
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  /** Whether it greets a client. */
  private boolean serves() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), 1000);
      socket.setSoTimeout(1000);
      InputStream in = socket.getInputStream();
      return in.read() == 'I';
    } catch (IOException e) {
      return false;
    }
  }

  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  /** As a client's configuration has it. */
  public String url() {
    return "nats://" + host + ":" + port;
  }

  public long pid() {
    return process.pid();
  }

  /** Where its configuration is, and what a test puts beside it. */
  public Path folder() {
    return folder;
  }

  /** What it has logged, over all its lives. */
  public String log() throws IOException {
    return Files.readString(folder.resolve("log"), UTF_8);
  }

  /** Whether it runs, and the end of what it has logged: a server that ended by itself says why. */
  public String told() throws IOException {
    List<String> lines = log().lines().toList();
    String state = process.isAlive() ? "runs" : "ended with " + process.exitValue();
    return state
        + "\n"
        + String.join("\n", lines.subList(Math.max(0, lines.size() - MOST_TOLD), lines.size()));
  }

  /** Ends it as a crash does; its store stays. */
  public void kill() {
    endBy("KILL");
  }

  /** Ends it in order; its store stays. */
  public void terminate() {
    endBy("TERM");
  }

  /** Makes it as silent as if its machine were gone; connections to it stay. */
  public void pause() throws Exception {
    signal("STOP");
    Path status = Path.of("/proc/" + pid() + "/status");
    Eventually.eventually(
        "it is stopped", () -> Files.readString(status, UTF_8).contains("State:\tT"));
  }

  public void resume() {
    signal("CONT");
  }

  /** Has it read its configuration again. */
  public void reload() {
    signal("HUP");
  }

  /** Takes its store away, as a lost disk does; it must have ended. */
  public void loseStore() throws IOException {
    assertThat(process.isAlive()).isFalse();
    delete(folder.resolve("store"));
  }

  /** Keeps a copy of its store, beside it; it must have ended. */
  public void saveStore() throws Exception {
    assertThat(process.isAlive()).isFalse();
    copy(folder.resolve("store"), folder.resolve("saved"));
  }

  /** Puts the copy in the place of its store, as if later writes were lost; it must have ended. */
  public void restoreStore() throws Exception {
    loseStore();
    copy(folder.resolve("saved"), folder.resolve("store"));
  }

  private static void copy(Path from, Path to) throws Exception {
    Process copy = new ProcessBuilder("cp", "-a", from.toString(), to.toString()).start();
    assertThat(copy.waitFor()).isZero();
  }

  private void endBy(String signal) {
    RUNNING.remove(this);
    if (process == null || !process.isAlive()) {
      return;
    }
    signal(signal);
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void signal(String name) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
      assertThat(kill.waitFor()).as("kill -%s %d", name, pid()).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    endBy("KILL");
    delete(folder);
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> inside = Files.walk(folder)) {
      all = inside.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }
}
