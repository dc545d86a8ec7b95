package org.aeiou.daemon.portable;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Attributes;
import org.aeiou.daemon.service.FileSystem.Entry;
import org.aeiou.daemon.service.FileSystem.Usage;
import org.aeiou.daemon.service.PathResolver;
import org.aeiou.daemon.tree.Node;
import org.aeiou.daemon.tree.TextFile;

/**
 * What each file call means. A file's content is fetched when it is opened and served from the
 * handle until it is closed: a reader never sees half of two readings, and the size is right as
 * soon as {@code open} returns.
 *
 * <p>Paths are octets. Any thread may call; {@link #open}, {@link #list} and all that have a path
 * may wait.
 */
final class PathCalls {

  /** Access mode bits of {@code open}'s flags; 0 is reading only, on every system. */
  private static final int ACCESS_MODE = 3;

  /**
   * An open file.
   *
   * @param bytes what was read when it was opened; null of a file that grows
   * @param start where a file that grows began then
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record OpenFile(Node node, byte[] bytes, long start) {
    long size() {
      return bytes == null ? ((TextFile.Growing) node).events().end() - start : bytes.length;
    }

    byte[] part(long offset, int most) {
      if (bytes == null) {
        return ((TextFile.Growing) node).events().read(start + offset, most);
      }
      int from = (int) Math.min(offset, bytes.length);
      return Arrays.copyOfRange(bytes, from, from + Math.min(most, bytes.length - from));
    }
  }

  private final FileSystem files;
  private final Waits waits;
  private final NameCache names;
  private final PortableCounters counts;
  private final Map<Long, OpenFile> open = new ConcurrentHashMap<>();
  private final AtomicLong nextHandle = new AtomicLong(1);

  PathCalls(FileSystem files, Waits waits, NameCache names, PortableCounters counts) {
    this.files = files;
    this.waits = waits;
    this.names = names;
    this.counts = counts;
  }

  Attributes attributes(byte[] path) throws Refused {
    return files.attributes(names.find(path));
  }

  /** Of an open file: as long as what was read when it was opened. */
  Attributes attributes(long handle) throws Refused {
    OpenFile file = file(handle);
    return files.attributes(file.node).ofSize(file.size());
  }

  /**
   * Opens and reads a file.
   *
   * @return a handle for {@link #content}, to be given back to {@link #close}
   */
  long open(byte[] path, int flags) throws Refused {
    if ((flags & ACCESS_MODE) != 0) {
      throw new Refused(Errno.EROFS);
    }
    Node node = names.find(path);
    if (node.isDirectory()) {
      throw new Refused(Errno.EISDIR);
    }
    if (node instanceof TextFile.Growing growing) {
      return open(new OpenFile(node, null, growing.events().start()));
    }
    byte[] bytes =
        waits
            .<FileSystem.Content>await(
                (closure, context) ->
                    files.read(files.requester(waits.uid()), node, closure, context))
            .bytes();
    return open(new OpenFile(node, bytes, 0));
  }

  private long open(OpenFile file) {
    long handle = nextHandle.getAndIncrement();
    open.put(handle, file);
    return handle;
  }

  /** Part of an open file, as much as there is. */
  byte[] content(long handle, long offset, long most) throws Refused {
    return file(handle).part(offset, (int) Math.min(most, Integer.MAX_VALUE));
  }

  void close(long handle) {
    open.remove(handle);
  }

  /** How many files are open. */
  int openFiles() {
    return open.size();
  }

  private OpenFile file(long handle) throws Refused {
    OpenFile file = open.get(handle);
    if (file == null) {
      throw new Refused(Errno.EIO);
    }
    return file;
  }

  /** The names in a directory that can be shown, without {@code .} and {@code ..}. */
  List<Entry> list(byte[] path) throws Refused {
    Node node = names.find(path);
    if (!node.isDirectory()) {
      throw new Refused(Errno.ENOTDIR);
    }
    long before = names.changes();
    FileSystem.Listing listing =
        waits.await(
            (closure, context) -> files.list(files.requester(waits.uid()), node, closure, context));
    names.learn(before, node, listing.entries());
    List<Entry> shown = new ArrayList<>(listing.entries().size());
    for (Entry entry : listing.entries()) {
      // One name that the kernel does not accept would make it refuse the whole directory.
      if (isName(entry.name())) {
        shown.add(entry);
      } else {
        counts.badNames.increment();
      }
    }
    return shown;
  }

  private static boolean isName(String name) {
    return !name.isEmpty()
        && !name.equals(".")
        && !name.equals("..")
        && name.indexOf('/') < 0
        && name.indexOf('\0') < 0
        && name.getBytes(StandardCharsets.UTF_8).length <= PathResolver.LONGEST_NAME;
  }

  /** There are no symbolic links in the tree. */
  byte[] linkTarget(byte[] path) throws Refused {
    names.find(path);
    throw new Refused(Errno.EINVAL);
  }

  byte[] extendedAttribute(byte[] path, byte[] name) throws Refused {
    Node node = names.find(path);
    byte[] value;
    try {
      value =
          files.extendedAttribute(
              node, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString());
    } catch (CharacterCodingException e) {
      throw new Refused(Errno.ENODATA);
    }
    if (value == null) {
      throw new Refused(Errno.ENODATA);
    }
    return value;
  }

  /** The names of all extended attributes, each with a NUL behind it. */
  byte[] extendedAttributes(byte[] path) throws Refused {
    StringBuilder list = new StringBuilder();
    files.extendedAttributes(names.find(path)).forEach(name -> list.append(name).append('\0'));
    return list.toString().getBytes(StandardCharsets.UTF_8);
  }

  Usage usage() {
    return files.usage();
  }
}
