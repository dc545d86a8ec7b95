package org.aeiou.daemon.attach.request;

import java.util.Arrays;
import java.util.List;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.daemon.tree.Node;

/**
 * A watch of a client: a request that is told of each change until it is cancelled.
 *
 * @see ClientWatches
 */
final class ClientWatch {
  final ClientRequest request;

  /** The files that it is told of; the first one is what its path names. */
  final List<Node> files;

  // Guarded by the client's monitor: what was told last, null if nothing was, and when it was
  // taken.
  private Completion last;
  private long lastNanos;

  ClientWatch(ClientRequest request, List<Node> files) {
    this.request = request;
    this.files = files;
  }

  /**
   * Tells of an outcome, if it is another one than was told last, and not an older one: threads
   * that found different ones may come here in any order.
   */
  void tell(Completion outcome, long takenNanos) {
    synchronized (request.client) {
      if (last != null && takenNanos - lastNanos < 0) {
        return;
      }
      lastNanos = takenNanos;
      boolean isNew =
          last == null
              || last.kind() != outcome.kind()
              || !Arrays.equals(last.value(), outcome.value());
      if (isNew) {
        // What it was told in the end: a value that had no room is told when it has.
        last = request.client.postMore(request, outcome);
      }
    }
  }
}
