package org.aeiou.daemon.attach;

import java.nio.file.Path;
import org.aeiou.daemon.attach.socket.Permissions;

/**
 * Where and for which users programs attach.
 *
 * @param socket the socket's path
 * @param socketPermissions those of the socket
 * @param filePermissions those of the files: a user that may not read these may not attach
 * @param clients how many may be attached at once
 * @param room what each of them may have
 * @param memory how many bytes all of them together may share with the daemon; one user's, half
 * @param paths how many paths are remembered for them
 */
public record AttachOptions(
    Path socket,
    Permissions socketPermissions,
    Permissions filePermissions,
    Clients clients,
    Room room,
    long memory,
    int paths) {
  /** As many paths as there are places in the value table. */
  public static final int MOST_PATHS = 1 << 18;

  /** For how many paths the value table has room; a power of two. */
  static final int TABLE_SLOTS = 1 << 18;

  /** For their paths and values. */
  static final int TABLE_BYTES = 256 << 20;

  /** Numbers of clients, of all users and of one; with none there are only orders. */
  public record Clients(int all, int ofUser) {}

  /**
   * What a client asks for in its hello, at the most.
   *
   * @param pages which is how many requests may be pending
   * @param arenaBytes for long values
   */
  public record Room(int pages, int arenaBytes) {}
}
