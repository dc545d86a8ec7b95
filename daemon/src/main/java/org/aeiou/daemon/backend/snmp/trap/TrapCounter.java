package org.aeiou.daemon.backend.snmp.trap;

/** What is counted of traps and informs: the name that each counter is read by, and its help. */
enum TrapCounter {
  RECEIVED("traps.received", "Datagrams that came to where traps are received."),
  TRAPS("traps.traps", "Traps that were taken in."),
  INFORMS("traps.informs", "Informs that were taken in and acknowledged."),
  DUPLICATES(
      "traps.duplicates", "Informs that had been taken in before, and were acknowledged again."),
  REPORTS("traps.reports", "Reports that were sent: to discoveries, and to messages of v3."),
  UNKNOWN_SENDER(
      "traps.dropped.unknown-sender", "Traps dropped: from an address that is no system's."),
  UNKNOWN_COMMUNITY(
      "traps.dropped.community", "Traps dropped: with a community that is not configured."),
  UNKNOWN_USER(
      "traps.dropped.user", "Traps dropped: of a user that is not configured for the sender."),
  NOT_AUTHENTIC(
      "traps.dropped.not-authentic",
      "Traps dropped: not authentic, not encrypted as configured, not to be decrypted, or repeated."),
  GARBAGE("traps.dropped.garbage", "Datagrams dropped: no trap or inform that can be decoded."),
  STORM(
      "traps.dropped.storm",
      "Traps dropped: too many of one source. What is watched is read again instead."),
  AMBIGUOUS(
      "traps.ambiguous",
      "Traps of an address that is several systems', of which none could be told to be meant."),
  FORWARDED(
      "traps.forwarded",
      "Traps of an address that is no system's, which name a system's address as their source."),
  FAILED("traps.failed", "Traps that could not be taken in because of a fault of the daemon."),
  SEND_FAILED("traps.send-failed", "Responses and reports that could not be sent.");

  final String key;
  final String help;

  TrapCounter(String key, String help) {
    this.key = key;
    this.help = help;
  }
}
