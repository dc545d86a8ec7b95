package org.aeiou.daemon.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.fuse.Opcode;
import org.aeiou.daemon.kernel.coherence.KernelRequest;

/**
 * One request of the kernel, from being read until it is answered; the context of the closure that
 * answers it.
 *
 * <p>While the request is handled on the thread that read it, the call belongs to that thread and
 * is reused for its next request. A miss leaves the call to what answers it: a delayed closure, an
 * interrupt or the end of the session. {@link #claim} lets exactly one of them through. The fields
 * that describe the request are written before the closure is handed over and not changed
 * afterwards.
 */
final class Call extends KernelRequest {
  private static final VarHandle CLAIMED;

  static {
    try {
      CLAIMED = MethodHandles.lookup().findVarHandle(Call.class, "claimed", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  long unique;
  Opcode opcode;
  long nodeId;

  /** The requester that the kernel asks for. */
  Requester requester;

  /** Offset or cookie of a read. */
  long offset;

  /** How many bytes there is room for. */
  int size;

  ReplySink sink;

  /** The buffer of the thread that read the request; only for use inside the submitting call. */
  Reply reply;

  /** The request that the file system will finish; set once it is known to be a miss. */
  Request awaited;

  /** Whether something was sent. Only the thread that claimed the call reads or writes it. */
  boolean sent;

  private volatile boolean claimed;

  /** Claims the call. Returns whether the caller is the one that answers. */
  boolean claim() {
    return CLAIMED.compareAndSet(this, false, true);
  }

  boolean isClaimed() {
    return claimed;
  }

  /** Makes it the thread's own again, for its next request. */
  void reuse() {
    forgetInode();
    awaited = null;
    sent = false;
    claimed = false;
  }
}
