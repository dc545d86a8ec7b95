package org.aeiou.daemon.metrics;

import java.util.List;
import java.util.Locale;

/**
 * What kinds of events there are, and what a program finds in each besides time, level, event,
 * system and message. {@code docs/events.md} is made of this.
 */
public enum EventKind {
  DAEMON(
      "The daemon starts, has mounted, stops, has unmounted; or starts, polls, stops, has ended.",
      field(
          "state",
          "text",
          "`starting`, `mounted`, `stopping` or `unmounted`; of a poller `polling`, `ended`"),
      field("mount", "text", "the mount point; a poller has none"),
      field("cluster", "text", "the name of the cluster; of a poller"),
      field("version", "text", "of the daemon; with `starting`"),
      field("file", "text", "the configuration; with `starting`"),
      field("systems", "number", "how many are configured; with `starting`, `mounted`, `polling`"),
      field("cause", "text", "the signal; with `stopping`")),
  RELOAD(
      "The configuration was read again, or was not taken because something is wrong with it.",
      field("done", "truth value", "whether it is what the daemon goes by now"),
      field("file", "text", "the configuration"),
      field("same", "number", "systems that are as they were"),
      field("changed", "number", "systems that are the same agents, asked in another way"),
      field("added", "number", "systems that are new"),
      field("gone", "number", "systems that are configured no more"),
      field("needs_mount", "list of texts", "keys that changed and take a new start"),
      field("errors", "list of texts", "what is wrong with it, if it was not taken")),
  CLUSTER(
      "Which members of the cluster there are, or whether its broker can be reached, is another now.",
      field(
          "what",
          "text",
          "`joined`, `left`, `gone`, `suspect` or `back` of a member; `broker`; `differs`"),
      field("member", "text", "the member's name; with the first five"),
      field("broker", "text", "`connected`, `unreachable` or `gone`; with `broker`"),
      field(
          "differs",
          "truth value",
          "whether this member's configuration is not that of most pollers, so that it asks for no"
              + " slot; if it only reads, whether it puts systems into other slots, so that it can"
              + " ask pollers for nothing; with `differs`"),
      field("members", "list of texts", "the pollers that agree; with `differs`")),
  DOWN(
      "A system stopped answering, and is asked no more for a while.",
      field("reason", "text", "`timeout`, `unreachable`, …: what the last exchange ended in"),
      field("cause", "text", "the same as a sentence")),
  UP(
      "A system answers again, after `down`.",
      field("down_ms", "number", "for how long it was down, in milliseconds"),
      field("reason", "text", "as `down` said"),
      field("cause", "text", "as `down` said")),
  BREAKER(
      "Whether a system is asked at all is another now; in the log with `--verbose`.",
      field("state", "text", "`open`, `half-open` or `closed`"),
      field("before", "text", "the state before"),
      field("open_ms", "number", "for how long it is open; only with `open`")),
  LEARNED(
      "A limit was learned of a system, or what was learned is forgotten.",
      field("limit", "text", "`batch`, `in_flight`, `gap_ms`, or `all` for what is forgotten"),
      field("from", "number", "the limit before; not with `all`"),
      field("to", "number", "the limit from now on; not with `all`"),
      field("why", "text", "what was found out"),
      field("address", "text", "where another agent answers than before; only then")),
  TRAP(
      "A system sent a trap or an inform.",
      field("trap", "text", "its name, or its number where it has none here"),
      field("oid", "text", "its number"),
      field("objects", "list", "what it names: `oid`, `name` and the `value` that *it* gives"),
      field("source", "text", "the address and port that it came from"),
      field("version", "text", "of SNMP: `1`, `2c` or `3`"),
      field("user", "text", "of SNMPv3"),
      field("inform", "truth value", "whether it was acknowledged"),
      field("uptime_ms", "number", "of the agent, as it says"),
      field("ambiguous", "list of texts", "the systems that may have sent it, if several"),
      field("forwarded", "truth value", "true if it came through a relay")),
  STORM(
      "More notifications came from a system than are taken in.",
      field("source", "text", "the address that they came from"),
      field("count", "number", "how many came, dropped ones included"),
      field("duration_ms", "number", "in how many milliseconds")),
  WRITE(
      "A write was tried.",
      field("done", "truth value", "null if it is not known whether it happened"),
      field("reason", "text", "of a failure: `timeout`, `refused`, …"),
      field("uid", "number", "the user"),
      field("pid", "number", "the process"),
      field("changes", "list", "of each `attribute` what was `written`, and is `before`, `after`")),
  ATTACH(
      "A program was refused at the socket, or cut off.",
      field("what", "text", "`attach`, `reload`, `forget` or `drain` was refused; `cut-off`"),
      field("uid", "number", "the user"),
      field("pid", "number", "the process; missing if it is not known"),
      field("why", "text", "what it was told")),
  HTTP(
      "A request over HTTP was refused.",
      field("source", "text", "the address that it came from"),
      field("status", "number", "what it was answered with"),
      field("request", "text", "its method and path"),
      field("why", "text", "what it was told")),
  LOG("Any other line of the daemon's log, from `info` up.");

  /** Of any kind that is limited. */
  static final Field LEFT_OUT =
      field("left_out", "number", "how many like it were left out before it; missing if none");

  /** Of any kind that is about a system, where the process is one of a cluster. */
  static final Field MEMBER =
      field(
          "member",
          "text",
          "the member of the cluster where it happened; missing if it is this one");

  /**
   * What a program finds in an event.
   *
   * @param what in Markdown
   */
  record Field(String name, String type, String what) {}

  private final String what;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<Field> fields;

  EventKind(String what, Field... fields) {
    this.what = what;
    this.fields = List.of(fields);
  }

  private static Field field(String name, String type, String what) {
    return new Field(name, type, what);
  }

  /** As it stands in the line. */
  public String written() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** A sentence, in Markdown. */
  String what() {
    return what;
  }

  List<Field> fields() {
    return fields;
  }

  boolean has(String field) {
    return field.equals(LEFT_OUT.name)
        || field.equals(MEMBER.name)
        || fields.stream().anyMatch(each -> each.name.equals(field));
  }
}
