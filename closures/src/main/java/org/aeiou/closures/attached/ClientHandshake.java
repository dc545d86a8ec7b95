package org.aeiou.closures.attached;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.aeiou.closures.posix.Posix;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.closures.shared.HelloDescriptor;
import org.aeiou.closures.shared.HelloWriter;
import org.aeiou.closures.shared.Memory;
import org.aeiou.closures.shared.WelcomeDescriptor;
import org.aeiou.closures.shared.WelcomeReader;

/** Finds a daemon's socket, says hello there, and takes what it hands out. */
final class ClientHandshake {
  private static final Posix POSIX = Posix.INSTANCE;
  private static final int ADDRESS_BYTES = 110;
  private static final int LONGEST_PATH = 107;
  private static final int DESCRIPTORS = 4;

  final int socket;
  final int bell;
  final Memory submissions;
  final Memory completions;
  final Memory table;
  final long epoch;
  final long connection;

  /** What the daemon speaks of the protocol: not all that is known here, if it is older. */
  final int minor;

  private ClientHandshake(int socket, WelcomeReader said, int[] descriptors) throws IOException {
    this.socket = socket;
    bell = descriptors[3];
    epoch = said.epoch();
    connection = said.connection();
    minor = said.minor();
    submissions = map(descriptors[0], FileChannel.MapMode.READ_WRITE);
    completions = map(descriptors[1], FileChannel.MapMode.READ_ONLY);
    table = map(descriptors[2], FileChannel.MapMode.READ_ONLY);
  }

  /** The socket of a mount point; a socket's own path is taken as it is. */
  private static Path socket(Path place) throws IOException {
    if (!Files.isDirectory(place)) {
      return place;
    }
    String found = Files.readString(place.resolve(".aeiou").resolve("attach"), UTF_8).strip();
    if (found.isEmpty()) {
      throw new IOException(place + ": its daemon lets no program attach");
    }
    return Path.of(found);
  }

