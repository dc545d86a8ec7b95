package org.aeiou.daemon.attach;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.aeiou.closures.posix.Posix;
import org.aeiou.closures.shared.FileDescriptor;
import org.aeiou.closures.shared.HelloDescriptor;
import org.aeiou.daemon.metrics.Event;
import org.aeiou.daemon.metrics.Events;

/**
 * Carries out an operator's order, on a connection that gives it in place of a hello. That takes a
 * while, so it has a thread of its own. Only root and the user that runs the daemon may give one.
 *
 * <p>The order is as long as a hello: {@link #RELOAD}, {@link #DRAIN}, {@link #STATUS}, or {@link
 * #FORGET} with the length of a system's name, and zeroes; the name follows. The answer is text,
 * until the end of the connection: what came of it in the first line, and then what there is to
 * say.
 */
public final class OrderHandler {
  /** To read the configuration again. */
  public static final long RELOAD = FileDescriptor.magic("aeiouREL");

  /** To forget what was learned of a system. */
  public static final long FORGET = FileDescriptor.magic("aeiouFOR");

  /** To give all systems to other members of the cluster. */
  public static final long DRAIN = FileDescriptor.magic("aeiouDRA");

  /** To say how it is. */
  public static final long STATUS = FileDescriptor.magic("aeiouSTA");

  /** Where the length of what follows is, in bytes. */
  public static final int LENGTH = 8;

  /** The first line of the answer if it was carried out. */
  public static final String DONE = "done";

  /** The first line of the answer if it was not. */
  public static final String REFUSED = "refused";

  /** How many bytes the order has. */
  public static final int BYTES = HelloDescriptor.BYTES;

  /** The first line of the answer to a user that may not give the order. */
  public static final String FORBIDDEN = "forbidden";

  private static final Posix POSIX = Posix.INSTANCE;
  private static final int ROOT = 0;

  /** For how long the operator's program may take nothing. */
  private static final int PATIENCE_MILLIS = 5000;

  private static final int LONGEST = 4096;

  /** Carries orders out, each of which may take a while, and says what came of it. */
  public interface Orders {
    String reload();

    /** Forgets what was learned of a system. */
    String forget(String system);

    /** Gives all systems to other members of the cluster. */
    String drain();

    /** Says how the daemon is, as the file {@code /.aeiou/status} does. */
    String status();
  }

  /** Of a daemon that takes no orders. */
  public static final Orders NONE =
      new Orders() {
        @Override
        public String reload() {
          return REFUSED + "\n";
        }

        @Override
        public String forget(String system) {
          return REFUSED + "\n";
        }

        @Override
        public String drain() {
          return REFUSED + "\n";
        }

        @Override
        public String status() {
          return REFUSED + "\n";
        }
      };

  private final Orders orders;
  private final Consumer<Event> events;
  private final int ownUid = POSIX.geteuid();

  OrderHandler(Orders orders, Consumer<Event> events) {
    this.orders = orders;
    this.events = events;
  }

  static boolean isOrder(ByteBuffer hello) {
    long first = hello.getLong(0);
    return first == RELOAD || first == FORGET || first == DRAIN || first == STATUS;
  }

  /** Takes a connection over, and ends it once the order is carried out. */
  void take(int socket, int uid, ByteBuffer hello) {
    long order = hello.getLong(0);
    int length = hello.getInt(LENGTH);
    boolean may = uid == ROOT || uid == ownUid;
    if (!may) {
      String allowed = ownUid == ROOT ? "only root may" : "only root and user " + ownUid + " may";
      events.accept(Events.attach(word(order), uid, 0, allowed));
    }
    Runnable work = () -> answer(socket, may ? carryOut(socket, order, length) : FORBIDDEN + "\n");
    Thread thread = new Thread(work, "aeiou-order");
    thread.setDaemon(true);
    thread.start();
  }

  private static String word(long order) {
    if (order == STATUS) {
      return "status";
    }
    return order == RELOAD ? "reload" : order == DRAIN ? "drain" : "forget";
  }

  private String carryOut(int socket, long order, int length) {
    if (order == RELOAD) {
      return orders.reload();
    }
    if (order == DRAIN) {
      return orders.drain();
    }
    if (order == STATUS) {
      return orders.status();
    }
    String system = text(socket, length);
    return system == null ? REFUSED + "\nthe order names no system\n" : orders.forget(system);
  }

  /** What follows the order; null if it does not come. */
  private static String text(int socket, int length) {
    if (length < 1 || length > LONGEST) {
      return null;
    }
    ByteBuffer bytes = Posix.buffer(length);
    int got = 0;
    try {
      while (got < length && isReady(socket, Posix.POLLIN)) {
        long more = POSIX.recv(socket, Posix.address(bytes) + got, (long) length - got, 0);
        if (more <= 0) {
          return null;
        }
        got += (int) more;
      }
    } finally {
      Reference.reachabilityFence(bytes);
    }
    byte[] octets = new byte[length];
    bytes.get(0, octets);
    return got < length ? null : new String(octets, UTF_8);
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
        } else if (Posix.errno() != Posix.EAGAIN || !isReady(socket, Posix.POLLOUT)) {
          break;
        }
      }
    } finally {
      Reference.reachabilityFence(bytes);
      POSIX.close(socket);
    }
  }

  private static boolean isReady(int socket, short what) {
    ByteBuffer polled = Posix.buffer(8);
    polled.putInt(0, socket).putShort(4, what);
    return POSIX.poll(Posix.address(polled), 1, PATIENCE_MILLIS) > 0;
  }
}
