package org.aeiou.daemon.attach;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.aeiou.closures.Failure;
import org.aeiou.closures.scheduler.Burst;
import org.aeiou.closures.shared.Posix;
import org.aeiou.closures.shared.SubmissionRing;
import org.aeiou.closures.shared.SubmissionRing.BrokenClient;
import org.aeiou.closures.shared.SubmissionRing.Submission;
import org.aeiou.closures.shared.ValueTable;
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
  private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long LEAST_TURN_NANOS = TimeUnit.MICROSECONDS.toNanos(250);

  /** What of a client is sent off together at the most. */
  private static final int MOST_TOGETHER = 1024;

  private static final long TOGETHER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** How often it looks who comes and goes while there is work. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** How long it leaves everybody alone after something went wrong that should not have. */
  private static final int PAUSE_MILLIS = 100;

  private static final int WAKE_BYTES = 64;

  /** For how long somebody may be connected without a hello. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final int POLL_BYTES = 8;
  private static final int POLL_MILLIS = 1000;

  private final AttachOptions options;
  private final Supplier<Burst> bursts;
  private final Ticker ticker;
  private final Operations operations;
  private final SharedFile tableFile;
  private final Reception reception;
  private final Quotas quotas;
  private final AttachCounters counters = new AttachCounters();
  private final CutOffLog cutOffs;
  private final int[] wake;
  private final int listening;
  private final Thread thread;
  private final ByteBuffer bytes = Posix.buffer(4096);

  /** Who is here; only the thread touches it. */
  private final List<Attached> here = new ArrayList<>();

  /** How many clients had something the last time. */
  private int busy = 1;

  private long lookedNanos;

  private volatile boolean sleeping;
  private volatile boolean stopped;

  /**
   * Opens the socket and begins to serve.
   *
   * @param bursts begins a burst at the scheduler
   * @param ticker the one that readings are taken by; it must be CLOCK_MONOTONIC, which clients
   *     read too
   * @throws IOException if the socket or the memory cannot be had; says which and why
   */
  public AttachServer(
      AttachOptions options, AttributeService files, Supplier<Burst> bursts, Ticker ticker)
      throws IOException {
    this.options = options;
    this.bursts = bursts;
    this.ticker = ticker;
    long epoch = ticker.read() ^ (ProcessHandle.current().pid() << Integer.SIZE);
    tableFile =
        SharedFile.create(
            "aeiou-values",
            ValueTable.bytes(AttachOptions.TABLE_SLOTS, AttachOptions.TABLE_BYTES),
            false);
    ValueTable values = ValueTable.create(tableFile.memory, AttachOptions.TABLE_SLOTS, epoch);
    Table table = new Table(files, values, ticker);
    operations = new Operations(files, table, ticker);
    reception = new Reception(options, epoch, tableFile, counters, operations, this::wake);
    quotas = new Quotas(options);
    cutOffs = new CutOffLog(ticker);
    wake = Reception.pipe();
    try {
      listening = ListeningSocket.open(options);
    } catch (IOException e) {
      tableFile.close();
      POSIX.close(wake[0]);
      POSIX.close(wake[1]);
      throw e;
    }
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
          // Whatever it was: those who are attached, and those who come, are served on.
          counters.faults.increment();
          LOG.error("Attached programs are served on, but something failed", e);
          var unused = POSIX.poll(0, 0, PAUSE_MILLIS);
        }
      }
    } finally {
      sleeping = false;
      List.copyOf(here).forEach(each -> dismiss(each, Posix.ESHUTDOWN, "the daemon stops"));
      POSIX.close(listening);
      tableFile.close();
    }
  }

  /** Everybody's turn, once; then sleep, if nobody had anything. */
  private void round() {
    long turn = Math.max(LEAST_TURN_NANOS, ROUND_NANOS / Math.max(1, busy));
    busy = 0;
    for (Attached each : List.copyOf(here)) {
      busy += take(each, turn) ? 1 : 0;
    }
    if (busy == 0 && isIdle()) {
      await(POLL_MILLIS);
    } else if (ticker.read() - lookedNanos >= LOOK_NANOS) {
      await(0);
    }
    sleeping = false;
    asleep(false);
  }

  /** Says that it sleeps, and whether there is nothing to do after all. */
  private boolean isIdle() {
    asleep(true);
    sleeping = true;
    // Between saying so and looking; pairs with the client's fence between publishing its tail and
    // looking whether the daemon sleeps.
    VarHandle.fullFence();
    for (Attached each : List.copyOf(here)) {
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
      ByteBuffer one = Posix.buffer(1);
      var unused = POSIX.write(wake[1], Posix.address(one), 1);
    }
  }

  private void asleep(boolean asleep) {
    for (Attached each : here) {
      if (each.isClient()) {
        each.client().submissions().asleep(asleep);
      }
    }
  }

  private boolean hasWork(Attached each) {
    try {
      return each.hasWork();
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
    cutOffs.add(each.client().pid, each.uid, why);
    dismiss(each, errno, why);
  }

  /** Tells a program why, and ends it. */
  private void dismiss(Attached each, int errno, String why) {
    if (each.isClient()) {
      Reception.refuse(each.socket, errno, why);
    }
    leave(each, why);
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
    for (; waiting > 0 && end - ticker.read() > 0; waiting--) {
      take(each.client(), each.burst);
      if (++each.taken == MOST_TOGETHER) {
        // Others go on with these while this thread takes more.
        each.send();
      }
    }
    submissions.taken();
    each.client().count();
    if (waiting == 0 || end - each.begunNanos > TOGETHER_NANOS) {
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

  private void take(Client client, Burst burst) throws BrokenClient {
    Submission submission = client.submissions().take();
    Pending request = client.accept(submission);
    operations.chains().accept(client, request, submission);
    counters.submissions.increment();
    start(request, submission, burst);
  }

  private void start(Pending request, Submission submission, Burst burst) {
    try {
      operations.start(request, submission.target(), burst);
    } catch (RuntimeException | Error e) {
      // Whatever it was that a client wrote, the others go on.
      counters.faults.increment();
      LOG.error("A request for {} failed", request.path, e);
      request.client.fail(
          request, new Failure<>(Failure.Reason.BAD_ANSWER, "the daemon failed; see its log"));
    }
  }

  /** Sleeps, for so long at the most, until somebody comes, rings, or goes. */
  private void await(int millis) {
    ByteBuffer polled = Posix.buffer((here.size() + 2) * POLL_BYTES);
    put(polled, wake[0]);
    put(polled, listening);
    here.forEach(each -> put(polled, each.socket));
    polled.rewind();
    int ready = POSIX.poll(Posix.address(polled), here.size() + 2L, millis);
    List<Attached> those = List.copyOf(here);
    long now = ticker.read();
    lookedNanos = now;
    for (Attached each : those) {
      if (!each.isClient() && now - each.sinceNanos > PATIENCE_NANOS) {
        counters.refused.increment();
        leave(each, "it says no hello");
      }
    }
    if (ready <= 0) {
      return;
    }
    if (polled.getShort(6) != 0) {
      var unused = POSIX.read(wake[0], Posix.address(bytes), WAKE_BYTES);
    }
    for (int i = 0; i < those.size(); i++) {
      if (polled.getShort((i + 2) * POLL_BYTES + 6) != 0 && here.contains(those.get(i))) {
        heard(those.get(i));
      }
    }
    if (polled.getShort(POLL_BYTES + 6) != 0) {
      accept();
    }
  }

  private static void put(ByteBuffer polled, int fd) {
    polled.putInt(fd).putShort(Posix.POLLIN).putShort((short) 0);
  }

  private void accept() {
    int fd = POSIX.accept4(listening, 0, 0, Posix.SOCK_NONBLOCK | Posix.SOCK_CLOEXEC);
    if (fd < 0) {
      return;
    }
    int uid = Reception.user(fd);
    String full = quotas.fullBeforeHello(uid, here);
    if (full != null) {
      counters.refused.increment();
      Reception.refuse(fd, Posix.EMFILE, full);
      POSIX.close(fd);
      return;
    }
    here.add(new Attached(fd, uid, bursts.get(), ticker.read()));
  }

  /** Something came on a socket: a hello, a doorbell, or its end. */
  private void heard(Attached each) {
    long length =
        POSIX.recv(
            each.socket,
            Posix.address(bytes),
            !each.isClient() ? each.hello.remaining() : bytes.capacity(),
            Posix.MSG_DONTWAIT);
    if (length < 0 && (Posix.errno() == Posix.EAGAIN || Posix.errno() == Posix.EINTR)) {
      return;
    }
    if (length <= 0) {
      leave(each, "it has gone");
      return;
    }
    if (!each.isClient()) {
      each.hello.put(bytes.slice(0, (int) length));
      if (!each.hello.hasRemaining()) {
        greet(each);
      }
    }
  }

  private void greet(Attached each) {
    String full = quotas.full(each.uid, here);
    if (full != null) {
      counters.refused.increment();
      Reception.refuse(each.socket, Posix.EMFILE, full);
      leave(each, full);
      return;
    }
    Reception.Welcome welcome =
        reception.welcome(each.socket, each.hello, quotas.left(each.uid, here));
    if (welcome == null) {
      counters.refused.increment();
      leave(each, "it was refused");
      return;
    }
    each.become(welcome);
    counters.attached.increment();
    LOG.debug("process {} of user {} attached", each.client().pid, each.uid);
  }

  private void leave(Attached each, String why) {
    if (!here.remove(each)) {
      return;
    }
    if (each.isClient()) {
      LOG.debug("process {} is detached: {}", each.client().pid, why);
      counters.left.increment();
    }
    each.close();
  }

  /** Detaches everybody; their requests end. */
  @Override
  public void close() {
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
    try {
      Files.deleteIfExists(options.socket());
    } catch (IOException e) {
      LOG.debug("{}: {}", options.socket(), e.toString());
    }
  }
}
