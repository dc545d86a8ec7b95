package org.aeiou.daemon.kernel;

import com.google.common.base.Ticker;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.contract.MemoryFileSystem;
import org.aeiou.daemon.fuse.AttrDescriptor;
import org.aeiou.daemon.fuse.HeaderDescriptor;
import org.aeiou.daemon.fuse.Opcode;
import org.aeiou.daemon.kernel.coherence.InodeTable;
import org.aeiou.daemon.kernel.coherence.Notifications;

/** A kernel made of bytes: asks a session, and keeps what it is sent. Single-threaded. */
public final class KernelSide {
  /** A message to the kernel. */
  public record Message(long unique, int error, byte[] payload) {
    public ByteBuffer bytes() {
      return ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
    }

    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    public long longAt(int offset) {
      return bytes().getLong(offset);
    }

    public int intAt(int offset) {
      return bytes().getInt(offset);
    }

    /** The node id of an entry; 0 if the name is known to be absent. */
    public long nodeId() {
      return AttrDescriptor.entryNodeId(bytes(), 0);
    }

    /** For how long an entry's name is valid. */
    long nameValidNanos() {
      return longAt(ENTRY_VALID) * SECOND + intAt(ENTRY_VALID_NANOS);
    }

    /** For how long the attributes of a reply to GETATTR are valid. */
    long attrValidNanos() {
      return longAt(ATTR_VALID) * SECOND + intAt(ATTR_VALID_NANOS);
    }

    /** When the content changed, by the attributes that begin there. */
    long mtimeNanos(int attr) {
      return longAt(attr + MTIME) * SECOND + intAt(attr + MTIME_NANOS);
    }

    /** The size, by the attributes that begin there. */
    long size(int attr) {
      return longAt(attr + SIZE);
    }
  }

  private static final long SECOND = 1_000_000_000L;

  /** Offsets in {@code struct fuse_entry_out}. */
  public static final int ENTRY_VALID = 16;

  public static final int ENTRY_ATTR_VALID = 24;
  public static final int ENTRY_VALID_NANOS = 32;

  /** Offsets in {@code struct fuse_attr_out}. */
  public static final int ATTR_VALID = 0;

  public static final int ATTR_VALID_NANOS = 8;

  /** Offsets in {@code struct fuse_attr}, which both of them hold. */
  public static final int INO = 0;

  public static final int SIZE = 8;
  private static final int MTIME = 32;
  public static final int MTIME_NANOS = 52;

  public final List<byte[]> raw = new ArrayList<>();
  final List<Long> overtaken = new ArrayList<>();
  final List<Long> changedAttributes = new ArrayList<>();
  final List<String> changedNames = new ArrayList<>();
  final List<Long> changedPages = new ArrayList<>();

  /** What waits until names were told. */
  final List<Runnable> afterNames = new ArrayList<>();

  final List<Long> woken = new ArrayList<>();

  /** What is to be done later, and after how long the last of it. */
  final List<Runnable> deferred = new ArrayList<>();

  long deferredNanos;
  final KernelCounters counters = new KernelCounters();
  final Negotiation negotiation = new Negotiation();
  final Session session;
  final ReaderState reader;

  /** What the clock shows. */
  long nowNanos = 1_000_000;

  /** What sending results in. */
  int refusal;

  /** The number of the thread that asks. */
  int thread = 77;

  private long unique;

  public KernelSide(MemoryFileSystem files) {
    this(files, new ReaderState());
  }

  /** For many of them, one after another: the buffers of a reader are large. */
  public KernelSide(MemoryFileSystem files, ReaderState reader) {
    this.reader = reader;
    Ticker ticker =
        new Ticker() {
          @Override
          public long read() {
            return nowNanos;
          }
        };
    session =
        new Session(
            files, ticker, this::after, told(), counters, negotiation, () -> {}, Long.MAX_VALUE);
  }

  private void after(long nanos, Runnable task) {
    deferred.add(task);
    deferredNanos = nanos;
  }

  /** Lets what was put off happen. */
  void runDeferred() {
    List<Runnable> due = List.copyOf(deferred);
    deferred.clear();
    due.forEach(Runnable::run);
  }

  /** Lets the time pass after which what was put off happens, and that happen. */
  void passDeferred() {
    while (!deferred.isEmpty()) {
      nowNanos += deferredNanos;
      runDeferred();
    }
  }

