package org.aeiou.daemon.backend.snmp;

import com.google.common.base.Ticker;
import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.message.MessageCodec;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.aeiou.daemon.backend.snmp.message.SnmpCounters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snmp4j.PDU;

/**
 * One system as the scheduler asks it: makes PDUs of exchanges and answers of responses. It is long
 * because both directions of every kind of question are here: what one puts into a message the
 * other takes out of it.
 */
final class Agent implements Exchanger<Question, Value> {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  /** Longer answers than are asked for are counted in the memory for answers. */
  private static final int LONG_ANSWER = 4096;

  /** How much more memory an answer takes than it had bytes, about. */
  private static final int DECODED = 4;

  /** Questions of one kind travel together. */
  private enum Kind {
    GET,
    SAMPLE,
    PROBE
  }

  private final String host;

  /** The host, where it is an address and no name; else null. */
  private final InetAddress literal;

  private final int port;
  private final MessageCodec codec;

  /** For what is set; the other one where the credentials are the same. */
  private final MessageCodec writing;

  private final UdpSocket socket;
  private final ResponseContext context;
  private final HostResolver resolver;
  private final AnswerMemory memory;
  private final Executor workers;

  /** For the thread that owns the system. */
  private final Walks walks;

  /** What long answers take that are not taken yet. */
  private final Map<Exchange<Question, Value>, Long> longAnswers = new ConcurrentHashMap<>();

  private volatile InetSocketAddress address;
  private volatile boolean answered;

  /** The same of what was to be set. */
  private volatile boolean answeredWrite;

  private volatile boolean closed;

  /**
   * An agent that is asked nothing yet.
   *
   * @param writing the codec for what is set
   * @param workers run what may take milliseconds
   */
  Agent(
      SnmpSettings settings,
      MessageCodec codec,
      MessageCodec writing,
      UdpSocket socket,
      ResponseContext context,
      HostResolver resolver,
      AnswerMemory memory,
      Executor workers) {
    this.host = settings.host();
    this.literal = InetAddresses.isInetAddress(host) ? InetAddresses.forString(host) : null;
    this.port = settings.port();
    this.codec = codec;
    this.writing = writing;
    this.socket = socket;
    this.context = context;
    this.resolver = resolver;
    this.memory = memory;
    this.workers = workers;
    this.walks = new Walks(context, memory);
  }

  @Override
  public boolean isRepeatable(Question key) {
    return !(key instanceof Question.Set);
  }

  @Override
  public boolean concerns(Question write, Question key) {
    return ((Question.Set) write).concerns(key);
  }

  @Override
  public Object kind(Question key) {
    if (key instanceof Question.Get get) {
      return get.withProbes() ? Kind.PROBE : Kind.GET;
    }
    if (key instanceof Question.Sample) {
      return Kind.SAMPLE;
    }
    return key instanceof Question.Probe ? Kind.PROBE : null;
  }

  @Override
  public void start(Exchange<Question, Value> exchange) {
    counters().add(SnmpCounter.EXCHANGES);
    try {
      if (closed) {
        exchange.answer(context.failed(Reason.STOPPED, "is asked no longer", false));
        return;
      }
      Question first = exchange.items().get(0).key();
      if (first instanceof Question.Walk) {
        Answer.Item<Value> atOnce = walks.atOnce(exchange.items().get(0));
        if (atOnce != null) {
          exchange.answer(new Answer.Items<>(List.of(atOnce)));
          return;
        }
      }
      Query query = query(first, exchange);
      long start = ticker().read();
      if (literal != null) {
        resolved(exchange, query, literal, start);
      } else {
        resolver.resolve(host, address -> resolved(exchange, query, address, start));
      }
    } catch (RuntimeException e) {
      LOG.error("{}: could not be asked", context.system(), e);
      exchange.answer(context.failed(Reason.UNREACHABLE, "could not be asked: " + e, false));
    }
  }

  @Override
  public boolean repeat(Exchange<Question, Value> exchange) {
    try {
      return !closed && socket.repeat(exchange);
    } catch (IOException e) {
      // As if it was lost, too.
      counters().add(SnmpCounter.SEND_FAILED);
      return false;
    }
  }

