package org.aeiou.daemon.cluster.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Long texts as bytes, compressed (RFC 1950): what lists systems says much the same of each. */
public final class LongTextCodec {
  /** How long a text may be, in octets, and how many of them an octet may stand for. */
  private static final int MOST_OCTETS = 32 << 20;

  private LongTextCodec() {}

  public static void write(Output out, String text) {
    byte[] octets = text.getBytes(UTF_8);
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try {
      deflater.setInput(octets);
      deflater.finish();
      ByteArrayOutputStream deflated = new ByteArrayOutputStream(octets.length / 8 + 64);
      byte[] buffer = new byte[8192];
      while (!deflater.finished()) {
        deflated.write(buffer, 0, deflater.deflate(buffer));
      }
      out.octets(deflated.toByteArray());
    } finally {
      deflater.end();
    }
  }

  public static String read(Input in) throws MalformedMessage {
    byte[] deflated = in.octets();
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(deflated);
      ByteArrayOutputStream octets = new ByteArrayOutputStream(1024);
      byte[] buffer = new byte[8192];
      while (!inflater.finished()) {
        int count = inflater.inflate(buffer);
        if (count == 0 && !inflater.finished()) {
          throw new MalformedMessage("has a compressed text that ends too early");
        }
        in.takes(4L * count);
        if (octets.size() + count > MOST_OCTETS) {
          throw new MalformedMessage("has a text that is too long");
        }
        octets.write(buffer, 0, count);
      }
      return octets.toString(UTF_8);
    } catch (DataFormatException e) {
      throw new MalformedMessage("has a compressed text that is none: " + e.getMessage());
    } finally {
      inflater.end();
    }
  }
}
