package org.aeiou.daemon.kernel.model;

import com.google.common.base.Splitter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.ObjIntConsumer;
import org.aeiou.daemon.fuse.AttrDescriptor;
import org.aeiou.daemon.fuse.DirentDescriptor;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.fuse.GetattrDescriptor;
import org.aeiou.daemon.fuse.Golden;
import org.aeiou.daemon.fuse.Opcode;
import org.aeiou.daemon.fuse.PollDescriptor;
import org.aeiou.daemon.kernel.KernelSide;
import org.aeiou.daemon.kernel.SessionDriver;
import org.aeiou.daemon.kernel.coherence.InodeTable;
import org.aeiou.daemon.kernel.coherence.Notifications;

/**
 * The part of Linux' fs/fuse that decides what a reader sees: names and attributes with their
 * times, versions of attributes, the pages of a file, the size that a short read corrects, and what
 * notifications do to all that. As in Linux 6.1 to 6.18, for a connection without open, with {@code
 * AUTO_INVAL_DATA}; files of one page.
 *
 * <p>Single-threaded: whatever a thread of the kernel would wait for is an event.
 */
final class ModelKernel implements Notifications {
  private static final int PAGE = 4096;
  private static final long JIFFY_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
  private static final int LISTING = 1 << 16;
  private static final int DIRECTORY_BITS = 0040000;
  private static final int SIZE_SET = 1 << 3;
  private static final int TYPE_BITS = 0170000;

  /** A fuse_inode with its inode and mapping. */
  static final class KernelInode {
    final long nodeId;
    final KernelInode parent;
    final Map<String, KernelDentry> children = new LinkedHashMap<>();
    final Map<String, List<Runnable>> beingLookedUp = new HashMap<>();
    final List<Runnable> waitForPage = new ArrayList<>();
    boolean isDirectory;
    boolean isPolled;

    /** How often a reply was not taken in because another one or a notification came first. */
    int overtaken;

    long size;
    long mtime;
    long untilJiffies = -1;
    long version;
    long lookups;

    /** Descriptors, names, what is inside, and the programs that are in the middle of something. */
    int users;

    /** The programs that share the directory's lock, and the one that waits for having it alone. */
    int sharers;

    final List<Runnable> waitAlone = new ArrayList<>();
    final List<Runnable> waitBehind = new ArrayList<>();

    byte[] page;

    /**
     * Whether a page is there that a failed read has not filled: the kernel does not read ahead
     * then.
     */
    boolean isEmptyPage;

    /** Whether a read has failed because a fetch did: the next one is not read-ahead. */
    boolean hasFailed;

    /** Whether the page is locked: a READ fills it, or a WRITE that found none. */
    boolean isReading;

    boolean dropWhenRead;

    /** Whether a program has written through it: what others read of it may be a mixture. */
    boolean isWritten;

    /** Whether a write makes the file longer, so that no attributes are taken in meanwhile. */
    boolean isSizeUnstable;

    /** Whether a program has the lock that each needs that writes, and what waits for it. */
    boolean isLocked;

    final List<Runnable> waitForLock = new ArrayList<>();

    KernelInode(long nodeId, KernelInode parent) {
      this.nodeId = nodeId;
      this.parent = parent;
    }
  }

  /** A name in the dcache. */
  static final class KernelDentry {
    final KernelInode inode;
    long untilJiffies;

    KernelDentry(KernelInode inode) {
      this.inode = inode;
    }
  }

  final SessionDriver session;
  final List<String> wrong = new ArrayList<>();
  private final ModelEvents events;
  private final ModelRaces races;
  private final Map<Long, Consumer<KernelSide.Message>> asked = new HashMap<>();
  private final Map<Long, KernelInode> inodes = new HashMap<>();
  private final Map<Long, Runnable> pollers = new HashMap<>();
  private final KernelInode root = new KernelInode(InodeTable.ROOT_ID, null);
  private long lastVersion = 1;
  private long lastUnique;
  private long lastHandle;

  /** The thread that runs. */
  int thread;

  /** Of a hundred notifications, how many get lost. */
  int lost;

  ModelKernel(ModelRaces files, ModelEvents events, long inodeBytes) {
    this.events = events;
    this.races = files;
    session = new SessionDriver(files, events, events::after, this, inodeBytes, this::answered);
    root.isDirectory = true;
    root.users = 1;
    inodes.put(root.nodeId, root);
    ask(Opcode.INIT, 0, Arrays.copyOfRange(Golden.INIT_IN, 40, Golden.INIT_IN.length), m -> {});
  }

