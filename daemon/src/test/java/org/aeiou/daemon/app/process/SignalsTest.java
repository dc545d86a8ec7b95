package org.aeiou.daemon.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SignalsTest {
  @Test
  void theActionRunsEachTimeTheSignalComes() throws Exception {
    // WINCH is harmless to a process that does not handle it.
    CountDownLatch twice = new CountDownLatch(2);
    CountDownLatch once = new CountDownLatch(1);
    Signals.handle(
        "WINCH",
        () -> {
          twice.countDown();
          once.countDown();
        });
    raise();
    // The kernel merges signals that are pending: the second goes out when the first has come.
    assertThat(once.await(10, TimeUnit.SECONDS)).isTrue();
    raise();
    assertThat(twice.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aSignalThatDoesNotExistIsNoReasonToFail() {
    Signals.handle("NOSUCHSIGNAL", () -> {});
  }

  private static void raise() throws Exception {
    String self = Long.toString(ProcessHandle.current().pid());
    assertThat(new ProcessBuilder("kill", "-WINCH", self).start().waitFor()).isZero();
  }
}
