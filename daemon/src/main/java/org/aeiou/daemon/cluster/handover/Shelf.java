package org.aeiou.daemon.cluster.handover;

import java.util.function.Consumer;

/** Keeps bytes for all members, longer than any of them lives. Any thread may call; none waits. */
public interface Shelf {
  /** Keeps nothing. */
  Shelf NONE =
      new Shelf() {
        @Override
        public void put(String key, byte[] value) {}

        @Override
        public void get(String key, Consumer<byte[]> then) {
          then.accept(null);
        }
      };

  /** Keeps these bytes in place of those before; if that fails it is counted, and that is all. */
  void put(String key, byte[] value);

  /** Hands over what is kept, soon: null if that is nothing, or cannot be had. */
  void get(String key, Consumer<byte[]> then);
}
