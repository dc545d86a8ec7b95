package org.aeiou.daemon.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.daemon.backend.AgentProfile;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributePatterns;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.service.write.Assignment;
import org.aeiou.daemon.service.write.Author;
import org.aeiou.daemon.service.write.Written;
import org.aeiou.daemon.tree.Node;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Writing: what is asked of a system in which order, and what everybody sees afterwards. */
class WritesTest extends ServiceFixture {
  private static final Author AUTHOR = new Author(1000, 4242);
  private static final Oid IF_ADMIN_STATUS = INTERFACES.attribute("ifAdminStatus").oid();
  private static final Oid IF_ALIAS = INTERFACES.attribute("ifAlias").oid();
  private static final Outcome<Value> DONE = Reading.of(Value.DONE, 0, 0);

  private final List<String> seen = new ArrayList<>();

  @BeforeEach
  void letWrite() {
    allow("system/sys*", "interfaces/*/if*");
    service.observe(
        new FileSystem.Observer() {
          @Override
          public void contentChanged(Node file) {
            FileSystem.Content content = service.cached(file);
            seen.add(file + "=" + (content == null ? "?" : new String(content.value(), UTF_8)));
          }

          @Override
          public void namesChanged(Node directory, Collection<String> names) {}
        });
  }

  private void allow(String... patterns) {
    network.replace(
        Map.of(
            "core1",
            new Endpoint(
                queue,
                cache,
                lifetimes,
                MINUTE,
                UTF_8,
                new AttributePatterns(List.of(patterns)),
                null,
                new AgentProfile(),
                Endpoint.HERE,
                false,
                new ConcurrentHashMap<>(),
                new ConcurrentHashMap<>())));
  }

  /** Writes paths and texts, in pairs. */
  private Request write(String... pathsAndTexts) {
    List<Assignment> assignments = new ArrayList<>();
    for (int i = 0; i < pathsAndTexts.length; i += 2) {
      assignments.add(new Assignment(node(pathsAndTexts[i]), pathsAndTexts[i + 1]));
    }
    return service.write(AUTHOR, requester, assignments, note(), "write");
  }

  private Written.Change change(Ended ended, int number) {
    assertThat(ended.outcome()).isInstanceOf(Reading.class);
    return ((Written) ((Reading<?>) ended.outcome()).value()).changes().get(number);
  }

  private static String message(Ended ended) {
    return ((Failure<?>) ended.outcome()).message();
  }

  private Question only() {
    assertThat(queue.asked()).hasSize(1);
    return queue.asked().get(0);
  }

  private List<Question.Assignment> assignments() {
    assertThat(only()).isInstanceOf(Question.Set.class);
    return ((Question.Set) only()).assignments();
  }

  private static Failure<Value> failure(Reason reason) {
    return new Failure<>(reason, "core1: " + reason);
  }

  @Test
  void aScalarIsReadThenSetThenReadBackAndEverybodySeesWhatWasReadBack() {
    read("core1/system/sysLocation");
    queue.answer(text("Rack 7"));
    ended.clear();
    seen.clear();

    write("core1/system/sysLocation", "Rack 8\n");
    assertThat(only()).as("however fresh the cache is").isEqualTo(new Question.Get(SYS_LOCATION));
    queue.answer(text("Rack 7b"));
    assertThat(assignments())
        .containsExactly(
            new Question.Assignment(SYS_LOCATION, null, (Value.Single) name("Rack 8")));
    assertThat(ended).isEmpty();
    queue.answer(DONE);
    assertThat(only()).isEqualTo(new Question.Get(SYS_LOCATION));
    queue.answer(text("rack 8"));

    Written.Change change = change(onlyEnded(), 0);
    assertThat(change.before()).isEqualTo("Rack 7b");
    assertThat(change.after()).isEqualTo("rack 8");
    read("core1/system/sysLocation");
    assertThat(content(onlyEnded())).isEqualTo("rack 8\n");
    assertThat(seen)
        .contains("core1/system/sysLocation=Rack 7b", "core1/system/sysLocation=rack 8");
    assertThat(service.metrics().values())
        .containsEntry("writes.done", 1L)
        .containsEntry("writes.read-back-otherwise", 1L);
  }

