package org.aeiou.daemon.metrics;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.event.Level;

/**
 * Makes the events of each kind. There is no other way to make one, so that a kind has the same
 * fields wherever it comes from.
 */
public final class Events {
  /** More errors of a file than this are of no use to a person. */
  private static final int MOST_ERRORS = 20;

  private Events() {}

  // --- the daemon

  /** The daemon starts. */
  public static Event starting(String version, Path file, Path mountPoint, int systems) {
    return daemon(
            "starting",
            mountPoint,
            "aeiou %s starts with %d systems of %s".formatted(version, systems, file))
        .with("version", version)
        .with("file", file.toString())
        .with("systems", systems);
  }

  /** The mount can be used. */
  public static Event mounted(Path mountPoint, int systems) {
    return daemon("mounted", mountPoint, "mounted %d systems on %s".formatted(systems, mountPoint))
        .with("systems", systems);
  }

  /**
   * The daemon begins to stop.
   *
   * @param cause the signal
   */
  public static Event stopping(Path mountPoint, String cause) {
    return daemon("stopping", mountPoint, "unmounting: " + cause).with("cause", cause);
  }

  /** The mount is gone. */
  public static Event unmounted(Path mountPoint) {
    return daemon("unmounted", mountPoint, "unmounted " + mountPoint);
  }

  /** A poller of a cluster starts. */
  public static Event pollerStarting(String version, Path file, String cluster, int systems) {
    return poller(
            "starting",
            cluster,
            "aeiou %s starts to poll %d systems of %s".formatted(version, systems, file))
        .with("version", version)
        .with("file", file.toString())
        .with("systems", systems);
  }

  /** A poller takes part in its cluster. */
  public static Event polling(String cluster, int systems) {
    return poller("polling", cluster, "polls %d systems for %s".formatted(systems, cluster))
        .with("systems", systems);
  }

  /**
   * A poller begins to stop.
   *
   * @param cause the signal
   */
  public static Event pollerStopping(String cluster, String cause) {
    return poller("stopping", cluster, "leaving %s: %s".formatted(cluster, cause))
        .with("cause", cause);
  }

  /** A poller has left its cluster. */
  public static Event pollerEnded(String cluster) {
    return poller("ended", cluster, "left " + cluster);
  }

  private static Event poller(String state, String cluster, String message) {
    return Event.of(EventKind.DAEMON, Level.INFO, null, message)
        .with("state", state)
        .with("cluster", cluster);
  }

  private static Event daemon(String state, Path mountPoint, String message) {
    return Event.of(EventKind.DAEMON, Level.INFO, null, message)
        .with("state", state)
        .with("mount", mountPoint.toString());
  }

  /** How many systems had which fate in a reload. */
  public record Changes(int same, int changed, int added, int gone) {
    /** A line for people. */
    public String text() {
      return "%d systems: %d as before, %d asked in another way, %d new, %d gone"
          .formatted(same + changed + added, same, changed, added, gone);
    }
  }

  /**
   * The configuration was read again, and is what the daemon goes by.
   *
   * @param needsMount the keys that changed and take a new start
   */
  public static Event reloaded(Path file, Changes changes, List<String> needsMount) {
    String mount =
        needsMount.isEmpty()
            ? ""
            : "; what changed below '%s' takes a new start"
                .formatted(String.join("', '", needsMount));
    return Event.of(
            EventKind.RELOAD,
            Level.INFO,
            null,
            "reloaded %s: %s%s".formatted(file, changes.text(), mount))
        .with("done", true)
        .with("file", file.toString())
        .with("same", changes.same())
        .with("changed", changes.changed())
        .with("added", changes.added())
        .with("gone", changes.gone())
        .with("needs_mount", needsMount);
  }

  /** The configuration was read again, and something is wrong with it. */
  public static Event notReloaded(Path file, List<String> errors) {
    List<String> first = errors.subList(0, Math.min(errors.size(), MOST_ERRORS));
    int more = errors.size() - first.size();
    String and = more == 0 ? "" : "; and " + more + " more: see 'aeiou check'";
    return Event.of(
            EventKind.RELOAD, Level.ERROR, null, "not reloaded: " + String.join("; ", first) + and)
        .with("done", false)
        .with("file", file.toString())
        .with("errors", first);
  }

