package org.aeiou.daemon.cli.mounting;

import org.aeiou.daemon.app.MountedDaemon.ChannelKind;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the value of {@code --channel}. */
final class ChannelKindConverter implements ITypeConverter<ChannelKind> {
  @Override
  public ChannelKind convert(String value) {
    for (ChannelKind kind : ChannelKind.values()) {
      if (kind.toString().equals(value)) {
        return kind;
      }
    }
    throw new TypeConversionException(
        "'" + value + "' is not a channel; expected kernel, jnr-fuse or auto");
  }
}
