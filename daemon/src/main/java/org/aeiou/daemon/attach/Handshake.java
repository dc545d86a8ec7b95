package org.aeiou.daemon.attach;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.aeiou.closures.posix.Posix;
import org.aeiou.closures.posix.Structure;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.shared.CompletionRing;
import org.aeiou.closures.shared.FileDescriptor;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.closures.shared.HelloDescriptor;
import org.aeiou.closures.shared.SubmissionRing;
import org.aeiou.closures.shared.WelcomeDescriptor;
import org.aeiou.daemon.attach.request.Client;
import org.aeiou.daemon.attach.request.Deadlines;
import org.aeiou.daemon.attach.request.Peer;
import org.aeiou.daemon.attach.socket.PeerCredentials;
import org.aeiou.daemon.metrics.Event;
import org.aeiou.daemon.metrics.Events;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers a hello: checks whether the program may attach, and hands out what it needs. Used by the
 * server's thread.
 */
final class Handshake {
  private static final Logger LOG = LoggerFactory.getLogger(Handshake.class);
  private static final Posix POSIX = Posix.INSTANCE;

  private final AttachOptions options;
  private final long epoch;
  private final SharedFile table;
  private final AttachCounters counters;
  private final Shortage shortage;
  private final Consumer<Event> events;
  private final Ticker ticker;
  private final int ownUid = POSIX.geteuid();
  private final PeerCredentials peer = new PeerCredentials();
  private final WelcomeMessage message = new WelcomeMessage();
  private final Structure ends = new Structure(2 * Integer.BYTES);
  private long connections;

  Handshake(
      AttachOptions options,
      long epoch,
      SharedFile table,
      AttachCounters counters,
      Shortage shortage,
      Consumer<Event> events,
      Ticker ticker) {
    this.events = events;
    this.shortage = shortage;
    this.ticker = ticker;
    this.options = options;
    this.epoch = epoch;
    this.table = table;
    this.counters = counters;
  }

  /**
   * What a program got.
   *
   * @param process its id
   * @param bytes how much memory it shares
   * @param bell the descriptor of its bell's writing end
   */
  record Welcome(
      Client client,
      int process,
      long bytes,
      SharedFile submissions,
      SharedFile completions,
      int bell) {}

  /** The user of the program at the other end. */
  int user(int socket) {
    return peer.user(socket);
  }

  /** Tells a program why its connection ends. */
  void dismiss(int socket, int errno, String why) {
    message.refuse(socket, errno, why);
  }

  /** Refuses a program, and says why to it and to the operator. */
  void refuse(int socket, int errno, String why) {
    counters.refused.increment();
    dismiss(socket, errno, why);
    events.accept(Events.attach("attach", peer.user(socket), peer.process(socket), why));
  }

  /** As {@link #refuse}, of a program that has said nothing. */
  void giveUp(int socket) {
    counters.refused.increment();
    events.accept(
        Events.attach("attach", peer.user(socket), peer.process(socket), "it says no hello"));
  }

  /**
   * Answers a hello; null if it was refused.
   *
   * @param requester in the scheduler, the user of its requests
   * @param left how many bytes there are for it
   */
  Welcome welcome(int socket, Requester requester, ByteBuffer hello, long left) {
    int uid = peer.user(socket);
    int pid = peer.process(socket);
    boolean isTrusted = uid == 0 || uid == ownUid;
    if (!isTrusted && !options.filePermissions().mayRead(uid, peer.groups(socket))) {
      refuse(socket, Posix.EACCES, "user " + uid + " may not read the files");
      return null;
    }
    if (hello.getLong(0) == 0) {
      // Another daemon, which wants to know whether the socket is served: see StaleSocket.
      counters.refused.increment();
      dismiss(socket, Posix.EPROTONOSUPPORT, "this is a daemon");
      return null;
    }
    if (hello.getLong(0) != HelloDescriptor.MAGIC) {
      refuse(socket, Posix.EPROTONOSUPPORT, "what it says first is no hello of this protocol");
      return null;
    }
    if (hello.getLong(HelloDescriptor.VERSION) >>> Integer.SIZE != FileDescriptor.MAJOR) {
      refuse(
          socket,
          Posix.EPROTONOSUPPORT,
          "this daemon speaks version " + FileDescriptor.MAJOR + "; use a client of that version");
      return null;
    }
    Geometry geometry =
        new Geometry(
            hello.getInt(HelloDescriptor.PAGES),
            hello.getInt(HelloDescriptor.PAGE_BYTES),
            hello.getInt(HelloDescriptor.OUTCOME_BYTES),
            hello.getInt(HelloDescriptor.ARENA_BYTES));
    String problem = geometry.problem(options.room().pages(), options.room().arenaBytes());
    if (problem != null) {
      refuse(socket, Posix.EINVAL, problem);
      return null;
    }
    if (geometry.bytes() > left) {
      refuse(
          socket,
          Posix.ENOMEM,
          "it wants "
              + geometry.bytes()
              + " bytes, but attached programs may share no more than "
              + Math.max(0, left)
              + " besides what they do; see attach.memory");
      return null;
    }
    int minor = (int) hello.getLong(HelloDescriptor.VERSION);
    boolean mayWrite = options.filePermissions().mayWrite(uid, peer.groups(socket));
    Peer program = new Peer(uid, pid, mayWrite);
    return share(socket, program, requester, geometry, new Deadlines(ticker, minor));
  }

