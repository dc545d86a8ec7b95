package org.aeiou.daemon.cli;

import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.catalogue.InvalidCatalogueException;
import org.aeiou.daemon.config.Configuration;

/** Loads the catalogue that a configuration wants. */
final class Catalogues {
  private Catalogues() {}

  static Catalogue load(Configuration configuration) {
    try {
      return Catalogue.load(configuration.catalogueFiles());
    } catch (InvalidCatalogueException e) {
      throw new CommandFailure(
          ExitCode.CONFIGURATION, "the catalogue has errors:\n" + e.getMessage());
    }
  }
}
