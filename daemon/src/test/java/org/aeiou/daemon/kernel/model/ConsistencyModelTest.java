package org.aeiou.daemon.kernel.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.cache.CacheBound;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.catalogue.TtlClass;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.endpoint.Lifetimes;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.fuse.PollDescriptor;
import org.aeiou.daemon.kernel.coherence.Times;
import org.aeiou.daemon.service.AttributeService;
import org.aeiou.daemon.service.Observers;
import org.aeiou.daemon.service.Ownership;
import org.aeiou.daemon.testing.Users;
import org.aeiou.daemon.tree.Network;
import org.junit.jupiter.api.Test;

/**
 * The whole way from an agent to a reader, with a kernel and an agent that are models: thousands of
 * small worlds, in each of which everything that can happen happens in a random order.
 *
 * <p>More with {@code -Daeiou.model.worlds=200000}, others with {@code
 * -Daeiou.model.first=30000000}; the same one again with {@code -Daeiou.model.seed=N
 * -Daeiou.model.trace=true}.
 */
final class ConsistencyModelTest {
  private static final int WORLDS = Integer.getInteger("aeiou.model.worlds", 6000);
  private static final long FIRST = Long.getLong("aeiou.model.first", 20260101L);
  private static final long SEED = Long.getLong("aeiou.model.seed", 0);
  private static final int STEPS = 400;
  private static final Catalogue CATALOGUE = Catalogue.load(List.of());

  private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(500);

  /** Longer than a moment, so that a push that does not come is noticed. */
  private static final long LONG = TimeUnit.SECONDS.toNanos(6);

  /** How late a thread of the kernel may be to take a reply in, and its clock's ticks. */
  private static final long LATE = TimeUnit.MILLISECONDS.toNanos(90);

  /** For how much longer a program that has a file open may be served from what it was. */
  private static final long MOMENT = Times.MOMENT + Times.PATIENCE;

  private static final int NOMINAL_SIZE = 4096;

  @Test
  void everyReaderGetsOneReadingWholeInTimeAndNoneGoesBack() {
    int whole = 0;
    int looks = 0;
    for (int i = 0; i < WORLDS; i++) {
      long seed = SEED != 0 ? SEED : FIRST + i;
      World world = new World(seed);
      world.live();
      assertThat(world.kernel.wrong).as("seed " + seed).isEmpty();
      whole += world.whole;
      looks += world.looks;
      if (SEED != 0) {
        break;
      }
    }
    if (SEED == 0) {
      assertThat(whole).isGreaterThan(WORLDS);
      assertThat(looks).isGreaterThan(WORLDS / 2);
    }
  }

  /** One network of one system, its daemon, a kernel, and people. */
  private static final class World {
    final ModelEvents events;
    final long ttl;
    final long oldest;

    /** Whether the cache holds so little that a poller learns some changes from its watch only. */
    final boolean forgetful;

    final ModelAgent agent;
    final ModelKernel kernel;
    final ReadingCache cache;
    final AttributeService service;
    final Map<String, Integer> newest = new HashMap<>();
    final List<Holder> sleeping = new ArrayList<>();
    boolean ending;
    int people;
    int threads;
    int whole;
    int looks;

    World(long seed) {
      events = new ModelEvents(seed);
      ttl = events.random.nextInt(4) == 0 ? LONG : SHORT;
      oldest = 2 * ttl + LATE;
      Observers observers = new Observers();
      // In some worlds there is room for a few answers only, and for a few inodes.
      forgetful = events.random.nextInt(4) == 0;
      long cacheBytes = forgetful ? 1500 : Long.MAX_VALUE;
      long inodeBytes = events.random.nextInt(4) == 0 ? 1000 : Long.MAX_VALUE;
      CacheBound bound = new CacheBound(cacheBytes, events);
      cache = new ReadingCache(events, observers, bound);
      agent = new ModelAgent(events, cache);
      Network network = new Network(CATALOGUE, Map.of(), () -> Instant.ofEpochMilli(millis()));
      Lifetimes lifetimes =
          new Lifetimes(
              Map.of(TtlClass.DIRECTORY, Duration.ofSeconds(2)),
              Map.of("sysLocation", Duration.ofNanos(ttl), "ifAlias", Duration.ofNanos(ttl)),
              1);
      network.replace(
          Map.of("core1", new Endpoint(agent, cache, lifetimes, 10 * ttl, StandardCharsets.UTF_8)));
      service =
          new AttributeService(
              network,
              new Ownership(0, 0, 0444),
              observers,
              bound,
              Users::requester,
              (nanos, task) -> events.after(nanos, () -> later(task)),
              events,
              () -> Instant.ofEpochMilli(millis()));
      service.readAhead().most(events.random.nextInt(2) * 8);
      kernel = new ModelKernel(new ModelRaces(service, agent::answerAll), events, inodeBytes);
      kernel.lost = events.random.nextInt(3) == 0 ? 20 : 0;
    }

