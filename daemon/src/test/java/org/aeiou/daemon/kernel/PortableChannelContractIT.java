package org.aeiou.daemon.kernel;

import org.aeiou.daemon.portable.PortableChannel;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.testing.Needs;
import org.aeiou.daemon.testing.Needs.Thing;

@Needs({Thing.FUSE, Thing.LIBFUSE2, Thing.FUSERMOUNT, Thing.GETFATTR, Thing.PYTHON3})
final class PortableChannelContractIT extends ChannelContract {
  @Override
  Channel channel(FileSystem files, MountOptions options) {
    return new PortableChannel(files, options);
  }

  @Override
  public Class<? extends Channel> channelClass() {
    return PortableChannel.class;
  }
}
