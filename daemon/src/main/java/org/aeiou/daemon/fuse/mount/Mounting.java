package org.aeiou.daemon.fuse.mount;

import java.io.IOException;
import java.nio.file.Path;
import org.aeiou.closures.posix.Posix;

/**
 * How a mount is made and ended: by system calls, or by a helper program that may make them.
 *
 * <p>The mount point has been checked and is absolute, without links.
 */
public interface Mounting {
  /** What {@code /proc/self/mounts} shows as the type of these mounts. */
  String TYPE = "fuse.aeiou";

  /** The part of the type behind {@code fuse.}. */
  String SUBTYPE = "aeiou";

  /** How an unmounting went. */
  enum Unmounted {
    YES,
    /** A process has a file or directory in it open. */
    BUSY
  }

  /** The way that is open to the user of this process. */
  static Mounting ofThisUser() {
    return Posix.INSTANCE.geteuid() == 0 ? new SystemCallMounting() : new FusermountMounting();
  }

  /**
   * Mounts.
   *
   * @return the descriptor of {@code /dev/fuse} that belongs to it, close-on-exec
   * @throws IOException in words: what cannot be done, why, what to do
   */
  int mount(Path mountPoint, MountOptions options) throws IOException;

  /** Unmounts if no process uses it. */
  Unmounted unmount(Path mountPoint) throws IOException;

  /** Takes the mount out of the tree; it ends when the last program has let go of it. */
  void hide(Path mountPoint) throws IOException;

  /**
   * Takes the mount out of the tree even though a process uses it, and ends its connection to the
   * kernel if that can be done.
   */
  void detach(Path mountPoint) throws IOException;
}
