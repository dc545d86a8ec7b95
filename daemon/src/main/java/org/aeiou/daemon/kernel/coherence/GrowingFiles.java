package org.aeiou.daemon.kernel.coherence;

import java.nio.ByteBuffer;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.tree.TextFile;

/** Files that grow at their end; see {@link GrowingContent}. */
final class GrowingFiles {
  private final FileSystem files;
  private final InodeTable inodes;

  GrowingFiles(FileSystem files, InodeTable inodes) {
    this.files = files;
    this.inodes = inodes;
  }

  /** Counts one look-up of a file, which finds an inode of its own. */
  Inode lookUp(TextFile.Growing file, Inode parent, String name) {
    Inode before = inodes.find(file);
    if (before != null) {
      inodes.retire(before);
    }
    Inode inode = inodes.lookUp(file, parent, name);
    synchronized (inode) {
      // Two threads may find the same one: both begin with what is kept now.
      if (inode.growing() == null) {
        inodes.keep(inode, new GrowingContent(file.events()));
      }
    }
    return inode;
  }

  /**
   * Writes the fuse_attr of a file that grows. The kernel asks at each look.
   *
   * @param isRead whether the thread that asks is about to read it
   * @return for how long the kernel may keep it, which is for no time
   */
  long putAttr(KernelRequest request, ByteBuffer out, int at, Inode inode, boolean isRead) {
    long size = inode.growing().size();
    if (isRead) {
      inode.growing().isAnnounced(request.thread, size);
    }
    inode.sizeTold = size;
    inode.putAttr(out, at, files.attributes(inode.node).ofSize(size), 0);
    return 0;
  }
}
