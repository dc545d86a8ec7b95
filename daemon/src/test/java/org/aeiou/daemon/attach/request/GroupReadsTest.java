package org.aeiou.daemon.attach.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Reading;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.closures.shared.GroupDescriptor;
import org.aeiou.closures.shared.GroupValues;
import org.aeiou.closures.shared.Kind;
import org.aeiou.closures.shared.Memory;
import org.aeiou.closures.shared.Reasons;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.service.group.GroupReading;
import org.junit.jupiter.api.Test;

/** What the path of a group read means, and how a long one is written. */
final class GroupReadsTest {
  private static final Geometry GEOMETRY = new Geometry(8, 128, 128, 1 << 20);
  private final Client client =
      Clients.of(GEOMETRY, new Memory(ByteBuffer.allocateDirect(GEOMETRY.completionBytes())));
  private final Deque<Runnable> turns = new ArrayDeque<>();
  private final List<String> ends = new ArrayList<>();

  /** A table of so many rows with two columns. */
  private record Table(int length, List<Integer> told) implements GroupReading {
    @Override
    public boolean isTable() {
      return true;
    }

    @Override
    public long attributes() {
      return 2L * length;
    }

    @Override
    public List<String> columns() {
      return List.of("a", "b");
    }

    @Override
    public List<String> rows() {
      return IntStream.range(0, length).mapToObj(row -> "row" + row).toList();
    }

    @Override
    public void tell(int row, Visitor visitor) {
      told.add(row);
      visitor.reading((row + "\n").getBytes(UTF_8), String.valueOf(row).length(), 1000 + row);
      visitor.failure(new Failure<>(Failure.Reason.TIMEOUT, "late"));
    }

    @Override
    public Oid index(int row) {
      return Oid.of(row);
    }

    @Override
    public Value value(int row, int column) {
      return null;
    }

    @Override
    public long oldestNanos(int column) {
      return 0;
    }

    @Override
    public long changedMillis() {
      return 7;
    }

    @Override
    public long freshNanos() {
      return 30;
    }

    @Override
    public long usableNanos() {
      return 50;
    }
  }

  private final List<Integer> told = new ArrayList<>();

  private void answer(int page, int rows) throws Exception {
    answer(client, page, new Table(rows, told));
  }

  private void answer(Client of, int page, GroupReading found) throws Exception {
    ClientRequest request = of.accept(Clients.submission(page, page + 1, 0));
    request.whenEnded(outcome -> ends.add(end(page, outcome)));
    GroupReads.answer(
        new GroupAnswer(request, false, Reading.of(found, 0, 0)), turns::add, () -> 100);
  }

  private static String end(int page, Completion outcome) {
    if (outcome.kind() != Kind.READING) {
      return page + " " + Reasons.of(outcome.reason()) + " " + new String(outcome.value(), UTF_8);
    }
    GroupValues values = GroupValues.of(outcome.value(), outcome.takenMillis());
    assertThat(values.form()).isEqualTo(GroupDescriptor.TABLE);
    assertThat(outcome.changedMillis()).isEqualTo(7);
    assertThat(outcome.freshUntilNanos()).isEqualTo(130);
    assertThat(outcome.usableUntilNanos()).isEqualTo(150);
    for (int row = 0; row < values.rows().size(); row++) {
      assertThat(values.next()).isTrue();
      assertThat(values.row() + values.column() + values.value())
          .isEqualTo("row" + row + "a" + row);
      assertThat(values.takenMillis()).isEqualTo(1000 + row);
      assertThat(values.next()).isTrue();
      assertThat(values.reason()).isEqualTo(Failure.Reason.TIMEOUT);
    }
    return page + " " + values.count();
  }

  @Test
  void littleIsWrittenAtOnce() throws Exception {
    answer(0, 500);
    assertThat(ends).containsExactly("0 1000");
    assertThat(turns).isEmpty();
  }

  @Test
  void muchIsWrittenInTurnsOneTableAfterTheOther() throws Exception {
    answer(0, 2000);
    answer(1, 600);
    assertThat(told).as("nothing is written on the thread that brings it").isEmpty();
    assertThat(turns).hasSize(1);
    int count = 0;
    for (; !turns.isEmpty(); count++) {
      int before = told.size();
      turns.remove().run();
      assertThat(turns).hasSizeLessThanOrEqualTo(1);
      assertThat(told.size() - before).isLessThanOrEqualTo(512);
    }
    assertThat(count).isEqualTo(6);
    assertThat(ends).containsExactly("0 4000", "1 1200");

    answer(2, 600);
    turns.remove().run();
    turns.remove().run();
    assertThat(ends).hasSize(3);
  }

  @Test
  void withdrawnTableIsWrittenNoFurther() throws Exception {
    answer(0, 2000);
    turns.remove().run();
    ClientRequest cancel = client.accept(Clients.submission(7, 8, 0));
    client.cancel(cancel, 1);
    int before = told.size();
    turns.remove().run();

    assertThat(ends).containsExactly("0 CANCELLED withdrawn");
    assertThat(told.size() - before).isLessThanOrEqualTo(512);
    assertThat(turns).isEmpty();
  }

  @Test
  void tableThatFitsNoPlaceIsOverloadedBeforeItIsWritten() throws Exception {
    Geometry small = new Geometry(8, 128, 128, 4096);
    Client poor = Clients.of(small, new Memory(ByteBuffer.allocateDirect(small.completionBytes())));
    answer(poor, 0, new Table(5000, told));
    turns.remove().run();

    assertThat(ends)
        .containsExactly(
            "0 OVERLOADED it takes more than 70016 bytes; attach with an arena for that");
    assertThat(told).isEmpty();
    assertThat(turns).isEmpty();
  }

  @Test
  void attributesThatWaitForOneClientAreBounded() throws Exception {
    answer(0, 4_000_000);
    answer(1, 400_000);

    assertThat(ends).hasSize(1).first().asString().startsWith("1 OVERLOADED 8000000 attributes");
  }

  private static String path(String path) {
    GroupPath of = GroupPath.of(path);
    return of.directory() + " " + of.columns() + (of.isOneColumn() ? " of all" : "");
  }

  @Test
  void pathNamesADirectoryAndWhichOfItsColumns() {
    assertThat(path("core1/system")).isEqualTo("core1/system null");
    assertThat(path("/core1//system/")).isEqualTo("core1/system null");
    assertThat(path("core1/interfaces/*")).isEqualTo("core1/interfaces null");
    assertThat(path("core1/interfaces/*/*")).isEqualTo("core1/interfaces null");
    assertThat(path("core1/interfaces/*/ifAlias")).isEqualTo("core1/interfaces [ifAlias] of all");
    assertThat(path("core1/interfaces/*/{ifAlias,ifName}"))
        .isEqualTo("core1/interfaces [ifAlias, ifName]");
    assertThat(path("core1/system/{sysName}")).isEqualTo("core1/system [sysName]");
    assertThat(path("core1/interfaces/{eth0}/*")).isEqualTo("core1/interfaces/{eth0} null");
    assertThat(path("{}")).isEqualTo(" []");
    assertThat(path("*")).isEqualTo(" null");
    assertThat(path("")).isEqualTo(" null");
    assertThat(path("{")).isEqualTo("{ null");
  }
}
