package org.aeiou.daemon.app.cluster;

import java.util.function.Consumer;
import org.aeiou.daemon.cluster.lease.LeaseStore;

/** Of a member that asks for none: it need not be allowed to see the bucket. */
final class NoLeases implements LeaseStore {
  private static final Verdict NONE = new Verdict.Unknown("this member only reads");

  @Override
  public void create(int slot, String value, long timeoutNanos, Consumer<Verdict> then) {
    then.accept(NONE);
  }

  @Override
  public void renew(
      int slot, long revision, String value, long timeoutNanos, Consumer<Verdict> then) {
    then.accept(NONE);
  }

  @Override
  public void read(int slot, long timeoutNanos, Consumer<Verdict> then) {
    then.accept(NONE);
  }

  @Override
  public void release(int slot, long revision, long timeoutNanos, Consumer<Verdict> then) {
    then.accept(NONE);
  }

  @Override
  public void listen(Listener listener) {}

  @Override
  public void close() {}
}
