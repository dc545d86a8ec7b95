package org.aeiou.daemon.kernel;

import java.nio.ByteBuffer;
import org.aeiou.closures.Closure;
import org.aeiou.daemon.fuse.AttrDescriptor;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.fuse.GetattrDescriptor;
import org.aeiou.daemon.fuse.HeaderDescriptor;
import org.aeiou.daemon.fuse.OpenDescriptor;
import org.aeiou.daemon.fuse.PollDescriptor;
import org.aeiou.daemon.fuse.ReadDescriptor;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Content;

/** GETATTR, READ, READLINK, OPEN and POLL: what is asked of one inode. */
final class FileCalls {
  private static final int TYPE_MASK = 0xF000;
  private static final int TYPE_SYMBOLIC_LINK = 0xA000;

  /** Where the fuse_attr of a fuse_attr_out stands. */
  private static final int ATTR = Reply.PAYLOAD + AttrDescriptor.ATTR_OUT_ATTR;

  private final FileSystem files;
  private final Promises promises;
  private final Polls polls;
  private final Answers answers;
  private final ChannelCounters counters;
  private final Closure<Content, Call> contentThenAttributes;
  private final Closure<Content, Call> contentThenOnceMore;
  private final Closure<Content, Call> contentThenSlice;
  private final Closure<Content, Call> contentThenTarget;

  FileCalls(
      FileSystem files, Promises promises, Polls polls, Answers answers, ChannelCounters counters) {
    this.files = files;
    this.promises = promises;
    this.polls = polls;
    this.answers = answers;
    this.counters = counters;
    contentThenAttributes =
        answers.closure(
            (call, content, reply) -> {
              promises.tell(call);
              aboutToRead(
                  call, promises.keep(call, call.inode, content, call.changesBefore), reply);
            });
    contentThenOnceMore = answers.closure(this::onceMore);
    contentThenSlice =
        answers.closure(
            (call, content, reply) -> {
              promises.tell(call);
              slice(call, promises.keep(call, call.inode, content, call.changesBefore), reply);
            });
    contentThenTarget =
        answers.closure((call, content, reply) -> slice(call, content.bytes(), reply));
  }

  /** With a file handle it means that a read is coming, which must find the size it is told. */
  boolean getAttributes(Call call, ByteBuffer in, int body) {
    boolean readComing =
        (GetattrDescriptor.flags(in, body) & GetattrDescriptor.HAS_HANDLE) != 0
            && !call.inode.node.isDirectory();
    if (!readComing) {
      attributes(call, call.reply, promises.putAttr(call, call.reply.bytes(), ATTR, call.inode));
      return false;
    }
    promises.tell(call);
    KeptContent held = promises.held(call, call.inode);
    if (held == null) {
      return await(call, contentThenAttributes);
    }
    aboutToRead(call, held, call.reply);
    return false;
  }

  private void aboutToRead(Call call, KeptContent content, Reply reply) {
    long valid = promises.putContentAttr(reply.bytes(), ATTR, call.inode, content);
    promises.settle(call, call.inode);
    promises.reads(call);
    if (content.read) {
      // Otherwise it is to come: this reply may be overtaken, so that pages of before are read.
      polls.isRead(call.inode, call.thread, content);
    }
    attributes(call, reply, valid);
  }

  private void attributes(Call call, Reply reply, long validNanos) {
    AttrDescriptor.putAttrOut(reply.bytes(), Reply.PAYLOAD, validNanos);
    answers.payload(call, reply, AttrDescriptor.ATTR_OUT_LENGTH);
  }

  boolean read(Call call, ByteBuffer in, int body) {
    call.offset = ReadDescriptor.offset(in, body);
    call.size = ReadDescriptor.size(in, body, HeaderDescriptor.LONGEST_PAYLOAD);
    if (call.inode.node.isDirectory()) {
      answers.error(call, call.reply, Errno.EISDIR);
      return false;
    }
    if (call.offset < 0) {
      counters.malformed.increment();
      answers.error(call, call.reply, Errno.EINVAL);
      return false;
    }
    promises.tell(call);
    KeptContent promised = promises.contentFor(call.inode);
    if (ReadDescriptor.isDirect(in, body)) {
      return readDirect(call, promised);
    }
    if (promised != null && promises.mayPrecede(call, promised)) {
      refuse(call, call.reply);
      return false;
    }
    if (promised != null) {
      page(call, promised, call.reply);
      return false;
    }
    return await(call, contentThenOnceMore);
  }

