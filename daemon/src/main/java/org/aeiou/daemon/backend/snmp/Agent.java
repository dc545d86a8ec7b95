package org.aeiou.daemon.backend.snmp;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.scheduler.Answer;
import org.aeiou.closures.scheduler.Exchange;
import org.aeiou.closures.scheduler.Exchanger;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One system as the scheduler asks it: makes PDUs of exchanges and answers of responses. */
final class Agent implements Exchanger<Question, Value> {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

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
      Query query = query(first, exchange);
      long start = ticker().read();
      backend.names().tell(host, address -> told(exchange, query, address, start));
    } catch (RuntimeException e) {
      LOG.error("{}: could not be asked", reader.system(), e);
      exchange.answer(reader.failed(Reason.UNREACHABLE, "could not be asked: " + e, false));
    }
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
      Exchange<Question, Value> exchange, Query query, InetAddress address, long start) {
    if (address == null) {
      exchange.answer(
          reader.failed(Reason.UNREACHABLE, "the host name '" + host + "' is not known", true));
      return;
    }
    Flight flight = new Flight(this, exchange, query, new InetSocketAddress(address, port), start);
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
        if (wire.send(id, flight, dialect.version(), dialect.encode(flight.query, id))) {
          listener.sendDelayed();
        }
      }
    } catch (IOException | RuntimeException e) {
      counters().add(Count.SEND_FAILED);
      String why = e.getMessage() == null ? e.toString() : e.getMessage();
      answer(
          flight,
          reader.failed(
              Reason.UNREACHABLE, "sending to " + flight.address + " failed: " + why, true));
    }
  }

  /** Something came back; by the listener. */
  void heard(Flight flight, Dialect.Heard heard, int bytes) {
    if (heard instanceof Dialect.Heard.Response response) {
      answer(flight, flight.query.answer(response.pdu(), bytes));
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
      sendAgain(flight);
    } else if (heard instanceof Dialect.Heard.Prepare prepare) {
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

  private void sendAgain(Flight flight) {
    // Given up by the scheduler, which may have started another: what was learned is kept for it.
    if (!flight.late(ticker().read())) {
      send(flight);
    }
  }

  private void answer(Flight flight, Answer<Value> answer) {
    if (flight.late(ticker().read())) {
      counters().add(Count.LATE);
    }
    flight.exchange.answer(answer);
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
