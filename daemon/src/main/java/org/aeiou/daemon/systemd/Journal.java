package org.aeiou.daemon.systemd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * systemd's journal, in its own protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL): a line with fields.
 * Any thread may call any method.
 */
public final class Journal implements AutoCloseable {
  private static final String SOCKET = "/run/systemd/journal/socket";
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  private final Datagrams socket;

  Journal(Datagrams socket) {
    this.socket = socket;
  }

  /**
   * The journal that the standard error of this process goes to; null if it goes elsewhere. Then
   * what is logged belongs there.
   */
  public static Journal ofStandardError(Map<String, String> environment) {
    String stream = environment.get("JOURNAL_STREAM");
    try {
      if (stream == null || !stream.equals(stream(STANDARD_ERROR))) {
        return null;
      }
      return new Journal(new Datagrams(SOCKET));
    } catch (IOException e) {
      return null;
    }
  }

  /** A file as {@code JOURNAL_STREAM} names it: by device and inode. */
  static String stream(Path file) throws IOException {
    return Files.getAttribute(file, "unix:dev") + ":" + Files.getAttribute(file, "unix:ino");
  }

  /**
   * Sends a line.
   *
   * @param fields by names of capitals, digits and underscores; with MESSAGE and PRIORITY
   * @return whether it was sent
   */
  public boolean send(Map<String, String> fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    fields.forEach(
        (name, value) -> {
          byte[] bytes = value.getBytes(UTF_8);
          out.writeBytes(name.getBytes(UTF_8));
          if (value.indexOf('\n') < 0) {
            out.write('=');
          } else {
            out.write('\n');
            out.writeBytes(length(bytes.length));
          }
          out.writeBytes(bytes);
          out.write('\n');
        });
    return socket.send(out.toByteArray()) == 0;
  }

  private static byte[] length(int length) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
  }

  @Override
  public void close() {
    socket.close();
  }
}
