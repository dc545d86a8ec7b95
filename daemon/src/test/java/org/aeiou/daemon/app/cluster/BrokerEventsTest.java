package org.aeiou.daemon.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.cluster.broker.Broker;
import org.junit.jupiter.api.Test;

final class BrokerEventsTest {
  private Broker.State state = Broker.State.UNREACHABLE;
  private final List<Runnable> later = new ArrayList<>();
  private final List<Object> told = new ArrayList<>();
  private final BrokerEvents events =
      new BrokerEvents(
          () -> state,
          (nanos, task) -> later.add(task),
          event -> told.add(event.fields().get("broker")));

  private void become(Broker.State next) {
    state = next;
    events.changed(next);
  }

  private void pass() {
    later.forEach(Runnable::run);
    later.clear();
  }

  @Test
  void aBrokerThatIsStartedAnewIsToldToBeGoneAndToBeBack() {
    become(Broker.State.CONNECTED);
    pass();
    become(Broker.State.UNREACHABLE);
    become(Broker.State.GONE);
    pass();
    become(Broker.State.UNREACHABLE);
    become(Broker.State.CONNECTED);
    pass();
    assertThat(told).containsExactly("connected", "gone", "connected");
  }

  @Test
  void whatIsOverAfterAMomentIsNotTold() {
    become(Broker.State.CONNECTED);
    pass();
    become(Broker.State.UNREACHABLE);
    become(Broker.State.CONNECTED);
    pass();
    assertThat(told).containsExactly("connected");
  }
}
