package org.aeiou.daemon.catalogue;

import java.util.List;

/** A catalogue file says something that cannot be. Says all that is wrong, not only the first. */
public final class InvalidCatalogueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  // An ArrayList or an immutable list, so serialisable.
  @SuppressWarnings("serial")
  private final List<String> problems;

  InvalidCatalogueException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** One line each: file, line, key, value, what was expected. Never empty. */
  public List<String> problems() {
    return problems;
  }
}
