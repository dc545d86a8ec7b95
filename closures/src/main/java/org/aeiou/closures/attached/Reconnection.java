package org.aeiou.closures.attached;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.aeiou.closures.Burst;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Request;

/**
 * One attachment after another, and what waits for the next. A thread of its own looks for a daemon
 * while there is none, and asks for what waited when there is.
 */
final class Reconnection implements Runnable {
  private static final System.Logger LOG = System.getLogger(Reconnection.class.getPackageName());
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final long LEAST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long MOST_PAUSE = TimeUnit.MILLISECONDS.toNanos(400);

  /** After so long an attachment counts as a good one: the next attempt is made at once. */
  private static final long STEADY = TimeUnit.SECONDS.toNanos(2);

  /** How often deadlines of what waits are looked at, and whether there are pages for it. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final Failure<byte[]> CLOSED =
      new Failure<>(Failure.Reason.STOPPED, "this attachment was closed");

  /** Attaches. */
  interface Attempt {
    Attachment attach(Duration patience) throws IOException;
  }

  /** Asks for something; what is left is where, with which burst, and for which closure. */
  interface Ask<C> {
    Request ask(Attachment net, Burst burst, Closure<byte[], C> closure);
  }

  private final Attempt attempt;
  private final int most;
  private final Ticker ticker;
  private final BiConsumer<Boolean, String> told;
  private final Thread thread;

  /**
   * What is new for the thread: requests that wait from now on, or nothing but a reason to look.
   */
  private final BlockingQueue<Runnable> news = new LinkedBlockingQueue<>();

  private final AtomicInteger count = new AtomicInteger();
  private volatile Attachment current;
  private volatile boolean closed;
  private volatile boolean finished;

  /** The thread's, until that has finished. */
  private final Deque<WaitingRequest<?>> waiting = new ConcurrentLinkedDeque<>();

  // The thread's.
  private boolean isConnected = true;
  private long attachedNanos;
  private long nextNanos;
  private long pause = LEAST_PAUSE;

  /**
   * Attaches, and keeps attached from then on.
   *
   * @param most how many requests may wait
   */
  Reconnection(Attempt attempt, int most, Ticker ticker, BiConsumer<Boolean, String> told)
      throws IOException {
    this.attempt = attempt;
    this.most = most;
    this.ticker = ticker;
    this.told = told;
    attach(Attachment.PATIENCE);
    thread = new Thread(this, "aeiou-reconnecting");
    thread.setDaemon(true);
    thread.start();
  }

  private void attach(Duration patience) throws IOException {
    Attachment net = attempt.attach(patience);
    attachedNanos = ticker.read();
    current = net;
    net.whenEnded(this::look);
  }

  boolean isConnected() {
    return !isLost();
  }

  /** Whether the daemon has gone, and this was not closed. */
  boolean isLost() {
    return current.ended() != null && !closed;
  }

  boolean mayWait() {
    return current.mayWait() && Thread.currentThread() != thread;
  }

  <C> Request ask(ReconnectingBurst burst, Ask<C> ask, Closure<byte[], C> closure, C context) {
    Attachment net = current;
    Request asked = ask.ask(net, burst == null ? null : burst.of(net), closure);
    if (asked != null || closed || net.ended() == null) {
      return asked;
    }
    WaitingRequest<C> request = waiting(burst, ask, closure, context, false);
    return add(request) ? request : null;
  }

  <C> Request watch(ReconnectingBurst burst, Ask<C> ask, Closure<byte[], C> closure, C context) {
    Attachment net = current;
    WaitingRequest<C> request = waiting(burst, ask, closure, context, true);
    boolean isThere =
        request.start(net, ticker.read()) || (net.ended() != null && !closed && add(request));
    return isThere ? request : null;
  }

  private <C> WaitingRequest<C> waiting(
      ReconnectingBurst burst, Ask<C> ask, Closure<byte[], C> closure, C context, boolean isWatch) {
    long deadline = burst == null || isWatch ? 0 : burst.options.deadline(ticker.read());
    return new WaitingRequest<>(this, burst, ask, closure, context, deadline, isWatch);
  }

