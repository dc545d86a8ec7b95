package org.aeiou.daemon.backend.snmp;

import com.google.common.base.Ticker;
import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.scheduler.Answer;
import org.aeiou.closures.scheduler.Exchange;
import org.aeiou.closures.scheduler.Exchanger;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snmp4j.PDU;

/** One system as the scheduler asks it: makes PDUs of exchanges and answers of responses. */
final class Agent implements Exchanger<Question, Value> {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  /** Longer answers than are asked for are counted in the memory for answers. */
  private static final int LONG_ANSWER = 4096;

  /** How much more memory an answer takes than it had bytes, about. */
  private static final int DECODED = 4;

  /** The kinds whose questions travel together. */
  private enum Kind {
    GET,
    PROBE
  }

  private final SnmpBackend backend;
  private final String host;
  private final int port;
  private final Dialect dialect;
  private final Wire wire;
  private final Listener listener;
  private final Reader reader;
  private final WalkLimit walkLimit = new WalkLimit();

  /** What walks under way hold; for the thread that owns the system. */
  private final Map<Question, AnswerMemory.Holding> holdings = new HashMap<>();

  /** What long answers take that are not taken yet. */
  private final Map<Exchange<Question, Value>, Long> longAnswers = new ConcurrentHashMap<>();

  private volatile InetSocketAddress address;
  private volatile boolean answered;
  private volatile boolean closed;

  Agent(
      SnmpBackend backend,
      SnmpSettings settings,
      Dialect dialect,
      Wire wire,
      Listener listener,
      Reader reader) {
    this.backend = backend;
    this.host = settings.host();
    this.port = settings.port();
    this.dialect = dialect;
    this.wire = wire;
    this.listener = listener;
    this.reader = reader;
  }

  Dialect dialect() {
    return dialect;
  }

  @Override
  public Object kind(Question key) {
    if (key instanceof Question.Get) {
      return Kind.GET;
    }
    return key instanceof Question.Probe ? Kind.PROBE : null;
  }

  @Override
  public void start(Exchange<Question, Value> exchange) {
    counters().add(Count.EXCHANGES);
    try {
      if (closed) {
        exchange.answer(reader.failed(Reason.STOPPED, "is asked no longer", false));
        return;
      }
      Question first = exchange.items().get(0).key();
      if (first instanceof Question.Walk walk && walk.columns().isEmpty()) {
        exchange.answer(new Answer.Items<>(List.of(reader.done(new Value.Rows(List.of())))));
        return;
      }
      if (exchange.items().get(0).continuation() instanceof Walk walk && !hold(first, walk)) {
        exchange.answer(new Answer.Items<>(List.of(noRoom(walk))));
        return;
      }
      Query query = query(first, exchange);
      long start = ticker().read();
      backend.names().tell(host, address -> told(exchange, query, address, start));
    } catch (RuntimeException e) {
      LOG.error("{}: could not be asked", reader.system(), e);
      exchange.answer(reader.failed(Reason.UNREACHABLE, "could not be asked: " + e, false));
    }
  }

  /** Keeps account of what a walk found so far; false if it has to end. */
  private boolean hold(Question question, Walk walk) {
    AnswerMemory memory = backend.memory();
    return memory.grow(holdings.computeIfAbsent(question, any -> memory.open()), walk.bytes());
  }

  private Answer.Item<Value> noRoom(Walk walk) {
    counters().add(Count.WALK_NO_ROOM);
    return reader.givenUp(
        walk,
        Reason.OVERLOADED,
        "it has %d KiB in %d rows, and all answers together may take %d KiB; try again"
            .formatted(walk.bytes() / 1024, walk.rowsSoFar(), backend.memory().most() / 1024));
  }

  @Override
  public void ended(Question question) {
    AnswerMemory.Holding holding = holdings.remove(question);
    if (holding != null) {
      backend.memory().close(holding);
    }
  }

  @Override
  public void taken(Exchange<Question, Value> exchange) {
    Long bytes = longAnswers.remove(exchange);
    if (bytes != null) {
      backend.memory().give(bytes);
    }
  }

  @Override
  public String silence() {
    return answered ? null : dialect.silence();
  }

  @Override
  public List<String> notes() {
    return reader.notes().all();
  }

  private Query query(Question first, Exchange<Question, Value> exchange) {
    if (first instanceof Question.Get) {
      return new GetQuery(reader, exchange.items());
    }
    return first instanceof Question.Probe
        ? new ProbeQuery(reader, exchange.items())
        : new WalkQuery(reader, walkLimit, exchange.items().get(0), exchange.attempt());
  }

  private void told(
      Exchange<Question, Value> exchange, Query query, InetAddress found, long start) {
    if (found == null) {
      exchange.answer(
          reader.failed(Reason.UNREACHABLE, "the host name '" + host + "' is not known", true));
      return;
    }
    InetSocketAddress known = address;
    if (known == null || !known.getAddress().equals(found)) {
      known = new InetSocketAddress(found, port);
      address = known;
    }
    Flight flight = new Flight(this, exchange, query, known, start);
    // A name service may take longer than the scheduler waits.
    if (!flight.late(ticker().read())) {
      send(flight);
    }
  }