    private void later(Runnable task) {
      if (!ending) {
        task.run();
      }
    }

    private long millis() {
      return TimeUnit.NANOSECONDS.toMillis(events.read());
    }

    void live() {
      for (int i = 0; i < STEPS && kernel.wrong.isEmpty(); i++) {
        step();
        List.copyOf(sleeping).forEach(Holder::check);
      }
      ending = true;
      List.copyOf(sleeping).forEach(Holder::giveUp);
      kernel.dropCaches();
      for (int i = 0; i < 100_000 && kernel.wrong.isEmpty() && events.happen(); i++) {
        if (i % 500 == 499) {
          // What was looked up meanwhile.
          kernel.dropCaches();
        }
      }
      kernel.dropCaches();
      while (kernel.wrong.isEmpty() && events.happen()) {}
      if (kernel.wrong.isEmpty()) {
        end();
      }
    }

    private void end() {
      check(people == 0, people + " people still wait");
      check(kernel.unanswered() == 0, kernel.unanswered() + " requests are not answered");
      Map<String, Long> counts = kernel.session.counters();
      check(counts.get("pending") == 0, counts.get("pending") + " requests are pending");
      check(counts.get("faults") == 0, counts.get("faults") + " faults");
      check(counts.get("inodes") == 1, counts.get("inodes") + " inodes are not forgotten");
      check(counts.get("polled") == 0, counts.get("polled") + " inodes are still polled");
    }

    private void check(boolean holds, String otherwise) {
      if (!holds) {
        kernel.wrong.add(otherwise);
      }
    }

    private void step() {
      switch (events.random.nextInt(24)) {
        case 0 -> agent.change(events.random.nextInt(3) == 0 ? "group" : "location");
        case 1 -> agent.change(events.random.nextBoolean() ? "eth0" : "eth1");
        case 2 -> events.pass(TimeUnit.MILLISECONDS.toNanos(1 + events.random.nextInt(10)));
        case 3 -> events.pass(TimeUnit.MILLISECONDS.toNanos(1 + events.random.nextInt(600)));
        case 4, 5, 6 -> someone();
        case 7 -> rarely();
        default -> events.happen();
      }
    }

    private void rarely() {
      switch (events.random.nextInt(8)) {
        case 0 -> agent.renumber();
        case 1 -> kernel.dropCaches();
        case 2 -> cache.sweep();
        case 3 -> events.pass(3 * ttl);
        case 4 -> sleeping.stream().findAny().ifPresent(Holder::giveUp);
        default -> {}
      }
    }

    /** A program comes and does something with a file. */
    private void someone() {
      if (people >= 6) {
        return;
      }
      people++;
      kernel.thread = ++threads;
      String name =
          List.of("location", "location", "location", "group", "eth0", "eth1")
              .get(events.random.nextInt(6));
      String path =
          switch (name) {
            case "location" ->
                (events.random.nextInt(4) == 0 ? ".class/config/" : "")
                    + "core1/system/sysLocation";
            case "group" -> "core1/system/.json";
            default -> "core1/interfaces/" + name + "/ifAlias";
          };
      switch (events.random.nextInt(10)) {
        case 0 -> look(path);
        case 1 -> list(path.substring(0, path.lastIndexOf('/')));
        case 2 -> hold(path, name);
        case 3 -> open(".uncached/" + path, name, false);
        default -> open(path, name, true);
      }
    }

    private void gone() {
      people--;
    }

