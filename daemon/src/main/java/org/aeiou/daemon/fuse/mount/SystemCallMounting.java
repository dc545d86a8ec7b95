package org.aeiou.daemon.fuse.mount;

import java.io.IOException;
import java.nio.file.Path;
import org.aeiou.closures.posix.Posix;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.fuse.HeaderDescriptor;

/**
 * Mounts with mount(2), as root.
 *
 * <p>The mount point may be in a directory of another user. That user can swap a part of its path
 * for a link between a look at it and the call. So the calls get a descriptor of what the path
 * named at the look.
 */
final class SystemCallMounting implements Mounting {
  private static final Posix POSIX = Posix.INSTANCE;

  /** Of a directory, in octal, without permissions: those are asked for. */
  private static final String ROOT_MODE = "40000";

  private final String device;

  SystemCallMounting() {
    this("/dev/fuse");
  }

  /**
   * @param device where the kernel is spoken to
   */
  SystemCallMounting(String device) {
    this.device = device;
  }

  @Override
  public int mount(Path mountPoint, MountOptions options) throws IOException {
    int fd = POSIX.open(Posix.string(device), Posix.O_RDWR | Posix.O_CLOEXEC);
    if (fd < 0) {
      throw new IOException(cannotOpen(mountPoint, Posix.errno()));
    }
    try (Pinned directory = Pinned.itself(mountPoint)) {
      mount(fd, directory.path(), options);
      return fd;
    } catch (IOException e) {
      POSIX.close(fd);
      throw new IOException(mountPoint + ": cannot be mounted: " + e.getMessage(), e);
    }
  }

  private static void mount(int fd, Path target, MountOptions options) throws IOException {
    // A longer read than the reply buffers hold would come back short and so mean the end.
    String data =
        "fd=%d,rootmode=%s,user_id=%d,group_id=%d,default_permissions,max_read=%d%s"
            .formatted(
                fd,
                ROOT_MODE,
                Posix.INSTANCE.geteuid(),
                Posix.INSTANCE.getegid(),
                HeaderDescriptor.LONGEST_PAYLOAD,
                options.allowOther() ? ",allow_other" : "");
    long flags =
        (options.writable() ? 0 : Posix.MS_RDONLY)
            | Posix.MS_NOSUID
            | Posix.MS_NODEV
            | Posix.MS_NOEXEC;
    int result =
        POSIX.mount(
            Posix.string(options.source()),
            Posix.string(target),
            Posix.string(TYPE),
            flags,
            Posix.string(data));
    if (result < 0) {
      throw new IOException(cannotMount(Posix.errno()));
    }
  }

  private String cannotOpen(Path mountPoint, int errno) {
    if (errno == Errno.ENOENT || errno == Errno.ENODEV || errno == Errno.ENXIO) {
      return "%s: cannot be mounted: there is no %s; load the kernel's module: modprobe fuse"
          .formatted(mountPoint, device);
    }
    if (errno == Errno.EACCES || errno == Errno.EPERM) {
      return "%s: cannot be mounted: no permission to open %s (in a container: --device %s)"
          .formatted(mountPoint, device, device);
    }
    return "%s: cannot be mounted: opening %s failed with %s"
        .formatted(mountPoint, device, Errno.text(errno));
  }

  private static String cannotMount(int errno) {
    if (errno == Errno.EPERM || errno == Errno.EACCES) {
      return "root may not mount here (in a container: --cap-add SYS_ADMIN)";
    }
    if (errno == Errno.ENODEV) {
      return "this kernel has no FUSE; load its module: modprobe fuse";
    }
    return "mount failed with " + Errno.text(errno);
  }

  @Override
  public Unmounted unmount(Path mountPoint) throws IOException {
    return umount(mountPoint, 0);
  }

  @Override
  public void hide(Path mountPoint) throws IOException {
    umount(mountPoint, Posix.MNT_DETACH);
  }

  @Override
  public void detach(Path mountPoint) throws IOException {
    umount(mountPoint, Posix.MNT_FORCE | Posix.MNT_DETACH);
  }

  private static Unmounted umount(Path mountPoint, int flags) throws IOException {
    int errno;
    try (Pinned place = Pinned.inParent(mountPoint)) {
      if (POSIX.umount2(Posix.string(place.path()), flags | Posix.UMOUNT_NOFOLLOW) == 0) {
        return Unmounted.YES;
      }
      errno = Posix.errno();
    }
    if (errno == Errno.EBUSY) {
      return Unmounted.BUSY;
    }
    if (errno == Errno.EINVAL || errno == Errno.ENOENT) {
      // Another process was faster: it is no mount point any more.
      return Unmounted.YES;
    }
    throw new IOException("%s: cannot be unmounted: %s".formatted(mountPoint, Errno.text(errno)));
  }
}
