package org.aeiou.daemon.catalogue;

import java.util.regex.Pattern;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.document.YamlNode;

/**
 * How long a table is. Immutable.
 *
 * @param count the scalar, without its index, that says how many rows there are; null if none does
 * @param most how many rows it may have to be walked
 */
record TableLength(Oid count, int most) {
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

  /** What a group says of it; what is wrong is told. */
  static TableLength of(YamlNode group, Oid count) {
    String most = group.text("most");
    if (most == null) {
      return new TableLength(count, Integer.MAX_VALUE);
    }
    if (!NUMBER.matcher(most).matches()) {
      group
          .map()
          .get("most")
          .problem("'" + most + "' is not a number of rows; expected 1 to 999999999");
      return new TableLength(count, Integer.MAX_VALUE);
    }
    return new TableLength(count, Integer.parseInt(most));
  }
}
