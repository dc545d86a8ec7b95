package org.aeiou.daemon.systemd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.aeiou.closures.posix.Posix;

/** The end of the protocols that systemd has: a Unix socket that datagrams are received from. */
public final class ManagerSocket implements AutoCloseable {
  private static final Posix POSIX = Posix.INSTANCE;
  private static final int MOST = 1 << 16;

  private final int socket;
  private final ByteBuffer buffer = Posix.buffer(MOST);

  /** One of that name: a path, or a name of the abstract namespace after an {@code @}. */
  public ManagerSocket(String name) {
    byte[] bytes = name.getBytes(UTF_8);
    boolean isAbstract = name.startsWith("@");
    byte[] address = new byte[2 + bytes.length + (isAbstract ? 0 : 1)];
    address[0] = Posix.AF_UNIX;
    System.arraycopy(bytes, 0, address, 2, bytes.length);
    if (isAbstract) {
      address[2] = 0;
    }
    socket = POSIX.socket(Posix.AF_UNIX, Posix.SOCK_DGRAM | Posix.SOCK_CLOEXEC, 0);
    if (POSIX.bind(socket, address, address.length) != 0) {
      throw new IllegalStateException(name + ": " + Posix.error());
    }
  }

  /** The next datagram; null if none comes within so many milliseconds. */
  public byte[] receive(int millis) {
    ByteBuffer poll = Posix.buffer(8);
    poll.putInt(0, socket).putShort(4, Posix.POLLIN);
    if (POSIX.poll(Posix.address(poll), 1, millis) <= 0) {
      return null;
    }
    long length = POSIX.recv(socket, Posix.address(buffer), MOST, Posix.MSG_DONTWAIT);
    byte[] datagram = new byte[(int) Math.max(0, length)];
    buffer.get(0, datagram);
    return datagram;
  }

  /** The next as text. */
  public String text(int millis) {
    byte[] datagram = receive(millis);
    return datagram == null ? null : new String(datagram, UTF_8);
  }

  /** All that come until there is one with such a line, that one last. */
  public List<String> until(String line, int millis) {
    List<String> all = new ArrayList<>();
    for (String each = text(millis); each != null; each = text(millis)) {
      all.add(each);
      if (Arrays.asList(each.split("\n", -1)).contains(line)) {
        return all;
      }
    }
    throw new AssertionError("no '" + line + "' came after " + all);
  }

  @Override
  public void close() {
    POSIX.close(socket);
  }
}
