package org.aeiou.daemon.kernel;

import java.util.Collection;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.tree.Node;

/** Takes what changed to the inodes that the kernel knows it by. Any thread; never waits. */
final class Pushes implements FileSystem.Observer {
  private final InodeTable inodes;
  private final Promises promises;
  private final Polls polls;

  Pushes(InodeTable inodes, Promises promises, Polls polls) {
    this.inodes = inodes;
    this.promises = promises;
    this.polls = polls;
  }

  @Override
  public void contentChanged(Node file) {
    for (Inode inode : inodes.all(file)) {
      if (promises.contentChanged(inode)) {
        polls.contentChanged(inode);
      }
    }
  }

  @Override
  public void namesChanged(Node directory, Collection<String> names) {
    Inode inode = inodes.find(directory);
    if (inode != null) {
      promises.namesChanged(inode, names);
    }
  }
}