  // Requests.

  private void ask(Opcode opcode, long nodeId, byte[] body, Consumer<KernelSide.Message> then) {
    lastUnique += 2;
    int asking = thread;
    asked.put(
        lastUnique,
        answer -> {
          thread = asking;
          then.accept(answer);
        });
    events.trace("%d: %s of %d", lastUnique, opcode, nodeId);
    byte[] request = KernelSide.request(opcode.number, lastUnique, nodeId, thread, body);
    boolean raced = isGlance(opcode, body) && events.random.nextInt(20) == 0;
    if (events.random.nextBoolean()) {
      handRaced(request, raced);
    } else {
      events.soon(() -> handRaced(request, raced));
    }
  }

  /** Whether no lock is held, in the daemon, while it looks into the cache for this. */
  private static boolean isGlance(Opcode opcode, byte[] body) {
    return opcode == Opcode.LOOKUP || (opcode == Opcode.GETATTR && body[0] == 0);
  }

  private void handRaced(byte[] request, boolean raced) {
    races.mayHappen = raced;
    hand(request);
    races.mayHappen = false;
  }

  private void hand(byte[] request) {
    session.feed(request);
  }

  private void answered(byte[] bytes) {
    KernelSide.Message answer = KernelSide.message(bytes);
    Consumer<KernelSide.Message> then = asked.remove(answer.unique());
    events.trace("%d: answer %d, %d bytes", answer.unique(), answer.error(), bytes.length);
    if (then == null) {
      wrong.add(
          "a reply to " + answer.unique() + ", which was not asked, or is not waited for any more");
    } else {
      events.soon(() -> then.accept(answer));
    }
  }

  /** Something that the thread that is running does later. */
  Runnable own(Runnable what) {
    int running = thread;
    return () -> {
      thread = running;
      what.run();
    };
  }

  private void soon(Runnable what) {
    events.soon(own(what));
  }

  int unanswered() {
    return asked.size();
  }

  private long jiffies() {
    return events.read() / JIFFY_NANOS;
  }

  private long until(long seconds, int nanos) {
    long valid = TimeUnit.SECONDS.toNanos(seconds) + nanos;
    return valid == 0 ? -1 : jiffies() + (valid + JIFFY_NANOS - 1) / JIFFY_NANOS;
  }

  // Names.

  /** Walks to a file; what is found is in use until {@link #release}. */
  void walk(String path, ObjIntConsumer<KernelInode> then) {
    use(root);
    step(root, Splitter.on('/').splitToList(path), 0, then);
  }

  private void step(
      KernelInode parent, List<String> names, int index, ObjIntConsumer<KernelInode> then) {
    if (index == names.size()) {
      then.accept(parent, 0);
      return;
    }
    String name = names.get(index);
    ObjIntConsumer<KernelInode> next =
        (child, errno) -> {
          if (errno == 0) {
            use(child);
          }
          release(parent);
          if (errno != 0) {
            then.accept(null, errno);
          } else {
            step(child, names, index + 1, then);
          }
        };
    KernelDentry known = parent.children.get(name);
    if (known == null) {
      lookUp(parent, name, next);
    } else if (known.untilJiffies >= jiffies()) {
      next.accept(known.inode, 0);
    } else {
      revalidate(parent, name, known, next);
    }
  }

  private void revalidate(
      KernelInode parent, String name, KernelDentry known, ObjIntConsumer<KernelInode> then) {
    long version = lastVersion;
    use(known.inode);
    ask(
        Opcode.LOOKUP,
        parent.nodeId,
        KernelSide.name(name),
        entry -> {
          boolean found = entry.error() == 0 && entry.nodeId() != 0;
          if (found && entry.nodeId() == known.inode.nodeId) {
            known.inode.lookups++;
            takeEntry(known.inode, entry, 0, version);
            known.untilJiffies =
                until(
                    entry.longAt(KernelSide.ENTRY_VALID),
                    entry.intAt(KernelSide.ENTRY_VALID_NANOS));
            then.accept(known.inode, 0);
          } else {
            if (found) {
              forget(entry.nodeId(), 1);
            }
            drop(parent, name, known);
            lookUp(parent, name, then);
          }
          release(known.inode);
        });
  }

