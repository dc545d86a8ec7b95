package org.aeiou.daemon.kernel;

import com.google.common.base.Ticker;
import java.nio.ByteBuffer;
import org.aeiou.closures.Fatal;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.fuse.HeaderDescriptor;
import org.aeiou.daemon.fuse.InitDescriptor;
import org.aeiou.daemon.fuse.Opcode;
import org.aeiou.daemon.kernel.coherence.Coherence;
import org.aeiou.daemon.kernel.coherence.InodeTable;
import org.aeiou.daemon.kernel.coherence.Notifications;
import org.aeiou.daemon.service.Delays;
import org.aeiou.daemon.service.FileSystem;

/**
 * What happens with the requests of one mount, whatever they come from: bytes go in, replies go
 * out, inside the call for a hit and later for a miss.
 *
 * <p>Any number of threads may call {@link #handle} at once, each with its own {@link ReaderState}.
 * Nothing a request holds makes it throw, answer twice, or leave a request without an answer.
 */
final class Session {
  /**
   * Handles a request of one opcode.
   *
   * <p>Returns whether the call is left to another thread, which answers it later.
   */
  @FunctionalInterface
  private interface Handler {
    boolean handle(Call call, ByteBuffer in, int body);
  }

  /**
   * What is done with an opcode.
   *
   * @param ofNode whether it needs the inode in the header to exist
   * @param answered whether the kernel waits for a reply
   */
  private record Route(Opcode opcode, boolean ofNode, boolean answered, Handler handler) {}

  private final FileSystem files;
  private final Route[] routes = new Route[Opcode.COUNT];
  private final KernelCounters counters;
  private final CallReplies replies;
  private final InodeTable inodes;
  private final Coherence coherence;
  private final Negotiation negotiation;
  private volatile boolean stopped;

  Session(
      FileSystem files,
      Ticker ticker,
      Delays delays,
      Notifications notifications,
      KernelCounters counters,
      Negotiation negotiation,
      Runnable negotiated,
      long inodeBytes) {
    this.files = files;
    this.counters = counters;
    this.negotiation = negotiation;
    replies = new CallReplies(counters);
    inodes = new InodeTable(files.root());
    coherence =
        new Coherence(
            files, inodes, notifications, delays, ticker, inodeBytes, counters.pruned::add);
    describe(counters.metrics());
    NameCalls names = new NameCalls(files, inodes, coherence, replies, counters);
    FileCalls file = new FileCalls(files, coherence, replies, counters, ticker);
    DirectoryCalls directories =
        new DirectoryCalls(files, inodes, coherence, replies, notifications, counters);
    WriteCalls writes = new WriteCalls(files, coherence, replies, counters);
    XattrCalls xattrs = new XattrCalls(files, replies, counters);
    ConnectionCalls connection =
        new ConnectionCalls(files, negotiation, negotiated, replies, counters);

    connection(Opcode.INIT, connection::init);
    connection(Opcode.STATFS, connection::statfs);
    connection(Opcode.DESTROY, this::done);
    silent(Opcode.INTERRUPT, connection::interrupt);
    silent(Opcode.FORGET, names::forget);
    silent(Opcode.BATCH_FORGET, names::batchForget);
    // Only a NOTIFY_RETRIEVE, which is never sent, is replied to by the kernel.
    silent(Opcode.NOTIFY_REPLY, (call, in, body) -> false);
    node(Opcode.LOOKUP, names::lookUp);
    node(Opcode.GETATTR, file::getAttributes);
    node(Opcode.READ, file::read);
    node(Opcode.READLINK, file::readLink);
    node(Opcode.POLL, file::poll);
    node(Opcode.READDIR, directories::readDirectory);
    node(Opcode.READDIRPLUS, directories::readDirectory);
    node(Opcode.GETXATTR, xattrs::get);
    node(Opcode.LISTXATTR, xattrs::list);
    node(Opcode.WRITE, writes::write);
    node(Opcode.SETATTR, writes::setAttributes);
    node(Opcode.FSYNC, writes::sync);
    node(Opcode.CREATE, writes::create);
    node(Opcode.MKNOD, writes::create);
    node(Opcode.MKDIR, writes::change);
    node(Opcode.SYMLINK, writes::change);
    node(Opcode.LINK, writes::change);
    node(Opcode.UNLINK, writes::change);
    node(Opcode.RMDIR, writes::change);
    node(Opcode.RENAME, writes::change);
    node(Opcode.RENAME2, writes::change);
    // The kernel never asks again for what it is told not to exist.
    node(Opcode.OPEN, unneeded(InitDescriptor.NO_OPEN_SUPPORT, file::open));
    node(Opcode.OPENDIR, unneeded(InitDescriptor.NO_OPENDIR_SUPPORT, file::open));
    node(Opcode.FLUSH, this::unknown);
    node(Opcode.ACCESS, this::unknown);
    node(Opcode.RELEASE, this::done);
    node(Opcode.RELEASEDIR, this::done);
  }