  @Test
  void eachWriteIsAnEventWithItsAuthorAndWhatWasThereBefore() {
    write("core1/system/sysLocation", "Rack 8\n");
    queue.answer(text("Rack 7"));
    queue.answer(DONE);
    queue.answer(text("RACK 8"));
    write("core1/system/sysName", "core2");
    queue.answer(text("core1"));
    queue.answer(failure(Reason.TIMEOUT));
    queue.answer(text("core2"));
    ended.clear();
    read("core1/.events");
    assertThat(content(onlyEnded()).lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .endsWith(
                        "\"level\":\"info\",\"event\":\"write\",\"system\":\"core1\",\"message\":\"core1:"
                            + " user 1000, process 4242 wrote system/sysLocation: 'Rack 7' → 'Rack"
                            + " 8', reads 'RACK 8'\",\"done\":true,\"uid\":1000,\"pid\":4242,"
                            + "\"changes\":[{\"attribute\":\"system/sysLocation\",\"written\":\"Rack"
                            + " 8\",\"before\":\"Rack 7\",\"after\":\"RACK 8\"}]}"),
            line ->
                assertThat(line)
                    .endsWith(
                        "\"level\":\"warn\",\"event\":\"write\",\"system\":\"core1\",\"message\":\"core1:"
                            + " user 1000, process 4242 may have written system/sysName: 'core2':"
                            + " core1: TIMEOUT\",\"done\":null,\"reason\":\"timeout\",\"uid\":1000,"
                            + "\"pid\":4242,\"changes\":[{\"attribute\":\"system/sysName\","
                            + "\"written\":\"core2\"}]}"));
  }

  @Test
  void aRowIsProvedByItsLabelBeforeItIsWrittenTo() {
    knowInterfaces();
    write("core1/interfaces/eth0/ifAdminStatus", "down");
    assertThat(only()).isEqualTo(new Question.Get(IF_ADMIN_STATUS.append(3), IF_NAME.append(3)));
    queue.answer(reading(status(1, "eth0")));
    assertThat(assignments())
        .containsExactly(
            new Question.Assignment(
                IF_ADMIN_STATUS.append(3),
                IF_NAME.append(3),
                new Value.Numeric(Value.NumberType.INTEGER, 2)));
    queue.answer(DONE);
    queue.answer(reading(status(2, "eth0")));
    assertThat(change(onlyEnded(), 0).after()).isEqualTo("down");
  }

  @Test
  void aRowThatMovedIsLookedForAndWrittenWhereItIsNow() {
    knowInterfaces();
    write("core1/interfaces/eth0/ifAdminStatus", "down");
    queue.answer(reading(status(1, "another")));
    assertThat(only()).isInstanceOf(Question.Walk.class);
    walked("another", 3, "eth0", 7);
    queue.answer(reading(status(1, "eth0")));
    assertThat(assignments().get(0).oid()).isEqualTo(IF_ADMIN_STATUS.append(7));
  }

  @Test
  void aRowThatIsGoneIsRefusedAndNoOtherIsWritten() {
    knowInterfaces();
    write("core1/interfaces/eth0/ifAdminStatus", "down");
    queue.answer(reading(status(1, "another")));
    walked("another", 3);
    Ended ended = onlyEnded();
    assertThat(reason(ended)).isEqualTo(Reason.UNKNOWN_NAME);
    assertThat(message(ended)).isEqualTo("core1 no longer has this row; nothing was written");
    assertThat(queue.asked()).isEmpty();
  }

  @Test
  void aRowThatKeepsMovingIsRefused() {
    knowInterfaces();
    write("core1/interfaces/eth0/ifAdminStatus", "down");
    queue.answer(reading(status(1, "another")));
    walked("another", 3, "eth0", 7);
    queue.answer(reading(status(1, "yet another")));
    assertThat(reason(onlyEnded())).isEqualTo(Reason.UNKNOWN_NAME);
    assertThat(queue.asked()).isEmpty();
  }

  @Test
  void severalAttributesOfARowAreSetInOneQuestion() {
    knowInterfaces();
    write(
        "core1/interfaces/eth0/ifAdminStatus", "down", "core1/interfaces/eth0/ifAlias", "to core2");
    assertThat(queue.asked()).hasSize(2);
    queue.answer(reading(status(1, "eth0")));
    queue.answer(reading(new Value.Guarded(name(""), name("eth0"))));
    assertThat(assignments())
        .extracting(Question.Assignment::oid)
        .containsExactly(IF_ADMIN_STATUS.append(3), IF_ALIAS.append(3));
    queue.answer(DONE);
    queue.answer(reading(status(2, "eth0")));
    queue.answer(reading(new Value.Guarded(name("to core2"), name("eth0"))));
    Ended ended = onlyEnded();
    assertThat(change(ended, 0).after()).isEqualTo("down");
    assertThat(change(ended, 1).before()).isEmpty();
    assertThat(change(ended, 1).after()).isEqualTo("to core2");
  }

