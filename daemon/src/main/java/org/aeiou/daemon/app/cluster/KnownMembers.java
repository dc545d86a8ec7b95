package org.aeiou.daemon.app.cluster;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.aeiou.daemon.cluster.member.Member;
import org.aeiou.daemon.cluster.member.MemberState;
import org.aeiou.daemon.cluster.member.Members;
import org.aeiou.daemon.config.ClusterSettings;
import org.aeiou.daemon.metrics.EventLog;
import org.aeiou.daemon.metrics.Events;
import org.slf4j.event.Level;

/** What is known of members by their ids; that they come and go is told as events. Any thread. */
final class KnownMembers implements Members.Listener {
  /** The figure by which a member tells how far the broker is. */
  static final String BROKER = "broker_us";

  private final EventLog events;
  private final ClusterSettings settings;
  private final Consumer<String> gone;
  private final Map<String, String> names = new ConcurrentHashMap<>();

  /** How far members are from the broker, in microseconds. */
  private final Map<String, Long> distances = new ConcurrentHashMap<>();

  /**
   * None yet.
   *
   * @param gone is told the id of each member that went
   */
  KnownMembers(EventLog events, ClusterSettings settings, Consumer<String> gone) {
    this.events = events;
    this.settings = settings;
    this.gone = gone;
  }

  /** What a member is called; null if it is not known. */
  String name(String id) {
    return names.get(id);
  }

  /** How long it takes from the broker to a member and back, as it says; 0 if it does not. */
  long distanceNanos(String id) {
    return TimeUnit.MICROSECONDS.toNanos(Math.max(0, distances.getOrDefault(id, 0L)));
  }

  /** A member has said how it is. */
  void heard(MemberState state) {
    String id = state.member().id();
    if (names.containsKey(id)) {
      distances.put(id, state.figures().getOrDefault(BROKER, -1L));
    }
  }

  @Override
  public void joined(Member member) {
    names.put(member.id(), member.name());
    tell("joined", Level.INFO, member, "joined");
  }

  @Override
  public void left(Member member, boolean said) {
    names.remove(member.id());
    distances.remove(member.id());
    gone.accept(member.id());
    tell(
        said ? "left" : "gone",
        said ? Level.INFO : Level.WARN,
        member,
        said ? "left" : "is gone: it was not heard of for " + settings.ttl().toSeconds() + " s");
  }

  @Override
  public void suspect(Member member, boolean is) {
    tell(
        is ? "suspect" : "back",
        is ? Level.WARN : Level.INFO,
        member,
        is ? "is not heard of" : "is heard of again");
  }

  @Override
  public void differs(boolean does, List<Member> most) {
    List<String> names = most.stream().map(Member::name).sorted().toList();
    events.add(settings.polls() ? Events.differs(does, names) : Events.otherSlots(does, names));
  }

  private void tell(String what, Level level, Member member, String said) {
    events.add(Events.member(what, level, member.name(), said));
  }
}
