package org.aeiou.daemon.kernel.portable;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;

/** The system calls of Linux about mounts that Java has not. Public for jnr-ffi only. */
public interface LibC {

  /** Loaded when first used. */
  final class Holder {
    private static final LibC LIBC = LibraryLoader.create(LibC.class).failImmediately().load("c");

    private Holder() {}

    static LibC libc() {
      return LIBC;
    }
  }

  /** umount2(2): abort whatever is pending. */
  int MNT_FORCE = 1;

  /** umount2(2): take it out of the tree now, even if in use. */
  int MNT_DETACH = 2;

  int umount2(String target, int flags);

  int statvfs(String path, Pointer structure);
}
