/**
 * How a file system gets into the tree of the machine, and out of it: {@code /dev/fuse}, mount(2)
 * or {@code fusermount3}, and the table of mounts.
 *
 * <pre>
 *   Channel       a mounted file system, as commands see it
 *   Mount         one mount from its beginning to its end, for every channel
 *   MountPoint    the directory: what is mounted there, removes what a dead daemon left
 *     MountProbe    looks at what may never answer
 *     MountTable    /proc/self/mountinfo
 *   Mounting      SystemCallMounting (root) or FusermountMounting (others)
 *     Pinned        the directory itself, whatever becomes of the names on the way to it
 * </pre>
 */
package org.aeiou.daemon.fuse.mount;
