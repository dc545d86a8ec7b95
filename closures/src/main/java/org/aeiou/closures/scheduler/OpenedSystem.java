package org.aeiou.closures.scheduler;

import java.util.Objects;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Request;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Learned;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.pace.Budget;
import org.aeiou.closures.shard.Mail;
import org.aeiou.closures.shard.Mailbox;
import org.aeiou.closures.shard.Shard;
import org.aeiou.closures.shard.User;

/**
 * One system as its callers see it. Any thread may call any method: what it is asked to do becomes
 * mail for the thread that owns the {@link ShardQueue}.
 */
final class OpenedSystem<K, V> implements SystemQueue<K, V> {
  /** What tells its scheduler from others: see {@link Requester#userOf}. */
  private final Mailbox[] mailboxes;

  private final Shard shard;
  private final ShardQueue<K, V> queue;
  private final Admission<K, V> admission;
  private final Deliveries<K, V> deliveries;

  OpenedSystem(Mailbox[] mailboxes, ShardQueue<K, V> queue, Deliveries.Bound deliveryBound) {
    this.mailboxes = mailboxes;
    this.shard = queue.shard();
    this.queue = queue;
    this.admission = queue.admission();
    this.deliveries = new Deliveries<>(queue, deliveryBound);
  }

  @Override
  public <C> Request submit(
      K key,
      Priority priority,
      long deadlineNanos,
      RequesterBurst burst,
      Closure<V, C> closure,
      C context) {
    return submit(key, priority, deadlineNanos, shard.time(), burst, closure, context);
  }

  @Override
  public boolean hasRoom(Requester requester) {
    User user = requester.userOf(mailboxes);
    if (shard.bound().hasRoom(user) && !admission.isFull(user)) {
      return true;
    }
    shard.counters().rejected.increment();
    return false;
  }

  @Override
  public <C> Request submit(
      K key,
      Priority priority,
      long deadlineNanos,
      long askedNanos,
      RequesterBurst burst,
      Closure<V, C> closure,
      C context) {
    return submit(key, null, priority, deadlineNanos, askedNanos, burst, closure, context);
  }

  @Override
  @SuppressWarnings("unchecked") // the context given with a closure is the only one it is run with
  public <C> Request submit(
      K key,
      Object place,
      Priority priority,
      long deadlineNanos,
      long askedNanos,
      RequesterBurst burst,
      Closure<V, C> closure,
      C context) {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(closure, "closure");
    boolean awaited = priority == Priority.INTERACTIVE;
    User user = burst.requester().userOf(mailboxes);
    if (!burst.reserve(shard.bound())) {
      shard.counters().rejected.increment();
      return null;
    }
    PendingRequest<K, V> request =
        new PendingRequest<>(
            admission,
            burst.requester(),
            key,
            place,
            awaited,
            deadlineNanos,
            askedNanos,
            (Closure<V, Object>) closure,
            context);
    if (!burst.take(request, admission, shard.mailbox())) {
      shard.bound().giveBack(user);
      shard.counters().rejected.increment();
      return null;
    }
    return request;
  }

  @Override
  public boolean deliver(K key, Outcome<V> outcome) {
    return deliveries.send(Objects.requireNonNull(key, "key"), outcome);
  }

  @Override
  public boolean run(Runnable task) {
    return deliveries.run(Objects.requireNonNull(task, "task"));
  }

  @Override
  public Health health() {
    return queue.health();
  }

  @Override
  public SystemCounts counts() {
    return queue.counts();
  }

  @Override
  public void change(Limits limits, Exchanger<K, V> exchanger) {
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(exchanger, "exchanger");
    post(() -> queue.change(limits, exchanger));
  }

  @Override
  public void learn(Learned known, Runnable then) {
    Objects.requireNonNull(known, "known");
    Objects.requireNonNull(then, "then");
    post(
        () -> {
          queue.learn(known);
          then.run();
        });
  }

  @Override
  public void share(Budget budget) {
    post(() -> queue.share(budget));
  }

  @Override
  public void close() {
    post(queue::stop);
  }

  /** Does something on the thread that owns the system. */
  private void post(Runnable news) {
    shard
        .mailbox()
        .push(
            new Mail() {
              @Override
              protected void receive() {
                news.run();
              }
            });
  }

  /** Where its owner is, for tests. */
  Shard shard() {
    return shard;
  }

  @Override
  public String toString() {
    return queue.name();
  }
}
