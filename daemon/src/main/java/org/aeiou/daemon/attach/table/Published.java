package org.aeiou.daemon.attach.table;

import org.aeiou.closures.shared.table.TableKind;
import org.aeiou.closures.shared.table.ValueTable;
import org.aeiou.daemon.tree.Node;

/** What of a node is in the table. Guarded by the publisher, but for what is final. */
final class Published {
  final Node node;
  final String path;

  /** Where in the table it is. */
  int slot = ValueTable.UNKNOWN;

  /** Where what is known of it besides its value is. */
  int descriptionSlot = ValueTable.UNKNOWN;

  /** One of {@link TableKind}. */
  int kind = TableKind.NOTHING;

  /** Whether a client has asked what stat shows of it. */
  boolean isStat;

  /** Whether a client has asked what is known of it besides its value. */
  boolean isDescribed;

  /** Of a listing. */
  long freshUntilNanos;

  /** Of a listing. */
  long usableUntilNanos;

  /** When it was written; of a listing. */
  long publishedNanos;

  /** What stat shows of files of its system that were never read; of what is no reading. */
  long unreadMillis;

  /**
   * How many of its names are files of which nothing was read; of a listing. Read by any thread.
   */
  volatile int unread;

  /** Whether it is published no more. */
  boolean isWithdrawn;

  Published(Node node, String path) {
    this.node = node;
    this.path = path;
  }

  /**
   * Whether it is another one as soon as anything of the system is not known any more: stat shows
   * that time of whatever was never read.
   */
  boolean isDerived() {
    return kind != TableKind.READING;
  }
}
