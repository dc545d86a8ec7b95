package org.aeiou.daemon.kernel;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.contract.MemoryFileSystem;
import org.aeiou.daemon.fuse.Opcode;

/**
 * What a coverage-guided fuzzer runs: bytes become messages of a kernel that has lost its mind, in
 * any order with what the file system does meanwhile. Whatever they are, each request that can be
 * answered is, once, and nothing is left of it.
 *
 * <p>An input is a sequence of steps: a byte that says what, and its arguments. See {@link FuzzIT}.
 */
public final class SessionFuzzTarget {
  static final int ASK = 0;
  static final int RAW = 1;
  static final int COMPLETE = 2;
  static final int PASS = 3;
  static final int INTERRUPT = 4;
  private static final int STEPS = 5;

  private static final int NODES = 16;
  private static final int MOST_NODES = 10_000;
  private static final int UNIQUE = 8;

  private static final ReaderState LANE = new ReaderState();

  private final MemoryFileSystem files =
      new MemoryFileSystem()
          .file("/a", "hello\n")
          .file("/slow", "slow\n")
          .file("/d/b", "b\n")
          .file("/d/c", "c\n");
  private final KernelSide kernel = new KernelSide(files, LANE);
  private final ByteBuffer input;
  private final List<Long> asked = new ArrayList<>();
  private final Map<Long, Integer> replies = new HashMap<>();
  private boolean isForged;

  private SessionFuzzTarget(byte[] input) {
    this.input = ByteBuffer.wrap(input);
    files.held.add("/slow");
    files.held.add("/d/");
    files.xattrs.put("user.aeiou.oid", new byte[20]);
    files.writable.addAll(List.of("/a", "/slow"));
    files.held.add(MemoryFileSystem.write("/slow"));
  }

  /** One input; what it throws is a finding. */
  public static void fuzzerTestOneInput(byte[] input) {
    new SessionFuzzTarget(input).run();
  }

  private void run() {
    for (String path : new String[] {"/a", "/d"}) {
      kernel.nodeId(path);
    }
    while (input.hasRemaining()) {
      step();
      count();
    }
    finish();
  }

  private int next() {
    return input.hasRemaining() ? input.get() & 0xff : 0;
  }

  private byte[] bytes() {
    byte[] bytes = new byte[Math.min(next(), input.remaining())];
    input.get(bytes);
    return bytes;
  }

  private void step() {
    switch (next() % STEPS) {
      case ASK -> ask();
      case RAW -> raw();
      case COMPLETE -> files.completeAll();
      case PASS -> kernel.passDeferred();
      default -> interrupt();
    }
  }

  /** A request that is in order up to its body. */
  private void ask() {
    int opcode = next();
    long node = next() % NODES;
    kernel.thread = next();
    boolean answered =
        opcode != Opcode.FORGET.number
            && opcode != Opcode.BATCH_FORGET.number
            && opcode != Opcode.INTERRUPT.number
            && opcode != Opcode.NOTIFY_REPLY.number;
    long unique = kernel.send(opcode, node, bytes());
    if (answered) {
      asked.add(unique);
    }
  }

  private void raw() {
    byte[] message = bytes();
    isForged |= message.length > UNIQUE;
    kernel.feed(message);
  }

  private void interrupt() {
    if (!asked.isEmpty()) {
      long unique = asked.get(next() % asked.size());
      kernel.send(Opcode.INTERRUPT, 0, KernelSide.number(unique));
    }
  }

  private void count() {
    for (byte[] message : kernel.raw) {
      replies.merge(KernelSide.message(message).unique(), 1, Integer::sum);
    }
    kernel.raw.clear();
  }

  private void finish() {
    files.completeAll();
    kernel.passDeferred();
    files.completeAll();
    count();
    for (long unique : asked) {
      int count = replies.getOrDefault(unique, 0);
      // A message that is made up may take another's number.
      if (count == 0 || (count > 1 && !isForged)) {
        throw new AssertionError(count + " replies to request " + unique);
      }
    }
    for (long node = 2; kernel.counter("inodes") > 1 && node < MOST_NODES; node++) {
      kernel.send(Opcode.FORGET, node, KernelSide.number(Long.MAX_VALUE));
    }
    none("pending");
    none("faults");
    none("polled");
    none("written");
    if (kernel.counter("inodes") != 1) {
      throw new AssertionError(kernel.counter("inodes") + " inodes after all are forgotten");
    }
  }

  private void none(String counter) {
    if (kernel.counter(counter) != 0) {
      throw new AssertionError(kernel.counter(counter) + " " + counter);
    }
  }
}
