package org.aeiou.daemon.portable;

import jnr.ffi.Pointer;
import jnr.ffi.annotations.Delegate;
import jnr.ffi.types.off_t;
import jnr.ffi.types.size_t;

/**
 * What libfuse calls, as in {@code struct fuse_operations} of {@code fuse.h} 2.9. Each returns 0 or
 * a length, or a negated error number.
 *
 * <p>jnr-fuse has such interfaces too, but hands paths over as strings in the platform's charset; a
 * name is octets, and the charset of a daemon started without a locale is ASCII. These take the
 * octets.
 *
 * <p>The interfaces are public because jnr-ffi implements them in a class loader of its own.
 */
final class LibfuseCallbacks {
  private LibfuseCallbacks() {}

  /** {@code getattr}, {@code statfs}: something about a path, to be written into a structure. */
  public interface OfPath {
    @Delegate
    int call(Pointer path, Pointer structure);
  }

  /** {@code open}, {@code release}. */
  public interface OfFile {
    @Delegate
    int call(Pointer path, Pointer fileInfo);
  }

  /** {@code fgetattr}. */
  public interface OfOpenFile {
    @Delegate
    int call(Pointer path, Pointer stat, Pointer fileInfo);
  }

  /** {@code truncate}. */
  public interface Truncate {
    @Delegate
    int call(Pointer path, @off_t long size);
  }

  /** {@code fsync}. */
  public interface Sync {
    @Delegate
    int call(Pointer path, int contentOnly, Pointer fileInfo);
  }

  /**
   * What is refused whatever it is: {@code mkdir}, {@code rename}, {@code chmod} and others. Each
   * has further arguments, which the called function leaves where they are.
   */
  public interface Refusal {
    @Delegate
    int call(Pointer path);
  }

  /** {@code read}, {@code write}. */
  public interface Transfer {
    @Delegate
    int call(Pointer path, Pointer buffer, @size_t long size, @off_t long offset, Pointer fileInfo);
  }

  /** {@code readdir}. */
  public interface ReadDirectory {
    @Delegate
    int call(Pointer path, Pointer buffer, Pointer fill, @off_t long offset, Pointer fileInfo);
  }

  /** {@code readlink}, {@code listxattr}: octets into a buffer. */
  public interface IntoBuffer {
    @Delegate
    int call(Pointer path, Pointer buffer, @size_t long size);
  }

  /** {@code getxattr}, in the form of Linux: macOS adds a position. */
  public interface ExtendedAttribute {
    @Delegate
    int call(Pointer path, Pointer name, Pointer buffer, @size_t long size);
  }

  /** {@code init}: the kernel and libfuse have agreed, requests follow. */
  public interface Init {
    @Delegate
    Pointer call(Pointer connection);
  }
}