  /** One look-up at a time for a name; the others wait for it. */
  private void lookUp(KernelInode parent, String name, ObjIntConsumer<KernelInode> then) {
    List<Runnable> others = parent.beingLookedUp.get(name);
    if (others != null) {
      others.add(
          own(
              () -> {
                KernelDentry known = parent.children.get(name);
                if (known == null) {
                  lookUp(parent, name, then);
                } else {
                  then.accept(known.inode, 0);
                }
              }));
      return;
    }
    parent.beingLookedUp.put(name, new ArrayList<>());
    share(parent, () -> lookUpNow(parent, name, then));
  }

  private void lookUpNow(KernelInode parent, String name, ObjIntConsumer<KernelInode> then) {
    long version = lastVersion;
    ask(
        Opcode.LOOKUP,
        parent.nodeId,
        KernelSide.name(name),
        entry -> {
          if (entry.error() != 0 || entry.nodeId() == 0) {
            then.accept(null, entry.error() == 0 ? Errno.ENOENT : entry.error());
          } else {
            then.accept(enter(parent, name, entry, 0, version), 0);
          }
          parent.beingLookedUp.remove(name).forEach(events::soon);
          endSharing(parent);
        });
  }

  private void share(KernelInode directory, Runnable what) {
    if (directory.waitAlone.isEmpty()) {
      directory.sharers++;
      what.run();
    } else {
      directory.waitBehind.add(own(() -> share(directory, what)));
    }
  }

  private void endSharing(KernelInode directory) {
    directory.sharers--;
    if (directory.sharers == 0) {
      List.copyOf(directory.waitAlone).forEach(Runnable::run);
      directory.waitAlone.clear();
      List.copyOf(directory.waitBehind).forEach(events::soon);
      directory.waitBehind.clear();
    }
  }

  private KernelInode enter(
      KernelInode parent, String name, KernelSide.Message entry, int at, long version) {
    KernelInode inode = inodes.get(entry.longAt(at));
    if (inode == null) {
      inode = new KernelInode(entry.longAt(at), parent);
      inodes.put(inode.nodeId, inode);
      // What is in a directory, also if it is only open, holds on to that.
      use(parent);
    }
    inode.lookups++;
    takeEntry(inode, entry, at, version);
    KernelDentry dentry = new KernelDentry(inode);
    dentry.untilJiffies = until(entry.longAt(at + 16), entry.intAt(at + 32));
    use(inode);
    KernelDentry before = parent.children.put(name, dentry);
    if (before != null) {
      release(before.inode);
    }
    return inode;
  }

  private void drop(KernelInode parent, String name, KernelDentry dentry) {
    if (parent.children.remove(name, dentry)) {
      List.copyOf(dentry.inode.children.keySet()).forEach(inner -> drop(dentry.inode, inner));
      release(dentry.inode);
    }
  }

  private void use(KernelInode inode) {
    inode.users++;
  }

  void release(KernelInode inode) {
    inode.users--;
    if (inode.users == 0) {
      inodes.remove(inode.nodeId, inode);
      forget(inode.nodeId, inode.lookups);
      release(inode.parent);
    }
  }

  private void forget(long nodeId, long lookups) {
    byte[] body = KernelSide.number(lookups);
    events.soon(() -> hand(KernelSide.request(Opcode.FORGET.number, 4, nodeId, body)));
  }

  /** Lists a directory as 'ls -l' does: every file with its attributes. */
  void list(KernelInode directory, IntConsumer then) {
    use(directory);
    share(directory, () -> listNow(directory, then));
  }

  private void listNow(KernelInode directory, IntConsumer then) {
    long version = lastVersion;
    ask(
        Opcode.READDIRPLUS,
        directory.nodeId,
        KernelSide.read(0, LISTING),
        listing -> {
          if (listing.error() == 0) {
            take(directory, listing, version);
          }
          endSharing(directory);
          release(directory);
          then.accept(listing.error());
        });
  }

