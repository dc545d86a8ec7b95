package org.aeiou.closures.shared;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** Memory as text: the length, and each row of sixteen bytes that is not all zeroes. */
public final class GoldenFile {
  private static final Path FOLDER = Path.of("src/test/golden");
  private static final int ROW = 16;

  private GoldenFile() {}

  /** The memory as text. */
  public static String text(Memory memory) {
    StringBuilder text = new StringBuilder("length " + memory.size() + "\n");
    byte[] row = new byte[ROW];
    for (int at = 0; at < memory.size(); at += ROW) {
      memory.getBytes(at, row, 0, ROW);
      String hex = HexFormat.of().formatHex(row);
      if (!hex.matches("0*")) {
        text.append(at).append(' ').append(hex).append('\n');
      }
    }
    return text.toString();
  }

  /** What a file of that name has; {@code -Daeiou.golden.write=true} writes it anew. */
  public static String read(String name, Memory now) throws IOException {
    Path file = FOLDER.resolve(name);
    if (Boolean.getBoolean("aeiou.golden.write")) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, text(now));
    }
    return Files.readString(file);
  }

  /** Memory of some length that is all zeroes. */
  public static Memory memory(int bytes) {
    return new Memory(ByteBuffer.allocateDirect(bytes));
  }
}