  // --- the cluster

  /**
   * A member came, went, or is not heard of.
   *
   * @param what in a word
   * @param said the same, after the member's name
   */
  public static Event member(String what, Level level, String member, String said) {
    return Event.of(EventKind.CLUSTER, level, null, "cluster: member " + member + " " + said)
        .with("what", what)
        .with("member", member)
        .limited("member " + member);
  }

  /** Whether the broker can be reached, in a word. */
  public static Event broker(String state) {
    boolean isThere = state.equals("connected");
    return Event.of(
            EventKind.CLUSTER,
            isThere ? Level.INFO : Level.WARN,
            null,
            "cluster: the broker is " + state)
        .with("what", "broker")
        .with("broker", state)
        .limited("broker");
  }

  /**
   * Whether this member, which does not poll, puts systems into other slots than most pollers.
   *
   * @param most those pollers
   */
  public static Event otherSlots(boolean does, List<String> most) {
    return Event.of(
            EventKind.CLUSTER,
            does ? Level.ERROR : Level.INFO,
            null,
            does
                ? "cluster: this member puts systems into other slots than most pollers ("
                    + String.join(", ", most)
                    + "), so that it can ask them for nothing: make 'slots' and 'sites' below"
                    + " 'cluster' equal, and start it anew"
                : "cluster: this member puts systems into the same slots as most pollers again")
        .with("what", "differs")
        .with("differs", does)
        .with("members", most);
  }

  /**
   * Whether this member's configuration differs from that of most pollers.
   *
   * @param most the pollers that have that
   */
  public static Event differs(boolean does, List<String> most) {
    return Event.of(
            EventKind.CLUSTER,
            does ? Level.ERROR : Level.INFO,
            null,
            does
                ? "cluster: this member's configuration is not that of most pollers ("
                    + String.join(", ", most)
                    + "), so that it asks for no more systems: make the files equal, and reload"
                : "cluster: this member's configuration is that of most pollers again")
        .with("what", "differs")
        .with("differs", does)
        .with("members", most);
  }

  // --- systems

  /**
   * A system stopped answering.
   *
   * @param reason what the last exchange ended in, in a word
   * @param cause the same as a sentence
   */
  public static Event down(String system, String reason, String cause) {
    return Event.of(EventKind.DOWN, Level.WARN, system, system + " is down: " + cause)
        .with("reason", reason)
        .with("cause", cause)
        .limited("reach");
  }

  /** A system answers again that was down so long, for what {@link #down} said. */
  public static Event up(String system, long downMillis, String reason, String cause) {
    return Event.of(
            EventKind.UP,
            Level.INFO,
            system,
            "%s is up again, after %d s".formatted(system, downMillis / 1000))
        .with("down_ms", downMillis)
        .with("reason", reason)
        .with("cause", cause)
        .limited("reach");
  }

  /**
   * Whether a system is asked is another now.
   *
   * @param openNanos for how long it is not asked, if it is open
   */
  public static Event breaker(String system, Enum<?> before, Enum<?> state, long openNanos) {
    boolean isOpen = openNanos > 0;
    String message =
        "%s: breaker %s%s"
            .formatted(
                system,
                written(state),
                isOpen ? ", for %d ms".formatted(TimeUnit.NANOSECONDS.toMillis(openNanos)) : "");
    Event event =
        Event.of(EventKind.BREAKER, Level.DEBUG, system, message)
            .with("state", written(state))
            .with("before", written(before))
            .limited("breaker");
    return isOpen ? event.with("open_ms", TimeUnit.NANOSECONDS.toMillis(openNanos)) : event;
  }

