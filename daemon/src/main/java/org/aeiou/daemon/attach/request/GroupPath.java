package org.aeiou.daemon.attach.request;

import com.google.common.base.Splitter;
import java.util.List;
import org.aeiou.closures.shared.CanonicalPath;

/**
 * What the path of a group read means: a directory, and which of its attributes.
 *
 * <pre>
 *   core1/system                         all attributes of a group
 *   core1/system/{sysName,sysUpTime}     some of them
 *   core1/interfaces/eth0                all of a row
 *   core1/interfaces                     all of all rows; also core1/interfaces/*
 *   core1/interfaces/&#42;/ifInOctets         one column of all rows
 *   core1/interfaces/&#42;/{ifName,ifAlias}   some columns of all rows
 * </pre>
 *
 * @param columns the names of the attributes; null for all
 * @param isOneColumn whether one was named, and of all rows
 */
record GroupPath(String directory, List<String> columns, boolean isOneColumn) {
  private static final String ALL = "*";
  private static final Splitter NAMES = Splitter.on(',');

  static GroupPath of(String wanted) {
    String path = CanonicalPath.of(wanted);
    String parent = parent(path);
    String name = name(path);
    boolean isOfAll = name(parent).equals(ALL);
    if (name.startsWith("{") && name.endsWith("}") && name.length() > 1) {
      List<String> columns =
          NAMES.omitEmptyStrings().splitToList(name.substring(1, name.length() - 1));
      return new GroupPath(isOfAll ? parent(parent) : parent, columns, false);
    }
    if (isOfAll) {
      return name.equals(ALL)
          ? new GroupPath(parent(parent), null, false)
          : new GroupPath(parent(parent), List.of(name), true);
    }
    return new GroupPath(name.equals(ALL) ? parent : path, null, false);
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
