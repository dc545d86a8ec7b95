package org.aeiou.daemon.backend.snmp.message;

/** What the SNMP back end counts: the name that each counter is read by, and what it tells. */
public enum SnmpCounter {
  EXCHANGES("snmp.exchanges", "Exchanges that were started."),
  SENT("snmp.datagrams.sent", "Datagrams that were sent."),
  SENT_DELAYED(
      "snmp.datagrams.delayed", "Datagrams that had to wait because the socket's buffer was full."),
  SEND_FAILED("snmp.datagrams.send-failed", "Datagrams that could not be sent."),
  RECEIVED("snmp.datagrams.received", "Datagrams that were received."),
  GARBAGE("snmp.dropped.garbage", "Datagrams dropped: no SNMP response at all."),
  UNMATCHED(
      "snmp.dropped.unmatched",
      "Datagrams dropped: a response to nothing that was asked, or asked too long ago to be remembered."),
  DUPLICATE("snmp.dropped.duplicate", "Datagrams dropped: a second response to the same request."),
  OTHER_ADDRESS(
      "snmp.dropped.other-address",
      "Datagrams dropped: a response from another address or port than was asked."),
  OTHER_CREDENTIALS(
      "snmp.dropped.other-credentials",
      "Datagrams dropped: a response with another version or community than the request's."),
  NOT_AUTHENTIC(
      "snmp.dropped.not-authentic",
      "Datagrams dropped: a v3 response that is not authentic, cannot be decrypted or belongs elsewhere."),
  UNDECODABLE("snmp.answers.undecodable", "Answers that break off or cannot be decoded."),
  LATE(
      "snmp.answers.late",
      "Answers that came after the scheduler's time-out, and were still handed over."),
  TOO_BIG(
      "snmp.answers.too-big", "Answers that said that what was asked does not fit into a message."),
  ERROR_STATUS("snmp.answers.error-status", "Answers with an error status, genErr and its like."),
  BAD("snmp.answers.bad", "Answers that made no sense: other objects, or none."),
  REFUSED("snmp.answers.refused", "Answers that refused the credentials or the access."),
  SETS_DONE("snmp.sets.done", "Answers that said that what was to be set is set."),
  SETS_REFUSED("snmp.sets.refused", "Answers that said that it is not, or not all of it."),
  NO_ROOM(
      "snmp.answers.no-room",
      "Long answers that were dropped because the memory for answers was used up."),
  EXCESS(
      "snmp.answers.excess",
      "Answers with more objects than were asked for; what is too much is left out."),
  VALUES_CUT(
      "snmp.values.cut", "Values that were cut because they were longer than their type allows."),
  WALK_OUT_OF_ORDER(
      "snmp.walks.out-of-order", "Columns with rows out of their order, which were walked on."),
  WALK_CIRCLE("snmp.walks.circle", "Columns that were left where a row came a second time."),
  WALK_INDEX_TOO_LONG(
      "snmp.walks.index-too-long", "Rows with an index too long for an object identifier."),
  WALK_TOO_LONG("snmp.walks.too-long", "Walks that were given up because of their rows."),
  WALK_TOO_LARGE("snmp.walks.too-large", "Walks that were given up because of their bytes."),
  WALK_TOO_SLOW("snmp.walks.too-slow", "Walks that were given up because of their time."),
  WALK_NO_ROOM(
      "snmp.walks.no-room", "Walks that were given up because the memory for answers was used up."),
  WALK_COLUMN_FAILED(
      "snmp.walks.column-failed",
      "Columns that were left out of a walk because the agent could not read them."),
  WALK_SPLIT("snmp.walks.split", "Times that a walk went on in two parts, side by side."),
  WALK_MISFIT(
      "snmp.walks.misfit",
      "Walks begun anew as one, because their parts did not fit together or were refused."),
  WALK_FIRST_COLUMN(
      "snmp.walks.first-column",
      "Walks for the names of rows that asked for one column, as it was enough."),
  WALK_IN_FULL(
      "snmp.walks.in-full",
      "Walks for the names of rows begun anew with all columns, as one was not enough."),
  NAMES_RESOLVED("snmp.names.resolved", "Host names that were looked up and found."),
  NAMES_UNKNOWN("snmp.names.unknown", "Host names that were looked up and not found."),
  KEYS_DERIVED(
      "snmp.v3.keys-derived", "Passphrases turned into keys, which costs a digest of a mebibyte."),
  V3_ENGINE_KNOWN(
      "snmp.v3.engines-known",
      "Agents of v3 that were asked with the engine id of an earlier run."),
  V3_DISCOVERED("snmp.v3.engines-discovered", "Engines of agents that were discovered."),
  V3_ENGINE_CHANGED(
      "snmp.v3.engines-changed", "Agents that were found to have another engine than before."),
  V3_RESYNCHRONISED(
      "snmp.v3.clocks-resynchronised",
      "Clocks of agents that were read anew, because the agent rebooted or its clock jumped."),
  V3_CLOCK_SET_BACK(
      "snmp.v3.clocks-set-back",
      "Clocks of agents that were forgotten, because they were set back."),
  V3_REPORTS("snmp.v3.reports", "Reports that agents answered instead of a response.");

  final String key;
  final String help;

  SnmpCounter(String key, String help) {
    this.key = key;
    this.help = help;
  }
}
