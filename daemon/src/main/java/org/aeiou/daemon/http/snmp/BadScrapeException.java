package org.aeiou.daemon.http.snmp;

/** A request that cannot be answered; the message says why, and what to do. */
final class BadScrapeException extends Exception {
  private static final long serialVersionUID = 1L;

  BadScrapeException(String message) {
    super(message, null, false, false);
  }
}
