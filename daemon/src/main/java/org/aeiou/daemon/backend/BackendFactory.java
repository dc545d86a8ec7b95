package org.aeiou.daemon.backend;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.time.InstantSource;
import org.aeiou.daemon.document.References;

/** A kind of back end: how it reads its section of the configuration, and how it starts. */
public interface BackendFactory {

  /** The settings of systems for which the configuration says nothing. */
  PartialSettings standard(References references);

  /**
   * Starts; asks no system yet.
   *
   * @param definitions what is known of objects beforehand
   * @throws IOException if it cannot have what it needs, such as sockets
   */
  Backend start(Ticker ticker, InstantSource clock, Definitions definitions) throws IOException;
}
