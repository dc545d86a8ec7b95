package org.aeiou.daemon.backend.snmp;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.daemon.backend.Definitions;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.message.MessageCodec;
import org.aeiou.daemon.backend.snmp.message.Notes;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.aeiou.daemon.backend.snmp.message.SnmpCounters;
import org.snmp4j.PDU;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/**
 * An agent that is walked without a socket or a clock: its answers are given in steps, as many at a
 * time as questions are under way, in any order. Keeps to the scheduler's rules in a few lines.
 */
final class WalkedAgent {
  private static final int MOST_STEPS = 200_000;

  /** What an agent has: what comes behind an object, or null for nothing. */
  interface Objects {
    Oid after(Oid oid);

    Variable value(Oid oid);
  }

  private final SnmpCounters counters = new SnmpCounters();
  private final AtomicLong now = new AtomicLong();
  private final AnswerMemory memory = new AnswerMemory(64 << 20);
  private final SplittableRandom random;
  private final Walks walks;

  /** How many exchanges may be under way. */
  int mostInFlight = 1;

  /** How many questions in a hundred are not answered, each of them once. */
  int lostPercent;

  /** Takes place after each step. */
  Runnable afterStep = () -> {};

  /** What the agent answers. */
  Function<MessageCodec.Request, PDU> answers;

  int packets;

  /** How many round trips the last walk took. */
  int steps;

  WalkedAgent(long seed, Objects objects) {
    this(seed, objects, SnmpOptions.DEFAULT);
  }

  WalkedAgent(long seed, Objects objects, SnmpOptions options) {
    this.random = new SplittableRandom(seed);
    this.answers = request -> honest(objects, request, 60);
    InstantSource clock = () -> Instant.EPOCH;
    Ticker ticker =
        new Ticker() {
          @Override
          public long read() {
            return now.get();
          }
        };
    this.walks =
        new Walks(
            new ResponseContext(
                "core1",
                false,
                1300,
                1400,
                options,
                Definitions.NONE,
                new Notes("core1", clock),
                ticker,
                clock,
                counters),
            memory);
  }

  long count(SnmpCounter counter) {
    return counters.get(counter);
  }

  List<String> progress() {
    return walks.progress();
  }

  long memoryUsed() {
    return memory.used();
  }

  /** What an agent answers that keeps to the protocol, with so many bindings at the most. */
  static PDU honest(Objects objects, MessageCodec.Request request, int most) {
    PDU response = new PDU();
    response.setType(PDU.RESPONSE);
    List<Oid> at = new ArrayList<>();
    request.bindings().forEach(binding -> at.add(SmiValues.oid(binding.getOid())));
    int rows = request.type() == PDU.GETBULK ? request.maxRepetitions() : 1;
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < at.size(); i++) {
        if (request.type() == PDU.GETBULK && response.size() >= most) {
          return response;
        }
        Oid next = objects.after(at.get(i));
        response.add(
            next == null
                ? new VariableBinding(SmiValues.oid(at.get(i)), Null.endOfMibView)
                : new VariableBinding(SmiValues.oid(next), objects.value(next)));
        at.set(i, next == null ? at.get(i) : next);
      }
    }
    return response;
  }

  private static final class Part {
    private Object continuation;
    private Object found;
    private Query query;
    private int failed;

    Part(Object continuation) {
      this.continuation = continuation;
    }
  }

  /** Walks until there is an outcome. */
  Outcome<Value> walk(Oid... columns) {
    return walk(new Question.Walk(List.of(columns)));
  }

  /** Walks until there is an outcome. */
  Outcome<Value> walk(Question.Walk question) {
    List<Part> parts = new ArrayList<>(List.of(new Part(null)));
    Deque<Part> waiting = new ArrayDeque<>(parts);
    List<Part> sent = new ArrayList<>();
    for (steps = 0; steps < MOST_STEPS; steps++) {
      while (!waiting.isEmpty() && sent.size() < mostInFlight) {
        Part part = waiting.poll();
        Answer.Item<Value> atOnce = send(question, part, waiting.isEmpty(), sent);
        if (atOnce != null) {
          Outcome<Value> outcome = apply(question, atOnce, part, parts, waiting);
          if (outcome != null) {
            return ended(question, outcome);
          }
        }
      }
      now.addAndGet(Duration.ofMillis(1).toNanos());
      List<Part> answered = new ArrayList<>(sent);
      if (random.nextInt(3) == 0) {
        answered = answered.subList(0, 1 + random.nextInt(answered.size()));
      }
      for (Part part : List.copyOf(answered)) {
        sent.remove(part);
        if (part.failed == 0 && random.nextInt(100) < lostPercent) {
          part.failed++;
          waiting.add(part);
          continue;
        }
        PDU response = answers.apply(part.query.request());
        Answer<Value> answer = part.query.answer(response, response.getBERLength() + 40);
        Outcome<Value> outcome =
            apply(question, ((Answer.Items<Value>) answer).items().get(0), part, parts, waiting);
        if (outcome != null) {
          steps++;
          return ended(question, outcome);
        }
      }
      afterStep.run();
    }
    throw new AssertionError("the walk does not end");
  }

  private Outcome<Value> ended(Question question, Outcome<Value> outcome) {
    walks.ended(question);
    return outcome;
  }

  private Answer.Item<Value> send(Question question, Part part, boolean last, List<Part> sent) {
    Exchange.Item<Question> item = new Exchange.Item<>(question, part.continuation);
    Answer.Item<Value> atOnce = walks.atOnce(item);
    if (atOnce == null) {
      int room = last ? mostInFlight - sent.size() - 1 : 0;
      part.query = walks.query(new Sent(item, part.failed + 1, room));
      packets++;
      sent.add(part);
    }
    return atOnce;
  }

  private Outcome<Value> apply(
      Question question,
      Answer.Item<Value> item,
      Part part,
      List<Part> parts,
      Deque<Part> waiting) {
    part.failed = 0;
    if (item instanceof Answer.Item.Done<Value> done) {
      return done.outcome();
    } else if (item instanceof Answer.Item.More<Value> more) {
      part.continuation = more.continuation();
      waiting.add(part);
    } else if (item instanceof Answer.Item.Split<Value> split) {
      List<Part> fresh = split.continuations().stream().map(Part::new).toList();
      int place = parts.indexOf(part);
      parts.remove(place);
      parts.addAll(place, fresh);
      waiting.addAll(fresh);
    } else if (item instanceof Answer.Item.PartEnded<Value> ended) {
      part.found = ended.found();
      if (parts.stream().allMatch(one -> one.found != null)) {
        List<Object> found = parts.stream().map(one -> one.found).toList();
        parts.clear();
        parts.add(new Part(null));
        return apply(question, walks.joined(question, found), parts.get(0), parts, waiting);
      }
    } else {
      throw new AssertionError("unexpected " + item);
    }
    return null;
  }

  private record Sent(Exchange.Item<Question> item, int attempt, int room)
      implements Exchange<Question, Value> {
    @Override
    public List<Item<Question>> items() {
      return List.of(item);
    }

    @Override
    public long timeoutNanos() {
      return 1_000_000_000;
    }

    @Override
    public boolean answer(Answer<Value> answer) {
      throw new AssertionError("nothing is sent");
    }
  }
}
