package org.aeiou.daemon.backend.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.message.Notes;
import org.aeiou.daemon.backend.snmp.message.SnmpCounters;
import org.aeiou.daemon.catalogue.Catalogue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snmp4j.PDU;
import org.snmp4j.smi.Counter64;
import org.snmp4j.smi.Gauge32;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.IpAddress;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.Opaque;
import org.snmp4j.smi.TimeTicks;

/** What a SET says, and what the agent's verdict on it means. */
class SetQueryTest {
  private static final Oid IF_ALIAS = Oid.parse("1.3.6.1.2.1.31.1.1.1.18.3");
  private static final Oid IF_ADMIN_STATUS = Oid.parse("1.3.6.1.2.1.2.2.1.7.3");

  private static final Question.Set SET =
      new Question.Set(
          List.of(
              new Question.Assignment(
                  IF_ALIAS,
                  null,
                  new Value.Octets(
                      Value.OctetsType.OCTETS, "a".getBytes(StandardCharsets.US_ASCII))),
              new Question.Assignment(
                  IF_ADMIN_STATUS, null, new Value.Numeric(Value.NumberType.INTEGER, 2))),
          () -> {});

  private final SetQuery query = new SetQuery(context(), SET);

  private static ResponseContext context() {
    Ticker ticker =
        new Ticker() {
          @Override
          public long read() {
            return 17;
          }
        };
    InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(42));
    return new ResponseContext(
        "core1",
        false,
        1300,
        1400,
        SnmpOptions.DEFAULT,
        Catalogue.load(List.of()),
        new Notes("core1", clock),
        ticker,
        clock,
        new SnmpCounters());
  }

  private static Outcome<Value> outcome(Answer<Value> answer) {
    Answer.Item<Value> item = ((Answer.Items<Value>) answer).items().get(0);
    return ((Answer.Item.Done<Value>) item).outcome();
  }

  private Failure<Value> verdict(int status, int index) {
    PDU response = new PDU(PDU.RESPONSE, List.of());
    response.setErrorStatus(status);
    response.setErrorIndex(index);
    return (Failure<Value>) outcome(query.answer(response, 100));
  }

  @Test
  void allOfItIsOnePduInItsOrder() {
    assertThat(query.request().type()).isEqualTo(PDU.SET);
    assertThat(query.request().bindings())
        .extracting(binding -> SmiValues.oid(binding.getOid()))
        .containsExactly(IF_ALIAS, IF_ADMIN_STATUS);
    assertThat(query.request().bindings().get(1).getVariable()).isEqualTo(new Integer32(2));
  }

  @Test
  void noErrorIsDone() {
    PDU response = new PDU(PDU.RESPONSE, List.of());
    response.setErrorStatus(PDU.noError);
    Outcome<Value> outcome = outcome(query.answer(response, 100));
    assertThat(((Reading<Value>) outcome).value()).isEqualTo(Value.DONE);
  }

  @ParameterizedTest
  @CsvSource({
    "1, NOT_DONE", // tooBig
    "2, NOT_WRITABLE", // noSuchName, of v1
    "3, BAD_REQUEST", // badValue, of v1
    "4, NOT_WRITABLE", // readOnly, of v1
    "5, NOT_DONE", // genErr
    "6, REFUSED", // noAccess
    "7, BAD_REQUEST", // wrongType
    "8, BAD_REQUEST", // wrongLength
    "9, BAD_REQUEST", // wrongEncoding
    "10, OUT_OF_RANGE", // wrongValue
    "11, NOT_WRITABLE", // noCreation
    "12, BAD_REQUEST", // inconsistentValue
    "13, NOT_DONE", // resourceUnavailable
    "14, NOT_DONE", // commitFailed
    "15, NOT_DONE", // undoFailed
    "16, REFUSED", // authorizationError
    "17, NOT_WRITABLE", // notWritable
    "18, NOT_WRITABLE", // inconsistentName
    "99, BAD_ANSWER"
  })
  void eachErrorStatusIsAnOutcomeThatNamesTheAttributeOfItsIndex(int status, Reason reason) {
    Failure<Value> verdict = verdict(status, 2);
    assertThat(verdict.reason()).isEqualTo(reason);
    assertThat(verdict.message()).startsWith("core1: the ").contains("ifAdminStatus");
  }

  @Test
  void anIndexThatNamesNoneLeavesAllOfThem() {
    assertThat(verdict(PDU.genErr, 0).message()).contains("one of [ifAlias, ifAdminStatus]");
    assertThat(verdict(PDU.genErr, 9).message()).contains("one of [ifAlias, ifAdminStatus]");
  }

  @Test
  void whatCouldNotBeUndoneMayHaveHappened() {
    assertThat(verdict(PDU.undoFailed, 1).message()).contains("part of it may have happened");
    Failure<Value> nonsense = (Failure<Value>) outcome(query.undecodable());
    assertThat(nonsense.reason()).isEqualTo(Reason.BAD_ANSWER);
    assertThat(nonsense.message()).endsWith("it may have happened");
  }

  @Test
  void eachKindOfValueHasItsType() {
    assertThat(SmiValues.variable(new Value.Numeric(Value.NumberType.GAUGE, 0xFFFF_FFFFL)))
        .isEqualTo(new Gauge32(0xFFFF_FFFFL));
    assertThat(SmiValues.variable(new Value.Numeric(Value.NumberType.TIME, 7)))
        .isEqualTo(new TimeTicks(7));
    assertThat(SmiValues.variable(new Value.Numeric(Value.NumberType.COUNTER64, -1)))
        .isEqualTo(new Counter64(-1));
    byte[] four = {10, 0, 0, 1};
    assertThat(SmiValues.variable(new Value.Octets(Value.OctetsType.ADDRESS, four)))
        .isEqualTo(new IpAddress("10.0.0.1"));
    assertThat(SmiValues.variable(new Value.Octets(Value.OctetsType.OCTETS, four)))
        .isEqualTo(new OctetString(four));
    assertThat(SmiValues.variable(new Value.Octets(Value.OctetsType.OPAQUE, four)))
        .isEqualTo(new Opaque(four));
    assertThat(SmiValues.variable(new Value.Identifier(Oid.parse("1.3.6"))))
        .isEqualTo(new OID("1.3.6"));
  }
}
