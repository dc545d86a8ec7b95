package org.aeiou.daemon.kernel;

import java.nio.ByteBuffer;
import java.util.List;
import org.aeiou.closures.Closure;
import org.aeiou.daemon.fuse.AttrDescriptor;
import org.aeiou.daemon.fuse.DirentDescriptor;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.fuse.FileNames;
import org.aeiou.daemon.fuse.HeaderDescriptor;
import org.aeiou.daemon.fuse.Opcode;
import org.aeiou.daemon.fuse.ReadDescriptor;
import org.aeiou.daemon.kernel.coherence.Coherence;
import org.aeiou.daemon.kernel.coherence.Inode;
import org.aeiou.daemon.kernel.coherence.InodeTable;
import org.aeiou.daemon.kernel.coherence.Notifications;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Entry;
import org.aeiou.daemon.service.FileSystem.Listing;

/**
 * READDIR and READDIRPLUS: a listing, page by page.
 *
 * <p>There is no open directory: what a reader was given last is all that it brings with it. So a
 * cookie says where the entry stood, and what its name was, in 31 bits. The listing that the first
 * page came from is kept for the following ones; if it was replaced meanwhile, a reader goes on
 * behind the entry of that name. Entries that are in both listings are then seen once, as POSIX
 * wants it.
 */
final class DirectoryCalls {
  private static final long AFTER_DOT = 1;
  private static final long AFTER_DOT_DOT = 2;

  /** The cookie behind the entry at index 0 is this in its lower half. */
  private static final int FIRST = 3;

  private final FileSystem files;
  private final InodeTable inodes;
  private final Coherence coherence;
  private final CallReplies replies;
  private final Notifications notifications;
  private final KernelCounters counters;
  private final Closure<Listing, Call> listed;

  DirectoryCalls(
      FileSystem files,
      InodeTable inodes,
      Coherence coherence,
      CallReplies replies,
      Notifications notifications,
      KernelCounters counters) {
    this.files = files;
    this.inodes = inodes;
    this.coherence = coherence;
    this.replies = replies;
    this.notifications = notifications;
    this.counters = counters;
    listed = replies.closure(this::answer);
  }

  boolean readDirectory(Call call, ByteBuffer in, int body) {
    call.offset = ReadDescriptor.offset(in, body);
    call.size = ReadDescriptor.size(in, body, HeaderDescriptor.LONGEST_PAYLOAD);
    if (!call.inode.node.isDirectory()) {
      replies.error(call, call.reply, Errno.ENOTDIR);
      return false;
    }
    List<Entry> kept = coherence.listings().entries(call, call.offset == 0);
    if (kept != null) {
      page(call, kept, call.reply);
      return false;
    }
    return replies.await(call, files.list(call.requester, call.inode.node, listed, call));
  }

  private void answer(Call call, Listing listing, Reply reply) {
    boolean outlasted = coherence.listings().keep(call, listing);
    page(call, listing.entries(), reply);
    if (outlasted) {
      notifications.attributesChanged(call.inode.id);
    }
  }

  private void page(Call call, List<Entry> entries, Reply reply) {
    Page page = new Page(call, reply.bytes());
    boolean taken = false;
    try {
      int next = page.fill(entries);
      if (next == entries.size() && page.isEmpty()) {
        coherence.listings().endOf(call.inode);
      }
      if (page.isEmpty() && next < entries.size()) {
        // An empty page would be the end of the directory.
        replies.error(call, reply, Errno.EINVAL);
      } else {
        taken = replies.payload(call, reply, page.length());
      }
    } finally {
      if (!taken) {
        page.giveBack();
      }
    }
  }

  /** What fits into one reply. */
  private final class Page {
    private final Call call;
    private final boolean plus;
    private final Inode directory;
    private final long offset;
    private final int end;
    private final ByteBuffer out;
    private int at = Reply.PAYLOAD;

    Page(Call call, ByteBuffer out) {
      this.call = call;
      plus = call.opcode == Opcode.READDIRPLUS;
      directory = call.inode;
      offset = call.offset;
      end = Reply.PAYLOAD + call.size;
      this.out = out;
    }

    int length() {
      return at - Reply.PAYLOAD;
    }

    boolean isEmpty() {
      return at == Reply.PAYLOAD;
    }

