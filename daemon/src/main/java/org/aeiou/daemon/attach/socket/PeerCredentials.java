package org.aeiou.daemon.attach.socket;

import java.lang.ref.Reference;
import java.util.stream.IntStream;
import org.aeiou.closures.posix.Posix;
import org.aeiou.closures.posix.Structure;

/**
 * Process, user and groups at the other end of a socket, as they were when it connected. Used by
 * one thread.
 */
public final class PeerCredentials {
  private static final Posix POSIX = Posix.INSTANCE;

  // struct ucred
  private static final int PROCESS = 0;
  private static final int USER = 4;
  private static final int GROUP = 8;
  private static final int CREDENTIALS_BYTES = 12;

  private static final int SOME_GROUPS = 64;

  private final Structure length = new Structure(Integer.BYTES);
  private final Structure credentials = new Structure(CREDENTIALS_BYTES);
  private Structure groups = new Structure(SOME_GROUPS * Integer.BYTES);

  /** Its id; -1 if the kernel does not say. */
  public int process(int socket) {
    return credential(socket, PROCESS);
  }

  public int user(int socket) {
    return credential(socket, USER);
  }

  /** Its own group, and the others that it is in. */
  public IntStream groups(int socket) {
    IntStream own = IntStream.of(credential(socket, GROUP));
    boolean known = option(socket, Posix.SO_PEERGROUPS, groups);
    if (!known && Posix.errno() == Posix.ERANGE) {
      groups = new Structure(length.bytes.getInt(0));
      known = option(socket, Posix.SO_PEERGROUPS, groups);
    }
    int count = known ? length.bytes.getInt(0) / Integer.BYTES : 0;
    int[] others = new int[count];
    groups.bytes.asIntBuffer().get(others);
    return IntStream.concat(own, IntStream.of(others));
  }

  private int credential(int socket, int which) {
    return option(socket, Posix.SO_PEERCRED, credentials) ? credentials.bytes.getInt(which) : -1;
  }

  private boolean option(int socket, int name, Structure value) {
    length.bytes.putInt(0, value.length());
    try {
      return POSIX.getsockopt(socket, Posix.SOL_SOCKET, name, value.address, length.address) == 0;
    } finally {
      Reference.reachabilityFence(this);
    }
  }
}
