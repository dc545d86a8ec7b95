package org.aeiou.daemon.attach;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.aeiou.closures.Fatal;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.posix.Posix;
import org.aeiou.closures.posix.Structure;
import org.aeiou.closures.shared.table.ValueTable;
import org.aeiou.daemon.attach.request.Operations;
import org.aeiou.daemon.attach.socket.ListeningSocket;
import org.aeiou.daemon.attach.socket.Permissions;
import org.aeiou.daemon.metrics.Event;
import org.aeiou.daemon.service.AttributeService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where programs attach: a Unix socket, and one thread for all clients.
 *
 * <p>The thread gives the clients their turns, and sleeps in poll(2) when none has work. A byte on
 * a client's socket is its doorbell, the end of the socket is the client's end. Before the thread
 * sleeps it says so in every client's memory and looks once more at every ring, so that no
 * submission is missed whichever side looks first.
 */
public final class AttachServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AttachServer.class);
  private static final Posix POSIX = Posix.INSTANCE;

  /** How often the sockets are looked at while there is work. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** How long the thread does nothing after an error of its own. */
  private static final int PAUSE_MILLIS = 100;

  private static final int POLL_MILLIS = 1000;

  private final AttachOptions options;
  private final Ticker ticker;
  private final SharedFile tableFile;
  private final Connections connections;
  private final ClientTurns turns;
  private final AttachCounters counters = new AttachCounters();
  private final int[] wake;
  private final Thread thread;
  private final Structure one = new Structure(1);
  private long lookedNanos;

  private volatile boolean sleeping;
  private volatile boolean stopped;

  /** What another thread wants run here; null if nothing. */
  private volatile Runnable task;

  /**
   * Opens the socket and begins to serve.
   *
   * @param orders carries out the operator's orders
   * @param events is told of what is refused
   * @param ticker the one that readings are taken by; it must be CLOCK_MONOTONIC, which clients
   *     read too
   * @throws IOException if the socket or the memory cannot be had; says which and why
   */
  public AttachServer(
      AttachOptions options,
      AttributeService files,
      OrderHandler.Orders orders,
      Consumer<Event> events,
      Ticker ticker)
      throws IOException {
    this.options = options;
    this.ticker = ticker;
    long epoch = ticker.read() ^ (ProcessHandle.current().pid() << Integer.SIZE);
    Quotas quotas = Quotas.of(options, FileLimit.ofThisProcess());
    tableFile =
        SharedFile.create(
            "aeiou-values",
            ValueTable.bytes(AttachOptions.TABLE_SLOTS, AttachOptions.TABLE_BYTES),
            false);
    Permissions owner = options.filePermissions();
    ValueTable values =
        ValueTable.create(
            tableFile.memory, AttachOptions.TABLE_SLOTS, owner.uid(), owner.gid(), epoch);
    Operations operations = new Operations(files, values, options.paths(), ticker);
    operations.describe(counters.metrics());
    Shortage shortage = new Shortage(ticker, counters.shortages);
    Handshake handshake =
        new Handshake(options, epoch, tableFile, counters, shortage, events, ticker);
    int[] ends = {-1, -1};
    try {
      ends = handshake.pipe();
      connections =
          new Connections(
              ListeningSocket.open(options.socket(), options.socketPermissions()),
              handshake,
              new OrderHandler(orders, events),
              quotas,
              counters,
              (socket, uid) ->
                  new Connection(socket, uid, files.requester(uid), ticker.read(), this::wake),
              shortage,
              ticker);
    } catch (IOException e) {
      tableFile.free();
      POSIX.close(ends[0]);
      POSIX.close(ends[1]);
      throw e;
    }
    wake = ends;
    turns = new ClientTurns(connections, operations, counters, events, ticker);
    files.observe(operations);
    thread = new Thread(this::serve, "aeiou-attach");
    thread.setDaemon(true);
    thread.start();
  }

  public Path socket() {
    return options.socket();
  }

  /** What is counted of attached programs and their requests. */
  public MetricSet metrics() {
    return counters.metrics();
  }

  private void serve() {
    try {
      while (!stopped) {
        try {
          round();
        } catch (RuntimeException | Error e) {
          Fatal.rethrow(e);
          // Whatever it was: the clients that are attached, and those that come, are served on.
          counters.faults.increment();
          LOG.error("Attached programs are served on, but something failed", e);
          var unused = POSIX.poll(0, 0, PAUSE_MILLIS);
        }
      }
    } finally {
      sleeping = false;
      connections.close("the daemon stops");
      tableFile.close();
    }
  }

  /** Has the server's thread run something, soon. Any thread; what was not run yet is forgotten. */
  public void post(Runnable what) {
    task = what;
    wake();
  }

  /** A turn for each client; then sleep, if none had work. */
  private void round() {
    Runnable posted = task;
    if (posted != null) {
      task = null;
      posted.run();
    }
    boolean worked = turns.takeAll();
    if (!worked && isIdle()) {
      await(turns.millisToNext(POLL_MILLIS));
    } else if (ticker.read() - lookedNanos >= LOOK_NANOS) {
      await(0);
    }
    sleeping = false;
    asleep(false);
  }

  private void await(int millis) {
    connections.await(wake[0], millis);
    lookedNanos = ticker.read();
  }

  /** Says that it sleeps, and whether there is nothing to do after all. */
  private boolean isIdle() {
    asleep(true);
    sleeping = true;
    // Between saying so and looking; pairs with the client's fence between publishing its tail and
    // looking whether the daemon sleeps.
    VarHandle.fullFence();
    return !turns.oneHasWork() && !stopped;
  }

  private void asleep(boolean asleep) {
    for (Connection each : connections.all()) {
      if (each.isClient()) {
        each.client().submissions().asleep(asleep);
      }
    }
  }

  /** Ends the thread's sleep. Any thread. */
  private void wake() {
    // Volatile: what there is to do was written before this, and it looks after it has said so.
    if (sleeping) {
      var unused = POSIX.write(wake[1], one.address, one.length());
    }
  }

  /** Detaches all clients; their requests end. */
  @Override
  public void close() {
    connections.withdraw();
    stopped = true;
    wake();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!thread.isAlive()) {
      POSIX.close(wake[0]);
      POSIX.close(wake[1]);
    }
  }
}
