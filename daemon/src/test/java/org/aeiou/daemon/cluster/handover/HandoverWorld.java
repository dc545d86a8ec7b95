package org.aeiou.daemon.cluster.handover;

import com.google.common.base.Ticker;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.CacheBound;
import org.aeiou.daemon.cache.CacheListener;
import org.aeiou.daemon.cache.Dependent;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.cluster.member.Slots;
import org.aeiou.daemon.cluster.message.Frame;
import org.aeiou.daemon.learned.LearnedSystems;
import org.aeiou.daemon.metrics.EventLog;

/** Members that hold something of systems, on one scripted time. */
final class HandoverWorld {
  static final Slots SLOTS = new Slots(4);
  static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  static final Freshness FRESHNESS = new Freshness(10 * SECOND, 5 * SECOND);
  static final Instant START = Instant.parse("2026-11-22T09:00:00Z");
  static final CacheListener UNHEARD =
      new CacheListener() {
        @Override
        public void changed(
            Dependent dependent, Question question, Outcome<Value> before, Outcome<Value> after) {}

        @Override
        public void confirmed(Dependent dependent) {}
      };

  long now = 1_000_000 * SECOND;
  final Ticker ticker =
      new Ticker() {
        @Override
        public long read() {
          return now;
        }
      };
  final long start = now;

  final PriorityQueue<Task> tasks =
      new PriorityQueue<>((a, b) -> Long.compare(a.atNanos, b.atNanos));
  final Map<String, Member> members = new LinkedHashMap<>();
  final Map<String, byte[]> shelf = new HashMap<>();

  /** How many more frames the broker takes. */
  int room = Integer.MAX_VALUE;

  record Task(long atNanos, Runnable what) {}

  Instant instant() {
    return START.plusNanos(now - start);
  }

  /** Lets time pass. */
  void pass(long nanos) {
    long until = now + nanos;
    while (!tasks.isEmpty() && tasks.peek().atNanos <= until) {
      Task task = tasks.poll();
      now = Math.max(now, task.atNanos);
      task.what.run();
    }
    now = until;
  }

  final class Member implements HeldSystems, Shelf {
    final String id;
    final Map<String, Held> systems = new LinkedHashMap<>();
    final Map<String, HandedQueue> queues = new HashMap<>();
    final Queue<Frame> received = new ArrayDeque<>();
    final CacheBound bound;
    final LearnedSystems learned =
        new LearnedSystems(HandoverWorld.this::instant, new EventLog(HandoverWorld.this::instant));
    final Handover handover;

    Member(String id, long cacheBytes) {
      this.id = id;
      bound = new CacheBound(cacheBytes, ticker);
      handover =
          new Handover(
              this::toMember,
              this::toAll,
              this,
              this::stopAsking,
              SLOTS,
              learned,
              this,
              (nanos, task) -> tasks.add(new Task(now + nanos, task)),
              ticker,
              HandoverWorld.this::instant);
      members.put(id, this);
    }

    /** How many requests systems have pending, each for one more look. */
    final Map<String, Integer> pending = new HashMap<>();

    final List<Integer> yielded = new ArrayList<>();

    private List<IntSupplier> stopAsking(int slot) {
      yielded.add(slot);
      return of(slot).stream()
          .<IntSupplier>map(one -> () -> pending.merge(one.name(), 0, (left, zero) -> left - 1))
          .toList();
    }

    HandedQueue add(String name) {
      HandedQueue queue = new HandedQueue();
      queues.put(name, queue);
      systems.put(name, new Held(name, new ReadingCache(ticker, UNHEARD, bound), queue));
      learned.opened(name, "10.0.0.1:161", learned.profile(name, "10.0.0.1:161"), queue);
      return queue;
    }

    void answered(String name, int object, long number) {
      ReadingCache cache = systems.get(name).cache();
      Question question = question(object);
      cache.open(question, FRESHNESS);
      cache.accept(question, Reading.of(number(number), now, 0));
      cache.find(question).answered();
    }

    Outcome<Value> outcome(String name, int object) {
      Slot slot = systems.get(name).cache().find(question(object));
      return slot == null ? null : slot.outcome();
    }

    long count(String counter) {
      return handover.metrics().values().get(counter);
    }

    boolean toMember(String to, Frame frame) {
      if (room == 0) {
        return false;
      }
      room--;
      Member other = members.get(to);
      other.received.add(frame);
      other.handover.received(id, (Frame.Page) frame);
      return true;
    }

    boolean toAll(Frame frame) {
      members.values().stream()
          .filter(other -> other != this)
          .forEach(other -> other.handover.wanted(id, (Frame.PageWanted) frame));
      return true;
    }

    @Override
    public Held named(String system) {
      return systems.get(system);
    }

    @Override
    public Collection<Held> of(int slot) {
      return systems.values().stream().filter(one -> SLOTS.of(one.name()) == slot).toList();
    }

    @Override
    public void put(String key, byte[] value) {
      shelf.put(key, value);
    }

    @Override
    public void get(String key, Consumer<byte[]> then) {
      then.accept(shelf.get(key));
    }
  }

  static Question question(int object) {
    return new Question.Get(Oid.parse("1.3.6.1.2.1.1.6." + object), null);
  }

  static Value number(long number) {
    return new Value.Numeric(Value.NumberType.INTEGER, number);
  }
}
