package org.aeiou.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.aeiou.closures.metric.Metric;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private final MetricSet channel = new MetricSet();
  private final Metrics metrics = new Metrics();

  private String exposed() {
    metrics.register("channel", channel);
    return metrics.asPrometheus();
  }

  @Test
  void aCounterKeepsItsNameInStatsAndEndsInTotalForPrometheus() {
    LongAdder late = channel.counter("late", "Outcomes that came late.");
    late.add(3);
    assertThat(exposed())
        .isEqualTo(
            """
            # HELP aeiou_channel_late_total Outcomes that came late.
            # TYPE aeiou_channel_late_total counter
            aeiou_channel_late_total 3.0
            """);
    assertThat(metrics.asLines()).isEqualTo("channel.late: 3\n");
  }

  @Test
  void theBaseUnitIsTheLastWordBeforeTotal() {
    var unused = channel.counter("bytes-in", Unit.BYTES, "The length of requests.");
    channel.gauge("mostInodeBytes", Unit.BYTES, "Memory.", () -> 1);
    assertThat(exposed())
        .contains("\naeiou_channel_in_bytes_total 0.0\n", "\naeiou_channel_most_inode_bytes 1.0\n");
  }

  @Test
  void countersOfOneKindAreOneFamilyWithALabel() {
    channel.counter("requests", "operation", "read", "Requests.").add(2);
    channel.counter("requests", "operation", "look_up", "Requests.").add(1);
    assertThat(exposed())
        .isEqualTo(
            """
            # HELP aeiou_channel_requests_total Requests.
            # TYPE aeiou_channel_requests_total counter
            aeiou_channel_requests_total{operation="look_up"} 1.0
            aeiou_channel_requests_total{operation="read"} 2.0
            """);
    assertThat(metrics.asLines())
        .isEqualTo("channel.requests.look_up: 1\nchannel.requests.read: 2\n");
  }

  @Test
  void aTimeIsInMicrosecondsForStatsAndInSecondsForPrometheus() {
    channel.histogram(
        "roundTrip",
        Unit.MICROSECONDS,
        "To the answer.",
        List.of(1_000L, 250_000L),
        () -> new Metric.Distribution(List.of(4L, 1L, 2L), 9_500_000));
    assertThat(exposed())
        .isEqualTo(
            """
            # HELP aeiou_channel_round_trip_seconds To the answer.
            # TYPE aeiou_channel_round_trip_seconds histogram
            aeiou_channel_round_trip_seconds_bucket{le="0.001"} 4
            aeiou_channel_round_trip_seconds_bucket{le="0.25"} 5
            aeiou_channel_round_trip_seconds_bucket{le="+Inf"} 7
            aeiou_channel_round_trip_seconds_count 7
            aeiou_channel_round_trip_seconds_sum 9.5
            """);
    assertThat(metrics.asLines())
        .isEqualTo("channel.roundTrip.count: 7\nchannel.roundTrip.sum: 9500000\n");
  }

  @Test
  void aRoomThatRegistersAfterTheFirstScrapeIsInTheNextOne() {
    var unused = channel.counter("late", "Late ones.");
    assertThat(exposed()).doesNotContain("attach");
    MetricSet attach = new MetricSet();
    var unusedToo = attach.counter("left", "Programs that left.");
    metrics.register("attach", attach);
    assertThat(metrics.asPrometheus()).contains("aeiou_attach_left_total 0.0", "channel_late");
  }

  @Test
  void aNameThatTheRoomHasAlreadyIsRefused() {
    var unused = channel.counter("late", "Late ones.");
    metrics.register("channel", channel);
    MetricSet again = new MetricSet();
    var unusedToo = again.counter("late", "Late ones.");
    assertThatThrownBy(() -> metrics.register("channel", again))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("metric 'channel.late' is registered twice; expected another name");
    metrics.register("cache", again);
  }
}