  @Override
  public Answer.Item<Value> joined(Question question, List<Object> found) {
    return walks.joined(question, found);
  }

  @Override
  public void ended(Question question) {
    walks.ended(question);
  }

  @Override
  public void taken(Exchange<Question, Value> exchange) {
    Long bytes = longAnswers.remove(exchange);
    if (bytes != null) {
      memory.give(bytes);
    }
  }

  @Override
  public String silence() {
    return answered ? null : codec.silence();
  }

  @Override
  public String silence(Question question) {
    return question instanceof Question.Set ? answeredWrite ? null : writing.silence() : silence();
  }

  @Override
  public List<String> progress() {
    return walks.progress();
  }

  @Override
  public List<String> notes() {
    return context.notes().all();
  }

  private Query query(Question first, Exchange<Question, Value> exchange) {
    Object kind = kind(first);
    if (kind == Kind.GET) {
      return new GetQuery(context, exchange.items());
    }
    if (kind == Kind.SAMPLE) {
      return new SampleQuery(context, exchange.items());
    }
    if (first instanceof Question.Set set) {
      return new SetQuery(context, set);
    }
    return kind == Kind.PROBE ? new ProbeQuery(context, exchange.items()) : walks.query(exchange);
  }

  private void resolved(
      Exchange<Question, Value> exchange, Query query, InetAddress found, long start) {
    if (found == null) {
      exchange.answer(
          context.failed(Reason.UNREACHABLE, "the host name '" + host + "' is not known", true));
      return;
    }
    InetSocketAddress known = address;
    if (known == null || !known.getAddress().equals(found)) {
      known = new InetSocketAddress(found, port);
      address = known;
    }
    PendingExchange pending =
        new PendingExchange(
            this, exchange, query, query instanceof SetQuery ? writing : codec, known, start);
    // A name service may take longer than the scheduler waits.
    if (!pending.late(ticker().read())) {
      send(pending);
    }
  }

  private void send(PendingExchange pending) {
    Runnable preparation = pending.codec.preparation();
    if (preparation == null) {
      sendPrepared(pending);
    } else {
      prepare(pending, preparation);
    }
  }

  private void prepare(PendingExchange pending, Runnable preparation) {
    workers.execute(
        () -> {
          try {
            preparation.run();
          } catch (RuntimeException e) {
            LOG.error("{}: its keys could not be derived", context.system(), e);
            answer(pending, context.failed(Reason.REFUSED, "its keys could not be derived", false));
            return;
          }
          if (!pending.late(ticker().read())) {
            sendPrepared(pending);
          }
        });
  }

  private void sendPrepared(PendingExchange pending) {
    try {
      Failure<Value> refusal = pending.exchange.refusal();
      if (closed) {
        stopped(pending);
      } else if (refusal != null) {
        pending.exchange.answer(new Answer.NotAsked<>(refusal));
      } else if (!pending.mayBeSent()) {
        answer(
            pending,
            context.failed(
                Reason.BAD_ANSWER, "the agent keeps changing its engine id or its clock", true));
      } else {
        int id = socket.nextId();
        MessageCodec.Message message = encoded(pending, id);
        if (message != null) {
          socket.send(id, pending, pending.codec.version(), message);
        }
      }
    } catch (IOException | RuntimeException e) {
      counters().add(SnmpCounter.SEND_FAILED);
      String why = e.getMessage() == null ? e.toString() : e.getMessage();
      answer(
          pending,
          context.failed(
              Reason.UNREACHABLE,
              "sending to " + written(pending.address) + " failed: " + why,
              true));
    }
  }

  /** The message that asks; null if it cannot be written, and then that is the answer. */
  private MessageCodec.Message encoded(PendingExchange pending, int id) {
    try {
      return pending.query.message(pending.codec, id);
    } catch (IOException | RuntimeException e) {
      counters().add(SnmpCounter.SEND_FAILED);
      String why = "cannot be asked that: " + (e.getMessage() == null ? e : e.getMessage());
      answer(pending, context.failed(Reason.BAD_REQUEST, why, false));
      return null;
    }
  }

