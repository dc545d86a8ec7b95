package org.aeiou.daemon.portable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.Struct;
import jnr.ffi.provider.jffi.ClosureHelper;
import org.aeiou.closures.Fatal;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.fuse.Opcode;
import org.aeiou.daemon.service.FileSystem.Entry;
import org.aeiou.daemon.service.PathResolver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import ru.serce.jnrfuse.FuseFillDir;
import ru.serce.jnrfuse.FuseStubFS;
import ru.serce.jnrfuse.struct.FileStat;
import ru.serce.jnrfuse.struct.FuseFileInfo;
import ru.serce.jnrfuse.struct.Statvfs;

/**
 * libfuse 2, as jnr-fuse loads it: turns its calls into {@link PathCalls}, and results into the
 * structures it wants. The only class here that touches memory that is not Java's.
 *
 * <p>Of jnr-fuse this takes the loading of the library, the layouts of structures and the entry
 * point. It does not take {@code mount} and {@code umount}: they wait two seconds whatever happens,
 * leave a shutdown hook behind for each mount, and run {@code fusermount} without looking at what
 * it says.
 */
final class Libfuse extends FuseStubFS implements Caller {
  private static final Logger LOG = LoggerFactory.getLogger(Libfuse.class);

  /** What jnr-fuse does not offer of libfuse. */
  public interface MoreOfLibfuse {
    int fuse_interrupted();

    int fuse_exited(Pointer fuse);
  }

  /** The body of a call: returns 0 or a length. */
  @FunctionalInterface
  private interface Body {
    int run() throws Refused;
  }

  private final MoreOfLibfuse more;
  private final PortableCounters counts;

  /** What libfuse calls; held here, because it knows them by address only. */
  private final List<Object> callbacks = new ArrayList<>();

  private PathCalls calls;
  private Runnable answering;
  private volatile Pointer fuse;

  /**
   * Loads the library.
   *
   * @throws UnsatisfiedLinkError if there is none
   */
  Libfuse(PortableCounters counts) {
    this.counts = counts;
    // The same names as jnr-fuse tries, so that both mean the same copy of the library.
    MoreOfLibfuse loaded;
    try {
      loaded = LibraryLoader.create(MoreOfLibfuse.class).failImmediately().load("fuse");
    } catch (UnsatisfiedLinkError e) {
      loaded = LibraryLoader.create(MoreOfLibfuse.class).failImmediately().load("libfuse.so.2");
    }
    this.more = loaded;
  }

  /**
   * Mounts and serves, on this thread and others of libfuse, until unmounted.
   *
   * @param answering runs when the kernel and libfuse have agreed
   * @return 0 if it was mounted and then unmounted
   */
  int serve(List<String> arguments, PathCalls calls, Runnable answering) {
    this.calls = calls;
    this.answering = answering;
    register();
    return libFuse.fuse_main_real(
        arguments.size(),
        arguments.toArray(String[]::new),
        fuseOperations,
        Struct.size(fuseOperations),
        null);
  }

  @Override
  public int uid() {
    return libFuse.fuse_get_context().uid.intValue();
  }

  @Override
  public int pid() {
    return libFuse.fuse_get_context().pid.intValue();
  }

  @Override
  public boolean interrupted() {
    return more.fuse_interrupted() != 0;
  }

  @Override
  public boolean gone() {
    return more.fuse_exited(fuse) != 0;
  }

