package org.aeiou.daemon.contract;

import java.nio.file.Path;
import org.aeiou.daemon.fuse.mount.Channel;
import org.aeiou.daemon.fuse.mount.MountOptions;
import org.aeiou.daemon.kernel.ScriptedFileSystem;
import org.aeiou.daemon.service.FileSystem;

/** A daemon that can be killed: mounts with a given class of channel, says so, and waits. */
final class MountAndWait {
  private MountAndWait() {}

  public static void main(String[] arguments) throws Exception {
    try (ScriptedFileSystem files = new ScriptedFileSystem();
        Channel channel =
            Class.forName(arguments[0])
                .asSubclass(Channel.class)
                .getConstructor(FileSystem.class, MountOptions.class)
                .newInstance(
                    files, new MountOptions(Path.of(arguments[1]), false, ContractMounts.SOURCE))) {
      files.file("/of-the-first-daemon/Gi1∕0∕24", "up");
      channel.mount();
      System.out.println("mounted");
      channel.awaitUnmounted();
    }
  }
}
