package org.aeiou.daemon.contract;

import org.aeiou.daemon.fuse.mount.Channel;
import org.aeiou.daemon.fuse.mount.MountOptions;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.testing.Needs;
import org.aeiou.daemon.testing.Needs.Thing;
import org.aeiou.daemon.testing.Programs;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What every channel does for the programs that use it, on a real mount. One subclass for each
 * channel says only how to make it.
 */
@Needs({Thing.FUSE, Thing.FUSERMOUNT, Thing.GETFATTR, Thing.PYTHON3})
@Timeout(120)
public abstract class ChannelContract
    implements ContentContract, NameContract, OutcomeContract, WriteContract, LifeContract {

  @RegisterExtension final ContractMounts mounts = new ContractMounts(this::channel);
  @RegisterExtension final Programs programs = new Programs();

  public abstract Channel channel(FileSystem files, MountOptions options);

  @Override
  public ContractMounts mounts() {
    return mounts;
  }

  @Override
  public Programs programs() {
    return programs;
  }
}