  /** Lets a request wait; false if too many do. */
  boolean add(WaitingRequest<?> request) {
    if (count.incrementAndGet() > most) {
      count.decrementAndGet();
      return false;
    }
    news.add(() -> waiting.add(request));
    if (finished) {
      finish(); // the thread may not have seen it
    }
    return true;
  }

  /** Lets the thread look at what waits. */
  void look() {
    news.add(() -> {});
  }

  void withdraw(ReconnectingBurst burst) {
    Attachment net = current;
    var unused = net.cancel(burst.of(net));
    news.add(
        () -> waiting.stream().filter(each -> each.burst == burst).forEach(WaitingRequest::cancel));
  }

  void close() {
    closed = true;
    current.close();
    look();
    try {
      if (mayWait()) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void run() {
    while (!closed) {
      try {
        turn();
      } catch (InterruptedException e) {
        LOG.log(Level.DEBUG, "interrupted, which means nothing here", e);
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "something failed while a daemon was looked for", e);
      }
    }
    current.close(); // one that came while this was closed
    finished = true;
    finish();
  }

  private void turn() throws InterruptedException {
    Runnable first = news.poll(nanosToLook(), TimeUnit.NANOSECONDS);
    for (Runnable one = first; one != null; one = news.poll()) {
      one.run();
    }
    endOver();
    if (current.ended() == null) {
      submit();
    } else if (current.isOver() && !closed) {
      comeBack();
    } // else its watches are still to be heard of
  }

  private long nanosToLook() {
    if (!waiting.isEmpty()) {
      return LOOK_NANOS;
    }
    return isConnected ? Long.MAX_VALUE : Math.max(0, nextNanos - ticker.read());
  }

  private void comeBack() {
    if (isConnected) {
      isConnected = false;
      // It may have been lost because of what was asked of it: not again and again at once.
      boolean wasSteady = ticker.read() - attachedNanos >= STEADY;
      pause = wasSteady ? LEAST_PAUSE : Math.min(MOST_PAUSE, 2 * pause);
      nextNanos = ticker.read() + (wasSteady ? 0 : pause);
      tell(false, current.ended());
    }
    if (nextNanos - ticker.read() > 0) {
      return;
    }
    try {
      attach(PATIENCE);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "there is no daemon yet", e);
      pause = Math.min(MOST_PAUSE, 2 * pause);
      nextNanos = ticker.read() + pause;
      return;
    }
    isConnected = true;
    tell(true, "");
    submit();
  }

  private void tell(boolean connected, String why) {
    try {
      told.accept(connected, why);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "what is told of the connection threw", e);
    }
  }

  /** Asks for what waits, as far as there is room. */
  private void submit() {
    while (!waiting.isEmpty()) {
      WaitingRequest<?> first = waiting.element();
      try {
        if (!first.start(current, ticker.read())) {
          break;
        }
        remove(waiting.remove(), null);
      } catch (RuntimeException e) {
        // As it cannot be asked of this daemon: a path that is too long, an option that is unknown.
        remove(
            waiting.remove(),
            new Failure<>(Failure.Reason.BAD_REQUEST, String.valueOf(e.getMessage())));
      }
    }
    current.ring();
  }

  /** Ends what was withdrawn, and what is past its deadline. */
  private void endOver() {
    for (Iterator<WaitingRequest<?>> each = waiting.iterator(); each.hasNext(); ) {
      WaitingRequest<?> request = each.next();
      Failure<byte[]> why = request.over(ticker.read());
      if (why != null) {
        each.remove();
        remove(request, why);
      }
    }
  }

  /** One waits no longer: it was asked for, or ends. */
  private void remove(WaitingRequest<?> request, Failure<byte[]> why) {
    count.decrementAndGet();
    if (why == null) {
      return;
    }
    try {
      request.end(why);
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "a closure threw", e);
    }
  }

  /** Ends all that waits; any thread, as each is taken out of the queue once. */
  private void finish() {
    for (Runnable one = news.poll(); one != null; one = news.poll()) {
      one.run();
    }
    for (WaitingRequest<?> one = waiting.poll(); one != null; one = waiting.poll()) {
      remove(one, CLOSED);
    }
  }
}
