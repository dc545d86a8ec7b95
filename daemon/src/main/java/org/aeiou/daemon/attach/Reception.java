package org.aeiou.daemon.attach;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.shared.CompletionRing;
import org.aeiou.closures.shared.FileDescriptor;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.closures.shared.HelloDescriptor;
import org.aeiou.closures.shared.Posix;
import org.aeiou.closures.shared.SubmissionRing;
import org.aeiou.closures.shared.WelcomeDescriptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says who may attach, and hands out what they need. Used by the server's thread. */
final class Reception {
  static final int HELLO_BYTES = HelloDescriptor.BYTES;

  private static final Logger LOG = LoggerFactory.getLogger(Reception.class);
  private static final Posix POSIX = Posix.INSTANCE;

  /** As many as the kernel allows a process (NGROUPS_MAX). */
  private static final int MOST_GROUPS = 1 << 16;

  private static final int LONGEST_SENTENCE = WelcomeDescriptor.BYTES - WelcomeDescriptor.SENTENCE;

  private final AttachOptions options;
  private final long epoch;
  private final SharedFile table;
  private final AttachCounters counters;
  private final Operations operations;
  private final Runnable wake;
  private final int ownUid = POSIX.geteuid();
  private long connections;

  Reception(
      AttachOptions options,
      long epoch,
      SharedFile table,
      AttachCounters counters,
      Operations operations,
      Runnable wake) {
    this.operations = operations;
    this.wake = wake;
    this.options = options;
    this.epoch = epoch;
    this.table = table;
    this.counters = counters;
  }

  /** What a client got. */
  record Welcome(Client client, SharedFile submissions, SharedFile completions, int bell) {}

