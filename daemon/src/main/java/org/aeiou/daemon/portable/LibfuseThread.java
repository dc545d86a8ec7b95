package org.aeiou.daemon.portable;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.google.common.util.concurrent.Uninterruptibles;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.aeiou.daemon.fuse.WriteDescriptor;
import org.aeiou.daemon.fuse.mount.MountOptions;
import org.aeiou.daemon.fuse.mount.Mounting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that is inside libfuse from mounting to unmounting, and what it says of itself. */
final class LibfuseThread implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(LibfuseThread.class);

  private static final int ANSWERS_SECONDS = 10;

  private final Libfuse libfuse;
  private final PathCalls calls;
  private final Waits waits;
  private final Path directory;
  private final MountOptions options;
  private final CountDownLatch answeringOrEnded = new CountDownLatch(1);
  private final CountDownLatch ended;

  /** Threads that libfuse makes inherit the name, cut to 15 characters. */
  private final Thread thread = new Thread(this, "portable-channel");

  private volatile boolean answering;
  private volatile String end = "it did not answer within " + ANSWERS_SECONDS + " s";

  /**
   * @param ended counted down when every thread of libfuse has ended
   */
  LibfuseThread(
      Libfuse libfuse,
      PathCalls calls,
      Waits waits,
      Path directory,
      MountOptions options,
      CountDownLatch ended) {
    this.libfuse = libfuse;
    this.calls = calls;
    this.waits = waits;
    this.directory = directory;
    this.options = options;
    this.ended = ended;
  }

  /**
   * Mounts.
   *
   * @return whether it answers now
   */
  boolean start() throws InterruptedException {
    thread.setDaemon(true);
    thread.start();
    return answeringOrEnded.await(ANSWERS_SECONDS, SECONDS) && answering;
  }

  @Override
  public void run() {
    try {
      int result = libfuse.serve(arguments(), calls, this::answers);
      end = "it returned " + result + ", and wrote the reason to standard error";
    } catch (RuntimeException e) {
      end = e.toString();
      LOG.error("{}: libfuse ended in a fault", directory, e);
    } finally {
      waits.stop();
      if (answering) {
        LOG.debug("{}: unmounted", directory);
      }
      ended.countDown();
      answeringOrEnded.countDown();
    }
  }

  /** Waits for the end of the thread, through any interrupt; returns whether it has come. */
  boolean join(int millis) {
    if (thread != Thread.currentThread()) {
      Uninterruptibles.joinUninterruptibly(thread, millis, MILLISECONDS);
    }
    return ended.getCount() == 0;
  }

  private void answers() {
    answering = true;
    answeringOrEnded.countDown();
  }

  private List<String> arguments() {
    // No time in the kernel: libfuse 2 has one for all names and one for all attributes, and any
    // above 0 would go on after the shortest TTL.
    String mountOptions =
        options.access()
            + ",nosuid,nodev,noexec,default_permissions,direct_io,sync_read,big_writes,max_write="
            + WriteDescriptor.MOST
            + ",entry_timeout=0,negative_timeout=0,attr_timeout=0"
            + (options.allowOther() ? ",allow_other" : "")
            + ",subtype="
            + Mounting.SUBTYPE
            + ",fsname="
            + options.source().replace("\\", "\\\\").replace(",", "\\,");
    return List.of("aeiou", "-f", "-o", mountOptions, directory.toString());
  }

  /** Why it could not be mounted, and what to do. */
  String refusal() {
    return "%s: cannot be mounted through libfuse: %s; check that this user may read and write /dev/fuse (modprobe fuse; in a container: --device /dev/fuse --cap-add SYS_ADMIN) and owns the directory, and that fusermount is there (apt install fuse3)%s"
        .formatted(
            directory,
            end,
            options.allowOther()
                ? "; allow-other needs root, or user_allow_other in /etc/fuse.conf"
                : "");
  }
}
