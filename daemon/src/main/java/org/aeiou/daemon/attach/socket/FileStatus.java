package org.aeiou.daemon.attach.socket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/**
 * What stat(2) says of a file.
 *
 * @param uid its owner
 * @param mode its type and permissions
 * @param device with {@code inode}, which file it is, by whatever name
 */
record FileStatus(int uid, int mode, long device, long inode) {
  // inode(7)
  private static final int TYPE = 0170000;
  private static final int SOCKET = 0140000;
  private static final int LINK = 0120000;
  private static final int DIRECTORY = 0040000;
  private static final int STICKY = 01000;
  private static final int PERMISSIONS = 07777;

  static FileStatus of(Path file, LinkOption... options) throws IOException {
    Map<String, Object> all = Files.readAttributes(file, "unix:uid,mode,dev,ino", options);
    return new FileStatus(
        (Integer) all.get("uid"),
        (Integer) all.get("mode"),
        (Long) all.get("dev"),
        (Long) all.get("ino"));
  }

  boolean isSocket() {
    return (mode & TYPE) == SOCKET;
  }

  boolean isLink() {
    return (mode & TYPE) == LINK;
  }

  boolean isDirectory() {
    return (mode & TYPE) == DIRECTORY;
  }

  boolean isSticky() {
    return (mode & STICKY) != 0;
  }

  boolean has(int permissions) {
    return (mode & permissions) != 0;
  }

  boolean isSameFileAs(FileStatus other) {
    return device == other.device && inode == other.inode;
  }

  /** For people. */
  String ownerAndMode() {
    return "owner %d, mode %04o".formatted(uid, mode & PERMISSIONS);
  }
}
