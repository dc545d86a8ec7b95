package org.aeiou.daemon.kernel.coherence;

import java.util.Collection;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.tree.Node;

/** Takes what changed to the inodes that the kernel knows it by. Any thread; never waits. */
final class Invalidations implements FileSystem.Observer {
  private final FileSystem files;
  private final InodeTable inodes;
  private final ContentSuccession contents;
  private final Listings listings;
  private final Polls polls;
  private final Notifications notifications;

  Invalidations(
      FileSystem files,
      InodeTable inodes,
      ContentSuccession contents,
      Listings listings,
      Polls polls,
      Notifications notifications) {
    this.files = files;
    this.inodes = inodes;
    this.contents = contents;
    this.listings = listings;
    this.polls = polls;
    this.notifications = notifications;
  }

  @Override
  public void contentChanged(Node file) {
    for (Inode inode : inodes.all(file)) {
      GrowingContent growing = inode.growing();
      if (growing != null) {
        growing.grown(notifications);
      } else if (!inode.frozen && contents.changed(inode)) {
        polls.contentChanged(inode);
      }
    }
  }

  @Override
  public void namesChanged(Node directory, Collection<String> names) {
    Inode inode = inodes.find(directory);
    if (inode != null) {
      listings.changed(inode, names);
    }
  }

  @Override
  public void namesLearned(Node directory) {
    Inode inode = inodes.find(directory);
    if (inode != null) {
      listings.learned(inode);
    }
  }

  /** Those of which the kernel was told something else get other attributes, and are asked for. */
  @Override
  public void permissionsChanged() {
    for (int part = 0; part < InodeTable.SHARDS; part++) {
      for (Inode inode : inodes.some(part)) {
        if (!inode.node.isDirectory() && files.isWritable(inode.node) != inode.writableTold) {
          contents.attributesChanged(inode);
          notifications.attributesChanged(inode.id);
        }
      }
    }
  }
}
