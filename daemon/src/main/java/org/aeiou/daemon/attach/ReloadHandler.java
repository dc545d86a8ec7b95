package org.aeiou.daemon.attach;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.aeiou.closures.posix.Posix;
import org.aeiou.closures.shared.FileDescriptor;
import org.aeiou.closures.shared.HelloDescriptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reloads at the operator's order, on a connection that gives it in place of a hello. That takes a
 * while, so it has a thread of its own. Only root and the user that runs the daemon may give it.
 *
 * <p>The order is as long as a hello: {@link #MAGIC}, and zeroes. The answer is text, until the end
 * of the connection: what came of it in the first line, and then what there is to say.
 */
public final class ReloadHandler {
  /** What the order begins with. */
  public static final long MAGIC = FileDescriptor.magic("aeiouREL");

  /** How many bytes the order has. */
  public static final int BYTES = HelloDescriptor.BYTES;

  /** The first line of the answer to a user that may not give the order. */
  public static final String FORBIDDEN = "forbidden";

  private static final Logger LOG = LoggerFactory.getLogger(ReloadHandler.class);
  private static final Posix POSIX = Posix.INSTANCE;
  private static final int ROOT = 0;

  /** For how long the operator's program may take nothing. */
  private static final int PATIENCE_MILLIS = 5000;

  private final Supplier<String> reload;
  private final int ownUid = POSIX.geteuid();

  /**
   * A handler.
   *
   * @param reload reloads, which takes a while, and says what came of it
   */
  ReloadHandler(Supplier<String> reload) {
    this.reload = reload;
  }

  static boolean isReload(ByteBuffer hello) {
    return hello.getLong(0) == MAGIC;
  }

  /** Takes a connection over, and ends it once the order is carried out. */
  void take(int socket, int uid) {
    boolean may = uid == ROOT || uid == ownUid;
    if (!may) {
      String allowed = ownUid == ROOT ? "only root may" : "only root and user " + ownUid + " may";
      LOG.warn("user {} may not reload: {}", uid, allowed);
    }
    Thread thread =
        new Thread(() -> answer(socket, may ? reload.get() : FORBIDDEN + "\n"), "aeiou-reload");
    thread.setDaemon(true);
    thread.start();
  }

  private static void answer(int socket, String answer) {
    byte[] text = answer.getBytes(UTF_8);
    ByteBuffer bytes = Posix.buffer(text.length).put(text).flip();
    int sent = 0;
    try {
      while (sent < text.length) {
        long length =
            POSIX.send(
                socket, Posix.address(bytes) + sent, (long) text.length - sent, Posix.MSG_NOSIGNAL);
        if (length > 0) {
          sent += (int) length;
        } else if (Posix.errno() != Posix.EAGAIN || !isWritable(socket)) {
          break;
        }
      }
    } finally {
      Reference.reachabilityFence(bytes);
      POSIX.close(socket);
    }
  }

  private static boolean isWritable(int socket) {
    ByteBuffer polled = Posix.buffer(8);
    polled.putInt(0, socket).putShort(4, Posix.POLLOUT);
    return POSIX.poll(Posix.address(polled), 1, PATIENCE_MILLIS) > 0;
  }
}
