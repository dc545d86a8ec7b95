package org.aeiou.closures.shard;

import com.google.common.base.Ticker;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.aeiou.closures.Fatal;

/**
 * One owner of systems: everything that happens to them happens in its turns, one after the other,
 * on one thread. That is why nothing in this package has a lock.
 *
 * <p>A turn takes all mail: answers and withdrawals at once, requests by user in turns, {@value
 * #MOST_TAKEN_IN} at the most, so that one user's flood holds up neither another's request nor an
 * answer. It fires what is due, takes the mail that closures left meanwhile, and only then starts
 * exchanges; so what was submitted together, or by the closures of one answer, can share a batch.
 * Tests call {@link #turn} by hand.
 */
public final class Shard implements Runnable {
  private static final System.Logger LOG = System.getLogger(Shard.class.getPackageName());

  /** How often closures that submit again and again may put off the exchanges of one turn. */
  private static final int MOST_ROUNDS = 16;

  /** How many requests of one user are taken in before it is the next user's turn. */
  private static final int TOGETHER = 64;

  /** How many requests are taken in, in one round, before answers and exchanges have their turn. */
  private static final int MOST_TAKEN_IN = 1024;

  /** How many timers are fired in one turn. */
  private static final int MOST_FIRED = 1024;

  /** After so many closures what their requesters do afterwards is not put off any longer. */
  private static final int MOST_CLOSURES = 64;

  /** How many fetches of systems that are given up are ended in one turn. */
  private static final int MOST_ENDED = 1024;

  private final int index;
  private final Ticker ticker;
  private final RandomGenerator random;
  private final PendingBound bound;
  private final Permits.OfShard permits;
  private final Mailbox mailbox;
  private final ShardCounters counters = new ShardCounters();
  private final TimingWheel wheel;

  private final Set<OwnedSystem> owned = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Systems that something happened to in this turn. */
  private final List<OwnedSystem> touched = new ArrayList<>();

  /** Systems that may have something to send, each once; the first is served next. */
  private final ArrayDeque<OwnedSystem> ready = new ArrayDeque<>();

  /** What users have left here and was not looked at yet; the first is served next. */
  private final ArrayDeque<Inbox> inboxes = new ArrayDeque<>();

  /** What takes too long for one turn; the first goes on next. */
  private final ArrayDeque<Chore> chores = new ArrayDeque<>();

  /** What is to be done after the closures that have run, each once or a few times. */
  private final List<Runnable> afterwards = new ArrayList<>();

  private int closuresRun;
  private long now;
  private boolean stopping;

  /**
   * Owns nothing yet.
   *
   * @param index its number among all shards
   * @param allPermits of which it gets its share
   */
  public Shard(
      int index, Ticker ticker, RandomGenerator random, PendingBound bound, Permits allPermits) {
    this.index = index;
    this.mailbox = new Mailbox(index);
    this.ticker = ticker;
    this.random = random;
    this.bound = bound;
    this.permits = allPermits.share(index, mailbox);
    this.now = ticker.read();
    this.wheel = new TimingWheel(now);
  }

  /** Owns its systems until {@link #stop}; the body of its thread. */
  @Override
  public void run() {
    for (long idle = turn(); !stopping; idle = turn()) {
      mailbox.park(idle);
      // There is no reason to interrupt this thread; but a set flag would turn its next sleep into
      // a spin.
      Thread.interrupted();
    }
    finish();
  }

  /** Asks the owner to finish; any thread. */
  public void stop() {
    mailbox.push(new Stop());
  }

  /** Has its owner run something, soon; any thread. Nothing happens once it has finished. */
  public void post(Runnable task) {
    var unused = mailbox.push(new Task(task));
  }

  /** One turn. Returns for how long, in nanoseconds, the next one has nothing to do but mail. */
  public long turn() {
    now = ticker.read();
    deliver(mailbox.drain());
    fire();
    doAfterwards();
    takeIn(MOST_TAKEN_IN);
    for (int round = 1; round < MOST_ROUNDS; round++) {
      Mail mail = mailbox.drain();
      if (mail == null) {
        break;
      }
      deliver(mail);
      takeIn(MOST_TAKEN_IN);
    }
    goOn();
    doAfterwards();
    dispatch();
    return inboxes.isEmpty() && chores.isEmpty() ? wheel.nanosToNext(now) : 0;
  }

  /** Ends everything in STOPPED and takes nothing more; the last thing its owner does. */
  public void finish() {
    now = ticker.read();
    deliver(mailbox.close());
    takeIn(Integer.MAX_VALUE);
    for (OwnedSystem system : List.copyOf(owned)) {
      system.stopAtOnce();
    }
    doAfterwards();
    permits.giveBackSpare();
  }

  // --- for the systems it owns

  /** Where other threads leave what is to be done. */
  public Mailbox mailbox() {
    return mailbox;
  }

  /** What it counts. */
  public ShardCounters counters() {
    return counters;
  }

  /** How many requests may be pending, over all shards. */
  public PendingBound bound() {
    return bound;
  }

  /** Its timers. */
  public TimingWheel wheel() {
    return wheel;
  }

  /** Its access to the cap on exchanges in flight. */
  public Permits.OfShard permits() {
    return permits;
  }

  /** The time of this turn, by the ticker; read again before exchanges start. */
  public long now() {
    return now;
  }

  /** The time, by the ticker. Any thread. */
  public long time() {
    return ticker.read();
  }

  /** For what must not happen everywhere at once. */
  public RandomGenerator random() {
    return random;
  }

  /** It owns a system from now on. */
  public void opened(OwnedSystem system) {
    owned.add(system);
  }

