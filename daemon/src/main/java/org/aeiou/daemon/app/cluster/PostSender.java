package org.aeiou.daemon.app.cluster;

import org.aeiou.daemon.cluster.message.Frame;
import org.aeiou.daemon.cluster.message.Post;
import org.aeiou.daemon.cluster.owner.Sender;

/** What owners say goes by the post. */
record PostSender(Post post) implements Sender {
  @Override
  public boolean toMember(String id, Frame frame) {
    return post.toMember(id, frame);
  }

  @Override
  public boolean toSlot(int slot, Frame frame) {
    return post.toSlot(slot, frame);
  }
}
