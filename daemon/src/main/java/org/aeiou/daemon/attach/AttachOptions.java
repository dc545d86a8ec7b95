package org.aeiou.daemon.attach;

import java.nio.file.Path;

/**
 * Where and for whom programs attach.
 *
 * @param socket the socket's path
 * @param mode its permission bits
 * @param group its group
 * @param uid whose it is, and the files
 * @param gid the files' group
 * @param fileMode the permission bits of the files: who cannot read those cannot attach
 * @param clients how many may be attached at once
 * @param clientsOfUser how many of them may be one user's
 * @param pages how many pages each may have, which is how many requests may be pending
 * @param arenaBytes how much room each may have for long values
 * @param memory how many bytes all of them together may share with the daemon; one user's, half
 * @param paths how many paths are remembered for them
 */
public record AttachOptions(
    Path socket,
    int mode,
    int group,
    int uid,
    int gid,
    int fileMode,
    int clients,
    int clientsOfUser,
    int pages,
    int arenaBytes,
    long memory,
    int paths) {
  /** As many paths as there is room for in the value table, and as many again. */
  public static final int MOST_PATHS = 1 << 18;

  /** For how many paths the value table has room; a power of two. */
  static final int TABLE_SLOTS = 1 << 17;

  /** For their paths and values. */
  static final int TABLE_BYTES = 256 << 20;
}
