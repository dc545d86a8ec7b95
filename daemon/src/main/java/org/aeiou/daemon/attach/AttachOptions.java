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
 * @param clientsOfUser how many of them may be one user's
 * @param pages how many pages each may have, which is how many requests may be pending
 * @param arenaBytes how much room each may have for long values
 * @param memory how many bytes all of them together may share with the daemon; one user's, half
 * @param paths how many paths are remembered for them
 */
public record AttachOptions(
    Path socket,
    Permissions socketPermissions,
    Permissions filePermissions,
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

  public static Builder builder(Path socket) {
    return new Builder(socket);
  }

  /** Collects options by their names; all of them must be given. */
  public static final class Builder {
    private final Path socket;
    private Permissions socketPermissions;
    private Permissions filePermissions;
    private int clients;
    private int clientsOfUser;
    private int pages;
    private int arenaBytes;
    private long memory;
    private int paths;

    private Builder(Path socket) {
      this.socket = socket;
    }

    public Builder socketPermissions(Permissions permissions) {
      socketPermissions = permissions;
      return this;
    }

    public Builder filePermissions(Permissions permissions) {
      filePermissions = permissions;
      return this;
    }

    public Builder clients(int most) {
      clients = most;
      return this;
    }

    public Builder clientsOfUser(int most) {
      clientsOfUser = most;
      return this;
    }

    public Builder pages(int most) {
      pages = most;
      return this;
    }

    public Builder arenaBytes(int most) {
      arenaBytes = most;
      return this;
    }

    public Builder memory(long bytes) {
      memory = bytes;
      return this;
    }

    public Builder paths(int most) {
      paths = most;
      return this;
    }

    public AttachOptions build() {
      return new AttachOptions(
          socket,
          socketPermissions,
          filePermissions,
          clients,
          clientsOfUser,
          pages,
          arenaBytes,
          memory,
          paths);
    }
  }
}
