package org.aeiou.daemon.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.aeiou.daemon.contract.MemoryFileSystem;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.fuse.Opcode;
import org.aeiou.daemon.kernel.coherence.Inode;
import org.aeiou.daemon.kernel.coherence.InodeTable;
import org.junit.jupiter.api.Test;

/** The kernel's look-ups and forgets against the simplest thing that counts them. */
final class LookUpCountsTest {
  private static final long ROOT = InodeTable.ROOT_ID;

  @Test
  void tableHoldsExactlyWhatWasLookedUpAndNotForgotten() {
    Random random = new Random(7);
    MemoryFileSystem files = new MemoryFileSystem();
    for (int i = 0; i < 300; i++) {
      files.file("/n" + i, "");
    }
    KernelSide kernel = new KernelSide(files);
    Map<Long, Long> counts = new HashMap<>();
    Map<Long, String> names = new HashMap<>();
    Set<Long> gone = new HashSet<>();
    for (int step = 0; step < 20_000; step++) {
      switch (random.nextInt(step % 2000 < 1000 ? 4 : 12)) {
        case 0, 1 -> {
          String name = "n" + random.nextInt(300);
          long id = kernel.lookUp(ROOT, name).nodeId();
          assertThat(gone).doesNotContain(id);
          assertThat(names.merge(id, name, (old, now) -> old)).isEqualTo(name);
          counts.merge(id, 1L, Long::sum);
        }
        case 2 -> {
          long cookie = 0;
          for (Pages.Entry entry : Pages.page(kernel, ROOT, cookie, 2000, true)) {
            if (entry.nodeId() != 0) {
              counts.merge(entry.nodeId(), 1L, Long::sum);
              names.put(entry.nodeId(), entry.name());
            }
          }
        }
        default -> {
          List<Long> known = new ArrayList<>(counts.keySet());
          if (!known.isEmpty()) {
            long id = known.get(random.nextInt(known.size()));
            long count = 1L + random.nextInt(counts.get(id).intValue());
            if (random.nextBoolean()) {
              kernel.send(Opcode.FORGET, id, KernelSide.number(count));
            } else {
              kernel.send(
                  Opcode.BATCH_FORGET,
                  0,
                  KernelSide.body(24).putInt(0, 1).putLong(8, id).putLong(16, count).array());
            }
            if (counts.merge(id, -count, Long::sum) == 0) {
              counts.remove(id);
              names.remove(id);
              gone.add(id);
              assertThat(kernel.ask(Opcode.GETATTR, id, new byte[16]).error())
                  .isEqualTo(Errno.ESTALE);
            }
          }
        }
      }
      assertThat(kernel.counter("inodes")).isEqualTo(counts.size() + 1L);
    }
    assertThat(gone).hasSizeGreaterThan(1000);
    assertThat(kernel.counter("forgets-unknown")).isZero();
  }

  @Test
  void forgettingMoreThanWasLookedUpIsCountedAndHarmless() {
    KernelSide kernel = new KernelSide(new MemoryFileSystem().file("/a", ""));
    long a = kernel.nodeId("/a");
    kernel.send(Opcode.FORGET, a, KernelSide.number(-1));
    kernel.send(Opcode.FORGET, a, KernelSide.number(1));
    kernel.send(Opcode.FORGET, 12345, KernelSide.number(1));
    kernel.send(Opcode.FORGET, ROOT, KernelSide.number(1000));
    assertThat(kernel.counter("forgets-unknown")).isEqualTo(3);
    assertThat(kernel.ask(Opcode.GETATTR, ROOT, new byte[16]).error()).isZero();
  }

  @Test
  void threadsThatLookUpAndForgetTheSameNodesLeaveNothing() throws Exception {
    InodeTable table = new InodeTable(new MemoryFileSystem.Place("", true));
    int threads = 4;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        Random random = new Random(t);
        ends.add(
            pool.submit(
                () -> {
                  List<Inode> held = new ArrayList<>();
                  for (int i = 0; i < 50_000; i++) {
                    String name = "n" + random.nextInt(50);
                    held.add(
                        table.lookUp(
                            new MemoryFileSystem.Place("/" + name, false), table.root(), name));
                    if (held.size() > 20) {
                      Inode inode = held.remove(random.nextInt(held.size()));
                      assertThat(table.get(inode.id)).isSameAs(inode);
                      assertThat(table.forget(inode.id, 1)).isTrue();
                    }
                  }
                  held.forEach(inode -> assertThat(table.forget(inode.id, 1)).isTrue());
                }));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(table.size()).isEqualTo(1);
  }

  @Test
  void tableGrowsAndShrinksWithManyNodes() {
    InodeTable table = new InodeTable(new MemoryFileSystem.Place("", true));
    List<Inode> inodes = new ArrayList<>();
    for (int i = 0; i < 200_000; i++) {
      String name = "n" + i;
      inodes.add(table.lookUp(new MemoryFileSystem.Place("/" + name, false), table.root(), name));
    }
    assertThat(table.size()).isEqualTo(200_001);
    for (Inode inode : inodes) {
      assertThat(table.get(inode.id)).isSameAs(inode);
    }
    inodes.forEach(inode -> assertThat(table.forget(inode.id, 1)).isTrue());
    assertThat(table.size()).isEqualTo(1);
    assertThat(table.get(ROOT)).isSameAs(table.root());
  }
}
