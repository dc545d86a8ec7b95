package org.aeiou.daemon.kernel;

import java.nio.ByteBuffer;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.fuse.FileNames;
import org.aeiou.daemon.fuse.InterruptDescriptor;
import org.aeiou.daemon.fuse.StatfsDescriptor;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Usage;

/** INIT, STATFS, INTERRUPT: what is about no node. */
final class ConnectionCalls {
  private final FileSystem files;
  private final Negotiation negotiation;
  private final Runnable negotiated;
  private final CallReplies replies;
  private final KernelCounters counters;

  /**
   * @param negotiated run when an INIT has been answered, however it went
   */
  ConnectionCalls(
      FileSystem files,
      Negotiation negotiation,
      Runnable negotiated,
      CallReplies replies,
      KernelCounters counters) {
    this.files = files;
    this.negotiation = negotiation;
    this.negotiated = negotiated;
    this.replies = replies;
    this.counters = counters;
  }

  boolean init(Call call, ByteBuffer in, int body) {
    int length = negotiation.answer(in, body, call.reply.bytes(), Reply.PAYLOAD);
    if (length < 0) {
      replies.error(call, call.reply, Errno.EPROTO);
    } else {
      replies.payload(call, call.reply, length);
    }
    if (negotiation.isAgreed() || negotiation.refusal() != null) {
      negotiated.run();
    }
    return false;
  }

  boolean statfs(Call call, ByteBuffer in, int body) {
    Usage usage = files.usage();
    ByteBuffer out = call.reply.bytes();
    StatfsDescriptor.put(out, Reply.PAYLOAD, usage.files(), FileNames.LONGEST);
    replies.payload(call, call.reply, StatfsDescriptor.OUT_LENGTH);
    return false;
  }

  /**
   * Ends the request meant with EINTR. There is no reply to the interrupt itself, except when that
   * request is not pending: with EAGAIN the kernel sends the interrupt again if it still waits for
   * the request, which another thread is about to handle, and forgets it otherwise. So nothing need
   * be remembered here of interrupts that overtook their request. (ENOSYS would end all interrupts
   * for good.)
   */
  boolean interrupt(Call call, ByteBuffer in, int body) {
    if (!replies.interrupt(InterruptDescriptor.unique(in, body), call.reply)) {
      counters.interruptsReturned.increment();
      replies.error(call, call.reply, Errno.EAGAIN);
    }
    return false;
  }
}
