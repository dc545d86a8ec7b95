package org.aeiou.daemon.attach.table;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.shared.table.ListingDescriptor;
import org.aeiou.closures.shared.table.ListingWriter;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Attributes;
import org.aeiou.daemon.service.FileSystem.Entry;
import org.aeiou.daemon.service.FileSystem.Listing;
import org.aeiou.daemon.tree.Node;

/**
 * A listing on its way into the table. It is written without the publisher's monitor, as it may be
 * long; what was read meanwhile is then put right with the monitor held.
 */
final class ListedNames {
  private final FileSystem files;
  private final List<Node> unread = new ArrayList<>();
  private final List<Integer> numbers = new ArrayList<>();

  /** What stat shows of all files of which nothing was read; null if there is none. */
  private Attributes shown;

  /** As {@link ListingDescriptor} draws it. */
  final byte[] value;

  /** Of a directory with a path. */
  ListedNames(FileSystem files, String path, Listing listing) {
    this.files = files;
    List<Entry> names = listing.entries().stream().filter(each -> each.node() != null).toList();
    byte[] kinds = new byte[names.size()];
    for (int i = 0; i < kinds.length; i++) {
      Node node = names.get(i).node();
      kinds[i] = (byte) (node.isDirectory() ? ListingDescriptor.DIRECTORY : kind(node, i));
    }
    ListingWriter writer =
        shown == null
            ? new ListingWriter(path, 0, 0, 0)
            : new ListingWriter(path, shown.mode(), shown.takenMillis(), shown.changedMillis());
    for (int i = 0; i < kinds.length; i++) {
      writer.add(names.get(i).name(), kinds[i]);
    }
    value = writer.value();
  }

  private int kind(Node file, int number) {
    if (!files.isNeverRead(file)) {
      return 0;
    }
    shown = shown == null ? files.attributes(file) : shown;
    unread.add(file);
    numbers.add(number);
    return ListingDescriptor.UNREAD;
  }

  /**
   * Puts right what was read meanwhile.
   *
   * @return how many files there are of which nothing was read; -1 if stat shows something else of
   *     them than when this was written
   */
  int settle() {
    int left = 0;
    Node one = null;
    for (int i = 0; i < unread.size(); i++) {
      if (files.isNeverRead(unread.get(i))) {
        one = unread.get(i);
        left++;
      } else {
        ListingWriter.read(value, numbers.get(i));
      }
    }
    Attributes now = one == null ? shown : files.attributes(one);
    boolean isSame =
        one == null
            || (now.takenMillis() == shown.takenMillis()
                && now.changedMillis() == shown.changedMillis());
    return isSame ? left : -1;
  }
}
