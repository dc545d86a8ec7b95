package org.aeiou.daemon.kernel;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.aeiou.closures.Closure;
import org.aeiou.daemon.fuse.AttrDescriptor;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.fuse.FileNames;
import org.aeiou.daemon.fuse.ForgetDescriptor;
import org.aeiou.daemon.kernel.coherence.Coherence;
import org.aeiou.daemon.kernel.coherence.Inode;
import org.aeiou.daemon.kernel.coherence.InodeTable;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Entry;

/** LOOKUP, FORGET and BATCH_FORGET: names become inodes, and are given back. */
final class NameCalls {
  private final FileSystem files;
  private final InodeTable inodes;
  private final Coherence coherence;
  private final CallReplies replies;
  private final KernelCounters counters;
  private final Closure<Entry, Call> found;

  NameCalls(
      FileSystem files,
      InodeTable inodes,
      Coherence coherence,
      CallReplies replies,
      KernelCounters counters) {
    this.files = files;
    this.inodes = inodes;
    this.coherence = coherence;
    this.replies = replies;
    this.counters = counters;
    found = replies.closure(this::answer);
  }

  boolean lookUp(Call call, ByteBuffer in, int body) {
    if (!call.inode.node.isDirectory()) {
      replies.error(call, call.reply, Errno.ENOTDIR);
      return false;
    }
    if (in.limit() - body - 1 > FileNames.LONGEST) {
      replies.error(call, call.reply, Errno.ENAMETOOLONG);
      return false;
    }
    String name;
    try {
      name = FileNames.decode(in, body);
    } catch (CharacterCodingException e) {
      replies.error(call, call.reply, Errno.ENOENT);
      return false;
    }
    if (name == null) {
      counters.malformed.increment();
      replies.error(call, call.reply, Errno.EINVAL);
      return false;
    }
    return replies.await(call, files.lookup(call.requester, call.inode.node, name, found, call));
  }

  private void answer(Call call, Entry entry, Reply reply) {
    ByteBuffer out = reply.bytes();
    if (entry.node() == null) {
      if (entry.validNanos() > 0) {
        AttrDescriptor.putNoEntry(out, Reply.PAYLOAD, entry.validNanos());
        replies.payload(call, reply, AttrDescriptor.ENTRY_OUT_LENGTH);
      } else {
        replies.error(call, reply, Errno.ENOENT);
      }
      return;
    }
    Inode inode = coherence.lookUp(call, entry.node(), call.inode, entry.name());
    boolean taken = false;
    try {
      coherence.putEntry(call, out, Reply.PAYLOAD, inode, entry.validNanos());
      taken = replies.payload(call, reply, AttrDescriptor.ENTRY_OUT_LENGTH);
    } finally {
      if (!taken) {
        inodes.forget(inode.id, 1);
      }
    }
  }

  boolean forget(Call call, ByteBuffer in, int body) {
    forget(call.nodeId, ForgetDescriptor.lookups(in, body));
    return false;
  }

  boolean batchForget(Call call, ByteBuffer in, int body) {
    long count = Integer.toUnsignedLong(ForgetDescriptor.count(in, body));
    int first = body + ForgetDescriptor.BATCH_LENGTH;
    int fitting = (in.limit() - first) / ForgetDescriptor.ONE_LENGTH;
    if (count > fitting) {
      counters.malformed.increment();
    }
    int end = first + (int) Math.min(count, fitting) * ForgetDescriptor.ONE_LENGTH;
    for (int at = first; at < end; at += ForgetDescriptor.ONE_LENGTH) {
      forget(ForgetDescriptor.oneNodeId(in, at), ForgetDescriptor.oneLookups(in, at));
    }
    return false;
  }

  private void forget(long nodeId, long count) {
    counters.forgets.add(count);
    if (!inodes.forget(nodeId, count)) {
      counters.unknownForgets.increment();
    }
  }
}
