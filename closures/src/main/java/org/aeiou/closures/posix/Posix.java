package org.aeiou.closures.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
import jnr.ffi.types.u_int64_t;

/**
 * The functions of libc that this project calls, as they are: sockets, shared memory, files and
 * mounts. A result of -1 leaves the error number in {@link #errno}. Structures as on 64-bit Linux.
 * Paths and strings are bytes with a NUL at the end, see {@link #string}.
 *
 * <p>There is one binding because the first one takes a quarter of a second to load (jnr-ffi makes
 * itself ready), and each function of it half a millisecond.
 */
public interface Posix {
  Posix INSTANCE = LibraryLoader.create(Posix.class).load("c");

  int AF_UNIX = 1;
  int SOCK_STREAM = 1;
  int SOCK_DGRAM = 2;
  int SOCK_NONBLOCK = 0x800;
  int SOCK_CLOEXEC = 0x80000;
  int SOL_SOCKET = 1;
  int SCM_RIGHTS = 1;
  int SO_PEERCRED = 17;
  int SO_PEERGROUPS = 59;
  int SO_SNDTIMEO = 21;
  int MSG_DONTWAIT = 0x40;
  int MSG_NOSIGNAL = 0x4000;
  int MSG_CMSG_CLOEXEC = 0x40000000;
  short POLLIN = 1;
  short POLLOUT = 4;

  int MFD_CLOEXEC = 1;
  int MFD_ALLOW_SEALING = 2;
  int F_ADD_SEALS = 1033;
  int F_SEAL_SEAL = 1;
  int F_SEAL_SHRINK = 2;
  int F_SEAL_GROW = 4;

  /** It cannot be mapped for writing, or written to, from now on; mappings that exist can. */
  int F_SEAL_FUTURE_WRITE = 16;

  int O_WRONLY = 1;
  int O_RDWR = 2;
  int O_APPEND = 0x400;
  int O_CLOEXEC = 0x80000;
  int O_NONBLOCK = 0x800;

  /** A descriptor that only stands for the file: nothing is opened, no device or mount is asked. */
  int O_PATH = 0x200000;

  /** As on x86 and most others, or as on ARM and POWER, where that number means another flag. */
  int O_NOFOLLOW = System.getProperty("os.arch").matches("(aarch64|arm|ppc).*") ? 0x8000 : 0x20000;

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

  int RLIMIT_NOFILE = 7;
  int SHUT_RDWR = 2;
  int PROT_READ_WRITE = 3;
  int MAP_SHARED = 1;
  long MAP_FAILED = -1;

  int ENOENT = 2;
  int EINTR = 4;
  int EIO = 5;
  int EAGAIN = 11;
  int ENOMEM = 12;
  int EACCES = 13;
  int EINVAL = 22;
  int ENFILE = 23;
  int EMFILE = 24;
  int ERANGE = 34;
  int EPROTO = 71;
  int EMSGSIZE = 90;
  int EPROTONOSUPPORT = 93;
  int ENOBUFS = 105;
  int ESHUTDOWN = 108;

  int socket(int domain, int type, int protocol);

  int bind(int fd, @In byte[] address, int length);

  int connect(int fd, @In byte[] address, int length);

  int listen(int fd, int backlog);

  int accept4(int fd, @intptr_t long address, @intptr_t long length, int flags);

  int setsockopt(int fd, int level, int name, @intptr_t long value, int length);

  int getsockopt(int fd, int level, int name, @intptr_t long value, @intptr_t long length);

  @ssize_t
  long sendmsg(int fd, @intptr_t long message, int flags);

  @ssize_t
  long recvmsg(int fd, @intptr_t long message, int flags);

  @ssize_t
  long recv(int fd, @intptr_t long address, @size_t long length, int flags);

  int poll(@intptr_t long descriptors, @size_t long count, int timeoutMillis);

  int pipe2(@intptr_t long ends, int flags);

  int memfd_create(@In byte[] name, int flags);

  int ftruncate(int fd, @intptr_t long length);

  int fcntl(int fd, int command, @intptr_t long argument);

  @ssize_t
  long read(int fd, @intptr_t long address, @size_t long length);

  @ssize_t
  long write(int fd, @intptr_t long address, @size_t long length);

  int open(@In byte[] path, int flags);

  int close(int fd);

  /**
   * Makes the second stand for what the first does, after closing it; that is not close-on-exec.
   */
  int dup2(int from, int to);

  int chdir(@In byte[] path);

  /** Writes two longs: what counts, and what it may be raised to. */
  int getrlimit(int resource, @intptr_t long limits);

  int shutdown(int socket, int how);

  @ssize_t
  long send(int socket, @intptr_t long address, @size_t long length, int flags);

  /**
   * Returns {@link #MAP_FAILED} if it cannot be. The address is null for anywhere; it is a pointer
   * because jnr-ffi's shortest way of calling takes no more than five numbers right.
   */
  @intptr_t
  long mmap(
      Pointer address,
      @size_t long length,
      int protection,
      int flags,
      int fd,
      @intptr_t long offset);

  int munmap(@intptr_t long address, @size_t long length);

  /** The effective user; jnr-posix has it too, and takes half a second to load. */
  int geteuid();

  int getegid();

  int mount(
      @In byte[] source,
      @In byte[] target,
      @In byte[] type,
      @u_int64_t long flags,
      @In byte[] data);

  int umount2(@In byte[] target, int flags);

  int statfs(@In byte[] path, @Out byte[] buffer);

  /** The sentence of an error number. */
  String strerror(int errno);

  /**
   * A buffer for structures. It is freed when it is found to be garbage, long after: what calls
   * often keeps its buffers.
   */
  static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  /** Where a direct buffer is from its position on, for as long as the buffer is reachable. */
  static long address(ByteBuffer buffer) {
    return Pointer.wrap(Runtime.getSystemRuntime(), buffer).address();
  }

  /** Text for a system call, in the charset that file names have in this process. */
  static byte[] string(String text) {
    byte[] bytes = text.getBytes(Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")));
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  static byte[] string(Path path) {
    return string(path.toString());
  }

  /** Why the last call of this thread failed. */
  static int errno() {
    return LastError.getLastError(Runtime.getSystemRuntime());
  }

  /** The same in words, as in {@code Permission denied}. */
  static String error() {
    return INSTANCE.strerror(errno());
  }
}
