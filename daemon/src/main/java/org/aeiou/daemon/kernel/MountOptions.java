package org.aeiou.daemon.kernel;

import java.nio.file.Path;

/**
 * Where and how to mount. The file system itself is always {@code ro} in effect (nothing is
 * writable yet), {@code nosuid,nodev,noexec,default_permissions}.
 *
 * @param mountPoint an existing, empty directory
 * @param allowOther whether users other than the one who mounts may enter
 * @param source what {@code /proc/self/mounts} shows as the device
 */
public record MountOptions(Path mountPoint, boolean allowOther, String source) {}
