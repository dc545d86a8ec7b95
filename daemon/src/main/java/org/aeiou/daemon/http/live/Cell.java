package org.aeiou.daemon.http.live;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.http.json.CellJson;
import org.aeiou.daemon.http.json.Shown;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.tree.Node;

/**
 * A path that streams show, and what is shown of it: one object for all of them. The stream thread
 * has it, but for its mark.
 */
final class Cell {
  final String path;

  /** On whose behalf it is asked for: the one that asked first. */
  final Requester requester;

  final List<Subscription> subscriptions = new ArrayList<>(1);

  /** Whether word was left that it is to be looked at. Any thread sets it. */
  final AtomicBoolean isMarked = new AtomicBoolean();

  /** What the path names; null until that is found out. */
  Node node;

  /** Whether it is being looked for, or read: word of the outcome is still to come. */
  boolean isAsked;

  /** What can be cancelled of that; null if nothing. */
  Request request;

  /** Null until it was read. */
  FileSystem.Watch watch;

  /** When to try again what has failed, by the ticker; 0 for never. */
  long retryNanos;

  Shown shown = Shown.PENDING;

  /** {@link #shown} as streams send it. */
  byte[] json;

  /** Which change of any cell its last one was. */
  long change;

  Cell(String path, Requester requester) {
    this.path = path;
    this.requester = requester;
    this.json = CellJson.inShort(path, shown);
  }

  /** The outcome has come. */
  void answered() {
    isAsked = false;
    request = null;
  }

  /** Whether no stream shows it any more. */
  boolean isGone() {
    return subscriptions.isEmpty();
  }
}