  /**
   * Answers a hello; null if it was refused.
   *
   * @param requester on whose behalf it will ask
   * @param left how many bytes there are for it
   */
  Welcome welcome(int socket, Requester requester, ByteBuffer hello, long left) {
    int[] peer = peer(socket);
    if (!mayRead(peer[1], groups(socket, peer[2]))) {
      refuse(socket, Posix.EACCES, "user " + peer[1] + " may not read the files");
      return null;
    }
    if (hello.getLong(0) != HelloDescriptor.MAGIC
        || hello.getLong(HelloDescriptor.VERSION) >>> Integer.SIZE != FileDescriptor.MAJOR) {
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
    String problem = geometry.problem(options.pages(), options.arenaBytes());
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
    SharedFile submissions = null;
    SharedFile completions = null;
    int[] bell = {-1, -1};
    try {
      submissions = SharedFile.create("aeiou-submissions", geometry.submissionBytes(), true);
      completions = SharedFile.create("aeiou-completions", geometry.completionBytes(), false);
      bell = pipe();
      long number = ++connections;
      Client client =
          new Client(
              number,
              peer[1],
              peer[0],
              requester,
              geometry,
              new SubmissionRing(submissions.memory, completions.memory, geometry, epoch),
              new CompletionRing(completions.memory, submissions.memory, geometry, epoch),
              bell[1],
              counters,
              operations,
              wake);
      ByteBuffer message = begin();
      message.putLong(WelcomeDescriptor.CONNECTION, number);
      message.putInt(WelcomeDescriptor.ENTRIES, geometry.entries());
      message.putInt(WelcomeDescriptor.PAGES, geometry.pages());
      message.putInt(WelcomeDescriptor.PAGE_BYTES, geometry.pageBytes());
      message.putInt(WelcomeDescriptor.OUTCOME_BYTES, geometry.outcomeBytes());
      message.putInt(WelcomeDescriptor.ARENA_BYTES, geometry.arenaBytes());
      message.putInt(WelcomeDescriptor.PAGES_AT, geometry.pagesAt());
      message.putInt(WelcomeDescriptor.OUTCOMES_AT, geometry.outcomesAt());
      message.putInt(WelcomeDescriptor.ARENA_AT, geometry.arenaAt());
      message.putLong(WelcomeDescriptor.EPOCH, epoch);
      if (!send(socket, message, submissions.fd, completions.fd, table.fd, bell[0])) {
        throw new IOException("the welcome was not taken: error " + Posix.errno());
      }
      POSIX.close(bell[0]);
      return new Welcome(client, submissions, completions, bell[1]);
    } catch (IOException | OutOfMemoryError e) {
      LOG.warn("process {} cannot attach: {}", peer[0], e.getMessage());
      refuse(socket, Posix.ENOMEM, "the daemon has no memory or descriptors left");
      free(submissions);
      free(completions);
      for (int end : bell) {
        if (end >= 0) {
          POSIX.close(end);
        }
      }
      return null;
    }
  }

  /**
   * A pipe for a bell. Its ends are files of their own: whatever a client does to the one that it
   * gets, ringing the other one does not wait.
   */
  static int[] pipe() throws IOException {
    ByteBuffer ends = Posix.buffer(2 * Integer.BYTES);
    if (POSIX.pipe2(Posix.address(ends), Posix.O_CLOEXEC | Posix.O_NONBLOCK) != 0) {
      throw new IOException("no pipe: error " + Posix.errno());
    }
    return new int[] {ends.getInt(0), ends.getInt(4)};
  }

  private static void free(SharedFile file) {
    if (file != null) {
      file.free();
    }
  }

  /**
   * Whether a user could read the files, by the rules for files: owner, else group, else others.
   */
  private boolean mayRead(int uid, IntStream groups) {
    int bits =
        uid == options.uid()
            ? options.fileMode() >> 6
            : groups.anyMatch(gid -> gid == options.gid())
                ? options.fileMode() >> 3
                : options.fileMode();
    return uid == 0 || uid == ownUid || (bits & 4) != 0;
  }

  /** Whose program is at the other end. */
  static int user(int socket) {
    return peer(socket)[1];
  }

  /** Process, user and group at the other end. */
  private static int[] peer(int socket) {
    ByteBuffer value = Posix.buffer(12);
    ByteBuffer length = Posix.buffer(4).putInt(0, 12);
    if (option(socket, Posix.SO_PEERCRED, value, length) != 0) {
      return new int[] {-1, -1, -1};
    }
    return new int[] {value.getInt(0), value.getInt(4), value.getInt(8)};
  }

  /** The peer's own group, and the others that it was in when it connected. */
  private static IntStream groups(int socket, int own) {
    ByteBuffer length = Posix.buffer(4).putInt(0, Integer.BYTES * MOST_GROUPS);
    ByteBuffer value = Posix.buffer(Integer.BYTES * MOST_GROUPS);
    int count =
        option(socket, Posix.SO_PEERGROUPS, value, length) == 0
            ? length.getInt(0) / Integer.BYTES
            : 0;
    IntStream others = IntStream.range(0, count).map(i -> value.getInt(Integer.BYTES * i));
    return IntStream.concat(IntStream.of(own), others);
  }

  private static int option(int socket, int name, ByteBuffer value, ByteBuffer length) {
    return POSIX.getsockopt(
        socket, Posix.SOL_SOCKET, name, Posix.address(value), Posix.address(length));
  }

  private static ByteBuffer begin() {
    ByteBuffer message = Posix.buffer(WelcomeDescriptor.BYTES);
    message.putLong(0, WelcomeDescriptor.MAGIC);
    message.putLong(WelcomeDescriptor.VERSION, FileDescriptor.VERSION);
    return message;
  }

  /** Says why not. */
  static void refuse(int socket, int errno, String why) {
    ByteBuffer message = begin();
    byte[] sentence = why.getBytes(UTF_8);
    byte[] fitting = Arrays.copyOf(sentence, Math.min(sentence.length, LONGEST_SENTENCE));
    message.putInt(WelcomeDescriptor.ERROR, errno);
    message.putInt(WelcomeDescriptor.SENTENCE_LENGTH, fitting.length);
    message.put(WelcomeDescriptor.SENTENCE, fitting);
    var unused = send(socket, message);
  }

  /** Sends a message with descriptors; struct msghdr and cmsghdr as on 64-bit Linux. */
  private static boolean send(int socket, ByteBuffer message, int... descriptors) {
    ByteBuffer vector = Posix.buffer(16);
    vector.putLong(0, Posix.address(message)).putLong(8, message.capacity());
    int controlLength = 16 + Integer.BYTES * descriptors.length;
    ByteBuffer control = Posix.buffer(64);
    control.putLong(0, controlLength).putInt(8, Posix.SOL_SOCKET).putInt(12, Posix.SCM_RIGHTS);
    for (int i = 0; i < descriptors.length; i++) {
      control.putInt(16 + Integer.BYTES * i, descriptors[i]);
    }
    ByteBuffer header = Posix.buffer(56);
    header.putLong(16, Posix.address(vector)).putLong(24, 1);
    if (descriptors.length > 0) {
      header.putLong(32, Posix.address(control)).putLong(40, controlLength);
    }
    try {
      long sent = POSIX.sendmsg(socket, Posix.address(header), Posix.MSG_NOSIGNAL);
      return sent == message.capacity();
    } finally {
      Reference.reachabilityFence(message);
      Reference.reachabilityFence(vector);
      Reference.reachabilityFence(control);
    }
  }
}
