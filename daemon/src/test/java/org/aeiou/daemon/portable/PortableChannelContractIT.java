package org.aeiou.daemon.portable;

import org.aeiou.daemon.contract.ChannelContract;
import org.aeiou.daemon.fuse.mount.Channel;
import org.aeiou.daemon.fuse.mount.MountOptions;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.testing.Needs;
import org.aeiou.daemon.testing.Needs.Thing;

@Needs({Thing.FUSE, Thing.LIBFUSE2, Thing.FUSERMOUNT, Thing.GETFATTR, Thing.PYTHON3})
final class PortableChannelContractIT extends ChannelContract {
  @Override
  public Channel channel(FileSystem files, MountOptions options) {
    return new PortableChannel(files, options);
  }

  @Override
  public Class<? extends Channel> channelClass() {
    return PortableChannel.class;
  }
}