    /** Returns the index of the first entry that did not fit. */
    int fill(List<Entry> entries) {
      if (offset < AFTER_DOT && !putDots(".", directory.ino, AFTER_DOT)) {
        return -1;
      }
      if (offset < AFTER_DOT_DOT && !putDots("..", directory.parent.ino, AFTER_DOT_DOT)) {
        return -1;
      }
      int i = indexAfter(entries, offset);
      while (i < entries.size()) {
        Entry entry = entries.get(i);
        byte[] name = FileNames.encode(entry.name());
        if (entry.node() == null || !FileNames.isEntry(entry.name(), name)) {
          counters.badNames.increment();
        } else if (!put(entry, name, cookieAfter(entry.name(), i))) {
          return i;
        }
        i++;
      }
      return i;
    }

    private int lengthOf(byte[] name) {
      return (plus ? AttrDescriptor.ENTRY_OUT_LENGTH : 0) + DirentDescriptor.length(name.length);
    }

    /** The kernel knows what these are; it counts no look-up for them. */
    private boolean putDots(String dots, long ino, long cookie) {
      byte[] name = FileNames.encode(dots);
      int length = lengthOf(name);
      if (at + length > end) {
        return false;
      }
      int dirent = at;
      if (plus) {
        AttrDescriptor.putNoEntry(out, at, 0);
        dirent += AttrDescriptor.ENTRY_OUT_LENGTH;
      }
      DirentDescriptor.put(out, dirent, ino, cookie, DirentDescriptor.TYPE_DIRECTORY, name);
      at += length;
      return true;
    }

    private boolean put(Entry entry, byte[] name, long cookie) {
      int length = lengthOf(name);
      if (at + length > end) {
        return false;
      }
      if (plus) {
        putPlus(entry, name, cookie);
      } else {
        int mode = files.attributes(entry.node()).mode();
        long ino = InodeTable.ino(directory.ino, entry.name(), entry.node().order());
        DirentDescriptor.put(out, at, ino, cookie, DirentDescriptor.type(mode), name);
        at += length;
      }
      return true;
    }

    private void putPlus(Entry entry, byte[] name, long cookie) {
      Inode inode = coherence.lookUp(call, entry.node(), directory, entry.name());
      int entryAt = at;
      int direntAt = at + AttrDescriptor.ENTRY_OUT_LENGTH;
      AttrDescriptor.putEntryOut(out, entryAt, inode.id, 0, 0);
      DirentDescriptor.put(out, direntAt, inode.ino, cookie, 0, name);
      at = direntAt + DirentDescriptor.length(name.length);
      // From here on it is given back with the page, whatever happens.
      coherence.putEntry(call, out, entryAt, inode, entry.validNanos());
      int mode = AttrDescriptor.mode(out, entryAt + AttrDescriptor.ENTRY_OUT_ATTR);
      DirentDescriptor.putType(out, direntAt, DirentDescriptor.type(mode));
    }

    /** Gives the look-ups back that were counted for a page the kernel did not take. */
    void giveBack() {
      if (!plus) {
        return;
      }
      // If the kernel rejected the page, an error was sent in its place, which is shorter.
      out.limit(out.capacity());
      int i = Reply.PAYLOAD;
      while (i < at) {
        long nodeId = AttrDescriptor.entryNodeId(out, i);
        if (nodeId != 0) {
          inodes.forget(nodeId, 1);
        }
        i += AttrDescriptor.ENTRY_OUT_LENGTH;
        i += DirentDescriptor.length(DirentDescriptor.nameLength(out, i));
      }
    }
  }

  private static long cookieAfter(String name, int index) {
    return ((long) hash(name) << Integer.SIZE) | (index + FIRST);
  }

  /** The index of the entry behind the one that a cookie was given with. */
  private static int indexAfter(List<Entry> entries, long cookie) {
    if (cookie >= 0 && cookie <= AFTER_DOT_DOT) {
      return 0;
    }
    int hash = (int) (cookie >>> Integer.SIZE);
    int stood = Math.max(0, Math.min((int) cookie - FIRST, entries.size()));
    // Where it stood, or as near to that as possible.
    for (int away = 0; away <= entries.size(); away++) {
      if (isAt(entries, stood + away, hash)) {
        return stood + away + 1;
      }
      if (isAt(entries, stood - away, hash)) {
        return stood - away + 1;
      }
    }
    // It is gone: whatever came after it has moved up into its place.
    return stood;
  }

  private static boolean isAt(List<Entry> entries, int index, int hash) {
    return index >= 0 && index < entries.size() && hash(entries.get(index).name()) == hash;
  }

  /** Not negative, so that a cookie is not: programs take it for a position. */
  private static int hash(String name) {
    return name.hashCode() & Integer.MAX_VALUE;
  }
}
