package org.aeiou.daemon.backend.snmp.walk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.aeiou.daemon.backend.Oid;
import org.junit.jupiter.api.Test;

class WalkProgressTest {
  private static final Oid ROOT = Oid.parse("1.3.6.1.2.1.2.2.1.2");

  /** How many objects are walked until one is known to have been seen; -1 if none is. */
  private static int walkedUntilSeen(Iterable<Integer> rows) {
    WalkProgress.Column column = new WalkProgress.Column(ROOT);
    int walked = 0;
    for (int row : rows) {
      Oid found = ROOT.append(row);
      if (column.hasSeen(found)) {
        return walked;
      }
      column = column.movedTo(found);
      walked++;
    }
    return -1;
  }

  @Test
  void aCircleIsFoundHoweverLongAndWhereverItBegins() {
    Random random = new Random(1);
    for (int world = 0; world < 2000; world++) {
      List<Integer> before = distinct(random, random.nextInt(30), 1_000_000);
      List<Integer> circle = distinct(random, 1 + random.nextInt(60), 1000);
      List<Integer> rows = new ArrayList<>(before);
      for (int i = 0; i < 10; i++) {
        rows.addAll(circle);
      }
      int walked = walkedUntilSeen(rows);
      assertThat(walked)
          .as("%s, then %s again and again", before, circle)
          .isBetween(1, before.size() + 3 * Math.max(circle.size(), before.size()) + 2);
      assertThat(new HashSet<>(rows.subList(0, walked))).containsAll(circle);
    }
  }

  @Test
  void rowsThatComeOnceAreNeverTakenForACircleInWhateverOrder() {
    Random random = new Random(2);
    for (int world = 0; world < 2000; world++) {
      List<Integer> rows = distinct(random, 200, 1_000_000);
      if (world % 2 == 0) {
        Collections.sort(rows);
        Collections.swap(rows, random.nextInt(200), random.nextInt(200));
      }
      assertThat(walkedUntilSeen(rows)).isEqualTo(-1);
    }
  }

  @Test
  void theRootAndTheSameObjectAgainAreSeen() {
    assertThat(new WalkProgress.Column(ROOT).hasSeen(ROOT)).isTrue();
    assertThat(walkedUntilSeen(List.of(7, 7))).isEqualTo(1);
    assertThat(walkedUntilSeen(List.of(7, 3, 3))).isEqualTo(2);
  }

  private static List<Integer> distinct(Random random, int count, int below) {
    Set<Integer> rows = new HashSet<>();
    while (rows.size() < count) {
      rows.add(1 + random.nextInt(below));
    }
    List<Integer> list = new ArrayList<>(rows);
    Collections.shuffle(list, random);
    return list;
  }
}
