package org.aeiou.daemon.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.aeiou.daemon.cluster.member.Member;
import org.aeiou.daemon.cluster.member.MemberState;
import org.aeiou.daemon.cluster.member.Members;
import org.aeiou.daemon.cluster.member.Role;
import org.aeiou.daemon.cluster.member.Slots;
import org.junit.jupiter.api.Test;

final class DepartureTest {
  private long now;
  private final Members members =
      new Members(
          member("self", Role.POLL),
          new Slots(256),
          Duration.ofSeconds(10).toNanos(),
          state -> {},
          Map::of,
          new Ticker() {
            @Override
            public long read() {
              return now;
            }
          });

  private static Member member(String id, Role role) {
    return new Member(id, id, Set.of(role), "", "digest", "", "1", 0);
  }

  private void hear(String id, Role role, int sequence, boolean draining) {
    members.hear(new MemberState(member(id, role), sequence, draining, false, Map.of(), Map.of()));
  }

  @Test
  void aPollerMayGiveItsSlotsToAnotherThatIsHeardOfAndDoesNotDrain() {
    assertThat(Departure.isAlone(members)).isTrue();
    hear("reader", Role.READ, 1, false);
    assertThat(Departure.isAlone(members)).isTrue();
    hear("poller", Role.POLL, 1, false);
    assertThat(Departure.isAlone(members)).isFalse();
    hear("poller", Role.POLL, 2, true);
    assertThat(Departure.isAlone(members)).isTrue();
    hear("poller", Role.POLL, 3, false);
    for (int i = 0; i < 70; i++) {
      now += Members.TICK.toNanos();
      members.tick();
    }
    assertThat(Departure.isAlone(members)).as("it is silent").isTrue();
  }
}
