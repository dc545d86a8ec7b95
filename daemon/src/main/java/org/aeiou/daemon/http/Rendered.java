package org.aeiou.daemon.http;

import com.google.common.hash.Hashing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * A text that was made once, for many answers.
 *
 * @param type its media type
 * @param plain the text itself; not changed any more
 * @param gzip the same, compressed; null if that is not worth it
 * @param tag what tells it from other versions; null where clients keep none
 */
public record Rendered(String type, byte[] plain, byte[] gzip, String tag) {
  private static final int LEAST_TO_COMPRESS = 512;

  /** One that is made again and again: compressed in little time, not kept by clients. */
  public static Rendered passing(String type, byte[] plain) {
    return new Rendered(type, plain, gzip(plain, Deflater.BEST_SPEED), null);
  }

  /** One that stays the same for long: clients may keep it, and ask whether it still is. */
  public static Rendered lasting(String type, byte[] plain) {
    String tag = Hashing.sha256().hashBytes(plain).toString().substring(0, 16);
    return new Rendered(type, plain, gzip(plain, Deflater.BEST_COMPRESSION), tag);
  }

  private static byte[] gzip(byte[] plain, int level) {
    if (plain.length < LEAST_TO_COMPRESS) {
      return null;
    }
    ByteArrayOutputStream octets = new ByteArrayOutputStream(plain.length / 8);
    try (GZIPOutputStream gzip =
        new GZIPOutputStream(octets, 1 << 13) {
          {
            def.setLevel(level);
          }
        }) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // never: it is written to memory
    }
    return octets.size() < plain.length ? octets.toByteArray() : null;
  }
}
