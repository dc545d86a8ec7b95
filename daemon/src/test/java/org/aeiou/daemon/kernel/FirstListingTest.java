package org.aeiou.daemon.kernel;

import static org.aeiou.daemon.fuse.AttrDescriptor.ATTR_OUT_ATTR;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.aeiou.daemon.contract.MemoryFileSystem;
import org.aeiou.daemon.fuse.Opcode;
import org.junit.jupiter.api.Test;

/** The first listing of a directory tells what was not known, and changes nothing. */
class FirstListingTest {
  private static final MemoryFileSystem.Place D = new MemoryFileSystem.Place("/d", true);

  private final MemoryFileSystem files = new MemoryFileSystem().file("/d/b", "one\n");
  private final KernelSide kernel = new KernelSide(files);
  private final long d = kernel.nodeId("/d");

  private long changedNanos() {
    return kernel.ask(Opcode.GETATTR, d, KernelSide.getattr(0)).mtimeNanos(ATTR_OUT_ATTR);
  }

  private void list(Runnable meanwhile) {
    files.held.add("/d/");
    kernel.send(Opcode.READDIR, d, KernelSide.read(0, 4096));
    meanwhile.run();
    files.completeAll();
    kernel.takeOnly();
    files.held.clear();
  }

  @Test
  void movesNoTimeWhenItsAnswerComes() {
    long before = changedNanos();
    list(() -> files.observers.forEach(observer -> observer.namesLearned(D)));
    assertThat(changedNanos()).isEqualTo(before);
  }

  @Test
  void isListedAnewIfItsNamesChangeMeanwhile() {
    long before = changedNanos();
    list(() -> files.observers.forEach(observer -> observer.namesChanged(D, List.of())));
    assertThat(changedNanos()).isGreaterThan(before);
  }

  @Test
  void isListedAnewIfTheAnswerWasForgottenAndCameAgain() {
    list(() -> {});
    long before = changedNanos();
    files.observers.forEach(observer -> observer.namesLearned(D));
    assertThat(changedNanos()).isGreaterThan(before);
  }
}