  @Test
  void attributesOfDifferentRowsAreNotWrittenTogether() {
    knowInterfaces();
    write("core1/interfaces/eth0/ifAlias", "a", "core1/interfaces/eth1/ifAlias", "b");
    Ended ended = onlyEnded();
    assertThat(reason(ended)).isEqualTo(Reason.BAD_REQUEST);
    assertThat(message(ended))
        .isEqualTo(
            "core1/interfaces/eth0/ifAlias and core1/interfaces/eth1/ifAlias are not of one row, or"
                + " of one group: they cannot be written together");
    write("core1/interfaces/eth0/ifAlias", "a", "core1/interfaces/eth0/ifAlias", "b");
    assertThat(message(onlyEnded())).isEqualTo("ifAlias is to be written twice at once");
    assertThat(queue.asked()).isEmpty();
  }

  @Test
  void whatIsNoValueIsRefusedBeforeAnythingIsAsked() {
    knowInterfaces();
    assertThat(write("core1/interfaces/eth0/ifAdminStatus", "sideways"))
        .isSameAs(Request.IMMEDIATE);
    Ended ended = onlyEnded();
    assertThat(ended.delayed()).isFalse();
    assertThat(reason(ended)).isEqualTo(Reason.BAD_REQUEST);
    assertThat(message(ended))
        .isEqualTo(
            "ifAdminStatus: 'sideways' is no value; expected up(1), down(2), testing(3), or the"
                + " number of one");
    write("core1/system/sysName", "x".repeat(300));
    assertThat(reason(onlyEnded())).isEqualTo(Reason.OUT_OF_RANGE);
    service.write(
        AUTHOR,
        requester,
        List.of(Assignment.of(node("core1/system/sysName"), new byte[] {(byte) 0xFF})),
        note(),
        "bytes");
    assertThat(message(onlyEnded())).isEqualTo("sysName: is not text in UTF-8");
    assertThat(queue.asked()).isEmpty();
    assertThat(service.metrics().values()).containsEntry("writes.refused-by-check", 3L);
  }

  @Test
  void onlyWhatTheMibLetsAndTheConfigurationAllowsMayBeWritten() {
    knowInterfaces();
    assertThat(service.isWritable(node("core1/system/sysName"))).isTrue();
    assertThat(service.isWritable(node(".uncached/core1/system/sysName"))).isTrue();
    assertThat(service.isWritable(node(".cached/core1/system/sysName"))).isFalse();
    assertThat(service.isWritable(node("core1/system/sysUpTime"))).isFalse();
    assertThat(service.isWritable(node("core1/system"))).isFalse();
    assertThat(service.isWritable(node("core1/.health"))).isFalse();
    allow("interfaces/eth1/ifAlias");
    assertThat(service.isWritable(node("core1/system/sysName"))).isFalse();
    assertThat(service.isWritable(node("core1/interfaces/eth1/ifAlias"))).isTrue();
    assertThat(service.isWritable(node("core1/interfaces/eth0/ifAlias"))).isFalse();
    write("core1/interfaces/eth0/ifAlias", "a");
    Ended ended = onlyEnded();
    assertThat(reason(ended)).isEqualTo(Reason.NOT_WRITABLE);
    assertThat(message(ended))
        .isEqualTo(
            "ifAlias may not be written: no pattern of 'write: {allow: […]}' in the configuration"
                + " names it");
    write("core1/system/sysUpTime", "0");
    assertThat(message(onlyEnded())).startsWith("sysUpTime is read-only");
    write("core1/system", "0");
    assertThat(reason(onlyEnded())).isEqualTo(Reason.IS_DIRECTORY);
  }

  @Test
  void whatIsForbiddenMeanwhileIsNotSent() {
    write("core1/system/sysName", "core2");
    allow();
    queue.answer(text("core1"));
    assertThat(reason(onlyEnded())).isEqualTo(Reason.NOT_WRITABLE);
    assertThat(queue.asked()).isEmpty();
  }

  @Test
  void aSystemThatDoesNotAnswerIsNotWrittenToAndThatIsTold() {
    write("core1/system/sysName", "core2");
    queue.answer(failure(Reason.TIMEOUT));
    Ended ended = onlyEnded();
    assertThat(reason(ended))
        .as("of a write a time-out says that it may have happened")
        .isEqualTo(Reason.UNREACHABLE);
    assertThat(message(ended)).isEqualTo("core1: TIMEOUT; nothing was written");
    assertThat(service.metrics().values()).containsEntry("writes.not-sent", 1L);
  }