  private void take(KernelInode directory, KernelSide.Message listing, long version) {
    int at = 0;
    while (at < listing.payload().length) {
      int length = listing.intAt(at + 128 + 16);
      String name = new String(listing.payload(), at + 128 + 24, length, StandardCharsets.UTF_8);
      long nodeId = listing.longAt(at);
      KernelDentry known = directory.children.get(name);
      if (nodeId != 0 && known != null && known.inode.nodeId == nodeId) {
        known.inode.lookups++;
        takeEntry(known.inode, listing, at, version);
        known.untilJiffies = until(listing.longAt(at + 16), listing.intAt(at + 32));
      } else if (nodeId != 0) {
        if (known != null) {
          drop(directory, name, known);
        }
        enter(directory, name, listing, at, version);
      }
      at += 128 + DirentDescriptor.length(length);
    }
  }

  // Attributes.

  private void takeEntry(KernelInode inode, KernelSide.Message message, int at, long version) {
    long valid = until(message.longAt(at + 24), message.intAt(at + 36));
    take(inode, message, at + AttrDescriptor.ENTRY_OUT_ATTR, valid, version);
  }

  private void takeAttributes(KernelInode inode, KernelSide.Message message, long version) {
    long valid =
        until(message.longAt(KernelSide.ATTR_VALID), message.intAt(KernelSide.ATTR_VALID_NANOS));
    take(inode, message, AttrDescriptor.ATTR_OUT_ATTR, valid, version);
  }

  private void take(
      KernelInode inode, KernelSide.Message message, int at, long untilJiffies, long version) {
    if (inode.version > version || inode.isSizeUnstable) {
      inode.overtaken++;
      return;
    }
    inode.version = ++lastVersion;
    inode.untilJiffies = untilJiffies;
    inode.isDirectory = (message.intAt(at + 60) & TYPE_BITS) == DIRECTORY_BITS;
    long size = message.longAt(at + 8);
    long until = untilJiffies * 4 % 3_600_000;
    events.trace("%d: attributes until %d ms, %d bytes", inode.nodeId, until, size);
    long mtime = TimeUnit.SECONDS.toNanos(message.longAt(at + 32)) + message.intAt(at + 52);
    if (!inode.isDirectory && (size != inode.size || mtime != inode.mtime)) {
      inode.page = null;
      inode.isEmptyPage &= inode.isReading;
      inode.dropWhenRead = inode.isReading;
    }
    inode.size = size;
    inode.mtime = mtime;
  }

  /** What stat does with a path that has been walked. */
  void stat(KernelInode inode, BiConsumer<Long, Integer> then) {
    if (inode.untilJiffies >= jiffies()) {
      then.accept(inode.size, 0);
      return;
    }
    long version = lastVersion;
    use(inode);
    ask(
        Opcode.GETATTR,
        inode.nodeId,
        KernelSide.getattr(0),
        answer -> {
          if (answer.error() == 0) {
            takeAttributes(inode, answer, version);
          }
          then.accept(
              answer.error() == 0
                  ? answer.longAt(AttrDescriptor.ATTR_OUT_ATTR + KernelSide.SIZE)
                  : -1,
              answer.error());
          release(inode);
        });
  }

  // Contents.

  /** One read(2) of an open file. */
  void read(KernelInode inode, long offset, int size, BiConsumer<byte[], Integer> then) {
    use(inode);
    BiConsumer<byte[], Integer> last =
        (bytes, errno) -> {
          release(inode);
          then.accept(bytes, errno);
        };
    if (inode.untilJiffies >= jiffies()) {
      fromPages(inode, offset, size, last);
      return;
    }
    long version = lastVersion;
    ask(
        Opcode.GETATTR,
        inode.nodeId,
        KernelSide.getattr(GetattrDescriptor.HAS_HANDLE),
        answer -> {
          if (answer.error() != 0) {
            last.accept(null, answer.error());
            return;
          }
          takeAttributes(inode, answer, version);
          soon(() -> fromPages(inode, offset, size, last));
        });
  }

  /** As {@link #read}, but as sendfile and splice do it: nothing is asked for before. */
  void splice(KernelInode inode, long offset, int size, BiConsumer<byte[], Integer> then) {
    use(inode);
    fromPages(
        inode,
        offset,
        size,
        (bytes, errno) -> {
          release(inode);
          then.accept(bytes, errno);
        });
  }

  private void fromPages(
      KernelInode inode, long offset, int size, BiConsumer<byte[], Integer> then) {
    fromPages(inode, offset, size, true, then);
  }