  /** Something came back from another address than was asked; by the receive loop. */
  void answeredFrom(SocketAddress from, PendingExchange pending) {
    context
        .notes()
        .add(
            "an answer came from {} and not from {}, which was asked; it is not accepted: if it is"
                + " the agent's, give the address that it answers from",
            written((InetSocketAddress) from),
            written(pending.address));
  }

  private static HostAndPort written(InetSocketAddress address) {
    return HostAndPort.fromParts(
        InetAddresses.toAddrString(address.getAddress()), address.getPort());
  }

  /** Something came back; by the receive loop. */
  void decoded(PendingExchange pending, MessageCodec.Decoded decoded, int bytes) {
    if (decoded instanceof MessageCodec.Decoded.Values usual) {
      heard(pending);
      responded(pending, pending.query.answer(usual.values()), bytes);
    } else if (decoded instanceof MessageCodec.Decoded.Response response) {
      responded(pending, response.pdu(), bytes);
    } else if (decoded instanceof MessageCodec.Decoded.Undecodable) {
      counters().add(SnmpCounter.UNDECODABLE);
      answer(pending, pending.query.undecodable());
    } else if (decoded instanceof MessageCodec.Decoded.Refused refused) {
      counters().add(SnmpCounter.REFUSED);
      answer(pending, context.failed(Reason.REFUSED, refused.why(), false));
    } else if (decoded instanceof MessageCodec.Decoded.Failed failed) {
      counters().add(SnmpCounter.BAD);
      answer(pending, context.failed(Reason.BAD_ANSWER, failed.why(), true));
    } else if (decoded instanceof MessageCodec.Decoded.SendAgain) {
      pending.answeredInPart(ticker().read());
      sendAgain(pending);
    } else if (decoded instanceof MessageCodec.Decoded.Prepare prepare) {
      pending.answeredInPart(ticker().read());
      prepare(pending, prepare.work());
    }
  }

  private void heard(PendingExchange pending) {
    if (pending.query instanceof SetQuery) {
      answeredWrite = true;
    } else {
      answered = true;
    }
  }

  private void responded(PendingExchange pending, PDU pdu, int bytes) {
    heard(pending);
    Answer<Value> answer;
    try {
      answer = pending.query.answer(pdu, bytes);
    } catch (IllegalArgumentException e) {
      // An object identifier that is longer than there are any.
      counters().add(SnmpCounter.UNDECODABLE);
      answer = pending.query.undecodable();
    }
    responded(pending, answer, bytes);
  }

  private void responded(PendingExchange pending, Answer<Value> answer, int bytes) {
    if (bytes > LONG_ANSWER && !reserve(pending.exchange, (long) bytes * DECODED)) {
      counters().add(SnmpCounter.NO_ROOM);
    } else if (!answer(pending, answer)) {
      taken(pending.exchange);
    }
  }

  private boolean reserve(Exchange<Question, Value> exchange, long bytes) {
    if (longAnswers.putIfAbsent(exchange, bytes) != null || memory.take(bytes)) {
      return true;
    }
    longAnswers.remove(exchange);
    return false;
  }

  private void sendAgain(PendingExchange pending) {
    // Given up by the scheduler, which may have started another: what was learned is kept for it.
    if (!pending.late(ticker().read())) {
      send(pending);
    }
  }

  private boolean answer(PendingExchange pending, Answer<Value> answer) {
    if (pending.late(ticker().read())) {
      counters().add(SnmpCounter.LATE);
    }
    return pending.exchange.answer(answer);
  }

  /** Its message is not waited for any more; any thread. */
  void stopped(PendingExchange pending) {
    pending.exchange.answer(context.failed(Reason.STOPPED, "is asked no longer", false));
  }

  /** Asks no more; exchanges that are under way end. Any thread; more than once. */
  void close() {
    closed = true;
    socket.stop(pending -> pending.agent == this);
  }

  private Ticker ticker() {
    return context.ticker();
  }

  private SnmpCounters counters() {
    return context.counters();
  }
}
