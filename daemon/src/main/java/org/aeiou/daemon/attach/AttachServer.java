package org.aeiou.daemon.attach;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Fatal;
import org.aeiou.closures.posix.Posix;
import org.aeiou.closures.posix.Structure;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.closures.shared.SubmissionRing;
import org.aeiou.closures.shared.SubmissionRing.BrokenClient;
import org.aeiou.closures.shared.SubmissionRing.Submission;
import org.aeiou.closures.shared.ValueTable;
import org.aeiou.daemon.attach.socket.ListeningSocket;
import org.aeiou.daemon.service.AttributeService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where programs attach: a Unix socket, and one thread for all that come.
 *
 * <p>The thread sleeps in poll(2). A byte on a client's socket is its doorbell, the end of the
 * socket is the client's end. Before it sleeps it says so in every client's memory and looks once
 * more at every ring, so that no submission is missed whichever side looks first.
 */
public final class AttachServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AttachServer.class);
  private static final Posix POSIX = Posix.INSTANCE;

  /** For how long it works in a turn of all clients that have something, and for one at least. */
  private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private static final long LEAST_TURN_NANOS = TimeUnit.MICROSECONDS.toNanos(250);

  /** What of a client is sent off together at the most. */
  private static final int MOST_TOGETHER = 1024;

  private static final long TOGETHER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** How often it looks who comes and goes while there is work. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /**
   * After so many requests that were too many a client is not served for so long: one that asks at
   * once for what it was just refused would take a processor, and fill the heap with garbage.
   */
  private static final int MOST_TOO_MANY = 64;

  private static final int REST_MILLIS = 10;

  /** How long it leaves everybody alone after something went wrong that should not have. */
  private static final int PAUSE_MILLIS = 100;

  private static final int POLL_MILLIS = 1000;

  private final AttachOptions options;
  private final Ticker ticker;
  private final Operations operations;
  private final SharedFile tableFile;
  private final Connections connections;
  private final AttachCounters counters = new AttachCounters();
  private final int[] wake;
  private final Thread thread;
  private final Structure one = new Structure(1);

  /** How many clients had something the last time. */
  private int busy = 1;

  private long lookedNanos;

  private volatile boolean sleeping;
  private volatile boolean stopped;

  /**
   * Opens the socket and begins to serve.
   *
   * @param reload reloads at the operator's order, which takes a while, and says in lines what came
   *     of it
   * @param ticker the one that readings are taken by; it must be CLOCK_MONOTONIC, which clients
   *     read too
   * @throws IOException if the socket or the memory cannot be had; says which and why
   */
  public AttachServer(
      AttachOptions options, AttributeService files, Supplier<String> reload, Ticker ticker)
      throws IOException {
    this.options = options;
    this.ticker = ticker;
    long epoch = ticker.read() ^ (ProcessHandle.current().pid() << Integer.SIZE);
    Quotas quotas = Quotas.of(options, Descriptors.ofThisProcess());
    tableFile =
        SharedFile.create(
            "aeiou-values",
            ValueTable.bytes(AttachOptions.TABLE_SLOTS, AttachOptions.TABLE_BYTES),
            false);
    ValueTable values = ValueTable.create(tableFile.memory, AttachOptions.TABLE_SLOTS, epoch);
    Table table = new Table(files, values, options.paths(), ticker);
    operations = new Operations(files, table, Math.max(1, options.paths() / 2), ticker);
    Shortage shortage = new Shortage(ticker, counters.shortages);
    Reception reception =
        new Reception(options, epoch, tableFile, counters, shortage, operations, this::wake);
    int[] ends = {-1, -1};
    try {
      ends = reception.pipe();
      ListeningSocket listening =
          ListeningSocket.open(options.socket(), options.uid(), options.group(), options.mode());
      connections =
          new Connections(
              listening,
              reception,
              new Orders(reload),
              quotas,
              counters,
              files::requester,
              shortage,
              ticker);
    } catch (IOException e) {
      tableFile.free();
      POSIX.close(ends[0]);
      POSIX.close(ends[1]);
      throw e;
    }
    wake = ends;
    files.observe(operations);
    thread = new Thread(this::serve, "aeiou-attach");
    thread.setDaemon(true);
    thread.start();
  }

  public Path socket() {
    return options.socket();
  }

  /** What was counted, and how many are attached. */
  public Map<String, Long> counters() {
    return counters.sums();
  }

  private void serve() {
    try {
      while (!stopped) {
        try {
          round();
        } catch (RuntimeException | Error e) {
          Fatal.rethrow(e);
          // Whatever it was: those who are attached, and those who come, are served on.
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

  /** Everybody's turn, once; then sleep, if nobody had anything. */
  private void round() {
    long turn = Math.max(LEAST_TURN_NANOS, ROUND_NANOS / Math.max(1, busy));
    busy = 0;
    for (Attached each : connections.all()) {
      busy += take(each, turn) ? 1 : 0;
    }
    if (busy == 0 && isIdle()) {
      await(oneRests() ? REST_MILLIS : POLL_MILLIS);
    } else if (ticker.read() - lookedNanos >= LOOK_NANOS) {
      await(0);
    }
    sleeping = false;
    asleep(false);
  }

  private boolean oneRests() {
    long now = ticker.read();
    return connections.all().stream().anyMatch(each -> each.rests(now));
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
    for (Attached each : connections.all()) {
      if (hasWork(each)) {
        return false;
      }
    }
    return !stopped;
  }

  /** Ends the thread's sleep. Any thread. */
  private void wake() {
    // Volatile: what there is to do was written before this, and it looks after it has said so.
    if (sleeping) {
      var unused = POSIX.write(wake[1], one.address, one.length());
    }
  }

  private void asleep(boolean asleep) {
    for (Attached each : connections.all()) {
      if (each.isClient()) {
        each.client().submissions().asleep(asleep);
      }
    }
  }

  private boolean hasWork(Attached each) {
    try {
      return each.hasWork() && !each.rests(ticker.read());
    } catch (BrokenClient e) {
      broken(each, e);
      return false;
    }
  }

  private void broken(Attached each, BrokenClient e) {
    counters.broken.increment();
    cutOff(each, Posix.EPROTO, e.getMessage());
  }

  private void cutOff(Attached each, int errno, String why) {
    String program = "process " + each.client().pid + " of user " + each.uid;
    LOG.warn("{} is cut off: {}", program, why);
    connections.dismiss(each, errno, why);
  }

  /** Goes on with what a client wants, for no longer than so; whether there was anything. */
  private boolean take(Attached each, long turnNanos) {
    if (!hasWork(each)) {
      return false;
    }
    try {
      takeTurn(each, ticker.read(), turnNanos);
    } catch (BrokenClient e) {
      broken(each, e);
    } catch (RuntimeException | Error e) {
      Fatal.rethrow(e);
      counters.faults.increment();
      LOG.error("Serving process {} failed, it is detached", each.client().pid, e);
      cutOff(each, Posix.EIO, "serving it failed; see the daemon's log");
    }
    return true;
  }

  private void takeTurn(Attached each, long now, long turnNanos) throws BrokenClient {
    long end = now + turnNanos;
    goOn(each.client(), end);
    if (each.taken == 0) {
      each.begunNanos = now;
    }
    SubmissionRing submissions = each.client().submissions();
    int waiting = submissions.waiting();
    boolean tooMany = false;
    for (; waiting > 0 && !tooMany && end - ticker.read() > 0; waiting--) {
      take(each.client(), each.burst);
      tooMany = each.client().hadTooMany(MOST_TOO_MANY);
      if (++each.taken == MOST_TOGETHER) {
        // Others go on with these while this thread takes more.
        each.send();
      }
    }
    submissions.taken();
    each.client().count();
    if (tooMany) {
      each.rest(ticker.read() + TimeUnit.MILLISECONDS.toNanos(REST_MILLIS));
      counters.rests.increment();
    }
    if (waiting == 0 || tooMany || end - each.begunNanos > TOGETHER_NANOS) {
      each.send();
    }
  }

  private void goOn(Client client, long end) {
    while (end - ticker.read() > 0) {
      Runnable part = client.nextWork();
      if (part == null) {
        return;
      }
      part.run();
    }
  }

  private void take(Client client, RequesterBurst burst) throws BrokenClient {
    Submission submission = client.submissions().take();
    Pending request = client.accept(submission);
    operations.chains().accept(client, request, submission);
    counters.submissions.increment();
    start(request, submission, burst);
  }

  private void start(Pending request, Submission submission, RequesterBurst burst) {
    try {
      operations.start(request, submission.target(), burst);
    } catch (RuntimeException | Error e) {
      Fatal.rethrow(e);
      // Whatever it was that a client wrote, the others go on.
      counters.faults.increment();
      LOG.error("A request for {} failed", request.path, e);
      request.client.fail(
          request, new Failure<>(Failure.Reason.BAD_ANSWER, "the daemon failed; see its log"));
    }
  }

  /** Detaches everybody; their requests end. */
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