  /** A read that fails is asked for once more, if it was read-ahead. */
  private void fromPages(
      KernelInode inode, long offset, int size, boolean ahead, BiConsumer<byte[], Integer> then) {
    if (offset >= inode.size) {
      then.accept(new byte[0], 0);
    } else if (inode.page != null) {
      then.accept(copy(inode, inode.page, offset, size), 0);
    } else if (inode.isReading) {
      inode.waitForPage.add(own(() -> fromPages(inode, offset, size, then)));
    } else {
      inode.isReading = true;
      long version = lastVersion;
      ask(
          Opcode.READ,
          inode.nodeId,
          KernelSide.read(0, PAGE),
          answer -> {
            inode.isReading = false;
            boolean wasAhead = ahead && !inode.isEmptyPage;
            inode.isEmptyPage = answer.error() != 0;
            inode.hasFailed |= answer.error() != 0 && answer.error() != Errno.ESTALE;
            if (answer.error() != 0 && wasAhead) {
              soon(() -> fromPages(inode, offset, size, false, then));
            } else if (answer.error() != 0) {
              then.accept(null, answer.error());
            } else {
              havingRead(inode, answer.payload(), version, offset, size, then);
            }
            inode.dropWhenRead = false;
            List<Runnable> waiting = List.copyOf(inode.waitForPage);
            inode.waitForPage.clear();
            waiting.forEach(events::soon);
          });
    }
  }

  private void havingRead(
      KernelInode inode,
      byte[] bytes,
      long version,
      long offset,
      int size,
      BiConsumer<byte[], Integer> then) {
    if (version >= inode.version && bytes.length < inode.size) {
      inode.version = ++lastVersion;
      inode.size = bytes.length;
    }
    byte[] page = Arrays.copyOf(bytes, PAGE);
    if (!inode.dropWhenRead) {
      inode.page = page;
    } else if (events.random.nextBoolean()) {
      // A reader that found the page gone from the file begins again.
      soon(() -> fromPages(inode, offset, size, then));
      return;
    }
    then.accept(copy(inode, page, offset, size), 0);
  }

  private static byte[] copy(KernelInode inode, byte[] page, long offset, int size) {
    long end = Math.min(inode.size, offset + size);
    return offset >= end ? new byte[0] : Arrays.copyOfRange(page, (int) offset, (int) end);
  }

  // Writing.

  private void lock(KernelInode inode, Runnable what) {
    if (inode.isLocked) {
      inode.waitForLock.add(own(() -> lock(inode, what)));
    } else {
      inode.isLocked = true;
      use(inode);
      what.run();
    }
  }

  private void unlock(KernelInode inode) {
    inode.isLocked = false;
    List<Runnable> waiting = List.copyOf(inode.waitForLock);
    inode.waitForLock.clear();
    waiting.forEach(events::soon);
    release(inode);
  }

  /** What open(2) does with O_TRUNC. */
  void truncate(KernelInode inode, IntConsumer then) {
    lock(
        inode,
        () -> {
          long version = lastVersion;
          inode.isSizeUnstable = true;
          ask(
              Opcode.SETATTR,
              inode.nodeId,
              KernelSide.setattr(SIZE_SET, 0),
              answer -> {
                inode.isSizeUnstable = false;
                if (answer.error() == 0) {
                  takeSetAttributes(inode, answer, version);
                }
                then.accept(answer.error());
                unlock(inode);
              });
        });
  }

  /** The time is taken over without a look at the pages, and the size whatever came meanwhile. */
  private void takeSetAttributes(KernelInode inode, KernelSide.Message message, long version) {
    boolean overtaken = inode.version > version;
    long valid =
        until(message.longAt(KernelSide.ATTR_VALID), message.intAt(KernelSide.ATTR_VALID_NANOS));
    int at = AttrDescriptor.ATTR_OUT_ATTR;
    inode.version = ++lastVersion;
    inode.untilJiffies = overtaken ? -1 : valid;
    inode.mtime = TimeUnit.SECONDS.toNanos(message.longAt(at + 32)) + message.intAt(at + 52);
    long size = message.longAt(at + 8);
    if (size != inode.size) {
      inode.page = null;
      inode.dropWhenRead |= inode.isReading;
    }
    inode.size = size;
  }

  /** One write(2) of an open file, at its start. */
  void write(KernelInode inode, byte[] bytes, IntConsumer then) {
    lock(inode, () -> fill(inode, bytes, then));
  }