  /** It owns a system no longer. */
  public void closed(OwnedSystem system) {
    owned.remove(system);
  }

  /** Says that {@code system} may have something to send, and has a new health. */
  public void touch(OwnedSystem system) {
    if (!system.touched) {
      system.touched = true;
      touched.add(system);
    }
  }

  /** Says that {@code system} can send now, also while exchanges are started. */
  public void makeReady(OwnedSystem system) {
    touch(system);
    if (!system.ready) {
      system.ready = true;
      ready.addLast(system);
    }
  }

  /** Does {@code chore} in parts, one in each turn. */
  public void later(Chore chore) {
    chores.addLast(chore);
  }

  /** A closure threw; fatal errors are thrown on. */
  public void closureFailed(String system, Throwable e) {
    Fatal.rethrow(e);
    counters.count(SchedulerCounter.CLOSURE_FAILURES);
    LOG.log(Level.WARNING, "a closure of a request to " + system + " threw; its outcome stands", e);
  }

  /**
   * A closure has run: {@code what} is done soon after it, once for several closures that run
   * together and give the same. Does not wait for anything but closures.
   */
  public void afterwards(Runnable what) {
    int others = afterwards.size();
    if (others == 0 || afterwards.get(others - 1) != what) {
      afterwards.add(what);
    }
    if (++closuresRun >= MOST_CLOSURES) {
      doAfterwards();
    }
  }

  /** Code of a back end, or step 1, threw. */
  public void callbackFailed(String system, String what, Throwable e) {
    counters.count(SchedulerCounter.CALLBACK_FAILURES);
    LOG.log(Level.WARNING, system + ": " + what + " threw", e);
  }

  // --- the turn

  /** Does what mail says, but for requests, which wait until their user has its turn. */
  private void deliver(Mail oldest) {
    for (Mail mail = oldest; mail != null; ) {
      Mail newer = mail.next;
      mail.next = null;
      User sender = mail.sender();
      if (sender != null) {
        Inbox inbox = sender.inbox(index);
        inbox.add(mail);
        if (!inbox.listed) {
          inbox.listed = true;
          inboxes.addLast(inbox);
        }
      } else {
        receive(mail);
      }
      mail = newer;
    }
  }

  /** Takes in as many requests as said, or all there are, of one user after the other. */
  private void takeIn(int most) {
    for (int taken = 0; taken < most && !inboxes.isEmpty(); ) {
      Inbox inbox = inboxes.poll();
      Mail last = null;
      for (int i = 0; i < TOGETHER && !inbox.isEmpty(); i++) {
        last = inbox.take();
        receive(last);
        taken++;
      }
      // Exchanges start after this: those that the last one shares one with come along.
      for (int i = 0; taken >= most && i < TOGETHER && inbox.goesOnWith(last); i++) {
        receive(inbox.take());
        taken++;
      }
      inbox.listed = !inbox.isEmpty();
      if (inbox.listed) {
        inboxes.addLast(inbox);
      }
    }
  }

  private void receive(Mail mail) {
    try {
      mail.receive();
    } catch (Throwable e) {
      broken("taking mail", e);
    }
  }

  private void fire() {
    try {
      wheel.advance(now, MOST_FIRED);
    } catch (Throwable e) {
      broken("firing timers", e);
    }
  }

  private void doAfterwards() {
    closuresRun = 0;
    // What is done may be followed by more, in the same list.
    for (int i = 0; i < afterwards.size(); i++) {
      try {
        afterwards.get(i).run();
      } catch (Throwable e) {
        broken("doing what follows closures", e);
      }
    }
    afterwards.clear();
  }

  private void goOn() {
    Chore chore = chores.poll();
    if (chore == null) {
      return;
    }
    try {
      if (chore.goOn(MOST_ENDED)) {
        chores.addLast(chore);
      }
    } catch (Throwable e) {
      broken("doing a chore", e);
    }
  }

  /** Round robin: each system that may send starts one exchange, then it is the next one's turn. */
  private void dispatch() {
    now = ticker.read();
    for (int i = 0; i < touched.size(); i++) {
      makeReady(touched.get(i));
    }
    for (OwnedSystem system = ready.poll(); system != null; system = ready.poll()) {
      system.ready = false;
      try {
        if (system.canSend(now)) {
          if (!permits.take()) {
            system.ready = true;
            ready.addFirst(system);
            break;
          }
          if (system.send(now)) {
            makeReady(system);
          } else {
            permits.giveBack();
          }
        }
      } catch (Throwable e) {
        broken("asking " + system.name(), e);
      }
    }
    permits.giveBackSpare();
    for (OwnedSystem system : touched) {
      system.touched = false;
      system.turned();
    }
    touched.clear();
  }

  /** A defect of this room. One event must not take down the systems of all others. */
  private void broken(String doing, Throwable e) {
    Fatal.rethrow(e);
    counters.count(SchedulerCounter.CALLBACK_FAILURES);
    LOG.log(Level.ERROR, "shard " + index + " failed while " + doing + "; it goes on", e);
  }

  /** Something that would hold up the other systems if it were done at once. */
  @FunctionalInterface
  public interface Chore {
    /** Does as much of it as said; returns whether there is more. */
    boolean goOn(int most);
  }

  private static final class Task extends Mail {
    private final Runnable task;

    private Task(Runnable task) {
      this.task = task;
    }

    @Override
    protected void receive() {
      task.run();
    }
  }

  private final class Stop extends Mail {
    @Override
    protected void receive() {
      stopping = true;
    }
  }
}