    private void look(String path) {
      kernel.walk(
          path,
          (inode, errno) -> {
            if (errno != 0) {
              gone();
              return;
            }
            kernel.stat(
                inode,
                (size, failure) -> {
                  boolean possible = size == NOMINAL_SIZE || size < 400;
                  check(failure != 0 || possible, path + " is said to have " + size + " bytes");
                  looks++;
                  kernel.release(inode);
                  gone();
                });
          });
    }

    private void list(String path) {
      kernel.walk(
          path,
          (inode, errno) -> {
            if (errno != 0) {
              gone();
              return;
            }
            kernel.list(
                inode,
                failure -> {
                  kernel.release(inode);
                  gone();
                });
          });
    }

    /** Opens, reads to the end, closes. */
    private void open(String path, String name, boolean ordered) {
      Reader reader = new Reader(path, name, ordered);
      kernel.walk(
          path,
          (inode, errno) -> {
            if (errno == 0) {
              reader.inode = inode;
              reader.go();
            } else {
              reader.failed(errno);
              gone();
            }
          });
    }

    private final class Reader {
      final String path;
      final String name;
      final boolean ordered;
      final int floor;
      final long start = events.read();
      final boolean splices = events.random.nextInt(5) == 0;
      final int size = events.random.nextInt(3) == 0 ? 20 : NOMINAL_SIZE;
      final StringBuilder text = new StringBuilder();

      /** Looks twice before it reads, as tar does; the second answer waits for the size. */
      int looksBefore = events.random.nextInt(3) == 0 ? 2 : 0;

      ModelKernel.KernelInode inode;

      Reader(String path, String name, boolean ordered) {
        events.trace("reader %x of %s", hashCode(), path);
        this.path = path;
        this.name = name;
        // Without its notifications the kernel may go by an older answer, until its time is over.
        this.ordered = ordered && kernel.lost == 0;
        floor = this.ordered ? Math.max(newest.getOrDefault(path, 0), pushed(name, start)) : 0;
      }

      void go() {
        if (looksBefore > 0) {
          looksBefore--;
          kernel.stat(
              inode,
              (size, errno) -> {
                check(errno == 0 || errno == Errno.ESTALE, path + " has no attributes: " + errno);
                go();
              });
        } else if (splices) {
          kernel.splice(inode, text.length(), size, this::got);
        } else {
          kernel.read(inode, text.length(), size, this::got);
        }
      }

      private void got(byte[] bytes, int errno) {
        if (errno == 0 && bytes.length > 0) {
          text.append(new String(bytes, StandardCharsets.UTF_8));
          events.soon(kernel.own(this::go));
          return;
        }
        kernel.release(inode);
        if (errno != 0) {
          failed(errno);
        } else {
          whole++;
          events.trace("reader %x: %s", hashCode(), text);
          // A program that had opened the file before another began to poll it shares the poller's
          // inode. A program that was not told that the name changed may come just when the inode
          // moves on.
          boolean mayBeTorn =
              inode.isPolled
                  || (kernel.lost > 0 && ttl > Times.MOMENT)
                  || events.read() - start >= Times.LEAST - TimeUnit.MILLISECONDS.toNanos(10);
          int serial = verify(path, name, text.toString(), start - oldest, floor, mayBeTorn);
          if (ordered) {
            newest.merge(path, serial, Math::max);
          }
        }
        gone();
      }

      private void failed(int errno) {
        boolean row = isRow(name);
        boolean refused = splices && inode != null && errno == Errno.ESTALE;
        // A program that was not told that the name changed goes by a size that is too small.
        boolean untold = kernel.lost > 0;
        boolean again = refused && (inode.hasFailed || untold);
        boolean excused = agent.hasFailedSince(start - oldest) || row || again;
        check(excused, path + " fails with " + errno + " although no fetch failed");
      }
    }

    private static boolean isRow(String name) {
      return name.startsWith("eth");
    }

    /**
     * The number of the value that every reader must have heard of by then, however fresh the one
     * is that it was told. What was read of rows that were renumbered since may belong to no row.
     */
    private int pushed(String name, long nanos) {
      boolean isPushed = kernel.lost == 0 && !isRow(name);
      return isPushed ? agent.newestBy(name, nanos - MOMENT - 2 * LATE) : 0;
    }

