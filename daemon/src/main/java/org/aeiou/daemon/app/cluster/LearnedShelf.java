package org.aeiou.daemon.app.cluster;

import java.util.function.Consumer;
import org.aeiou.daemon.cluster.handover.Shelf;
import org.aeiou.daemon.cluster.nats.NatsLearnedStore;

/** What was learned of systems is kept by the broker. */
record LearnedShelf(NatsLearnedStore store) implements Shelf {
  @Override
  public void put(String key, byte[] value) {
    store.put(key, value);
  }

  @Override
  public void get(String key, Consumer<byte[]> then) {
    store.get(key, then);
  }
}
