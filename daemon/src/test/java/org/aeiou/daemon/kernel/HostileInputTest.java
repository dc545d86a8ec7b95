package org.aeiou.daemon.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.aeiou.daemon.contract.MemoryFileSystem;
import org.aeiou.daemon.fuse.Golden;
import org.aeiou.daemon.fuse.HeaderDescriptor;
import org.aeiou.daemon.fuse.Opcode;
import org.junit.jupiter.api.Test;

/** Bytes that no kernel sends. */
final class HostileInputTest {
  private static final int REQUESTS = 200_000;

  /** Numbers of requests from here on are given here: no mutation makes one of these up. */
  private static final long FIRST = 0x1122_3344_0000_0000L;

  private final MemoryFileSystem files =
      new MemoryFileSystem()
          .file("/a", "hello\n")
          .file("/slow", "slow\n")
          .file("/d/b", "b\n")
          .file("/d/c", "c\n");

  /**
   * Every request that can be answered is, once; nothing throws; nothing waits for ever; what the
   * session holds at the end it can account for.
   */
  @Test
  void randomAndMutatedRequestsAreAnsweredOnceOrNotAtAll() {
    Random random = new Random(20070215);
    files.held.add("/slow");
    files.held.add("/d/");
    files.xattrs.put("user.aeiou.oid", new byte[20]);
    files.writable.addAll(List.of("/a", "/slow"));
    files.held.add(MemoryFileSystem.write("/slow"));
    KernelSide kernel = new KernelSide(files);
    for (String path : new String[] {"/a", "/d", "/d/b"}) {
      kernel.nodeId(path);
    }
    kernel.send(Opcode.LOOKUP, 1, KernelSide.name("slow"));
    files.completeAll();
    kernel.raw.clear();

    List<byte[]> seeds = seeds();
    long unique = FIRST;
    Map<Long, Integer> replies = new HashMap<>();
    for (int i = 0; i < REQUESTS; i++) {
      byte[] request =
          random.nextInt(10) == 0
              ? random(random)
              : mutate(random, seeds.get(random.nextInt(seeds.size())));
      unique += 2;
      // A number of its own, so that replies can be told apart; else anything goes.
      if (request.length >= HeaderDescriptor.UNIQUE_KNOWN && random.nextInt(50) != 0) {
        KernelSide.body(8).putLong(unique).flip().get(request, 8, 8);
      }
      kernel.feed(request);
      for (byte[] message : kernel.raw) {
        KernelSide.Message reply = KernelSide.message(message);
        replies.merge(reply.unique(), 1, Integer::sum);
      }
      kernel.raw.clear();
      if (random.nextInt(20) == 0) {
        files.completeAll();
        kernel.passDeferred();
        kernel.raw.forEach(
            message -> replies.merge(KernelSide.message(message).unique(), 1, Integer::sum));
        kernel.raw.clear();
      }
    }
    files.completeAll();
    kernel.passDeferred();

    // Numbers given here are given once, and answered at most once.
    long last = unique;
    assertThat(replies.keySet()).doesNotContain(0L);
    assertThat(
            replies.entrySet().stream()
                .filter(e -> e.getKey() > FIRST && e.getKey() <= last)
                .filter(e -> e.getValue() > 1))
        .isEmpty();
    assertThat(replies).hasSizeGreaterThan(REQUESTS / 2);
    assertThat(kernel.counter("pending")).isZero();
    assertThat(kernel.counter("faults")).isZero();
    assertThat(kernel.counter("malformed")).isGreaterThan(REQUESTS / 20);
    // A polled inode no longer stands for its node, so that there are more of them than nodes.
    for (long node = 2; node <= 1000; node++) {
      kernel.send(Opcode.FORGET, node, KernelSide.number(Long.MAX_VALUE));
    }
    assertThat(kernel.counter("inodes")).isEqualTo(1);
    assertThat(kernel.counter("polled")).isZero();
    // And it still works.
    kernel.raw.clear();
    assertThat(kernel.ask(Opcode.STATFS, 1, new byte[0]).error()).isZero();
  }

  /** One of each request. Not DESTROY, which ends nothing here, and is in the mutations anyhow. */
  private static List<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    for (byte[] golden :
        new byte[][] {
          Golden.LOOKUP_IN,
          Golden.GETATTR_IN,
          Golden.READ_IN,
          Golden.READDIR_IN,
          Golden.READDIRPLUS_IN,
          Golden.WRITE_IN,
          Golden.SETATTR_IN,
          Golden.FSYNC_IN,
          Golden.STATFS_IN,
          Golden.GETXATTR_IN,
          Golden.LISTXATTR_IN,
          Golden.OPEN_IN,
          Golden.POLL_IN,
          Golden.BATCH_FORGET_IN,
          Golden.INTERRUPT_IN,
          Golden.INIT_IN
        }) {
      seeds.add(golden);
    }
    for (long node = 1; node <= 5; node++) {
      seeds.add(KernelSide.request(Opcode.READ.number, 2, node, KernelSide.read(0, 4096)));
      seeds.add(KernelSide.request(Opcode.READDIR.number, 2, node, KernelSide.read(0, 4096)));
      seeds.add(KernelSide.request(Opcode.READDIRPLUS.number, 2, node, KernelSide.read(0, 4096)));
      seeds.add(KernelSide.request(Opcode.GETATTR.number, 2, node, KernelSide.getattr(1)));
    }
    for (String name : new String[] {"a", "slow", "d", "none"}) {
      seeds.add(KernelSide.request(Opcode.LOOKUP.number, 2, 1, KernelSide.name(name)));
    }
    return seeds;
  }

  private static byte[] random(Random random) {
    byte[] bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] mutate(Random random, byte[] seed) {
    byte[] bytes = seed.clone();
    int changes = random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[at] = (byte) (random.nextBoolean() ? 0xff : 0x7f);
        case 3 -> bytes = java.util.Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length + 40));
        default -> {
          // The length fits what there is, so that what is behind it is looked at.
          if (bytes.length >= 4) {
            KernelSide.body(4).putInt(bytes.length).flip().get(bytes, 0, 4);
          }
        }
      }
    }
    return bytes;
  }
}
