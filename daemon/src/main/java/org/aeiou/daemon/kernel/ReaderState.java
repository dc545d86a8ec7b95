package org.aeiou.daemon.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.service.FileSystem;

/**
 * What one reader thread has to itself: the buffer its immediate replies are written in, and the
 * call it fills in next. With these a hit allocates nothing in the channel.
 */
final class ReaderState {
  private static final VarHandle BEGUN;
  private static final VarHandle ENDED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      BEGUN = lookup.findVarHandle(ReaderState.class, "begun", long.class);
      ENDED = lookup.findVarHandle(ReaderState.class, "ended", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Reply reply = new Reply();
  private Call idle = new Call();
  private Requester requester;
  private int requesterUid;

  /** How many requests it has begun and ended; written by the reader alone. */
  @SuppressWarnings("unused") // by the handles
  private long begun;

  @SuppressWarnings("unused")
  private long ended;

  // Of the thread that looks.
  private long seen;
  private long sinceNanos;

  // Opaque: the thread that looks needs no order with anything else, only to see it in the end.
  void begins() {
    BEGUN.setOpaque(this, (long) BEGUN.get(this) + 1);
  }

  void ends() {
    ENDED.setOpaque(this, (long) BEGUN.get(this));
  }

  /**
   * For how long it has been at one request, as far as this was called; 0 if it is at none. Called
   * by one other thread.
   */
  long atOneRequestNanos(long nowNanos) {
    long now = (long) BEGUN.getOpaque(this);
    if (now == (long) ENDED.getOpaque(this) || now != seen) {
      seen = now;
      sinceNanos = nowNanos;
      return 0;
    }
    return nowNanos - sinceNanos;
  }

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
