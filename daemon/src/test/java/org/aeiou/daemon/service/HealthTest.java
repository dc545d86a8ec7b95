package org.aeiou.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.junit.jupiter.api.Test;

/** {@code .health}: what is known of how a system answers. */
class HealthTest extends ServiceFixture {

  private String health() {
    read("core1/.health");
    return content(onlyEnded());
  }

  @Test
  void ofASystemThatNeverAnsweredNothingIsCached() {
    for (String name : new String[] {"sysName", "sysLocation", "sysUpTime"}) {
      read("core1/system/" + name);
      queue.answer(new Failure<>(Failure.Reason.TIMEOUT, "core1 did not answer"));
    }
    ended.clear();
    assertThat(health()).contains("state: unknown\n", "cached: 0\n");
  }

  @Test
  void readingsAndAbsencesAreCounted() {
    read("core1/system/sysLocation");
    queue.answer(text("room 1"));
    read("core1/system/sysName");
    queue.answer(new Absent<>(now, 0));
    read("core1/system/sysUpTime");
    ended.clear();
    assertThat(health()).contains("cached: 2\n");
  }

  @Test
  void whatTakesLongIsToldWhileItIsUnderWay() {
    queue.progress = List.of("walk of interfaces/ifName: 1200 rows, 48 exchanges, 3.1 s");
    assertThat(health())
        .contains("progress: walk of interfaces/ifName: 1200 rows, 48 exchanges, 3.1 s\n");
    queue.progress = List.of();
    ended.clear();
    assertThat(health()).doesNotContain("progress");
  }
}