  private void register() {
    put(fuseOperations.init.offset(), LibfuseCallbacks.Init.class, this::agreed);
    put(fuseOperations.getattr.offset(), LibfuseCallbacks.OfPath.class, this::getattr);
    put(fuseOperations.fgetattr.offset(), LibfuseCallbacks.OfOpenFile.class, this::fgetattr);
    put(fuseOperations.readlink.offset(), LibfuseCallbacks.IntoBuffer.class, this::readlink);
    put(fuseOperations.open.offset(), LibfuseCallbacks.OfFile.class, this::open);
    put(fuseOperations.read.offset(), LibfuseCallbacks.Transfer.class, this::read);
    put(fuseOperations.write.offset(), LibfuseCallbacks.Transfer.class, this::write);
    put(fuseOperations.truncate.offset(), LibfuseCallbacks.Truncate.class, this::truncate);
    put(fuseOperations.fsync.offset(), LibfuseCallbacks.Sync.class, this::fsync);
    refuse(fuseOperations.chmod.offset(), Opcode.SETATTR, Errno.EPERM);
    refuse(fuseOperations.chown.offset(), Opcode.SETATTR, Errno.EPERM);
    refuse(fuseOperations.utimens.offset(), Opcode.SETATTR, Errno.EPERM);
    refuse(fuseOperations.mknod.offset(), Opcode.MKNOD, Errno.EACCES);
    refuse(fuseOperations.mkdir.offset(), Opcode.MKDIR, Errno.EPERM);
    refuse(fuseOperations.unlink.offset(), Opcode.UNLINK, Errno.EPERM);
    refuse(fuseOperations.rmdir.offset(), Opcode.RMDIR, Errno.EPERM);
    refuse(fuseOperations.symlink.offset(), Opcode.SYMLINK, Errno.EPERM);
    refuse(fuseOperations.rename.offset(), Opcode.RENAME, Errno.EPERM);
    refuse(fuseOperations.link.offset(), Opcode.LINK, Errno.EPERM);
    put(fuseOperations.release.offset(), LibfuseCallbacks.OfFile.class, this::release);
    put(fuseOperations.readdir.offset(), LibfuseCallbacks.ReadDirectory.class, this::readdir);
    put(fuseOperations.statfs.offset(), LibfuseCallbacks.OfPath.class, this::statfs);
    put(fuseOperations.getxattr.offset(), LibfuseCallbacks.ExtendedAttribute.class, this::getxattr);
    put(fuseOperations.listxattr.offset(), LibfuseCallbacks.IntoBuffer.class, this::listxattr);
  }

  /** As in sysfs, names and modes are not a program's to change. */
  private void refuse(long offset, Opcode operation, int errno) {
    put(
        offset,
        LibfuseCallbacks.Refusal.class,
        path ->
            answer(
                operation,
                () -> {
                  throw new Refused(errno);
                }));
  }

  /** Writes a callback into its place in the table; places left empty are {@code ENOSYS}. */
  private <T> void put(long offset, Class<T> type, T callback) {
    Pointer code =
        fuseOperations.getRuntime().getClosureManager().getClosurePointer(type, callback);
    callbacks.add(callback);
    callbacks.add(code);
    Struct.getMemory(fuseOperations).putPointer(offset, code);
  }

  private Pointer agreed(Pointer connection) {
    fuse = libFuse.fuse_get_context().fuse.get();
    answering.run();
    return null;
  }

  private int getattr(Pointer path, Pointer stat) {
    return answer(
        Opcode.GETATTR,
        () -> Structures.write(calls.attributes(Structures.octets(path)), FileStat.of(stat)));
  }

  private int fgetattr(Pointer path, Pointer stat, Pointer fileInfo) {
    return answer(
        Opcode.GETATTR,
        () -> Structures.write(calls.attributes(Structures.handle(fileInfo)), FileStat.of(stat)));
  }

  private int readlink(Pointer path, Pointer buffer, long size) {
    return answer(
        Opcode.READLINK,
        () -> Structures.write(calls.linkTarget(Structures.octets(path)), buffer, size));
  }

  private int open(Pointer path, Pointer fileInfo) {
    return answer(
        Opcode.OPEN,
        () -> {
          FuseFileInfo info = FuseFileInfo.of(fileInfo);
          info.fh.set(calls.open(Structures.octets(path), info.flags.intValue()));
          return 0;
        });
  }

  private int read(Pointer path, Pointer buffer, long size, long offset, Pointer fileInfo) {
    return answer(
        Opcode.READ,
        () -> {
          byte[] part = calls.content(Structures.handle(fileInfo), offset, size);
          buffer.put(0, part, 0, part.length);
          return part.length;
        });
  }

