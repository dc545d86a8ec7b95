package org.aeiou.daemon.kernel;

import org.aeiou.daemon.contract.ChannelContract;
import org.aeiou.daemon.fuse.mount.Channel;
import org.aeiou.daemon.fuse.mount.MountOptions;
import org.aeiou.daemon.service.FileSystem;

final class KernelChannelContractIT extends ChannelContract {
  @Override
  public Channel channel(FileSystem files, MountOptions options) {
    return new KernelChannel(files, options);
  }

  @Override
  public Class<? extends Channel> channelClass() {
    return KernelChannel.class;
  }
}
