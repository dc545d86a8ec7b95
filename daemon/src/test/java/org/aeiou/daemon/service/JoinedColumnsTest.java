package org.aeiou.daemon.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.aeiou.closures.Absent;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.junit.jupiter.api.Test;

/** Columns that lie in another table than the row: which interface an address is behind. */
class JoinedColumnsTest extends ServiceFixture {
  private static final AttributeGroup.Table FORWARDING =
      (AttributeGroup.Table) CATALOGUE.group("forwarding");
  private static final Oid MAC = Oid.of(0, 17, 34, 51, 68, 1);
  private static final String NAME = "core1/forwarding/00:11:22:33:44:01/ifName";
  private static final Oid FDB_PORT = FORWARDING.attribute("dot1dTpFdbPort").oid();
  private static final Oid PORT_INTERFACE = FORWARDING.attribute("dot1dBasePortIfIndex").oid();

  private static Value number(long number) {
    return new Value.Numeric(Value.NumberType.INTEGER, number);
  }

  private static Value.Row row(Oid index, Oid column, Value value) {
    Value[] values = new Value[FORWARDING.walk().size()];
    values[FORWARDING.walk().indexOf(column)] = value;
    return new Value.Row(index, Arrays.asList(values));
  }

  /** Lets a walk find the address behind a port; port 5 is interface 105, port 6 is 106. */
  private void walkedBehind(int port) {
    List<Value.Row> rows = new ArrayList<>();
    rows.add(row(MAC, FDB_PORT, number(port)));
    rows.add(row(Oid.of(5), PORT_INTERFACE, number(105)));
    rows.add(row(Oid.of(6), PORT_INTERFACE, number(106)));
    queue.answer(reading(new Value.Rows(rows)));
  }

  private void knowBehind(int port) {
    service.list(requester, node("core1/forwarding"), note(), "list");
    walkedBehind(port);
    ended.clear();
  }

  @Test
  void areReadWithTheColumnThatLeadsToThem() {
    knowBehind(5);
    read(NAME);
    assertThat(queue.asked())
        .containsExactly(new Question.Get(IF_NAME.append(105), FDB_PORT.append(MAC)));

    queue.answer(reading(new Value.Guarded(name("eth5"), number(5))));

    assertThat(content(onlyEnded())).isEqualTo("eth5\n");
  }

  @Test
  void areLookedForAgainWhereTheRowLeadsElsewhereByNow() {
    knowBehind(5);
    read(NAME);
    queue.answer(reading(new Value.Guarded(name("eth5"), number(6))));
    assertThat(ended).isEmpty();

    walkedBehind(6);
    assertThat(queue.asked())
        .containsExactly(new Question.Get(IF_NAME.append(106), FDB_PORT.append(MAC)));
    queue.answer(reading(new Value.Guarded(name("eth6"), number(6))));

    assertThat(content(onlyEnded())).isEqualTo("eth6\n");
  }

  @Test
  void areAbsentWhereTheRowLeadsNowhere() {
    knowBehind(0);

    read(NAME);

    Ended immediate = onlyEnded();
    assertThat(immediate.outcome()).isInstanceOf(Absent.class);
    assertThat(immediate.delayed()).isFalse();
    assertThat(queue.asked()).isEmpty();
    assertThat(service.attributes(node(NAME)).size()).isEqualTo(NodeAttributes.UNKNOWN_SIZE);
    assertThat(service.extendedAttributes(node(NAME)))
        .contains("user.aeiou.type")
        .doesNotContain("user.aeiou.oid");
    assertThat(new String(service.extendedAttribute(node(NAME), "user.aeiou.state"), UTF_8))
        .isEqualTo("unknown");
  }

  @Test
  void rowsOfTheOtherTableAreNotListed() {
    service.list(requester, node("core1/forwarding"), note(), "list");
    walkedBehind(5);
    assertThat(
            ((FileSystem.Listing) ((org.aeiou.closures.Reading<?>) onlyEnded().outcome()).value())
                .entries())
        .extracting(FileSystem.Entry::name)
        .containsExactly("00:11:22:33:44:01");
  }
}