  private int write(Pointer path, Pointer buffer, long size, long offset, Pointer fileInfo) {
    return answer(
        Opcode.WRITE,
        () -> {
          byte[] bytes = new byte[(int) size];
          buffer.get(0, bytes, 0, bytes.length);
          return calls.write(Structures.handle(fileInfo), bytes, offset);
        });
  }

  private int truncate(Pointer path, long size) {
    return answer(
        Opcode.SETATTR,
        () -> {
          calls.truncate(Structures.octets(path), size);
          return 0;
        });
  }

  private int fsync(Pointer path, int contentOnly, Pointer fileInfo) {
    return answer(
        Opcode.FSYNC,
        () -> {
          calls.sync(Structures.handle(fileInfo));
          return 0;
        });
  }

  private int release(Pointer path, Pointer fileInfo) {
    return answer(
        Opcode.RELEASE,
        () -> {
          calls.close(Structures.handle(fileInfo));
          return 0;
        });
  }

  private int readdir(Pointer path, Pointer buffer, Pointer fill, long offset, Pointer fileInfo) {
    return answer(
        Opcode.READDIR,
        () -> {
          List<Entry> entries = calls.list(Structures.octets(path));
          FuseFillDir filler =
              ClosureHelper.getInstance()
                  .getNativeConveter(FuseFillDir.class)
                  .fromNative(fill, ClosureHelper.getInstance().getFromNativeContext());
          // Of all the attributes of an entry libfuse takes the type and the inode number only.
          FileStat stat = new FileStat(Runtime.getSystemRuntime());
          Pointer type = Struct.getMemory(stat);
          ByteBuffer name = ByteBuffer.allocateDirect(PathResolver.LONGEST_NAME + 1);
          stat.st_mode.set(FileStat.S_IFDIR);
          add(filler, buffer, name, ".", type);
          add(filler, buffer, name, "..", type);
          for (Entry entry : entries) {
            stat.st_mode.set(entry.node().isDirectory() ? FileStat.S_IFDIR : FileStat.S_IFREG);
            add(filler, buffer, name, entry.name(), type);
          }
          return 0;
        });
  }

  /** Adds an entry. With an offset of 0 libfuse grows its buffer: it is never full. */
  private static void add(
      FuseFillDir filler, Pointer buffer, ByteBuffer name, String text, Pointer stat) {
    name.clear();
    name.put(text.getBytes(StandardCharsets.UTF_8)).put((byte) 0).flip();
    filler.apply(buffer, name, stat, 0);
  }

  private int statfs(Pointer path, Pointer structure) {
    return answer(
        Opcode.STATFS,
        () -> {
          Structures.write(calls.usage(), Statvfs.of(structure));
          return 0;
        });
  }

  private int getxattr(Pointer path, Pointer name, Pointer buffer, long size) {
    return answer(
        Opcode.GETXATTR,
        () ->
            fit(
                calls.extendedAttribute(Structures.octets(path), Structures.octets(name)),
                buffer,
                size));
  }

  private int listxattr(Pointer path, Pointer buffer, long size) {
    return answer(
        Opcode.LISTXATTR,
        () -> fit(calls.extendedAttributes(Structures.octets(path)), buffer, size));
  }

  /** As xattr(7) has it: a size of 0 asks how long it is. */
  private static int fit(byte[] value, Pointer buffer, long size) throws Refused {
    if (size == 0) {
      return value.length;
    }
    if (size < value.length) {
      throw new Refused(Errno.ERANGE);
    }
    buffer.put(0, value, 0, value.length);
    return value.length;
  }

  /** Runs a call, and turns whatever it throws into an error number: nothing may reach C. */
  // Errors too: one that passed here would unwind through frames of C and end the process.
  @SuppressWarnings("CatchingUnchecked")
  private int answer(Opcode operation, Body body) {
    counts.request(operation);
    try {
      return body.run();
    } catch (Refused e) {
      counts.errors.increment();
      return -e.errno;
    } catch (Throwable e) {
      Fatal.handOver(e);
      counts.faults.increment();
      counts.errors.increment();
      LOG.error("{} ended in a fault and was answered with EIO", operation, e);
      return -Errno.EIO;
    }
  }
}
