package org.aeiou.daemon.contract;

import java.io.IOException;
import java.nio.file.Path;
import org.aeiou.daemon.fuse.mount.MountOptions;
import org.aeiou.daemon.kernel.KernelChannel;

/**
 * A program that serves a mount until its input ends: {@code MountedChild DIRECTORY [allow-other]}.
 * It prints {@code mounted}, or why not. Reads of {@code /pending} are never answered.
 */
final class MountedChild {
  private MountedChild() {}

  public static void main(String[] arguments) throws IOException {
    MemoryFileSystem files = new MemoryFileSystem().file("/a", "hello\n").file("/pending", "x");
    files.unread.add("/pending");
    files.held.add("/pending");
    MountOptions options =
        new MountOptions(Path.of(arguments[0]), arguments.length > 1, "aeiou-test");
    try (KernelChannel channel = new KernelChannel(files, options)) {
      channel.mount();
      System.out.println("mounted");
      while (System.in.read() >= 0) {
        // Until the end.
      }
    } catch (IOException e) {
      System.out.println(e.getMessage());
    }
  }
}
