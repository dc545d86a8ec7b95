package org.aeiou.daemon.backend.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.daemon.backend.Definitions;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Version;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.snmp4j.PDU;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.VariableBinding;

/** A back end and agents that break the protocol, over real sockets. */
abstract class HostileAgents {
  static final Oid OBJECT = Oid.parse("1.3.6.1.2.1.1.6.0");
  static final Question.Get GET = new Question.Get(OBJECT);
  static final Value HERE =
      new Value.Octets(Value.OctetsType.OCTETS, new byte[] {'h', 'e', 'r', 'e'});
  static final Oid TABLE = Oid.parse("1.3.6.1.2.1.2.2.1.2");

  /** The table has a name, and so has the object, which is a text. */
  static final Definitions DEFINITIONS =
      new Definitions() {
        @Override
        public int mostOctets(Oid instance) {
          return instance.startsWith(TABLE) || instance.equals(OBJECT) ? SHORT_OCTETS : MOST_OCTETS;
        }

        @Override
        public String name(Oid object) {
          return object.startsWith(TABLE) ? "interfaces/ifDescr" : null;
        }
      };

  /** Stands still unless a test moves it. */
  final AtomicLong now = new AtomicLong();

  private final Ticker ticker =
      new Ticker() {
        @Override
        public long read() {
          return now.get();
        }
      };

  SnmpBackend backend;
  final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  final void start() throws IOException {
    backend = new SnmpBackend(ticker, InstantSource.system(), options(2, 1 << 20), DEFINITIONS);
  }

  /** Walks of 500 rows at the most, in 10 s. */
  static SnmpOptions options(int sockets, long answerBytes) {
    return new SnmpOptions(
        sockets,
        1,
        1 << 20,
        1400,
        1472,
        500,
        Duration.ofSeconds(10),
        answerBytes,
        Duration.ofSeconds(60));
  }

  @AfterEach
  final void stop() throws Exception {
    backend.close();
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  Responder responder(Responder.Behaviour behaviour) throws IOException {
    Responder responder = new Responder(behaviour);
    open.add(responder);
    return responder;
  }

  Exchanger<Question, Value> system(Version version, Responder.Behaviour behaviour)
      throws IOException {
    return backend.connect("core1", responder(behaviour).settings(version));
  }

  /** Every object says where it is. */
  static PDU honest(PDU request) {
    PDU response = Responder.response(request);
    for (VariableBinding asked : request.getVariableBindings()) {
      response.add(new VariableBinding(asked.getOid(), new OctetString("here")));
    }
    return response;
  }

  void awaitCount(SnmpCounter count, long expected) throws InterruptedException {
    long end = System.nanoTime() + 5_000_000_000L;
    while (backend.count(count) < expected && System.nanoTime() < end) {
      Thread.sleep(2);
    }
    assertThat(backend.count(count)).as(count.name()).isEqualTo(expected);
  }

  static Value only(Answer<Value> answer) {
    Outcome<Value> outcome = outcome(answer);
    assertThat(outcome).isInstanceOf(Reading.class);
    return ((Reading<Value>) outcome).value();
  }

  static Outcome<Value> outcome(Answer<Value> answer) {
    assertThat(answer).isInstanceOf(Answer.Items.class);
    Answer.Item<Value> item = ((Answer.Items<Value>) answer).items().get(0);
    assertThat(item).isInstanceOf(Answer.Item.Done.class);
    return ((Answer.Item.Done<Value>) item).outcome();
  }

  static Failure<Value> failure(Answer<Value> answer) {
    assertThat(answer).isInstanceOf(Answer.Failed.class);
    return ((Answer.Failed<Value>) answer).failure();
  }
}
