package org.aeiou.daemon.service.write;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.aeiou.daemon.tree.Node;

/**
 * A text for a file.
 *
 * @param text what reading the file would give, with a newline at its end or without; null for
 *     bytes that are no text
 */
public record Assignment(Node file, String text) {

  /** Of bytes as a program writes them: UTF-8. */
  public static Assignment of(Node file, byte[] bytes) {
    try {
      return new Assignment(file, UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return new Assignment(file, null);
    }
  }
}
