package org.aeiou.daemon.kernel;

import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.aeiou.daemon.fuse.FileNames;
import org.aeiou.daemon.fuse.NotifyDescriptor;
import org.aeiou.daemon.kernel.coherence.Notifications;

/**
 * Tells the kernel what it did not ask for; see {@link Notifications}.
 *
 * <p>Attributes and wake-ups take no lock that a request may hold for long (without an offset, the
 * pages of an inode are left alone): one thread tells them, in order, each at most once however
 * often it was put down meanwhile. A name takes the lock of its directory, which a look-up holds
 * until it is answered: other threads tell those, one at a time for each directory, so that one
 * that is stuck does not hold up the others. Pages take their own locks, which a write holds until
 * its verdict if the kernel had nothing of that page before: further threads tell those.
 */
final class KernelNotifier implements Notifications {
  /** How many directories may be stuck at the same time before names elsewhere wait. */
  private static final int NAME_THREADS = 16;

  /** The same for files that are written for the first time, which waits for the system. */
  private static final int PAGE_THREADS = 16;

  /** A notification for which the kernel takes no lock. */
  private record Brief(int code, long number) {}

  /** What is to be done about a directory. */
  private sealed interface OfDirectory permits Name, Then {}

  private record Name(long parentId, String name) implements OfDirectory {}

  /** Something that waits for the names that come before it. */
  private record Then(Runnable what) implements OfDirectory {}

  private final KernelCounters counters;
  private final InodeExecutor<OfDirectory> names = new InodeExecutor<>(NAME_THREADS, this::tell);
  private final InodeExecutor<Long> pages = new InodeExecutor<>(PAGE_THREADS, this::tellPages);

  /** Each thread that tells names has one; it is large, and so not made for each message. */
  private final ThreadLocal<Reply> messages = ThreadLocal.withInitial(Reply::new);

  // Guarded by this.
  private Set<Brief> waiting = new LinkedHashSet<>();
  private boolean ended;

  private volatile ReplySink sink;

  /** Its monitor guards it. */
  private final Reply overtaking = new Reply();

  KernelNotifier(KernelCounters counters) {
    this.counters = counters;
  }

  @Override
  public void overtakeAttributes(long nodeId) {
    ReplySink device = sink;
    if (device != null) {
      synchronized (overtaking) {
        Brief what = new Brief(NotifyDescriptor.INVAL_INODE, nodeId);
        send(device, overtaking, what.code(), putBrief(overtaking.clear().bytes(), what));
      }
    }
  }

  @Override
  public void attributesChanged(long nodeId) {
    put(new Brief(NotifyDescriptor.INVAL_INODE, nodeId));
  }

  @Override
  public void wake(long kernelHandle) {
    put(new Brief(NotifyDescriptor.POLL, kernelHandle));
  }

  private synchronized void put(Brief what) {
    if (!ended && waiting.add(what)) {
      notifyAll();
    }
  }

  @Override
  public void nameChanged(long parentId, String name) {
    // The kernel knows no name before there is a device.
    if (sink != null) {
      names.submit(parentId, new Name(parentId, name));
    }
  }

  @Override
  public void afterNames(long parentId, Runnable then) {
    names.submit(parentId, new Then(then));
  }

  @Override
  public void pagesChanged(long nodeId) {
    if (sink != null) {
      pages.submit(nodeId, nodeId);
    }
  }

  private void tellPages(long nodeId) {
    Reply message = messages.get();
    NotifyDescriptor.putInvalInode(message.clear().bytes(), Reply.PAYLOAD, nodeId, 0, 0);
    send(sink, message, NotifyDescriptor.INVAL_INODE, NotifyDescriptor.INVAL_INODE_LENGTH);
  }

  private void tell(OfDirectory task) {
    if (task instanceof Then then) {
      then.what().run();
    } else {
      tell((Name) task);
    }
  }

  private void tell(Name name) {
    Reply message = messages.get();
    int length =
        NotifyDescriptor.putInvalEntry(
            message.clear().bytes(), Reply.PAYLOAD, name.parentId(), FileNames.encode(name.name()));
    send(sink, message, NotifyDescriptor.INVAL_ENTRY, length);
  }

  /** Sends until the end. */
  void run(ReplySink device) {
    sink = device;
    Reply message = new Reply();
    try {
      while (true) {
        for (Brief what : take()) {
          send(device, message, what.code(), putBrief(message.clear().bytes(), what));
        }
      }
    } catch (InterruptedException e) {
      // The end.
    }
  }

  private static int putBrief(ByteBuffer out, Brief what) {
    if (what.code() == NotifyDescriptor.POLL) {
      NotifyDescriptor.putPoll(out, Reply.PAYLOAD, what.number());
      return NotifyDescriptor.POLL_LENGTH;
    }
    NotifyDescriptor.putInvalInode(
        out, Reply.PAYLOAD, what.number(), NotifyDescriptor.ATTRIBUTES_ONLY, 0);
    return NotifyDescriptor.INVAL_INODE_LENGTH;
  }

  private synchronized Set<Brief> take() throws InterruptedException {
    while (waiting.isEmpty() && !ended) {
      wait();
    }
    if (ended) {
      throw new InterruptedException("unmounted");
    }
    Set<Brief> taken = waiting;
    waiting = new LinkedHashSet<>();
    return taken;
  }

  private void send(ReplySink device, Reply message, int code, int payloadLength) {
    // That the kernel has forgotten what it is about meanwhile (ENOENT) is as good.
    device.send(message.finish(code, 0, payloadLength));
    counters.notifications.increment();
  }

  /** The threads that tell names, and those that tell pages. */
  List<ExecutorService> threads() {
    return List.of(names.threads(), pages.threads());
  }

  /** Ends the threads that send. */
  synchronized void end() {
    ended = true;
    waiting.clear();
    notifyAll();
    names.end();
    pages.end();
  }
}
