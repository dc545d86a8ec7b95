package org.aeiou.daemon.kernel;

import java.nio.ByteBuffer;
import java.util.List;
import org.aeiou.closures.Closure;
import org.aeiou.daemon.fuse.AttrDescriptor;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.fuse.HeaderDescriptor;
import org.aeiou.daemon.fuse.SetattrDescriptor;
import org.aeiou.daemon.fuse.WholeValue;
import org.aeiou.daemon.fuse.WriteDescriptor;
import org.aeiou.daemon.kernel.coherence.Coherence;
import org.aeiou.daemon.kernel.coherence.Writes;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.write.Assignment;
import org.aeiou.daemon.service.write.Author;
import org.aeiou.daemon.service.write.Written;

/**
 * WRITE, SETATTR and FSYNC, and what would change names. As in sysfs one WRITE is one whole value,
 * and its reply is what the system said to it.
 */
final class WriteCalls {
  /** Where the fuse_attr of a fuse_attr_out stands. */
  private static final int ATTR = Reply.PAYLOAD + AttrDescriptor.ATTR_OUT_ATTR;

  private final FileSystem files;
  private final Coherence coherence;
  private final Writes writes;
  private final CallReplies replies;
  private final KernelCounters counters;
  private final Closure<Written, Call> verdict;

  WriteCalls(FileSystem files, Coherence coherence, CallReplies replies, KernelCounters counters) {
    this.files = files;
    this.coherence = coherence;
    this.writes = coherence.writes();
    this.replies = replies;
    this.counters = counters;
    Closure<Written, Call> answer =
        replies.closure(
            (call, written, reply) -> {
              WriteDescriptor.putTaken(reply.bytes(), Reply.PAYLOAD, call.size);
              replies.payload(call, reply, WriteDescriptor.OUT_LENGTH);
            });
    // Also if a signal has let the program go meanwhile.
    verdict =
        (call, outcome, delayed) ->
            writes.ends(call, Errno.of(outcome), delayed, () -> answer.run(call, outcome, delayed));
  }

  /**
   * Writes a value. What can be only a part of one is refused: the system would take it for the
   * whole.
   */
  boolean write(Call call, ByteBuffer in, int body) {
    int size = WriteDescriptor.size(in, body);
    if (size < 0) {
      counters.malformed.increment();
      return refuse(call, Errno.EINVAL);
    }
    if (!files.isWritable(call.inode.node)) {
      return refuse(call, Errno.EROFS);
    }
    WholeValue whole =
        WriteDescriptor.isFromPages(in, body)
            ? WholeValue.MAPPED
            : WholeValue.of(
                WriteDescriptor.offset(in, body), size, WriteDescriptor.appends(in, body));
    if (whole != WholeValue.YES) {
      return refusePart(call, whole);
    }
    call.size = size;
    byte[] bytes = WriteDescriptor.bytes(in, body, size);
    writes.begins(call);
    Author author = new Author(HeaderDescriptor.uid(in), call.thread);
    return replies.await(
        call,
        files.write(
            author, call.requester, List.of(Assignment.of(call.inode.node, bytes)), verdict, call));
  }

  private boolean refusePart(Call call, WholeValue why) {
    counters.partsRefused.increment();
    files.notWritten(call.inode.node, why.why);
    writes.begins(call);
    writes.ends(call, why.errno, false, () -> refuse(call, why.errno));
    return false;
  }

  /**
   * Opening with O_TRUNC makes a file empty first, for a value that is to follow: nothing is done
   * and nothing is changed, also not for the kernel. All else of a file is not a program's to set.
   */
  boolean setAttributes(Call call, ByteBuffer in, int body) {
    if (!SetattrDescriptor.setsSizeOnly(in, body)) {
      return refuse(call, Errno.EPERM);
    }
    if (!files.isWritable(call.inode.node)) {
      return refuse(call, Errno.EROFS);
    }
    if (SetattrDescriptor.size(in, body) != 0) {
      return refuse(call, Errno.EINVAL);
    }
    ByteBuffer out = call.reply.bytes();
    coherence.announceWrite(call, out, ATTR);
    AttrDescriptor.putAttrOut(out, Reply.PAYLOAD, 0);
    replies.payload(call, call.reply, AttrDescriptor.ATTR_OUT_LENGTH);
    return false;
  }

  /** What was written is where it belongs, or is not: that is said once more. */
  boolean sync(Call call, ByteBuffer in, int body) {
    return refuse(call, writes.verdict(call.inode));
  }

  /** No program makes files in a network. As in sysfs. */
  boolean create(Call call, ByteBuffer in, int body) {
    return refuse(call, Errno.EACCES);
  }

  /** Nor does one remove or rename any. */
  boolean change(Call call, ByteBuffer in, int body) {
    return refuse(call, Errno.EPERM);
  }

  private boolean refuse(Call call, int errno) {
    replies.error(call, call.reply, errno);
    return false;
  }
}
