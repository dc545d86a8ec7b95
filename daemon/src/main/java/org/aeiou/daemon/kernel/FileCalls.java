package org.aeiou.daemon.kernel;

import com.google.common.base.Ticker;
import java.nio.ByteBuffer;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.daemon.fuse.AttrDescriptor;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.fuse.GetattrDescriptor;
import org.aeiou.daemon.fuse.HeaderDescriptor;
import org.aeiou.daemon.fuse.OpenDescriptor;
import org.aeiou.daemon.fuse.PollDescriptor;
import org.aeiou.daemon.fuse.ReadDescriptor;
import org.aeiou.daemon.kernel.coherence.Coherence;
import org.aeiou.daemon.kernel.coherence.Coherence.Decision;
import org.aeiou.daemon.kernel.coherence.Coherence.Purpose;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.tree.TextFile;

/** GETATTR, READ, READLINK, OPEN and POLL: what is asked of one inode. */
final class FileCalls {
  private static final int TYPE_MASK = 0xF000;
  private static final int TYPE_SYMBOLIC_LINK = 0xA000;

  /** Where the fuse_attr of a fuse_attr_out stands. */
  private static final int ATTR = Reply.PAYLOAD + AttrDescriptor.ATTR_OUT_ATTR;

  private final FileSystem files;
  private final Coherence coherence;
  private final CallReplies replies;
  private final KernelCounters counters;
  private final Ticker ticker;
  private final ReaderAnnouncements announcements = new ReaderAnnouncements();
  private final Closure<Content, Call> contentForAttributes;
  private final Closure<Content, Call> contentForReader;
  private final Closure<Content, Call> contentForPage;
  private final Closure<Content, Call> contentForDirectRead;
  private final Closure<Content, Call> contentForTarget;

  FileCalls(
      FileSystem files,
      Coherence coherence,
      CallReplies replies,
      KernelCounters counters,
      Ticker ticker) {
    this.files = files;
    this.coherence = coherence;
    this.replies = replies;
    this.counters = counters;
    this.ticker = ticker;
    contentForAttributes = fetched(Purpose.ATTRIBUTES);
    contentForReader =
        replies.closure(
            answering(Purpose.ATTRIBUTES),
            (call, outcome, reply) -> {
              if (outcome instanceof Failure) {
                announcements.failed(call, Errno.of(outcome), ticker.read());
              }
              attributes(call, reply);
            });
    contentForPage = fetched(Purpose.PAGE);
    contentForDirectRead = fetched(Purpose.DIRECT);
    contentForTarget =
        replies.closure((call, content, reply) -> slice(call, content.bytes(), reply));
  }

  private Closure<Content, Call> fetched(Purpose purpose) {
    return replies.closure(answering(purpose));
  }

  private CallReplies.Step<Content> answering(Purpose purpose) {
    return (call, content, reply) ->
        answer(call, purpose, coherence.fetched(call, content, purpose), reply);
  }

  /**
   * With a file handle it means that a read is coming, which must find the size it is told. Asked
   * for twice in a moment it means so too: if nothing can be fetched, the read tells why.
   */
  boolean getAttributes(Call call, ByteBuffer in, int body) {
    boolean readComing =
        (GetattrDescriptor.flags(in, body) & GetattrDescriptor.HAS_HANDLE) != 0
            && !call.inode.node.isDirectory();
    if (call.inode.node instanceof TextFile.Growing) {
      ByteBuffer out = call.reply.bytes();
      attributes(call, call.reply, coherence.putGrowingAttr(call, out, ATTR, readComing));
      return false;
    }
    if (readComing) {
      if (announcements.read(call) && hasFailed(call)) {
        return false;
      }
      return decide(call, Purpose.ATTRIBUTES, contentForAttributes);
    }
    if (files.isUnread(call.inode.node) && announcements.isReader(call, ticker.read())) {
      counters.readersAnnounced.increment();
      return decide(call, Purpose.ATTRIBUTES, contentForReader);
    }
    attributes(call, call.reply);
    return false;
  }

  private void attributes(Call call, Reply reply) {
    attributes(call, reply, coherence.putAttr(call, reply.bytes(), ATTR, call.inode));
  }