  @Test
  void aLostVerdictIsNotAskedForAgainAndTheValueIsReadAgain() {
    read("core1/system/sysName");
    queue.answer(text("core1"));
    ended.clear();
    write("core1/system/sysName", "core2");
    queue.answer(text("core1"));
    queue.answer(failure(Reason.TIMEOUT));
    assertThat(reason(onlyEnded())).isEqualTo(Reason.TIMEOUT);
    assertThat(service.cached(node("core1/system/sysName"))).isNull();
    assertThat(only()).isInstanceOf(Question.Get.class);
    queue.answer(text("core2"));
    read("core1/system/sysName");
    assertThat(content(onlyEnded())).isEqualTo("core2\n");
    assertThat(service.metrics().values()).containsEntry("writes.unknown", 1L);
  }

  @Test
  void aVerdictThatComesTooLateHasTheValueReadOnceMore() {
    write("core1/system/sysName", "core2");
    queue.answer(text("core1"));
    Question.Set set = (Question.Set) only();
    queue.answer(failure(Reason.TIMEOUT));
    queue.answer(text("core1"));
    onlyEnded();
    cache.written(set);
    set.answered();
    queue.answer(text("core2"));
    read("core1/system/sysName");
    assertThat(content(onlyEnded())).isEqualTo("core2\n");
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"REFUSED", "NOT_WRITABLE", "BAD_REQUEST", "OUT_OF_RANGE", "NOT_DONE"})
  void theSystemsVerdictIsTheOutcome(Reason verdict) {
    write("core1/system/sysName", "core2");
    queue.answer(text("core1"));
    queue.answer(failure(verdict));
    assertThat(reason(onlyEnded())).isEqualTo(verdict);
    assertThat(service.metrics().values())
        .containsEntry(
            verdict == Reason.NOT_DONE ? "writes.unknown" : "writes.refused-by-system", 1L);
  }

  @Test
  void whatCannotBeReadBackIsWrittenAllTheSame() {
    write("core1/system/sysName", "core2");
    queue.answer(text("core1"));
    queue.answer(DONE);
    queue.answer(failure(Reason.TIMEOUT));
    assertThat(change(onlyEnded(), 0).after()).isNull();
    assertThat(service.cached(node("core1/system/sysName"))).isNull();
  }

  @Test
  void whatIsAbsentMayBeWritten() {
    write("core1/system/sysName", "core2");
    queue.answer(new Absent<>(now, 0));
    queue.answer(DONE);
    queue.answer(text("core2"));
    assertThat(change(onlyEnded(), 0).before()).isNull();
  }

  @Test
  void whatElseIsKnownOfTheRowAndOfTheWholeTableIsReadAnew() {
    knowInterfaces();
    read("core1/interfaces/eth0/ifOperStatus");
    queue.answer(reading(status(1, "eth0")));
    read("core1/interfaces/eth1/ifOperStatus");
    queue.answer(reading(status(1, "eth1")));
    read("core1/system/sysName");
    queue.answer(text("core1"));
    write("core1/interfaces/eth0/ifAdminStatus", "down");
    queue.answer(reading(status(1, "eth0")));
    queue.answer(DONE);
    assertThat(service.cached(node("core1/interfaces/eth0/ifOperStatus")))
        .as("it follows what was written")
        .isNull();
    assertThat(seen).contains("core1/interfaces/eth0/ifOperStatus=?");
    assertThat(service.cached(node("core1/interfaces/eth1/ifOperStatus"))).isNotNull();
    assertThat(service.cached(node("core1/system/sysName"))).isNotNull();
  }

  @Test
  void withdrawnBeforeItIsSentNothingIsWritten() {
    Request request = write("core1/system/sysName", "core2");
    request.cancel();
    assertThat(message(onlyEnded())).isEqualTo("withdrawn; nothing was written");
    assertThat(queue.asked()).isEmpty();
  }

  @Test
  void tooMuchPendingIsToldAndNothingIsWritten() {
    queue.fill();
    write("core1/system/sysName", "core2");
    assertThat(reason(onlyEnded())).isEqualTo(Reason.OVERLOADED);
  }

  @Test
  void whatIsReadBackOfAnotherRowIsNotTakenForIt() {
    knowInterfaces();
    write("core1/interfaces/eth0/ifAlias", "new");
    queue.answer(reading(new Value.Guarded(name("old"), name("eth0"))));
    queue.answer(DONE);
    queue.answer(reading(new Value.Guarded(name("another's"), name("another row"))));
    assertThat(change(onlyEnded(), 0).after()).isNull();
  }
}