  private void node(Opcode opcode, Handler handler) {
    routes[opcode.number] = new Route(opcode, true, true, handler);
  }

  private void connection(Opcode opcode, Handler handler) {
    routes[opcode.number] = new Route(opcode, false, true, handler);
  }

  private void silent(Opcode opcode, Handler handler) {
    routes[opcode.number] = new Route(opcode, false, false, handler);
  }

  private Handler unneeded(long support, Handler otherwise) {
    return (call, in, body) ->
        negotiation.has(support) ? unknown(call, in, body) : otherwise.handle(call, in, body);
  }

  private boolean unknown(Call call, ByteBuffer in, int body) {
    replies.error(call, call.reply, Errno.ENOSYS);
    return false;
  }

  private boolean done(Call call, ByteBuffer in, int body) {
    replies.error(call, call.reply, 0);
    return false;
  }

  /**
   * Handles one request.
   *
   * @param in the request, from 0 to its limit, little-endian; read only inside the call
   * @param sink where the reply goes, also a late one
   * @param reader of the calling thread
   */
  void handle(ByteBuffer in, ReplySink sink, ReaderState reader) {
    counters.bytesIn.add(in.limit());
    reader.reply.clear();
    Call call = reader.take();
    call.sink = sink;
    call.reply = reader.reply;
    boolean left = true;
    try {
      left = dispatch(in, call, reader);
    } catch (RuntimeException | Error e) {
      Fatal.rethrow(e);
      // Even an Error: without its threads the mount would hang every program that enters it.
      // The closure may have been handed over and run yet: the call is not used again.
      if (call.claim()) {
        replies.fault(call, reader.reply.clear(), e);
      }
    } finally {
      if (!left) {
        reader.give(call);
      }
      coherence.checkBound();
    }
  }

  private boolean dispatch(ByteBuffer in, Call call, ReaderState reader) {
    if (in.limit() < HeaderDescriptor.UNIQUE_KNOWN) {
      counters.malformed.increment();
      return false;
    }
    int number = HeaderDescriptor.opcode(in);
    Route route = number >= 0 && number < routes.length ? routes[number] : null;
    call.unique = HeaderDescriptor.unique(in);
    call.opcode = route == null ? null : route.opcode;
    if (call.unique == 0) {
      // A reply to it would be taken for a notification.
      counters.malformed.increment();
      return false;
    }
    int minimum = HeaderDescriptor.IN_LENGTH + (route == null ? 0 : route.opcode.minimumBody);
    if (in.limit() < minimum || HeaderDescriptor.length(in) != in.limit()) {
      counters.malformed.increment();
      return (route == null || route.answered) && refuse(call, Errno.EINVAL);
    }
    if (route == null) {
      counters.unknownRequests.increment();
      return refuse(call, Errno.ENOSYS);
    }
    counters.request(route.opcode);
    if (stopped && route.answered) {
      return refuse(call, Errno.ENOTCONN);
    }
    call.nodeId = HeaderDescriptor.nodeId(in);
    call.thread = HeaderDescriptor.thread(in);
    call.requester = reader.requester(files, HeaderDescriptor.uid(in));
    call.listsAttributes = route.opcode == Opcode.READDIRPLUS;
    coherence.asks(call);
    if (route.ofNode) {
      call.inode = inodes.get(call.nodeId);
      if (call.inode == null) {
        counters.stale.increment();
        return refuse(call, Errno.ESTALE);
      }
    }
    return route.handler.handle(call, in, HeaderDescriptor.IN_LENGTH);
  }

  private boolean refuse(Call call, int errno) {
    replies.error(call, call.reply, errno);
    return false;
  }

  /**
   * Ends the session: what is pending is answered with ENOTCONN and withdrawn, and so is whatever
   * comes later.
   */
  void stop() {
    stopped = true;
    coherence.close();
    replies.stop();
  }

  /** Says how much there is of what is held, beside what is counted. */
  private void describe(MetricSet metrics) {
    metrics.gauge("inodes", Unit.COUNT, "Inodes that the kernel knows.", inodes::size);
    metrics.gauge("inodeBytes", Unit.BYTES, "Memory that the inodes take.", inodes::bytes);
    metrics.gauge(
        "pending", Unit.COUNT, "Requests that have no answer yet.", replies::pendingCount);
    metrics.gauge(
        "written",
        Unit.COUNT,
        "Inodes that were written and are open still.",
        coherence.writes()::size);
    metrics.gauge("polled", Unit.COUNT, "Inodes that programs poll.", coherence::polled);
  }
}
