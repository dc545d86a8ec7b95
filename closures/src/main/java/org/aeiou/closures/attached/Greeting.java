package org.aeiou.closures.attached;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.aeiou.closures.shared.FileDescriptor;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.closures.shared.HelloDescriptor;
import org.aeiou.closures.shared.Memory;
import org.aeiou.closures.shared.Posix;
import org.aeiou.closures.shared.WelcomeDescriptor;

/** Says hello at a daemon's socket, and takes what it hands out. */
final class Greeting {
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

  private Greeting(int socket, ByteBuffer welcome, int[] descriptors) throws IOException {
    this.socket = socket;
    bell = descriptors[3];
    epoch = welcome.getLong(WelcomeDescriptor.EPOCH);
    submissions = map(descriptors[0], FileChannel.MapMode.READ_WRITE);
    completions = map(descriptors[1], FileChannel.MapMode.READ_ONLY);
    table = map(descriptors[2], FileChannel.MapMode.READ_ONLY);
  }

  /** The socket of a mount point; a socket's own path is taken as it is. */
  static Path socket(Path place) throws IOException {
    if (!Files.isDirectory(place)) {
      return place;
    }
    String found = Files.readString(place.resolve(".aeiou").resolve("attach"), UTF_8).strip();
    if (found.isEmpty()) {
      throw new IOException(place + ": its daemon lets no program attach");
    }
    return Path.of(found);
  }

  /**
   * Attaches.
   *
   * @throws IOException if that is not possible, with the reason
   */
  static Greeting at(Path path, Geometry geometry) throws IOException {
    byte[] name = path.toString().getBytes(UTF_8);
    if (name.length > LONGEST_PATH) {
      throw new IOException(path + ": is longer than the path of a socket may be");
    }
    byte[] address = new byte[ADDRESS_BYTES];
    address[0] = Posix.AF_UNIX;
    System.arraycopy(name, 0, address, 2, name.length);
    int socket = POSIX.socket(Posix.AF_UNIX, Posix.SOCK_STREAM | Posix.SOCK_CLOEXEC, 0);
    try {
      if (POSIX.connect(socket, address, name.length + 3) != 0) {
        throw new IOException(path + ": cannot be attached to: error " + Posix.errno());
      }
      return greet(path, socket, geometry);
    } catch (IOException e) {
      POSIX.close(socket);
      throw e;
    }
  }

  private static Greeting greet(Path path, int socket, Geometry geometry) throws IOException {
    ByteBuffer hello = Posix.buffer(HelloDescriptor.BYTES);
    hello.putLong(0, HelloDescriptor.MAGIC);
    hello.putLong(HelloDescriptor.VERSION, FileDescriptor.VERSION);
    hello.putInt(HelloDescriptor.PAGES, geometry.pages());
    hello.putInt(HelloDescriptor.PAGE_BYTES, geometry.pageBytes());
    hello.putInt(HelloDescriptor.OUTCOME_BYTES, geometry.outcomeBytes());
    hello.putInt(HelloDescriptor.ARENA_BYTES, geometry.arenaBytes());
    int[] descriptors = new int[DESCRIPTORS];
    ByteBuffer welcome = Posix.buffer(WelcomeDescriptor.BYTES);
    int count = exchange(socket, hello, welcome, descriptors);
    boolean known =
        welcome.getLong(0) == WelcomeDescriptor.MAGIC
            && welcome.getLong(WelcomeDescriptor.VERSION) >>> Integer.SIZE == FileDescriptor.MAJOR;
    int errno = welcome.getInt(WelcomeDescriptor.ERROR);
    if (known && errno == 0 && count == DESCRIPTORS) {
      try {
        return new Greeting(socket, welcome, descriptors);
      } finally {
        // The bell goes on; of the others there are mappings.
        for (int i = 0; i < DESCRIPTORS - 1; i++) {
          POSIX.close(descriptors[i]);
        }
      }
    }
    for (int i = 0; i < count; i++) {
      POSIX.close(descriptors[i]);
    }
    throw new IOException(
        path + ": " + (known ? sentence(welcome) : "what answers there is no daemon of version 1"));
  }

  private static String sentence(ByteBuffer welcome) {
    int length = welcome.getInt(WelcomeDescriptor.SENTENCE_LENGTH);
    byte[] text =
        new byte
            [Math.max(0, Math.min(length, WelcomeDescriptor.BYTES - WelcomeDescriptor.SENTENCE))];
    welcome.get(WelcomeDescriptor.SENTENCE, text);
    return new String(text, UTF_8);
  }

  /** Returns how many descriptors came. */
  private static int exchange(int socket, ByteBuffer hello, ByteBuffer welcome, int[] descriptors)
      throws IOException {
    long sent = POSIX.write(socket, Posix.address(hello), hello.capacity());
    if (sent != hello.capacity()) {
      throw new IOException("the daemon takes no hello: error " + Posix.errno());
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
      long length;
      try {
        length = POSIX.recvmsg(socket, Posix.address(header), Posix.MSG_CMSG_CLOEXEC);
      } finally {
        Reference.reachabilityFence(vector);
        Reference.reachabilityFence(control);
      }
      if (length <= 0) {
        throw new IOException("the daemon hung up before it answered");
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

  private static Memory map(int fd, FileChannel.MapMode mode) throws IOException {
    String how = mode == FileChannel.MapMode.READ_ONLY ? "r" : "rw";
    try (RandomAccessFile file = new RandomAccessFile("/proc/self/fd/" + fd, how)) {
      return new Memory(file.getChannel().map(mode, 0, file.length()));
    }
  }
}