  /** Makes what the two share, and hands it out; null if that cannot be done. */
  private Welcome share(
      int socket, Peer program, Requester requester, Geometry geometry, Deadlines deadlines) {
    SharedFile submissions = null;
    SharedFile completions = null;
    int[] bell = {-1, -1};
    try {
      submissions = SharedFile.create("aeiou-submissions", geometry.submissionBytes(), true);
      completions = SharedFile.create("aeiou-completions", geometry.completionBytes(), false);
      bell = pipe();
      Client client =
          new Client(
              program,
              requester,
              geometry,
              new SubmissionRing(submissions.memory, completions.memory, geometry, epoch),
              new CompletionRing(completions.memory, submissions.memory, geometry, epoch),
              bell[1],
              deadlines,
              counters);
      write(message.begin(), geometry, ++connections);
      if (message.send(socket, submissions.fd, completions.fd, table.fd, bell[0])) {
        // What is shared stays mapped here.
        submissions.close();
        completions.close();
        POSIX.close(bell[0]);
        return new Welcome(
            client, program.pid(), geometry.bytes(), submissions, completions, bell[1]);
      }
      counters.refused.increment();
      LOG.debug("process {} went before it was welcomed: {}", program.pid(), Posix.error());
    } catch (IOException | OutOfMemoryError e) {
      counters.refused.increment();
      shortage.happened(e.getMessage());
      dismiss(socket, Posix.ENOMEM, "the daemon has no memory or descriptors left");
    }
    free(submissions);
    free(completions);
    POSIX.close(bell[0]);
    POSIX.close(bell[1]);
    return null;
  }

  private void write(ByteBuffer welcome, Geometry geometry, long number) {
    welcome.putLong(WelcomeDescriptor.EPOCH, epoch);
    welcome.putLong(WelcomeDescriptor.CONNECTION, number);
    welcome.putInt(WelcomeDescriptor.ENTRIES, geometry.entries());
    welcome.putInt(WelcomeDescriptor.PAGES, geometry.pages());
    welcome.putInt(WelcomeDescriptor.PAGE_BYTES, geometry.pageBytes());
    welcome.putInt(WelcomeDescriptor.OUTCOME_BYTES, geometry.outcomeBytes());
    welcome.putInt(WelcomeDescriptor.ARENA_BYTES, geometry.arenaBytes());
    welcome.putInt(WelcomeDescriptor.PAGES_AT, geometry.pagesAt());
    welcome.putInt(WelcomeDescriptor.OUTCOMES_AT, geometry.outcomesAt());
    welcome.putInt(WelcomeDescriptor.ARENA_AT, geometry.arenaAt());
  }

  /**
   * A pipe for a bell, reading end first. Its ends are files of their own: whatever a client does
   * to the one that it gets, ringing the other one does not wait.
   */
  int[] pipe() throws IOException {
    if (POSIX.pipe2(ends.address, Posix.O_CLOEXEC | Posix.O_NONBLOCK) != 0) {
      throw new IOException("no pipe for a bell: " + Posix.error());
    }
    return new int[] {ends.bytes.getInt(0), ends.bytes.getInt(Integer.BYTES)};
  }

  private static void free(SharedFile file) {
    if (file != null) {
      file.free();
    }
  }
}
