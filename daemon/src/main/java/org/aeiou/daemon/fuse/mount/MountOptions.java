package org.aeiou.daemon.fuse.mount;

import java.nio.file.Path;

/**
 * Where and how to mount. The file system itself is always {@code
 * nosuid,nodev,noexec,default_permissions}.
 *
 * @param mountPoint an existing, empty directory
 * @param allowOther whether users other than the one that mounts may enter
 * @param writable whether programs may write what the file system lets them; else the kernel
 *     refuses it by itself
 * @param source what {@code /proc/self/mounts} shows as the device
 * @param inodeBytes how much heap may go to what the kernel knows, by estimate
 */
public record MountOptions(
    Path mountPoint, boolean allowOther, boolean writable, String source, long inodeBytes) {

  /** Options for reading, without a bound on inodes. */
  public MountOptions(Path mountPoint, boolean allowOther, String source) {
    this(mountPoint, allowOther, false, source, Long.MAX_VALUE);
  }

  /** As mount(8) calls it. */
  public String access() {
    return writable ? "rw" : "ro";
  }
}