  /** As {@link #socket}, on a thread of its own: a mount whose daemon hangs does not answer. */
  private static Path socketInTime(Path place, long leftNanos) throws IOException {
    FutureTask<Path> look = new FutureTask<>(() -> socket(place));
    Thread thread = new Thread(look, "aeiou-attaching");
    thread.setDaemon(true);
    thread.start();
    try {
      return look.get(leftNanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw late(place);
    } catch (ExecutionException e) {
      String why =
          e.getCause() instanceof NoSuchFileException missing
              ? missing.getFile() + ": there is no such file; is it a mounted network?"
              : e.getCause().getMessage();
      throw new IOException(why, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while attaching to " + place);
    }
  }

  private static IOException late(Path path) {
    return new IOException(path + ": does not answer in time");
  }

  /**
   * Attaches.
   *
   * @param endNanos until when, by the ticker
   * @throws IOException if that is not possible, or not until then, with the reason
   */
  static ClientHandshake at(Path place, Geometry geometry, long endNanos, Ticker ticker)
      throws IOException {
    Path path = socketInTime(place, endNanos - ticker.read());
    byte[] name = path.toString().getBytes(UTF_8);
    if (name.length > LONGEST_PATH) {
      throw new IOException(path + ": is longer than the path of a socket may be");
    }
    byte[] address = new byte[ADDRESS_BYTES];
    address[0] = Posix.AF_UNIX;
    System.arraycopy(name, 0, address, 2, name.length);
    int socket = POSIX.socket(Posix.AF_UNIX, Posix.SOCK_STREAM | Posix.SOCK_CLOEXEC, 0);
    try {
      limit(socket, endNanos - ticker.read());
      if (POSIX.connect(socket, address, name.length + 3) != 0) {
        int errno = Posix.errno();
        throw errno == Posix.EAGAIN
            ? late(path)
            : new IOException(path + ": cannot be attached to: " + POSIX.strerror(errno));
      }
      return greet(path, socket, geometry, endNanos, ticker);
    } catch (IOException e) {
      POSIX.close(socket);
      throw e;
    }
  }

  /** How long connecting and sending may take: for a socket, connecting is sending. */
  private static void limit(int socket, long nanos) {
    long micros = Math.max(1, TimeUnit.NANOSECONDS.toMicros(nanos));
    ByteBuffer time = Posix.buffer(16);
    time.putLong(micros / 1_000_000).putLong(micros % 1_000_000);
    var unused =
        POSIX.setsockopt(
            socket, Posix.SOL_SOCKET, Posix.SO_SNDTIMEO, Posix.address(time), time.capacity());
  }

  private static ClientHandshake greet(
      Path path, int socket, Geometry geometry, long endNanos, Ticker ticker) throws IOException {
    ByteBuffer hello = Posix.buffer(HelloDescriptor.BYTES);
    HelloWriter.write(hello, geometry);
    int[] descriptors = new int[DESCRIPTORS];
    ByteBuffer welcome = Posix.buffer(WelcomeDescriptor.BYTES);
    int count = exchange(path, socket, hello, welcome, descriptors, endNanos, ticker);
    WelcomeReader said = new WelcomeReader(welcome);
    if (said.isKnown() && said.isGranted() && count == DESCRIPTORS) {
      try {
        return new ClientHandshake(socket, said, descriptors);
      } finally {
        // The bell goes on; of the others there are mappings.
        for (int i = 0; i < DESCRIPTORS - 1; i++) {
          POSIX.close(descriptors[i]);
        }
      }
    }
    closeAll(descriptors, count);
    String why = said.isKnown() ? said.sentence() : "what answers there is no daemon of version 1";
    throw new IOException(path + ": " + why);
  }

  /** Returns how many descriptors came. */
  private static int exchange(
      Path path,
      int socket,
      ByteBuffer hello,
      ByteBuffer welcome,
      int[] descriptors,
      long endNanos,
      Ticker ticker)
      throws IOException {
    long sent = POSIX.send(socket, Posix.address(hello), hello.capacity(), Posix.MSG_NOSIGNAL);
    if (sent != hello.capacity()) {
      throw new IOException(path + ": the daemon takes no hello: " + POSIX.strerror(Posix.errno()));
    }
    int count = 0;
    int got = 0;
    while (got < welcome.capacity()) {
      ByteBuffer vector = Posix.buffer(16);
      vector.putLong(0, Posix.address(welcome) + got).putLong(8, welcome.capacity() - got);
      ByteBuffer control = Posix.buffer(64);
      ByteBuffer header = Posix.buffer(56);
      header.putLong(16, Posix.address(vector)).putLong(24, 1);
      header.putLong(32, Posix.address(control)).putLong(40, control.capacity());
      if (!isReadable(socket, endNanos - ticker.read())) {
        closeAll(descriptors, count);
        throw late(path);
      }
      long length;
      try {
        length = POSIX.recvmsg(socket, Posix.address(header), Posix.MSG_CMSG_CLOEXEC);
      } finally {
        Reference.reachabilityFence(vector);
        Reference.reachabilityFence(control);
      }
      if (length < 0 && Posix.errno() == Posix.EINTR) {
        continue;
      }
      if (length <= 0) {
        closeAll(descriptors, count);
        throw new IOException(path + ": the daemon hung up before it answered");
      }
      got += (int) length;
      if (header.getLong(40) >= 20 && control.getInt(12) == Posix.SCM_RIGHTS) {
        int bytes = (int) control.getLong(0) - 16;
        for (int at = 0; at < bytes && count < DESCRIPTORS; at += Integer.BYTES) {
          descriptors[count++] = control.getInt(16 + at);
        }
      }
    }
    return count;
  }

  private static boolean isReadable(int socket, long nanos) {
    ByteBuffer polled = Posix.buffer(8);
    polled.putInt(0, socket).putShort(4, Posix.POLLIN);
    int millis = (int) Math.max(0, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
    int ready = POSIX.poll(Posix.address(polled), 1, millis);
    // Interrupted: the next attempt has the time that is left.
    return ready > 0 || (ready < 0 && Posix.errno() == Posix.EINTR && nanos > 0);
  }

  private static void closeAll(int[] descriptors, int count) {
    for (int i = 0; i < count; i++) {
      POSIX.close(descriptors[i]);
    }
  }

  private static Memory map(int fd, FileChannel.MapMode mode) throws IOException {
    String how = mode == FileChannel.MapMode.READ_ONLY ? "r" : "rw";
    try (RandomAccessFile file = new RandomAccessFile("/proc/self/fd/" + fd, how)) {
      return new Memory(file.getChannel().map(mode, 0, file.length()));
    }
  }
}
