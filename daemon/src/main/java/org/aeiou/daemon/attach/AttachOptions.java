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
 * @param pages how many pages each may have
 * @param arenaBytes how much room each may have for long values
 * @param tableSlots for how many paths the value table has room; a power of two
 * @param tableBytes for their paths and values
 */
public record AttachOptions(
    Path socket,
    int mode,
    int group,
    int uid,
    int gid,
    int fileMode,
    int clients,
    int pages,
    int arenaBytes,
    int tableSlots,
    int tableBytes) {

  /** Those that nobody has to think about. */
  public static AttachOptions standard(
      Path socket, int mode, int group, int uid, int gid, int fileMode) {
    return new AttachOptions(
        socket, mode, group, uid, gid, fileMode, 256, 1 << 17, 64 << 20, 1 << 17, 256 << 20);
  }
}
