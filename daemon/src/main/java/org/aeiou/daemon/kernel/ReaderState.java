package org.aeiou.daemon.kernel;

import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.service.FileSystem;

/**
 * What one reader thread has to itself: the buffer its immediate replies are written in, and the
 * call it fills in next. With these a hit allocates nothing in the channel.
 */
final class ReaderState {
  final Reply reply = new Reply();
  private Call idle = new Call();
  private Requester requester;
  private int requesterUid;

  /** The requester of a user: mostly the one of the request before. */
  Requester requester(FileSystem files, int uid) {
    if (requester == null || requesterUid != uid) {
      requester = files.requester(uid);
      requesterUid = uid;
    }
    return requester;
  }

  /** The call for the next request. */
  Call take() {
    Call call = idle == null ? new Call() : idle;
    idle = null;
    return call;
  }

  /** Gives back a call that no other thread holds. */
  void give(Call call) {
    call.reuse();
    idle = call;
  }
}
