package org.aeiou.daemon.backend.snmp.message;

/** What the SNMP back end counts; each has one name in the daemon's statistics. */
public enum SnmpCounter {
  /** Exchanges that were started. */
  EXCHANGES("snmp.exchanges"),
  SENT("snmp.datagrams.sent"),
  /** Datagrams that had to wait because the socket's buffer was full. */
  SENT_DELAYED("snmp.datagrams.delayed"),
  SEND_FAILED("snmp.datagrams.send-failed"),
  RECEIVED("snmp.datagrams.received"),
  /** Not an SNMP response at all. */
  GARBAGE("snmp.dropped.garbage"),
  /** A response to nothing that was asked, or asked too long ago to be remembered. */
  UNMATCHED("snmp.dropped.unmatched"),
  /** A second response to the same request. */
  DUPLICATE("snmp.dropped.duplicate"),
  /** A response from another address or port than was asked. */
  OTHER_ADDRESS("snmp.dropped.other-address"),
  /** A response with another version or community than the request's. */
  OTHER_CREDENTIALS("snmp.dropped.other-credentials"),
  /** A response of v3 that is not authentic, cannot be decrypted or belongs elsewhere. */
  NOT_AUTHENTIC("snmp.dropped.not-authentic"),
  /** A response that breaks off or cannot be decoded. */
  UNDECODABLE("snmp.answers.undecodable"),
  /** Answers that came after the scheduler's time-out, and were still handed over. */
  LATE("snmp.answers.late"),
  TOO_BIG("snmp.answers.too-big"),
  /** genErr and its like. */
  ERROR_STATUS("snmp.answers.error-status"),
  /** Answers that made no sense: other objects, or none. */
  BAD("snmp.answers.bad"),
  REFUSED("snmp.answers.refused"),
  /** Long answers that were dropped because the memory for answers was used up. */
  NO_ROOM("snmp.answers.no-room"),
  /** Answers with more objects than were asked for; what is too much is left out. */
  EXCESS("snmp.answers.excess"),
  /** Values that were cut because they were longer than their type allows. */
  VALUES_CUT("snmp.values.cut"),
  /** Columns with rows out of their order, which were walked on. */
  WALK_OUT_OF_ORDER("snmp.walks.out-of-order"),
  /** Columns that were left where a row came a second time. */
  WALK_CIRCLE("snmp.walks.circle"),
  /** Rows with an index too long for an object identifier. */
  WALK_INDEX_TOO_LONG("snmp.walks.index-too-long"),
  /** Walks that were given up because of their rows. */
  WALK_TOO_LONG("snmp.walks.too-long"),
  /** Walks that were given up because of their bytes. */
  WALK_TOO_LARGE("snmp.walks.too-large"),
  /** Walks that were given up because of their time. */
  WALK_TOO_SLOW("snmp.walks.too-slow"),
  /** Walks that were given up because the memory for answers was used up. */
  WALK_NO_ROOM("snmp.walks.no-room"),
  /** Columns that were left out of a walk because the agent could not read them. */
  WALK_COLUMN_FAILED("snmp.walks.column-failed"),
  NAMES_RESOLVED("snmp.names.resolved"),
  NAMES_UNKNOWN("snmp.names.unknown"),
  /** Passphrases turned into keys, which costs a digest of a mebibyte. */
  KEYS_DERIVED("snmp.v3.keys-derived"),
  V3_DISCOVERED("snmp.v3.engines-discovered"),
  /** Agents that were found to have another engine than before. */
  V3_ENGINE_CHANGED("snmp.v3.engines-changed"),
  /** Clocks of agents that were read anew, because the agent rebooted or its clock jumped. */
  V3_RESYNCHRONISED("snmp.v3.clocks-resynchronised"),
  /** Clocks of agents that were forgotten, because they were set back. */
  V3_CLOCK_SET_BACK("snmp.v3.clocks-set-back"),
  V3_REPORTS("snmp.v3.reports");

  private final String key;

  SnmpCounter(String key) {
    this.key = key;
  }

  /** Its name in the statistics. */
  public String key() {
    return key;
  }
}
