package org.aeiou.daemon.cluster.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.backend.Notification;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.cluster.broker.Broker;
import org.aeiou.daemon.cluster.message.MemoryNetwork;
import org.aeiou.daemon.metrics.EventLog;
import org.aeiou.daemon.metrics.EventRing;
import org.aeiou.daemon.metrics.Events;
import org.junit.jupiter.api.Test;

final class GossipTest {
  private final MemoryNetwork network = new MemoryNetwork();

  private final class Participant {
    private final EventLog log = new EventLog(network.clock());
    private final List<String> doubts = new ArrayList<>();
    private final Gossip gossip;
    private final Broker broker;

    Participant(String id) {
      broker = network.connect(id);
      log.systems(name -> name.startsWith("core"));
      gossip =
          new Gossip(
              network.post(id, broker),
              log,
              member -> member.equals("c") ? null : "name-of-" + member,
              network.clock());
      gossip.start(
          new Gossip.Doubts() {
            @Override
            public void changed(Notification notification) {
              doubts.add(notification.name().toString());
            }

            @Override
            public void doubted(List<String> systems) {
              doubts.addAll(systems);
            }
          });
    }

    List<String> lines(EventRing ring) {
      return ring.text().lines().toList();
    }
  }

  private final Participant a = new Participant("a");
  private final Participant b = new Participant("b");
  private final Participant c = new Participant("c");

  @Test
  void whatHappensToASystemIsOnceInTheLogsOfAllAndSaysWhere() {
    a.log.add(Events.down("core1", "timeout", "no answer"));
    network.advance(2_000_000_000L);
    network.deliver();
    network.advance(60_000_000_000L);
    network.deliver();
    assertThat(a.lines(a.log.of("core1"))).singleElement().asString().doesNotContain("member");
    for (Participant other : List.of(b, c)) {
      for (EventRing ring : List.of(other.log.of("core1"), other.log.all())) {
        assertThat(other.lines(ring))
            .singleElement()
            .asString()
            .contains("\"event\":\"down\"", "\"member\":\"name-of-a\"", "\"reason\":\"timeout\"");
      }
    }
    assertThat(network.sent()).isOne();
    assertThat(a.gossip.metrics().values()).containsEntry("events-told", 1L);
    assertThat(b.gossip.metrics().values()).containsEntry("events-heard", 1L);
  }

  @Test
  void aMemberThatIsNotKnownYetIsCalledByItsId() {
    c.log.add(Events.forgotten("core1"));
    network.deliver();
    assertThat(a.lines(a.log.all())).singleElement().asString().contains("\"member\":\"c\"");
  }

  @Test
  void whatIsAboutNoSystemOrOneThatIsNotKnownStaysWhereItIs() {
    a.log.add(Events.http("10.0.0.1", 401, "GET /", "no password"));
    network.deliver();
    assertThat(network.sent()).isZero();
    a.log.add(Events.forgotten("other1"));
    network.deliver();
    assertThat(b.lines(b.log.all())).isEmpty();
    assertThat(b.gossip.metrics().values()).containsEntry("events-unknown", 1L);
  }

  @Test
  void ofWhatHappensAgainAndAgainOthersAreToldAsManyAsAreInTheLog() {
    for (int i = 0; i < 50; i++) {
      a.log.add(Events.down("core1", "timeout", "no answer"));
    }
    network.deliver();
    assertThat(b.lines(b.log.of("core1"))).hasSameSizeAs(a.lines(a.log.of("core1"))).hasSize(2);
    network.advance(61_000_000_000L);
    a.log.tellHeldBack();
    network.deliver();
    assertThat(b.lines(b.log.of("core1"))).hasSize(3).last().asString().contains("left_out");
  }

  @Test
  void aNotificationMakesAllOthersDoubtWhatTheyHold() {
    a.gossip.notified(
        new Notification(List.of("core1"), Oid.parse("1.3.6.1"), List.of(), Map.of()));
    b.gossip.dropped(List.of("core2"), "10.0.0.1", 100, 1);
    network.deliver();
    assertThat(a.doubts).containsExactly("core2");
    assertThat(b.doubts).containsExactly("1.3.6.1");
    assertThat(c.doubts).containsExactlyInAnyOrder("1.3.6.1", "core2");
  }

  @Test
  void withoutABrokerTheLogGoesOnAndItIsCounted() {
    network.state(a.broker, Broker.State.GONE);
    a.log.add(Events.forgotten("core1"));
    a.gossip.dropped(List.of("core1"), "10.0.0.1", 100, 1);
    assertThat(a.lines(a.log.of("core1"))).hasSize(1);
    assertThat(a.gossip.metrics().values()).containsEntry("untold", 2L);
  }
}
