package org.aeiou.daemon.app;

import com.google.common.base.Ticker;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.app.process.LastResort;
import org.aeiou.daemon.app.process.Signals;
import org.aeiou.daemon.fuse.mount.MountOptions;
import org.aeiou.daemon.kernel.KernelChannel;
import org.aeiou.daemon.kernel.ScriptedFileSystem;
import org.aeiou.daemon.logging.Logging;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.TimerThread;

/**
 * A mount on which looking for a name does harm: {@code DyingDaemon DIRECTORY}. It prints {@code
 * mounted}.
 */
final class DyingDaemon {
  /** What it ends with when a thread dies. */
  static final int EXIT_CODE = 70;

  private final KernelChannel channel;
  private final TimerThread timer = new TimerThread("aeiou-timer");

  private DyingDaemon(Path mountPoint) {
    ScriptedFileSystem files = new ScriptedFileSystem();
    FileSystem harmful =
        (FileSystem)
            Proxy.newProxyInstance(
                DyingDaemon.class.getClassLoader(),
                new Class<?>[] {FileSystem.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("lookup")) {
                    harm((String) arguments[2]);
                  }
                  try {
                    return method.invoke(files, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    channel = new KernelChannel(harmful, new MountOptions(mountPoint, false, "aeiou-test"));
  }

  private void harm(String name) throws InterruptedException {
    switch (name) {
      case "memory-in-reader" -> throw new OutOfMemoryError("as the test says");
      case "memory-in-timer" ->
          timer.after(
              0,
              () -> {
                throw new OutOfMemoryError("as the test says");
              });
      case "error-in-timer" ->
          timer.after(
              0,
              () -> {
                throw new AssertionError("as the test says");
              });
      case "thread" ->
          new Thread(
                  () -> {
                    throw new IllegalStateException("as the test says");
                  },
                  "aeiou-core-7")
              .start();
      case "lock" -> {
        CountDownLatch locked = new CountDownLatch(1);
        Thread holder = new Thread(() -> hold(locked), "holder");
        holder.setDaemon(true);
        holder.start();
        locked.await();
      }
      default -> {}
    }
  }

  private void hold(CountDownLatch locked) {
    synchronized (channel) {
      locked.countDown();
      try {
        TimeUnit.DAYS.sleep(1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  public static void main(String[] arguments) throws Exception {
    Logging.start(false);
    DyingDaemon daemon = new DyingDaemon(Path.of(arguments[0]));
    LastResort lastResort = new LastResort(daemon.channel::abandon, Ticker.systemTicker());
    lastResort.whenAThreadDies(EXIT_CODE);
    Signals.handle("TERM", () -> MountedDaemon.unmount(daemon.channel, lastResort));
    daemon.channel.mount();
    System.out.println("mounted");
    daemon.channel.awaitUnmounted();
  }
}
