package org.aeiou.daemon.backend.snmp;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.time.InstantSource;
import org.aeiou.daemon.backend.Backend;
import org.aeiou.daemon.backend.BackendFactory;
import org.aeiou.daemon.backend.Definitions;
import org.aeiou.daemon.backend.PartialSettings;
import org.aeiou.daemon.document.References;

/** SNMP as a back end, configured by sections called {@code snmp}. */
public final class SnmpFactory implements BackendFactory {

  @Override
  public PartialSettings standard(References references) {
    return SnmpPartialSettings.standard(references);
  }

  @Override
  public Backend start(Ticker ticker, InstantSource clock, Definitions definitions)
      throws IOException {
    return new SnmpBackend(ticker, clock, SnmpOptions.DEFAULT, definitions);
  }
}