  /** The page is filled first, and let go of if all of it is known; only then is it told. */
  private void fill(KernelInode inode, byte[] bytes, IntConsumer then) {
    if (inode.isReading) {
      inode.waitForPage.add(own(() -> fill(inode, bytes, then)));
      return;
    }
    inode.isWritten = true;
    byte[] page = inode.page;
    boolean locks = page == null;
    if (locks) {
      inode.isReading = true;
    } else {
      System.arraycopy(bytes, 0, page, 0, bytes.length);
    }
    inode.isSizeUnstable = inode.size < bytes.length;
    ask(
        Opcode.WRITE,
        inode.nodeId,
        KernelSide.write(0, new String(bytes, StandardCharsets.UTF_8)),
        answer -> {
          boolean done = answer.error() == 0;
          if (locks) {
            inode.isReading = false;
            inode.dropWhenRead = false;
            List<Runnable> waiting = List.copyOf(inode.waitForPage);
            inode.waitForPage.clear();
            waiting.forEach(events::soon);
          } else if (!done && inode.page == page) {
            inode.page = null;
          }
          inode.size = done ? Math.max(inode.size, bytes.length) : inode.size;
          inode.version = ++lastVersion;
          inode.untilJiffies = -1;
          inode.isSizeUnstable = false;
          then.accept(answer.error());
          unlock(inode);
        });
  }

  /** The number of a new open file. */
  long handle() {
    return ++lastHandle;
  }

  /** Asks an open file whether it changed; if not, the program is to be woken when it does. */
  void poll(KernelInode inode, long handle, IntConsumer ready, Runnable woken) {
    pollers.put(handle, own(woken));
    byte[] body = KernelSide.poll(handle, true, 3);
    use(inode);
    inode.isPolled = true;
    ask(
        Opcode.POLL,
        inode.nodeId,
        body,
        answer -> {
          ready.accept(answer.error() == 0 ? answer.intAt(0) : PollDescriptor.CHANGED);
          release(inode);
        });
  }

  /** No program polls this open file any more. */
  void pollNoMore(long handle) {
    pollers.remove(handle);
  }

  // Notifications.

  private void notice(String of, Runnable what) {
    events.trace("notification: %s", of);
    if (events.random.nextInt(100) >= lost) {
      events.soon(
          () -> {
            events.trace("notified: %s", of);
            what.run();
          });
    }
  }

  @Override
  public void overtakeAttributes(long nodeId) {
    events.trace("overtaken: attributes of %d", nodeId);
    doubtAttributes(nodeId);
  }

  private void doubtAttributes(long nodeId) {
    KernelInode inode = inodes.get(nodeId);
    if (inode != null) {
      inode.version = ++lastVersion;
      inode.untilJiffies = -1;
    }
  }

  @Override
  public void attributesChanged(long nodeId) {
    notice("attributes of " + nodeId, () -> doubtAttributes(nodeId));
  }

  @Override
  public void nameChanged(long parentId, String name) {
    notice(
        name + " in " + parentId,
        () -> {
          KernelInode parent = inodes.get(parentId);
          if (parent != null && parent.sharers > 0) {
            parent.waitAlone.add(() -> drop(parent, name));
          } else if (parent != null) {
            drop(parent, name);
          }
        });
  }

  private void drop(KernelInode parent, String name) {
    KernelDentry dentry = parent.children.get(name);
    if (dentry != null) {
      drop(parent, name, dentry);
    }
  }

  @Override
  public void pagesChanged(long nodeId) {
    notice(
        "pages of " + nodeId,
        () -> {
          KernelInode inode = inodes.get(nodeId);
          if (inode != null) {
            doubtAttributes(nodeId);
            dropPage(inode);
          }
        });
  }

  private void dropPage(KernelInode inode) {
    if (inode.isReading) {
      inode.waitForPage.add(() -> dropPage(inode));
    } else {
      inode.page = null;
    }
  }

  @Override
  public void afterNames(long parentId, Runnable then) {
    events.soon(then);
  }

  @Override
  public void wake(long kernelHandle) {
    Runnable woken = pollers.remove(kernelHandle);
    if (woken != null) {
      events.soon(woken);
    }
  }

  /** What 'echo 2 > drop_caches' does: names that no program is using go. */
  void dropCaches() {
    for (KernelInode directory : List.copyOf(inodes.values())) {
      List.copyOf(directory.children.keySet()).forEach(name -> drop(directory, name));
    }
  }
}