  private static String written(Enum<?> state) {
    return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * A limit was learned of a system.
   *
   * @param limit which
   * @param why what was found out
   */
  public static Event learned(String system, String limit, Number from, Number to, String why) {
    return Event.of(
            EventKind.LEARNED,
            Level.INFO,
            system,
            "%s: %s; %s was %s and is %s".formatted(system, why, limit, from, to))
        .with("limit", limit)
        .with("from", from)
        .with("to", to)
        .with("why", why)
        .limited("learned " + limit);
  }

  /** What was learned of a system is forgotten, by order. */
  public static Event forgotten(String system) {
    String why = "what was learned of it is forgotten, by order";
    return Event.of(EventKind.LEARNED, Level.INFO, system, system + ": " + why)
        .with("limit", "all")
        .with("why", why);
  }

  /** Another agent answers at an address than the one that limits were learned of. */
  public static Event anotherAgent(String system, String address) {
    String why =
        "another agent answers at "
            + address
            + " than before; what was learned of that one is forgotten";
    return Event.of(EventKind.LEARNED, Level.WARN, system, system + ": " + why)
        .with("limit", "all")
        .with("why", why)
        .with("address", address)
        .limited("learned all");
  }

  // --- what comes from outside

  /**
   * A system sent a notification; how many there may be is limited where they are received.
   *
   * @param trap its name
   * @param said what it says, for a person
   * @param details further fields
   * @param objects what it names
   */
  public static Event trap(
      String system,
      String trap,
      String oid,
      String said,
      Map<String, Object> details,
      List<Map<String, Object>> objects) {
    Event event =
        Event.of(EventKind.TRAP, Level.INFO, system, system + " sent " + trap + said)
            .with("trap", trap)
            .with("oid", oid);
    for (Map.Entry<String, Object> detail : details.entrySet()) {
      event = event.with(detail.getKey(), detail.getValue());
    }
    return event.with("objects", objects);
  }

  /** More notifications came than are taken in. */
  public static Event storm(String system, String source, long count, long nanos) {
    long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanos));
    String message =
        "%s: storm: %,d notifications from %s in %d s; what is watched is read again"
            .formatted(system, count, source, seconds)
            .replace(',', ' ');
    return Event.of(EventKind.STORM, Level.WARN, system, message)
        .with("source", source)
        .with("count", count)
        .with("duration_ms", TimeUnit.NANOSECONDS.toMillis(nanos));
  }

  /**
   * A write was tried.
   *
   * @param sentence what was written by what, or was not, without the system
   * @param done null if it is not known whether it happened
   * @param reason why it failed, in a word; null if it did not
   */
  public static Event write(
      String system,
      String sentence,
      Boolean done,
      String reason,
      int uid,
      int pid,
      List<Map<String, Object>> changes) {
    Event event =
        Event.of(
                EventKind.WRITE,
                reason == null ? Level.INFO : Level.WARN,
                system,
                system + ": " + sentence)
            .with("done", done);
    return (reason == null ? event : event.with("reason", reason))
        .with("uid", uid)
        .with("pid", pid)
        .with("changes", changes);
  }

  /**
   * A program was refused at the socket, or cut off.
   *
   * @param what {@code attach}, {@code reload}, {@code forget} or {@code cut-off}
   * @param pid 0 if it is not known
   */
  public static Event attach(String what, int uid, int pid, String why) {
    String program =
        pid == 0 ? "a program of user " + uid : "process %d of user %d".formatted(pid, uid);
    String message =
        what.equals("cut-off")
            ? program + " is cut off: " + why
            : program + " may not " + what + ": " + why;
    Event event =
        Event.of(EventKind.ATTACH, Level.WARN, null, message)
            .with("what", what)
            .with("uid", uid)
            .limited(what + " " + uid);
    return (pid == 0 ? event : event.with("pid", pid)).with("why", why);
  }

  /**
   * A request over HTTP was refused.
   *
   * @param source the address that it came from, without the port
   * @param request its method and path, without what may be a secret
   */
  public static Event http(String source, int status, String request, String why) {
    return Event.of(
            EventKind.HTTP,
            Level.WARN,
            null,
            "%s: %s is answered with %d: %s".formatted(source, request, status, why))
        .with("source", source)
        .with("status", status)
        .with("request", request)
        .with("why", why)
        .limited(status + " " + source);
  }
}