    /** Holds a text against what it says it is; returns its number. */
    private int verify(
        String path, String name, String text, long notBefore, int floor, boolean mayBeTorn) {
      String before = name.equals("group") ? "{\"sysLocation\": \"" : "";
      String behind = name.equals("group") ? "\"}\n" : "\n";
      String prefix = before + name + "#";
      int colon = text.indexOf(':', prefix.length());
      int serial = -1;
      if (text.startsWith(prefix) && colon > 0) {
        serial = Integer.parseInt(text.substring(prefix.length(), colon));
      }
      if (serial < 0 || !text.equals(before + ModelAgent.value(name, serial) + behind)) {
        check(mayBeTorn && serial >= 0, path + " is torn: " + text.replace('\0', '?'));
        return floor;
      }
      check(serial >= floor, path + ": " + serial + " after " + floor);
      Long arrived = agent.arrived(name, serial);
      check(arrived != null, path + ": " + serial + " was never handed out");
      if (arrived != null && arrived < notBefore) {
        long late = TimeUnit.NANOSECONDS.toMillis(notBefore - arrived);
        check(false, path + ": " + serial + " is too old by " + late + " ms");
      }
      return serial;
    }

    /** Keeps a file open, and reads it now and then, all at once; polls it perhaps. */
    private void hold(String path, String name) {
      kernel.walk(
          path,
          (inode, errno) -> {
            if (errno == 0) {
              new Holder(inode, path, name).again();
            } else {
              gone();
            }
          });
    }

    private final class Holder {
      final ModelKernel.KernelInode inode;
      final String path;
      final String name;
      final long handle = kernel.handle();
      final int thread = kernel.thread;
      final boolean polls = events.random.nextInt(3) == 0;
      int times = events.random.nextInt(8);

      /** What was read last; -1 if that failed. */
      int last = -1;

      /** Whether it was woken since it began to poll. */
      boolean woken;

      Holder(ModelKernel.KernelInode inode, String path, String name) {
        this.inode = inode;
        this.path = path;
        this.name = name;
      }

      void again() {
        if (times == 0 || ending) {
          kernel.pollNoMore(handle);
          kernel.release(inode);
          gone();
          return;
        }
        times--;
        long start = events.read();
        int overtaken = inode.overtaken;
        int floor = Math.max(Math.max(0, last), pushed(name, start));
        kernel.read(
            inode,
            0,
            NOMINAL_SIZE,
            (bytes, errno) -> {
              last = -1;
              if (errno == 0) {
                String text = new String(bytes, StandardCharsets.UTF_8);
                events.trace("holder of %d: %s", inode.nodeId, text);
                // Two programs hold it open, and one is told of the old value while the other is of
                // the new one: what is left, see the decision.
                boolean mayBeTorn = inode.overtaken > overtaken;
                last = verify(path, name, text, start - oldest - MOMENT, floor, mayBeTorn);
              }
              if (polls) {
                poll();
              } else {
                events.anyTime(kernel.own(this::again));
              }
            });
      }

      /** Since when it sleeps. */
      private long sleepsSince;

      private void poll() {
        woken = false;
        kernel.poll(
            inode,
            handle,
            ready -> {
              events.trace("poller of %d, file %d: %x", inode.nodeId, handle, ready);
              if (ending || (ready & PollDescriptor.CHANGED) != 0) {
                events.anyTime(kernel.own(this::again));
              } else if (woken) {
                poll();
              } else {
                sleepsSince = events.read();
                sleeping.add(this);
              }
            },
            () -> {
              events.trace("poller of file %d is woken", handle);
              woken = true;
              if (sleeping.remove(this)) {
                poll();
              }
            });
      }

      /** It does not wait any longer. */
      void giveUp() {
        sleeping.remove(this);
        kernel.thread = thread;
        again();
      }

      /** A value that was read at another index is another file's until the rows are read again. */
      void check() {
        int newest = agent.newest(name);
        if (!isRow(name)
            && last >= 0
            && newest > last
            && agent.since(name, newest) < events.read() - LATE
            && sleepsSince < events.read() - (forgetful ? oldest : LATE)) {
          World.this.check(false, path + ": sleeps with " + last + " through " + newest);
        }
      }
    }
  }
}
