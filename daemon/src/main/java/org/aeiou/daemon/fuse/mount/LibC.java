package org.aeiou.daemon.fuse.mount;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Arrays;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.intptr_t;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/**
 * The system calls this channel makes on Linux, as they are. A result of -1 leaves the error number
 * in {@link #errno}. Paths and strings are bytes with a NUL at the end, see {@link #string}.
 */
public interface LibC {
  LibC INSTANCE = LibraryLoader.create(LibC.class).load("c");

  int O_RDWR = 2;
  int O_CLOEXEC = 0x80000;

  /** A descriptor that only stands for the file: nothing is opened, and no mount is asked. */
  int O_PATH = 0x200000;

  long MS_RDONLY = 1;
  long MS_NOSUID = 2;
  long MS_NODEV = 4;
  long MS_NOEXEC = 8;

  /** Also ends the connection of a FUSE mount: every request fails, every reader of it ends. */
  int MNT_FORCE = 1;

  int MNT_DETACH = 2;
  int UMOUNT_NOFOLLOW = 8;

  /** At least the size of struct statfs, whose contents are of no interest here. */
  int STATFS_LENGTH = 256;

  /** The effective user; jnr-posix has it too, and takes half a second to load. */
  int geteuid();

  int getegid();

  int open(@In byte[] path, int flags);

  int close(int fd);

  /** Reads to an {@link #address}. */
  @ssize_t
  long read(int fd, @intptr_t long address, @size_t long length);

  /** Writes from an {@link #address}. */
  @ssize_t
  long write(int fd, @intptr_t long address, @size_t long length);

  int mount(
      @In byte[] source,
      @In byte[] target,
      @In byte[] type,
      @jnr.ffi.types.u_int64_t long flags,
      @In byte[] data);

  int umount2(@In byte[] target, int flags);

  int statfs(@In byte[] path, @Out byte[] buffer);

  /** Where a buffer off the heap begins; valid for as long as somebody holds the buffer. */
  static long address(ByteBuffer buffer) {
    return Pointer.wrap(Runtime.getSystemRuntime(), buffer).address();
  }

  /** Why the last call of this thread failed. */
  static int errno() {
    return LastError.getLastError(Runtime.getSystemRuntime());
  }

  /** Text for a system call, in the charset that file names have in this process. */
  static byte[] string(String text) {
    byte[] bytes = text.getBytes(Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")));
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  static byte[] string(Path path) {
    return string(path.toString());
  }
}
