package org.aeiou.daemon.fuse.mount;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One mount from its beginning to its end, whatever channel serves it: what dead daemons left is
 * removed, the channel mounts, and in the end programs that still have it open get a moment before
 * it is taken from them.
 *
 * <p>{@link #prepare}, {@link #isMade} and {@link #unmount} are called by one thread at a time;
 * {@link #abandon} by any.
 */
public final class Mount {
  private static final Logger LOG = LoggerFactory.getLogger(Mount.class);

  /** How often, and how long, programs that were just given an error get to close their files. */
  private static final int BUSY_TRIES = 10;

  private static final int BUSY_MILLIS = 50;

  private final Path given;
  private final Mounting mounting;

  /** Counted down when the channel has ended. */
  private final CountDownLatch ended;

  private volatile MountPoint point;

  /** Whether something may have been mounted. */
  private volatile boolean made;

  /** Tells this mount from others in the same place; null if that could not be found out. */
  private volatile String device;

  /**
   * A mount that is not made yet.
   *
   * @param ended is counted down when the channel has ended
   */
  public Mount(Path given, Mounting mounting, CountDownLatch ended) {
    this.given = given;
    this.mounting = mounting;
    this.ended = ended;
  }

  /**
   * Makes sure that it can be mounted on, and removes mounts of daemons that died there, or hang.
   *
   * @return the mount point as the kernel calls it
   * @throws IOException saying what stands in the way
   */
  public Path prepare() throws IOException {
    MountPoint there = MountPoint.of(given);
    there.prepare(mounting);
    point = there;
    return there.path();
  }

  /** The mount point as the kernel calls it, once prepared; before that, as it was given. */
  public Path path() {
    MountPoint there = point;
    return there == null ? given : there.path();
  }

  /**
   * Takes note that the channel has mounted, or may have: nothing was mounted here before, so what
   * is here now is this mount.
   */
  public void isMade() throws IOException {
    made = true;
    device = point.mounted().map(MountTable.Entry::device).orElse("");
  }

  /** Unmounts; takes the mount away from programs that do not let go of it. */
  public void unmount() {
    try {
      for (int i = 0; i < BUSY_TRIES && isThere(); i++) {
        // Programs that wait for a reading have just been told that there is none to come.
        if (mounting.unmount(path()) == Mounting.Unmounted.YES || hasEnded()) {
          return;
        }
      }
      if (isThere()) {
        LOG.warn("{}: a program has it open; taking it away from it", path());
        mounting.detach(path());
      }
    } catch (IOException e) {
      LOG.error("{}", e.getMessage());
    }
  }

  private boolean hasEnded() {
    return Uninterruptibles.awaitUninterruptibly(ended, BUSY_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Takes the mount out of the tree, whatever state the channel is in. Waits for no thread. */
  public void abandon() throws IOException {
    if (ended.getCount() > 0 && isThere()) {
      mounting.detach(path());
    }
  }

  /** Whether the topmost mount here is this one: another's is none of our business. */
  private boolean isThere() throws IOException {
    if (!made) {
      return false;
    }
    Optional<MountTable.Entry> there = point.mounted();
    return there.isPresent() && (device == null || there.get().device().equals(device));
  }
}
