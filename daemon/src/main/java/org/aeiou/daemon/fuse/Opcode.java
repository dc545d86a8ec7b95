package org.aeiou.daemon.fuse;

import java.util.Locale;

/**
 * The requests of the kernel that this channel knows, with their numbers in the protocol (enum
 * fuse_opcode) and the smallest body each may have.
 */
public enum Opcode {
  /** Body: a name. */
  LOOKUP(1, 2),
  FORGET(2, ForgetDescriptor.FORGET_LENGTH),
  GETATTR(3, GetattrDescriptor.LENGTH),
  SETATTR(4, SetattrDescriptor.LENGTH),
  READLINK(5, 0),
  SYMLINK(6, 0),
  MKNOD(8, 0),
  MKDIR(9, 0),
  UNLINK(10, 0),
  RMDIR(11, 0),
  RENAME(12, 0),
  LINK(13, 0),
  OPEN(14, OpenDescriptor.IN_LENGTH),
  READ(15, ReadDescriptor.LENGTH),
  WRITE(16, WriteDescriptor.IN_LENGTH),
  STATFS(17, 0),
  RELEASE(18, 0),
  FSYNC(20, 0),
  /** Body: getxattr_in and a name. */
  GETXATTR(22, XattrDescriptor.IN_LENGTH + 2),
  LISTXATTR(23, XattrDescriptor.IN_LENGTH),
  FLUSH(25, 0),
  INIT(26, InitDescriptor.IN_SHORT_LENGTH),
  OPENDIR(27, OpenDescriptor.IN_LENGTH),
  READDIR(28, ReadDescriptor.LENGTH),
  RELEASEDIR(29, 0),
  ACCESS(34, 0),
  CREATE(35, 0),
  INTERRUPT(36, InterruptDescriptor.LENGTH),
  DESTROY(38, 0),
  POLL(40, PollDescriptor.IN_LENGTH),
  NOTIFY_REPLY(41, 0),
  BATCH_FORGET(42, ForgetDescriptor.BATCH_LENGTH),
  READDIRPLUS(44, ReadDescriptor.LENGTH),
  RENAME2(45, 0);

  /** One more than the largest number. */
  public static final int COUNT = 64;

  public final int number;
  public final int minimumBody;

  Opcode(int number, int minimumBody) {
    this.number = number;
    this.minimumBody = minimumBody;
  }

  /** As it is called in counters. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
