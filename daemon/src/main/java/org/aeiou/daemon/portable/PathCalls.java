package org.aeiou.daemon.portable;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.fuse.WholeValue;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Attributes;
import org.aeiou.daemon.service.FileSystem.Entry;
import org.aeiou.daemon.service.FileSystem.Usage;
import org.aeiou.daemon.service.PathResolver;
import org.aeiou.daemon.service.write.Assignment;
import org.aeiou.daemon.service.write.Written;
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

  private static final int WRITE_ONLY = 1;

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
    long size = file.size();
    Attributes now = files.attributes(file.node);
    return size < 0 ? now : now.ofSize(size);
  }

  /**
   * Opens a file, and reads it unless it is opened to be written only.
   *
   * @return a handle for {@link #content}, to be given back to {@link #close}
   */
  long open(byte[] path, int flags) throws Refused {
    Node node = names.find(path);
    if (node.isDirectory()) {
      throw new Refused(Errno.EISDIR);
    }
    int access = flags & ACCESS_MODE;
    if (access != 0 && !files.isWritable(node)) {
      throw new Refused(Errno.EROFS);
    }
    boolean isRead = access != WRITE_ONLY && !(node instanceof TextFile.Growing);
    long handle = nextHandle.getAndIncrement();
    open.put(handle, new OpenFile(node, flags, isRead ? fetch(node) : null));
    return handle;
  }

  private byte[] fetch(Node node) throws Refused {
    return waits
        .<FileSystem.Content>await(
            (closure, context) -> files.read(files.requester(waits.uid()), node, closure, context))
        .bytes();
  }

  /** Part of an open file, as much as there is. */
  byte[] content(long handle, long offset, long most) throws Refused {
    OpenFile file = file(handle);
    int length = (int) Math.min(most, Integer.MAX_VALUE);
    if (file.grows()) {
      return file.grown(offset, length);
    }
    byte[] bytes = file.bytes;
    if (bytes == null) {
      bytes = fetch(file.node);
      file.bytes = bytes;
    }
    return OpenFile.part(bytes, offset, length);
  }

  /**
   * Writes a value, whole. What it reads after that is what there is to read then.
   *
   * @return how much of it was taken: all
   */
  int write(long handle, byte[] bytes, long offset) throws Refused {
    OpenFile file = file(handle);
    try {
      write(file, bytes, offset);
      file.verdict = 0;
      return bytes.length;
    } catch (Refused e) {
      file.verdict = e.errno;
      throw e;
    } finally {
      file.bytes = null;
    }
  }

  private void write(OpenFile file, byte[] bytes, long offset) throws Refused {
    WholeValue whole = WholeValue.of(offset, bytes.length, file.appends());
    if (whole != WholeValue.YES) {
      counts.partsRefused.increment();
      files.notWritten(file.node, whole.why);
      throw new Refused(whole.errno);
    }
    waits.<Written>awaitInPlace(
        (closure, context) ->
            files.write(
                waits.author(),
                files.requester(waits.uid()),
                List.of(Assignment.of(file.node, bytes)),
                closure,
                context));
  }

  /** Opening with O_TRUNC makes a file empty first: nothing is done for a value that follows. */
  void truncate(byte[] path, long size) throws Refused {
    if (!files.isWritable(names.find(path))) {
      throw new Refused(Errno.EROFS);
    }
    if (size != 0) {
      throw new Refused(Errno.EINVAL);
    }
  }

  /** Says what the last write through an open file ended in, once more. */
  void sync(long handle) throws Refused {
    int verdict = file(handle).verdict;
    if (verdict != 0) {
      throw new Refused(verdict);
    }
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
