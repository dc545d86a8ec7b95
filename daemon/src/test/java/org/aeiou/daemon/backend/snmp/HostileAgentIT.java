package org.aeiou.daemon.backend.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.scheduler.Answer;
import org.aeiou.closures.scheduler.Exchanger;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Version;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.snmp4j.PDU;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.VariableBinding;

/** What becomes of agents that break the protocol, over real sockets. */
class HostileAgentIT {
  private static final Oid OBJECT = Oid.parse("1.3.6.1.2.1.1.6.0");
  private static final Question.Get GET = new Question.Get(OBJECT);
  private static final Value HERE =
      new Value.Octets(Value.OctetsType.OCTET_STRING, new byte[] {'h', 'e', 'r', 'e'});
  private static final Oid TABLE = Oid.parse("1.3.6.1.2.1.2.2.1.2");

  /** Stands still unless a test moves it. */
  private final AtomicLong now = new AtomicLong();

  private final Ticker ticker =
      new Ticker() {
        @Override
        public long read() {
          return now.get();
        }
      };

  private SnmpBackend backend;
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    backend = new SnmpBackend(ticker, InstantSource.system(), small());
  }

  private static SnmpOptions small() {
    return new SnmpOptions(2, 1, 1 << 20, 1400, 1472, 500, Duration.ofSeconds(60));
  }

  @AfterEach
  void stop() throws Exception {
    backend.close();
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  private Responder responder(Responder.Behaviour behaviour) throws IOException {
    Responder responder = new Responder(behaviour);
    open.add(responder);
    return responder;
  }

  private Exchanger<Question, Value> system(Version version, Responder.Behaviour behaviour)
      throws IOException {
    return backend.connect("core1", responder(behaviour).settings(version));
  }

  /** Every object says where it is. */
  private static PDU honest(PDU request) {
    PDU response = Responder.response(request);
    for (VariableBinding asked : request.getVariableBindings()) {
      response.add(new VariableBinding(asked.getOid(), new OctetString("here")));
    }
    return response;
  }

  private void awaitCount(Count count, long expected) throws InterruptedException {
    long end = System.nanoTime() + 5_000_000_000L;
    while (backend.count(count) < expected && System.nanoTime() < end) {
      Thread.sleep(2);
    }
    assertThat(backend.count(count)).as(count.key).isEqualTo(expected);
  }

  private static Value only(Answer<Value> answer) {
    Outcome<Value> outcome = outcome(answer);
    assertThat(outcome).isInstanceOf(Reading.class);
    return ((Reading<Value>) outcome).value();
  }

  private static Outcome<Value> outcome(Answer<Value> answer) {
    assertThat(answer).isInstanceOf(Answer.Items.class);
    Answer.Item<Value> item = ((Answer.Items<Value>) answer).items().get(0);
    assertThat(item).isInstanceOf(Answer.Item.Done.class);
    return ((Answer.Item.Done<Value>) item).outcome();
  }

  private static Failure<Value> failure(Answer<Value> answer) {
    assertThat(answer).isInstanceOf(Answer.Failed.class);
    return ((Answer.Failed<Value>) answer).failure();
  }

  @Test
  void garbageIsDroppedAndTheAnswerBehindItCounts() throws Exception {
    Exchanger<Question, Value> system =
        system(
            Version.V2C,
            (me, request, from) -> {
              me.send(new byte[0], from);
              me.send(new byte[] {0x30, (byte) 0x84, 1}, from);
              me.send("not SNMP at all".getBytes(StandardCharsets.US_ASCII), from);
              me.send(honest(request), from);
            });
    assertThat(only(Asked.of(GET).from(system).answer())).isEqualTo(HERE);
    assertThat(backend.count(Count.GARBAGE)).isEqualTo(3);
  }

  @Test
  void aCutOffAnswerFailsItsOwnExchangeAndNoOther() throws Exception {
    Exchanger<Question, Value> system =
        system(
            Version.V2C,
            (me, request, from) -> {
              byte[] whole = me.encode(honest(request), Responder.COMMUNITY);
              me.send(Arrays.copyOf(whole, whole.length - 3), from);
            });
    Answer<Value> answer = Asked.of(GET).from(system).answer();
    assertThat(failure(answer).reason()).isEqualTo(Reason.BAD_ANSWER);
    assertThat(failure(answer).message()).startsWith("core1: ");
    assertThat(((Answer.Failed<Value>) answer).retry()).isTrue();
    Question.Get other = new Question.Get(Oid.parse("1.3.6.1.2.1.1.5.0"));
    assertThat(Asked.of(GET, other).from(system).answer()).isInstanceOf(Answer.TooBig.class);
    assertThat(backend.count(Count.UNDECODABLE)).isEqualTo(2);
  }

  @Test
  void anAnswerWithAnotherIdIsDropped() throws Exception {
    Exchanger<Question, Value> system =
        system(
            Version.V2C,
            (me, request, from) -> {
              PDU wrong = honest(request);
              wrong.setRequestID(new Integer32(request.getRequestID().getValue() ^ 0x5555));
              me.send(wrong, from);
              me.send(honest(request), from);
            });
    assertThat(only(Asked.of(GET).from(system).answer())).isEqualTo(HERE);
    assertThat(backend.count(Count.UNMATCHED)).isEqualTo(1);
  }

  @Test
  void anAnswerFromAnotherAddressIsNotAccepted() throws Exception {
    DatagramSocket stranger =
        new DatagramSocket(new InetSocketAddress(InetAddresses.forString("127.0.0.2"), 0));
    open.add(stranger);
    BlockingQueue<SocketAddress> asked = new ArrayBlockingQueue<>(1);
    BlockingQueue<PDU> kept = new ArrayBlockingQueue<>(1);
    Responder agent =
        responder(
            (me, request, from) -> {
              PDU lie = honest(request);
              lie.getVariableBindings().get(0).setVariable(new OctetString("elsewhere"));
              byte[] octets = me.encode(lie, Responder.COMMUNITY);
              stranger.send(new DatagramPacket(octets, octets.length, from));
              asked.add(from);
              kept.add(request);
            });
    Asked get = Asked.of(GET).from(backend.connect("core1", agent.settings(Version.V2C)));
    SocketAddress from = asked.take();
    awaitCount(Count.OTHER_ADDRESS, 1);
    assertThat(get.answerSoFar()).isNull();
    agent.send(honest(kept.take()), from);
    assertThat(only(get.answer())).isEqualTo(HERE);
  }

  @Test
  void oneSystemCannotAnswerForAnother() throws Exception {
    // Both are asked through the same socket, by the same back end, with the same community.
    BlockingQueue<PDU> victims = new ArrayBlockingQueue<>(1);
    Responder victim = responder((me, request, from) -> victims.add(request));
    Responder liar =
        responder(
            (me, request, from) -> {
              PDU forged = honest(victims.peek());
              me.send(forged, from);
              me.send(honest(request), from);
            });
    try (SnmpBackend one =
        new SnmpBackend(
            Ticker.systemTicker(),
            InstantSource.system(),
            new SnmpOptions(1, 1, 1 << 20, 1400, 1472, 500, Duration.ofSeconds(60)))) {
      Asked first = Asked.of(GET).from(one.connect("victim", victim.settings(Version.V2C)));
      while (victims.isEmpty()) {
        Thread.onSpinWait();
      }
      Asked second = Asked.of(GET).from(one.connect("liar", liar.settings(Version.V2C)));
      assertThat(only(second.answer())).isEqualTo(HERE);
      assertThat(first.answerSoFar()).isNull();
      assertThat(one.count(Count.OTHER_ADDRESS)).isEqualTo(1);
    }
  }

  @Test
  void anAnswerWithAnotherCommunityOrVersionIsDropped() throws Exception {
    Exchanger<Question, Value> system =
        system(
            Version.V2C,
            (me, request, from) -> {
              me.send(me.encode(honest(request), "private"), from);
              byte[] v1 = me.encode(honest(request), Responder.COMMUNITY);
              v1[4] = 0;
              me.send(v1, from);
              me.send(honest(request), from);
            });
    assertThat(only(Asked.of(GET).from(system).answer())).isEqualTo(HERE);
    assertThat(backend.count(Count.OTHER_CREDENTIALS)).isEqualTo(2);
  }

  @Test
  void aSecondAnswerIsDroppedAndCounted() throws Exception {
    Exchanger<Question, Value> system =
        system(
            Version.V2C,
            (me, request, from) -> {
              me.send(honest(request), from);
              me.send(honest(request), from);
            });
    Asked get = Asked.of(GET).from(system);
    assertThat(only(get.answer())).isEqualTo(HERE);
    awaitCount(Count.DUPLICATE, 1);
    assertThat(get.answerSoFar()).isNull();
  }

  @Test
  void aLateAnswerIsHandedOverAndCounted() throws Exception {
    BlockingQueue<PDU> kept = new ArrayBlockingQueue<>(1);
    BlockingQueue<SocketAddress> asker = new ArrayBlockingQueue<>(1);
    Responder agent =
        responder(
            (me, request, from) -> {
              kept.add(request);
              asker.add(from);
            });
    Asked get =
        Asked.of(Duration.ofSeconds(2), GET)
            .from(backend.connect("core1", agent.settings(Version.V2C)));
    PDU request = kept.take();
    now.addAndGet(Duration.ofSeconds(3).toNanos());
    agent.send(honest(request), asker.take());
    assertThat(only(get.answer())).isEqualTo(HERE);
    assertThat(backend.count(Count.LATE)).isEqualTo(1);
  }

  @Test
  void anAnswerThatIsTwoTimeoutsLateIsForgottenAndCounted() throws Exception {
    BlockingQueue<PDU> kept = new ArrayBlockingQueue<>(1);
    BlockingQueue<SocketAddress> asker = new ArrayBlockingQueue<>(1);
    Responder agent =
        responder(
            (me, request, from) -> {
              kept.add(request);
              asker.add(from);
            });
    Asked get =
        Asked.of(Duration.ofSeconds(2), GET)
            .from(backend.connect("core1", agent.settings(Version.V2C)));
    PDU request = kept.take();
    now.addAndGet(Duration.ofSeconds(6).toNanos());
    long end = System.nanoTime() + 5_000_000_000L;
    while (backend.waiting() > 0 && System.nanoTime() < end) {
      Thread.sleep(2);
    }
    agent.send(honest(request), asker.take());
    awaitCount(Count.UNMATCHED, 1);
    assertThat(get.answerSoFar()).isNull();
  }

  @Test
  void tooBigIsLeftToTheScheduler() throws Exception {
    Exchanger<Question, Value> system =
        system(
            Version.V2C,
            (me, request, from) ->
                me.send(
                    request.size() > 2 ? Responder.error(request, PDU.tooBig, 0) : honest(request),
                    from));
    List<Question.Get> gets = gets(8);
    assertThat(new Asked(Asked.items(gets), Duration.ofSeconds(5), 1).from(system).answer())
        .isInstanceOf(Answer.TooBig.class);
    assertThat(Asked.outcomes(system, gets)).allMatch(o -> o instanceof Reading);
  }

  private static List<Question.Get> gets(int count) {
    return IntStream.range(0, count).mapToObj(i -> new Question.Get(TABLE.append(i + 1))).toList();
  }

  @Test
  void genErrFailsTheNamedObjectAndAsksTheOthersAgain() throws Exception {
    OID broken = Variables.oid(TABLE.append(3));
    Responder.Behaviour behaviour =
        (me, request, from) -> {
          int index =
              request.getVariableBindings().stream().map(v -> v.getOid()).toList().indexOf(broken)
                  + 1;
          me.send(index > 0 ? Responder.error(request, PDU.genErr, index) : honest(request), from);
        };
    for (Version version : List.of(Version.V1, Version.V2C)) {
      List<Outcome<Value>> outcomes = Asked.outcomes(system(version, behaviour), gets(5));
      assertThat(outcomes.get(2)).isInstanceOf(Failure.class);
      assertThat(((Failure<Value>) outcomes.get(2)).message())
          .isEqualTo("core1: the agent answered General variable binding error for " + broken);
      outcomes.remove(2);
      assertThat(outcomes).allMatch(o -> o instanceof Reading);
    }
  }

  @Test
  void noSuchNameOfV1MakesOneItemAbsentAndAGuardNull() throws Exception {
    OID missing = Variables.oid(TABLE.append(2));
    Exchanger<Question, Value> system =
        system(
            Version.V1,
            (me, request, from) -> {
              int index =
                  request.getVariableBindings().stream()
                          .map(v -> v.getOid())
                          .toList()
                          .indexOf(missing)
                      + 1;
              me.send(
                  index > 0 ? Responder.error(request, PDU.noSuchName, index) : honest(request),
                  from);
            });
    List<Outcome<Value>> outcomes =
        Asked.outcomes(
            system,
            List.of(
                new Question.Get(TABLE.append(1)),
                new Question.Get(TABLE.append(2)),
                new Question.Get(TABLE.append(3), TABLE.append(2)),
                new Question.Get(TABLE.append(4), TABLE.append(1))));
    assertThat(((Reading<Value>) outcomes.get(0)).value()).isEqualTo(HERE);
    assertThat(outcomes.get(1)).isInstanceOf(Absent.class);
    assertThat(((Reading<Value>) outcomes.get(2)).value()).isEqualTo(new Value.Guarded(HERE, null));
    assertThat(((Reading<Value>) outcomes.get(3)).value()).isEqualTo(new Value.Guarded(HERE, HERE));
  }

  @Test
  void authorizationErrorIsRefusedWithoutRetry() throws Exception {
    Exchanger<Question, Value> system =
        system(
            Version.V2C,
            (me, request, from) ->
                me.send(Responder.error(request, PDU.authorizationError, 1), from));
    Answer<Value> answer = Asked.of(GET).from(system).answer();
    assertThat(failure(answer).reason()).isEqualTo(Reason.REFUSED);
    assertThat(((Answer.Failed<Value>) answer).retry()).isFalse();
    assertThat(failure(answer).message()).startsWith("core1: ").doesNotContain("public");
  }

  @Test
  void aWalkThatGoesInCirclesIsABadAnswer() throws Exception {
    Exchanger<Question, Value> system =
        system(
            Version.V2C,
            (me, request, from) -> {
              PDU response = Responder.response(request);
              for (int i : new int[] {1, 2, 3, 2}) {
                response.add(
                    new VariableBinding(Variables.oid(TABLE.append(i)), new OctetString("x")));
              }
              me.send(response, from);
            });
    Failure<Value> failure = (Failure<Value>) walk(system, TABLE);
    assertThat(failure.reason()).isEqualTo(Reason.BAD_ANSWER);
    assertThat(failure.message())
        .isEqualTo(
            "core1: the agent does not walk forward: after "
                + TABLE.append(3)
                + " comes "
                + TABLE.append(2));
    assertThat(backend.count(Count.WALK_NOT_INCREASING)).isEqualTo(1);
  }

  private static Outcome<Value> walk(Exchanger<Question, Value> system, Oid... columns)
      throws InterruptedException {
    return Asked.outcomes(system, List.of(new Question.Walk(List.of(columns)))).get(0);
  }

  @Test
  void aTableWithoutEndIsABadAnswer() throws Exception {
    Exchanger<Question, Value> system = system(Version.V2C, table(Integer.MAX_VALUE, 100));
    Failure<Value> failure = (Failure<Value>) walk(system, TABLE);
    assertThat(failure.message()).isEqualTo("core1: more than 500 rows below " + TABLE);
    assertThat(backend.count(Count.WALK_TOO_LONG)).isEqualTo(1);
  }

  /** An honest table of columns below {@code TABLE}'s parent, that answers so many bindings. */
  private static Responder.Behaviour table(int rows, int most) {
    return (me, request, from) -> {
      PDU response = Responder.response(request);
      int repetitions = request.getType() == PDU.GETBULK ? request.getMaxRepetitions() : 1;
      for (int r = 0; r < repetitions; r++) {
        for (VariableBinding asked : request.getVariableBindings()) {
          OID oid = (OID) asked.getOid().clone();
          int row = (oid.size() == TABLE.length() ? 0 : oid.last()) + r + 1;
          OID column = new OID(oid.getValue(), 0, TABLE.length());
          if (response.size() < most) {
            if (row <= rows) {
              response.add(new VariableBinding(column.append(row), new Integer32(row)));
            } else {
              response.add(
                  request.getType() == PDU.GETBULK
                      ? new VariableBinding(column, Null.endOfMibView)
                      : new VariableBinding(new OID("1.3.6.1.9.9.9"), new Integer32(0)));
            }
          }
        }
      }
      me.send(response, from);
    };
  }

  @Test
  void aTableIsWalkedToItsEndInEveryVersionAndHoweverLittleComesAtATime() throws Exception {
    Oid second = Oid.parse("1.3.6.1.2.1.2.2.1.3");
    for (int most : new int[] {1, 3, 7, 1000}) {
      for (Version version : List.of(Version.V1, Version.V2C)) {
        Value.Rows rows =
            (Value.Rows)
                ((Reading<Value>) walk(system(version, table(37, most)), TABLE, second)).value();
        assertThat(rows.rows()).hasSize(37);
        Value last = new Value.Numeric(Value.NumberType.INTEGER32, 37);
        assertThat(rows.rows().get(36)).isEqualTo(new Value.Row(Oid.of(37), List.of(last, last)));
      }
    }
  }

  @Test
  void aWalkHalvesItsRepetitionsOnTooBigAndRemembersThat() throws Exception {
    List<Integer> asked = new ArrayList<>();
    Responder.Behaviour table = table(60, 1000);
    Exchanger<Question, Value> system =
        system(
            Version.V2C,
            (me, request, from) -> {
              synchronized (asked) {
                asked.add(request.getMaxRepetitions());
              }
              if (request.getMaxRepetitions() > 10) {
                me.send(Responder.error(request, PDU.tooBig, 0), from);
              } else {
                table.asked(me, request, from);
              }
            });
    assertThat(walk(system, TABLE)).isInstanceOf(Reading.class);
    long before = backend.count(Count.TOO_BIG);
    assertThat(before).isPositive();
    assertThat(walk(system, TABLE)).isInstanceOf(Reading.class);
    assertThat(backend.count(Count.TOO_BIG)).isEqualTo(before);
    synchronized (asked) {
      assertThat(asked.get(1)).isEqualTo(asked.get(0) / 2);
    }
  }

  @Test
  void aColumnTheAgentCannotReadIsLeftOutOfTheWalk() throws Exception {
    Oid broken = Oid.parse("1.3.6.1.2.1.2.2.1.3");
    Responder.Behaviour table = table(5, 1000);
    for (Version version : List.of(Version.V1, Version.V2C)) {
      Exchanger<Question, Value> system =
          system(
              version,
              (me, request, from) -> {
                int index =
                    IntStream.range(0, request.size())
                        .filter(i -> request.get(i).getOid().startsWith(Variables.oid(broken)))
                        .findFirst()
                        .orElse(-1);
                if (index >= 0) {
                  me.send(Responder.error(request, PDU.genErr, index + 1), from);
                } else {
                  table.asked(me, request, from);
                }
              });
      Value.Rows rows = (Value.Rows) ((Reading<Value>) walk(system, TABLE, broken)).value();
      assertThat(rows.rows()).hasSize(5);
      assertThat(rows.rows().get(0).columns().get(1)).isNull();
      assertThat(walk(system, broken)).isInstanceOf(Failure.class);
    }
    assertThat(backend.count(Count.WALK_COLUMN_FAILED)).isEqualTo(4);
  }

  @Test
  void moreThanFitsIsAskedInSeveralRequests() throws Exception {
    List<Integer> sizes = new ArrayList<>();
    Exchanger<Question, Value> system =
        system(
            Version.V2C,
            (me, request, from) -> {
              synchronized (sizes) {
                sizes.add(me.lastBytes);
              }
              me.send(honest(request), from);
            });
    int[] tail = new int[100];
    Arrays.fill(tail, 123_456);
    List<Question.Get> gets =
        IntStream.range(0, 20)
            .mapToObj(i -> new Question.Get(Oid.parse("1.3.6.1.4.1").append(tail).append(i)))
            .toList();
    assertThat(Asked.outcomes(system, gets)).allMatch(o -> o instanceof Reading);
    synchronized (sizes) {
      assertThat(sizes).hasSizeGreaterThan(3).allMatch(size -> size <= 1400);
    }
  }

  @Test
  void aThousandAnswersAtOnceAreNotDropped() throws Exception {
    Exchanger<Question, Value> one = system(Version.V2C, (me, r, from) -> me.send(honest(r), from));
    List<Asked> asked = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      asked.add(Asked.of(GET).from(one));
    }
    int answered = 0;
    for (Asked each : asked) {
      assertThat(only(each.answer())).isEqualTo(HERE);
      answered++;
    }
    assertThat(answered).isEqualTo(1000);
  }

  @Test
  void anUnknownHostFailsWithItsNameAndCanBeTriedAgain() throws Exception {
    Exchanger<Question, Value> system =
        backend.connect(
            "core1",
            new SnmpSettings("no-such-host.invalid", 161, Version.V2C, new Secret("x"), null));
    Answer<Value> answer = Asked.of(GET).from(system).answer();
    assertThat(failure(answer).reason()).isEqualTo(Reason.UNREACHABLE);
    assertThat(failure(answer).message())
        .isEqualTo("core1: the host name 'no-such-host.invalid' is not known");
    assertThat(((Answer.Failed<Value>) answer).retry()).isTrue();
  }

  @Test
  void anInterruptedCallerDoesNotCloseTheSocketForTheOthers() throws Exception {
    Exchanger<Question, Value> system =
        system(Version.V2C, (me, r, from) -> me.send(honest(r), from));
    Asked get = Asked.of(GET);
    Thread.currentThread().interrupt();
    get.from(system);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(only(get.answer())).isEqualTo(HERE);
    assertThat(only(Asked.of(GET).from(system).answer())).isEqualTo(HERE);
  }

  @Test
  void forgettingASystemEndsItsExchanges() throws Exception {
    Exchanger<Question, Value> system = system(Version.V2C, (me, request, from) -> {});
    Asked pending = Asked.of(GET).from(system);
    backend.forget(system);
    assertThat(failure(pending.answer()).reason()).isEqualTo(Reason.STOPPED);
    assertThat(failure(Asked.of(GET).from(system).answer()).reason()).isEqualTo(Reason.STOPPED);
  }

  @Test
  void closingEndsWhatIsUnderWayAndStopsTheThreads() throws Exception {
    Exchanger<Question, Value> system = system(Version.V2C, (me, request, from) -> {});
    Asked pending = Asked.of(GET).from(system);
    backend.close();
    assertThat(failure(pending.answer()).reason()).isEqualTo(Reason.STOPPED);
    assertThat(Asked.of(GET).from(system).answer()).isInstanceOf(Answer.Failed.class);
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().matches("aeiou-snmp-\\d+"));
  }
}
