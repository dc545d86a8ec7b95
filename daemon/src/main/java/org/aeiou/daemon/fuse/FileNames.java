package org.aeiou.daemon.fuse;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** FileNames between their bytes in messages and the characters of the tree. */
public final class FileNames {
  /** As everywhere on Linux; in bytes. */
  public static final int LONGEST = 255;

  private FileNames() {}

  /**
   * The name that ends with the body.
   *
   * @return null if there is no NUL behind it, or if it is empty
   * @throws CharacterCodingException if it is not UTF-8; no node has such a name
   */
  public static String decode(ByteBuffer in, int at) throws CharacterCodingException {
    int end = at;
    boolean ascii = true;
    while (end < in.limit() && in.get(end) != 0) {
      ascii &= in.get(end) > 0;
      end++;
    }
    if (end == in.limit() || end == at) {
      return null;
    }
    if (!ascii) {
      // A new decoder reports malformed input; String's constructor would replace it.
      return StandardCharsets.UTF_8.newDecoder().decode(in.slice(at, end - at)).toString();
    }
    byte[] name = new byte[end - at];
    in.get(at, name);
    return new String(name, StandardCharsets.ISO_8859_1);
  }

  public static byte[] encode(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Whether a directory can have an entry of this name: the kernel fails the whole listing else.
   */
  public static boolean isEntry(String name, byte[] encoded) {
    return encoded.length > 0
        && encoded.length <= LONGEST
        && name.indexOf('/') < 0
        && name.indexOf('\0') < 0
        && !name.equals(".")
        && !name.equals("..");
  }
}
