package org.aeiou.daemon.cluster.owner;

import org.aeiou.daemon.cluster.message.Frame;

/** Sends frames; false if one was dropped. Any thread may call it; must not wait. */
public interface Sender {
  /** To a member. */
  boolean toMember(String id, Frame frame);

  /** To all members that follow a slot. */
  boolean toSlot(int slot, Frame frame);
}
