package org.aeiou.daemon.cli.top;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.IntConsumer;

/** Reads keys from a terminal that gives each at once; those that send several bytes as one. */
final class Keys {
  private static final int ESC = 27;

  private final InputStream in;

  Keys(InputStream in) {
    this.in = in;
  }

  /** Tells each key until there are no more; then 4, as for Ctrl-D. */
  void readInto(IntConsumer pressed) {
    try {
      for (int key = in.read(); key >= 0; key = in.read()) {
        pressed.accept(key == ESC && in.available() > 0 ? sequence() : key);
      }
    } catch (IOException e) {
      // As at the end: the terminal is gone.
    }
    pressed.accept(4);
  }

  /** What follows an escape at once: the arrows and the keys for a page. */
  private int sequence() throws IOException {
    int kind = in.read();
    int last = kind == '[' || kind == 'O' ? in.read() : kind;
    int key = 0;
    // Parameters, up to the byte that ends a sequence (ECMA-48, 5.4).
    while (last >= 0x20 && last < 0x40) {
      key = key == 0 ? last : key;
      last = in.available() > 0 ? in.read() : '~';
    }
    return switch (last) {
      case 'A' -> 'k';
      case 'B' -> 'j';
      default -> key == '5' ? 'b' : key == '6' ? 'd' : 0;
    };
  }
}
