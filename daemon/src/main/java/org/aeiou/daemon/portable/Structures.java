package org.aeiou.daemon.portable;

import java.util.concurrent.TimeUnit;
import jnr.ffi.Pointer;
import org.aeiou.daemon.service.FileSystem.Attributes;
import org.aeiou.daemon.service.FileSystem.Usage;
import org.aeiou.daemon.service.PathResolver;
import ru.serce.jnrfuse.struct.FileStat;
import ru.serce.jnrfuse.struct.FuseFileInfo;
import ru.serce.jnrfuse.struct.Statvfs;

/** What libfuse hands over and takes back, in the structures of C. */
final class Structures {
  /** What sizes are counted in. */
  private static final int STAT_BLOCK = 512;

  /** What a program should read at once. */
  private static final int BLOCK = 4096;

  private Structures() {}

  /** As {@code readlink} of libfuse has it: cut to fit, and ends in a NUL. */
  static int write(byte[] target, Pointer buffer, long size) {
    int length = (int) Math.min(target.length, size - 1);
    buffer.put(0, target, 0, length);
    buffer.putByte(length, (byte) 0);
    return 0;
  }

  static int write(Attributes attributes, FileStat stat) {
    stat.st_mode.set(attributes.mode());
    stat.st_nlink.set(attributes.links());
    stat.st_uid.set(attributes.uid());
    stat.st_gid.set(attributes.gid());
    stat.st_size.set(attributes.size());
    stat.st_blksize.set(BLOCK);
    stat.st_blocks.set((attributes.size() + STAT_BLOCK - 1) / STAT_BLOCK);
    write(attributes.takenMillis(), stat.st_atim);
    write(attributes.changedMillis(), stat.st_mtim);
    write(attributes.changedMillis(), stat.st_ctim);
    return 0;
  }

  static void write(long millis, ru.serce.jnrfuse.struct.Timespec time) {
    time.tv_sec.set(Math.floorDiv(millis, 1000L));
    time.tv_nsec.set(TimeUnit.MILLISECONDS.toNanos(Math.floorMod(millis, 1000L)));
  }

  static long handle(Pointer fileInfo) {
    return FuseFileInfo.of(fileInfo).fh.get();
  }

  /** A string of C. */
  static byte[] octets(Pointer string) {
    byte[] octets = new byte[string.indexOf(0, (byte) 0)];
    string.get(0, octets, 0, octets.length);
    return octets;
  }

  static void write(Usage usage, Statvfs statvfs) {
    statvfs.f_bsize.set(BLOCK);
    statvfs.f_frsize.set(STAT_BLOCK);
    statvfs.f_blocks.set(0); // as in sysfs: df leaves it out
    statvfs.f_bfree.set(0);
    statvfs.f_bavail.set(0);
    statvfs.f_files.set(usage.files());
    statvfs.f_ffree.set(0);
    statvfs.f_namemax.set(PathResolver.LONGEST_NAME);
  }
}
