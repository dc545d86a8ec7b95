package org.aeiou.closures.shared;

/**
 * How every shared memory file begins.
 *
 * <pre>
 *   0 +---------------------------------------------------------------+
 *     | magic: eight letters                                          |
 *   8 +-------------------------------+-------------------------------+
 *     | minor version                 | major version  (written last) |
 *  16 +-------------------------------+-------------------------------+
 *     | epoch: another one for each start of the daemon               |
 *  24 +---------------------------------------------------------------+
 *     | length of the file in bytes                                   |
 *  32 +---------------------------------------------------------------+
 * </pre>
 */
public final class FileDescriptor {
  public static final int MAJOR = 1;
  public static final int MINOR = 4;
  public static final long VERSION = ((long) MAJOR << Integer.SIZE) | MINOR;

  public static final int MAGIC = 0;
  public static final int VERSION_WORD = 8;
  public static final int EPOCH = 16;
  public static final int LENGTH = 24;

  /** Where the parts of a file begin: at whole pages of memory. */
  public static final int ALIGNMENT = 4096;

  private FileDescriptor() {}

  /** Writes the beginning of a file, after all the rest: what has its version may be used. */
  public static void begin(Memory memory, long magic, long epoch) {
    memory.set(MAGIC, magic);
    memory.set(EPOCH, epoch);
    memory.set(LENGTH, memory.size());
    // Release pairs with the acquire in isReady: it publishes the whole file.
    memory.setRelease(VERSION_WORD, VERSION);
  }

  /** Whether a file is what it should be, of a version that this code knows. */
  public static boolean isReady(Memory memory, long magic) {
    long version = memory.getAcquire(VERSION_WORD);
    return version >>> Integer.SIZE == MAJOR && memory.get(MAGIC) == magic;
  }

  /** A magic number of eight letters, as they are seen in the file. */
  public static long magic(String letters) {
    long magic = 0;
    for (int i = Long.BYTES - 1; i >= 0; i--) {
      magic = (magic << Byte.SIZE) | letters.charAt(i);
    }
    return magic;
  }

  /** The next multiple of {@link #ALIGNMENT}. */
  public static int aligned(int bytes) {
    return Math.addExact(bytes, ALIGNMENT - 1) & -ALIGNMENT;
  }
}
