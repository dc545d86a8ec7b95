package org.aeiou.daemon.app;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.backend.Notification;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;

/**
 * The notifications of RFC 3418 and RFC 2863, which every agent may send, and what changes with
 * them besides the objects that they name.
 */
enum KnownNotification {
  COLD_START("coldStart", "1.3.6.1.6.3.1.1.5.1"),
  WARM_START("warmStart", "1.3.6.1.6.3.1.1.5.2"),
  LINK_DOWN("linkDown", "1.3.6.1.6.3.1.1.5.3"),
  LINK_UP("linkUp", "1.3.6.1.6.3.1.1.5.4"),
  AUTHENTICATION_FAILURE("authenticationFailure", "1.3.6.1.6.3.1.1.5.5"),
  EGP_NEIGHBOR_LOSS("egpNeighborLoss", "1.3.6.1.6.3.1.1.5.6"),
  ENT_CONFIG_CHANGE("entConfigChange", "1.3.6.1.2.1.47.2.0.1");

  private static final Oid IF_ENTRY = Oid.parse("1.3.6.1.2.1.2.2.1");
  private static final Oid IF_X_ENTRY = Oid.parse("1.3.6.1.2.1.31.1.1.1");
  private static final Oid ENTITY = Oid.parse("1.3.6.1.2.1.47.1");
  private static final int IF_INDEX = 1;

  /** ifAdminStatus, ifOperStatus, ifLastChange. */
  private static final int[] STATE_OF_LINK = {7, 8, 9};

  private static final Map<Oid, KnownNotification> BY_NAME = new HashMap<>();

  static {
    for (KnownNotification one : values()) {
      BY_NAME.put(Oid.parse(one.number), one);
    }
  }

  private final String written;
  private final String number;

  KnownNotification(String written, String number) {
    this.written = written;
    this.number = number;
  }

  /** Null if it is none of these. */
  static KnownNotification of(Oid name) {
    return BY_NAME.get(name);
  }

  /** As its MIB module writes it: {@code linkDown}. */
  String written() {
    return written;
  }

  /** Whether the agent began anew, so that everything may be another one than before. */
  boolean isRestart() {
    return this == COLD_START || this == WARM_START;
  }

  /** Whether the answer to a question may be another one after it, whatever objects it names. */
  boolean concerns(Question question) {
    if (isRestart()) {
      return true;
    }
    if (this != ENT_CONFIG_CHANGE) {
      return false;
    }
    if (question instanceof Question.Get get) {
      return get.oid().startsWith(ENTITY);
    }
    return question instanceof Question.Walk walk
        && walk.columns().stream().anyMatch(column -> column.startsWith(ENTITY));
  }

  /**
   * What else is to be read again. A link's state is read again whatever the notification says of
   * it: some agents name none of its objects, others the state of before.
   */
  List<Oid> alsoChanged(List<Notification.Named> objects) {
    List<Oid> changed = new ArrayList<>();
    if (this == LINK_DOWN || this == LINK_UP) {
      for (Notification.Named object : objects) {
        Oid index = interfaceOf(object);
        if (index != null) {
          for (int column : STATE_OF_LINK) {
            changed.add(IF_ENTRY.append(column).append(index));
          }
        }
      }
    }
    return changed;
  }

  /** The index of the interface that an object is of; null if it is of none. */
  private static Oid interfaceOf(Notification.Named object) {
    Oid oid = object.oid();
    for (Oid entry : List.of(IF_ENTRY, IF_X_ENTRY)) {
      if (oid.startsWith(entry) && oid.length() == entry.length() + 2) {
        // Some agents name ifIndex without an instance, or with a wrong one: its value counts.
        boolean isIndex = entry.equals(IF_ENTRY) && oid.get(entry.length()) == IF_INDEX;
        return isIndex && object.value() instanceof Value.Numeric number
            ? Oid.of((int) number.number())
            : oid.suffix(entry.length() + 1);
      }
    }
    return oid.equals(IF_ENTRY.append(IF_INDEX)) && object.value() instanceof Value.Numeric number
        ? Oid.of((int) number.number())
        : null;
  }
}