  /** What was fetched when the read was announced has failed just now, and is not asked again. */
  private boolean hasFailed(Call call) {
    int errno = announcements.failure(call, ticker.read());
    if (errno != 0) {
      replies.error(call, call.reply, errno);
    }
    return errno != 0;
  }

  boolean read(Call call, ByteBuffer in, int body) {
    boolean wasAnnounced = announcements.read(call);
    call.offset = ReadDescriptor.offset(in, body);
    call.size = ReadDescriptor.size(in, body, HeaderDescriptor.LONGEST_PAYLOAD);
    if (call.inode.node.isDirectory()) {
      replies.error(call, call.reply, Errno.EISDIR);
      return false;
    }
    if (call.offset < 0) {
      counters.malformed.increment();
      replies.error(call, call.reply, Errno.EINVAL);
      return false;
    }
    byte[] grown = coherence.readGrowing(call, call.offset, call.size);
    if (grown != null) {
      call.reply.bytes().put(Reply.PAYLOAD, grown);
      replies.payload(call, call.reply, grown.length);
      return false;
    }
    if (wasAnnounced && hasFailed(call)) {
      return false;
    }
    return ReadDescriptor.isDirect(in, body)
        ? decide(call, Purpose.DIRECT, contentForDirectRead)
        : decide(call, Purpose.PAGE, contentForPage);
  }

  private boolean decide(Call call, Purpose purpose, Closure<Content, Call> fetched) {
    Decision decision = coherence.decide(call, purpose);
    if (decision == Decision.FETCH) {
      return replies.await(call, files.read(call.requester, call.inode.node, fetched, call));
    }
    if (decision == Decision.SERVE && purpose != Purpose.ATTRIBUTES && call.offset == 0) {
      files.served(call.inode.node);
    }
    answer(call, purpose, decision, call.reply);
    return false;
  }

  private void answer(Call call, Purpose purpose, Decision decision, Reply reply) {
    if (decision == Decision.REFUSE) {
      counters.readsRefused.increment();
      replies.error(call, reply, Errno.ESTALE);
    } else if (purpose == Purpose.ATTRIBUTES) {
      attributes(call, reply, coherence.putServedAttr(reply.bytes(), ATTR, call));
    } else {
      slice(call, call.served(), reply);
    }
  }

  private void attributes(Call call, Reply reply, long validNanos) {
    AttrDescriptor.putAttrOut(reply.bytes(), Reply.PAYLOAD, validNanos);
    replies.payload(call, reply, AttrDescriptor.ATTR_OUT_LENGTH);
  }

  /** The target of a link is what reading it gives. */
  boolean readLink(Call call, ByteBuffer in, int body) {
    int mode = files.attributes(call.inode.node).mode();
    if ((mode & TYPE_MASK) != TYPE_SYMBOLIC_LINK) {
      replies.error(call, call.reply, Errno.EINVAL);
      return false;
    }
    call.offset = 0;
    call.size = HeaderDescriptor.LONGEST_PAYLOAD;
    return replies.await(call, files.read(call.requester, call.inode.node, contentForTarget, call));
  }

  private void slice(Call call, byte[] content, Reply reply) {
    int from = (int) Math.min(call.offset, content.length);
    int length = Math.min(call.size, content.length - from);
    reply.bytes().put(Reply.PAYLOAD, content, from, length);
    replies.payload(call, reply, length);
  }

  /** Handles are all the same: what a reader holds is the inode. */
  boolean open(Call call, ByteBuffer in, int body) {
    OpenDescriptor.put(call.reply.bytes(), Reply.PAYLOAD, 0, OpenDescriptor.KEEP_CACHE);
    replies.payload(call, call.reply, OpenDescriptor.OUT_LENGTH);
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
        && coherence.isChanged(
            call,
            call.requester,
            PollDescriptor.kernelHandle(in, body),
            PollDescriptor.wantsWaking(in, body))) {
      ready |= PollDescriptor.CHANGED;
    }
    PollDescriptor.putReady(call.reply.bytes(), Reply.PAYLOAD, ready);
    replies.payload(call, call.reply, PollDescriptor.OUT_LENGTH);
    return false;
  }
}
