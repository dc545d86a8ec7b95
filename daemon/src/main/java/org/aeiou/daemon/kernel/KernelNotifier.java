package org.aeiou.daemon.kernel;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Tells the kernel what it did not ask for, on a thread of its own; see {@link Notifications}.
 *
 * <p>What does not fit into the queue is dropped and counted: the kernel then believes what it has
 * until its time is over.
 */
final class KernelNotifier implements Notifications {
  private static final int LONGEST_QUEUE = 4096;

  /** No node has this id: it ends the thread. */
  private static final Long END = 0L;

  private final ChannelCounters counters;
  private final BlockingQueue<Long> changed = new ArrayBlockingQueue<>(LONGEST_QUEUE);
  private volatile boolean ended;

  KernelNotifier(ChannelCounters counters) {
    this.counters = counters;
  }

  @Override
  public void attributesChanged(long nodeId) {
    if (!changed.offer(nodeId)) {
      counters.notificationsDropped.increment();
    }
  }

  /** Sends until the end. */
  void run(ReplySink sink) {
    Reply message = new Reply();
    try {
      while (true) {
        long nodeId = changed.take();
        if (ended) {
          return;
        }
        ByteBuffer out = message.clear().bytes();
        NotifyDescriptor.putInvalInode(
            out, Reply.PAYLOAD, nodeId, NotifyDescriptor.ATTRIBUTES_ONLY, 0);
        int length = Reply.PAYLOAD + NotifyDescriptor.INVAL_INODE_LENGTH;
        HeaderDescriptor.putOut(out, length, NotifyDescriptor.INVAL_INODE, 0);
        // That the kernel has forgotten the inode meanwhile (ENOENT) is as good.
        sink.send(out.limit(length).position(0));
        counters.notifications.increment();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the thread that sends. */
  void end() {
    ended = true;
    // If the queue is full the thread is not waiting for it.
    changed.offer(END);
  }
}
