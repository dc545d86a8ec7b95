package org.aeiou.daemon.attach;

import java.util.List;
import org.aeiou.closures.Request;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.SubmissionRing.Submission;
import org.aeiou.daemon.service.FileSystem.Watch;
import org.aeiou.daemon.tree.Node;

/**
 * One request of a client, from being taken until its last outcome: the context of the closures
 * that answer it. Guarded by its client's monitor, but for what the constructor sets.
 */
final class Pending {
  final Client client;
  final int page;
  final int operation;
  final int flags;
  final long cookie;
  final long number;
  final long group;

  /** Null if it is too long, or no UTF-8. */
  final String path;

  final boolean isPathTooLong;

  /** The next step of a chain; null if there is none. Set before the first step starts. */
  Pending next;

  /** The next one in the same bucket of {@link Numbers}. */
  Pending sameBucket;

  boolean done;

  /** Whether the client has withdrawn it. */
  boolean cancelled;

  /** What is being fetched for it; null between two steps, and at the end. */
  Request awaited;

  /** Of a watch, what keeps it fresh, and of what changes it is told. */
  Watch watch;

  List<Node> watched = List.of();

  /** Of a watch, what was told last, and when that was taken; null if nothing was. */
  Completion told;

  long toldNanos;

  Pending(Client client, Submission submission) {
    this.client = client;
    page = submission.page();
    operation = submission.operation();
    flags = submission.flags();
    cookie = submission.cookie();
    number = submission.number();
    group = submission.group();
    path = submission.path();
    isPathTooLong = submission.isPathTooLong();
  }

  /** Whether it has had its last outcome. */
  boolean isDone() {
    synchronized (client) {
      return done;
    }
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }
}
