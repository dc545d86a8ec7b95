package org.aeiou.daemon.service.write;

import java.util.List;
import org.aeiou.daemon.tree.AttributeFile;

/**
 * What became of a write that was done.
 *
 * @param changes one for each assignment, in their order
 */
public record Written(List<Change> changes) {
  public Written {
    changes = List.copyOf(changes);
  }

  /**
   * One attribute.
   *
   * @param before what was read just before, as text without a newline; null if there was nothing
   * @param after what was read back; null if that could not be read
   */
  public record Change(AttributeFile file, String before, String after) {}
}