  private Notifications told() {
    return new Notifications() {
      @Override
      public void overtakeAttributes(long nodeId) {
        overtaken.add(nodeId);
      }

      @Override
      public void attributesChanged(long nodeId) {
        changedAttributes.add(nodeId);
      }

      @Override
      public void nameChanged(long parentId, String name) {
        changedNames.add(parentId + "/" + name);
      }

      @Override
      public void pagesChanged(long nodeId) {
        changedPages.add(nodeId);
      }

      @Override
      public void afterNames(long parentId, Runnable then) {
        afterNames.add(then);
      }

      @Override
      public void wake(long kernelHandle) {
        woken.add(kernelHandle);
      }
    };
  }

  int sink(Reply message) {
    byte[] bytes = new byte[message.length()];
    message.bytes().get(0, bytes);
    raw.add(bytes);
    return refusal;
  }

  /** Hands a request over as it is. */
  public void feed(byte[] request) {
    ByteBuffer in = ByteBuffer.wrap(request).order(ByteOrder.LITTLE_ENDIAN);
    session.handle(in, this::sink, reader);
  }

  /** Hands a request over; returns its number. */
  long send(Opcode opcode, long nodeId, byte[] body) {
    return send(opcode.number, nodeId, body);
  }

  long send(int opcode, long nodeId, byte[] body) {
    unique += 2;
    feed(request(opcode, unique, nodeId, thread, body));
    return unique;
  }

  public static byte[] request(int opcode, long unique, long nodeId, byte[] body) {
    return request(opcode, unique, nodeId, 0, body);
  }

  public static byte[] request(int opcode, long unique, long nodeId, int thread, byte[] body) {
    int length = HeaderDescriptor.IN_LENGTH + body.length;
    return body(length)
        .putInt(length)
        .putInt(opcode)
        .putLong(unique)
        .putLong(nodeId)
        .putInt(0)
        .putInt(0)
        .putInt(thread)
        .putInt(0)
        .put(body)
        .array();
  }

  public static ByteBuffer body(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Hands a request over and takes its reply, which must be there. */
  Message ask(Opcode opcode, long nodeId, byte[] body) {
    long asked = send(opcode, nodeId, body);
    Message reply = takeOnly();
    if (reply.unique() != asked) {
      throw new AssertionError("reply to " + reply.unique() + " instead of " + asked);
    }
    return reply;
  }

  /** Takes the only message sent since the last one was taken. */
  Message takeOnly() {
    if (raw.size() != 1) {
      throw new AssertionError(raw.size() + " messages instead of one");
    }
    return message(raw.remove(0));
  }

  public static Message message(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (in.getInt(0) != bytes.length) {
      throw new AssertionError("length " + in.getInt(0) + " of " + bytes.length + " bytes");
    }
    byte[] payload = new byte[bytes.length - HeaderDescriptor.OUT_LENGTH];
    in.get(HeaderDescriptor.OUT_LENGTH, payload);
    return new Message(in.getLong(8), -in.getInt(4), payload);
  }

  public Message lookUp(long parent, String name) {
    return ask(Opcode.LOOKUP, parent, name(name));
  }

  /** Looks a path up, from the root; returns its node id. */
  long nodeId(String path) {
    long nodeId = InodeTable.ROOT_ID;
    for (String name : path.substring(1).split("/", -1)) {
      Message entry = lookUp(nodeId, name);
      if (entry.error() != 0) {
        throw new AssertionError(path + ": error " + entry.error());
      }
      nodeId = entry.nodeId();
    }
    return nodeId;
  }

  public static byte[] name(String name) {
    return (name + "\0").getBytes(StandardCharsets.UTF_8);
  }

  public static byte[] read(long offset, int size) {
    return body(40).putLong(8, offset).putInt(16, size).array();
  }

  /** The body of a WRITE. */
  public static byte[] write(long offset, String text) {
    return write(offset, 0, 0, text);
  }

  public static byte[] write(long offset, int writeFlags, int openFlags, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return body(40 + bytes.length)
        .putLong(8, offset)
        .putInt(16, bytes.length)
        .putInt(20, writeFlags)
        .putInt(32, openFlags)
        .put(40, bytes)
        .array();
  }

  /** The body of a SETATTR. */
  public static byte[] setattr(int which, long size) {
    return body(88).putInt(0, which).putLong(16, size).array();
  }

  public static byte[] getattr(int flags) {
    return body(16).putInt(0, flags).array();
  }

  /** The body of a POLL for a change through an open file. */
  public static byte[] poll(long handle, boolean waits, int events) {
    return body(24).putLong(8, handle).putInt(16, waits ? 1 : 0).putInt(20, events).array();
  }

  public static byte[] number(long number) {
    return body(8).putLong(0, number).array();
  }

  public long counter(String name) {
    Map<String, Long> sums = counters.metrics().values();
    if (!sums.containsKey(name)) {
      throw new AssertionError("no counter " + name);
    }
    return sums.get(name);
  }
}
