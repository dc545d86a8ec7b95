package org.aeiou.daemon.backend.file;

import com.google.common.base.Ticker;
import java.time.InstantSource;
import java.util.Map;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.daemon.backend.Backend;
import org.aeiou.daemon.backend.BackendFactory;
import org.aeiou.daemon.backend.BackendSettings;
import org.aeiou.daemon.backend.Definitions;
import org.aeiou.daemon.backend.PartialLimits;
import org.aeiou.daemon.backend.PartialSettings;
import org.aeiou.daemon.document.References;
import org.aeiou.daemon.document.Section;

/** Files as a back end, configured by sections called {@code file}; an address is a path. */
public final class FileFactory implements BackendFactory {

  /** The path of a system's file. */
  record Settings(String address) implements BackendSettings {
    @Override
    public boolean isSameAgent(BackendSettings other) {
      return equals(other);
    }

    @Override
    public Map<String, Object> shown() {
      return Map.of();
    }
  }

  private record Partial(PartialLimits said) implements PartialSettings {
    @Override
    public PartialSettings with(Section section) {
      Partial all = new Partial(said.with(section));
      section.done();
      return all;
    }

    @Override
    public Limits limits() {
      return said.limits();
    }

    @Override
    public BackendSettings complete(Section system, Section section) {
      system.needs("address", "expected the path of a file");
      return new Settings(system.value("address", "", text -> text));
    }
  }

  @Override
  public PartialSettings standard(References references) {
    return new Partial(PartialLimits.STANDARD);
  }

  @Override
  public Backend start(Ticker ticker, InstantSource clock, Definitions definitions) {
    return new FileBackend(ticker, clock);
  }
}
