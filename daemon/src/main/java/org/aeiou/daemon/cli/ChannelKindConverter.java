package org.aeiou.daemon.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the value of {@code --channel}. */
final class ChannelKindConverter implements ITypeConverter<MountCommand.ChannelKind> {
  @Override
  public MountCommand.ChannelKind convert(String value) {
    for (MountCommand.ChannelKind kind : MountCommand.ChannelKind.values()) {
      if (kind.toString().equals(value)) {
        return kind;
      }
    }
    throw new TypeConversionException(
        "'" + value + "' is not a channel; expected kernel, jnr-fuse or auto");
  }
}