  private boolean await(Call call, Closure<Content, Call> then) {
    call.changesBefore = promises.changes(call.inode);
    return answers.await(call, files.read(call.requester, call.inode.node, then, call));
  }

  /** No page is filled from it, so that its length is right whatever size the kernel goes by. */
  private boolean readDirect(Call call, KeptContent promised) {
    if (promised == null) {
      return await(call, contentThenSlice);
    }
    slice(call, promised, call.reply);
    return false;
  }

  /**
   * Promises what a read was not promised before, and lets the kernel read once more.
   *
   * <p>Who asks for no attributes first (sendfile, splice, a page fault) goes by a size that is a
   * guess, or that of another content; the kernel would correct it by a short read, but only if
   * nobody was told of the file since the read was asked for. A read that fails is read-ahead for
   * it: it finds the page not filled, and asks for that page again at once, which no program
   * notices. That read is asked for after everything that could spoil the correction.
   */
  private void onceMore(Call call, Content content, Reply reply) {
    promises.tell(call);
    var unused = promises.keep(call, call.inode, content, call.changesBefore);
    refuse(call, reply);
  }

  private void refuse(Call call, Reply reply) {
    promises.settleUnpromised(call.inode);
    promises.reads(call);
    counters.readsRefused.increment();
    answers.error(call, reply, Errno.ESTALE);
  }

  private void page(Call call, KeptContent content, Reply reply) {
    if (promises.fits(call.inode, content)) {
      slice(call, content, reply);
    } else {
      counters.readsRefused.increment();
      // Programs know this as: what you have open is not what the file is, open it again.
      answers.error(call, reply, Errno.ESTALE);
    }
  }

  private void slice(Call call, KeptContent content, Reply reply) {
    promises.reads(call);
    content.read = true;
    polls.isRead(call.inode, call.thread, content);
    slice(call, content.content.bytes(), reply);
  }

  /** The target of a link is what reading it gives. */
  boolean readLink(Call call, ByteBuffer in, int body) {
    int mode = files.attributes(call.inode.node).mode();
    if ((mode & TYPE_MASK) != TYPE_SYMBOLIC_LINK) {
      answers.error(call, call.reply, Errno.EINVAL);
      return false;
    }
    call.offset = 0;
    call.size = HeaderDescriptor.LONGEST_PAYLOAD;
    return answers.await(
        call, files.read(call.requester, call.inode.node, contentThenTarget, call));
  }

  private void slice(Call call, byte[] content, Reply reply) {
    int from = (int) Math.min(call.offset, content.length);
    int length = Math.min(call.size, content.length - from);
    reply.bytes().put(Reply.PAYLOAD, content, from, length);
    answers.payload(call, reply, length);
  }

  /** Handles are all the same: what a reader holds is the inode. */
  boolean open(Call call, ByteBuffer in, int body) {
    OpenDescriptor.put(call.reply.bytes(), Reply.PAYLOAD, 0, OpenDescriptor.KEEP_CACHE);
    answers.payload(call, call.reply, OpenDescriptor.OUT_LENGTH);
    return false;
  }

  /**
   * As for an attribute in sysfs: always ready to be read, and with something urgent when what it
   * holds is another one than was read. Never ENOSYS, which the kernel would remember for as long
   * as the mount lasts.
   */
  boolean poll(Call call, ByteBuffer in, int body) {
    int ready = PollDescriptor.events(in, body) & PollDescriptor.ALWAYS_READY;
    if (!call.inode.node.isDirectory()
        && polls.isChanged(
            call.requester,
            call.inode,
            call.thread,
            PollDescriptor.kernelHandle(in, body),
            PollDescriptor.wantsWaking(in, body))) {
      ready |= PollDescriptor.CHANGED;
    }
    PollDescriptor.putReady(call.reply.bytes(), Reply.PAYLOAD, ready);
    answers.payload(call, call.reply, PollDescriptor.OUT_LENGTH);
    return false;
  }
}