  private void send(Flight flight) {
    try {
      if (closed) {
        stopped(flight);
      } else if (!flight.mayBeSent()) {
        answer(
            flight,
            reader.failed(
                Reason.BAD_ANSWER, "the agent keeps changing its engine id or its clock", true));
      } else {
        int id = backend.nextId(wire);
        Dialect.Message message = encoded(flight, id);
        if (message != null && wire.send(id, flight, dialect.version(), message)) {
          listener.sendDelayed();
        }
      }
    } catch (IOException | RuntimeException e) {
      counters().add(Count.SEND_FAILED);
      String why = e.getMessage() == null ? e.toString() : e.getMessage();
      answer(
          flight,
          reader.failed(
              Reason.UNREACHABLE,
              "sending to " + written(flight.address) + " failed: " + why,
              true));
    }
  }

  /** The message that asks; null if it cannot be written, and then that is the answer. */
  private Dialect.Message encoded(Flight flight, int id) {
    try {
      return dialect.encode(flight.query, id);
    } catch (IOException | RuntimeException e) {
      counters().add(Count.SEND_FAILED);
      String why = "cannot be asked that: " + (e.getMessage() == null ? e : e.getMessage());
      answer(flight, reader.failed(Reason.BAD_REQUEST, why, false));
      return null;
    }
  }

  /** Something came back that was not from where it was asked; by the listener. */
  void answeredFrom(SocketAddress from, Flight flight) {
    reader
        .notes()
        .add(
            "an answer came from {} and not from {}, which was asked; it is not accepted: if it is"
                + " the agent's, give the address that it answers from",
            written((InetSocketAddress) from),
            written(flight.address));
  }

  private static HostAndPort written(InetSocketAddress address) {
    return HostAndPort.fromParts(
        InetAddresses.toAddrString(address.getAddress()), address.getPort());
  }

  /** Something came back; by the listener. */
  void heard(Flight flight, Dialect.Heard heard, int bytes) {
    if (heard instanceof Dialect.Heard.Response response) {
      responded(flight, response.pdu(), bytes);
    } else if (heard instanceof Dialect.Heard.Undecodable) {
      counters().add(Count.UNDECODABLE);
      answer(flight, flight.query.undecodable());
    } else if (heard instanceof Dialect.Heard.Refused refused) {
      counters().add(Count.REFUSED);
      answer(flight, reader.failed(Reason.REFUSED, refused.why(), false));
    } else if (heard instanceof Dialect.Heard.Failed failed) {
      counters().add(Count.BAD);
      answer(flight, reader.failed(Reason.BAD_ANSWER, failed.why(), true));
    } else if (heard instanceof Dialect.Heard.SendAgain) {
      flight.answeredInPart(ticker().read());
      sendAgain(flight);
    } else if (heard instanceof Dialect.Heard.Prepare prepare) {
      flight.answeredInPart(ticker().read());
      backend.elsewhere(
          () -> {
            try {
              prepare.work().run();
            } catch (RuntimeException e) {
              LOG.error("{}: its keys could not be derived", reader.system(), e);
              answer(flight, reader.failed(Reason.REFUSED, "its keys could not be derived", false));
              return;
            }
            sendAgain(flight);
          });
    }
  }

  private void responded(Flight flight, PDU pdu, int bytes) {
    answered = true;
    Answer<Value> answer;
    try {
      answer = flight.query.answer(pdu, bytes);
    } catch (IllegalArgumentException e) {
      // An object identifier that is longer than there are any.
      counters().add(Count.UNDECODABLE);
      answer = flight.query.undecodable();
    }
    if (bytes > LONG_ANSWER && !reserve(flight.exchange, (long) bytes * DECODED)) {
      counters().add(Count.NO_ROOM);
    } else if (!answer(flight, answer)) {
      taken(flight.exchange);
    }
  }

  private boolean reserve(Exchange<Question, Value> exchange, long bytes) {
    if (longAnswers.putIfAbsent(exchange, bytes) != null || backend.memory().take(bytes)) {
      return true;
    }
    longAnswers.remove(exchange);
    return false;
  }

  private void sendAgain(Flight flight) {
    // Given up by the scheduler, which may have started another: what was learned is kept for it.
    if (!flight.late(ticker().read())) {
      send(flight);
    }
  }

  private boolean answer(Flight flight, Answer<Value> answer) {
    if (flight.late(ticker().read())) {
      counters().add(Count.LATE);
    }
    return flight.exchange.answer(answer);
  }

  /** Its message will not be listened for any more. */
  void stopped(Flight flight) {
    flight.exchange.answer(reader.failed(Reason.STOPPED, "is asked no longer", false));
  }

  /** Asks no more; exchanges that are under way end. Any thread; more than once. */
  void close() {
    closed = true;
    wire.stop(flight -> flight.agent == this);
  }

  private Ticker ticker() {
    return reader.ticker();
  }

  private Counters counters() {
    return reader.counters();
  }
}
