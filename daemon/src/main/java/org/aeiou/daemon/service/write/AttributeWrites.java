package org.aeiou.daemon.service.write;

import java.util.List;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.tree.AttributeFile;
import org.aeiou.daemon.tree.Endpoint;
import org.aeiou.daemon.tree.Node;
import org.aeiou.daemon.tree.View;

/** Writes attributes. Any thread may call any method; none waits. */
public final class AttributeWrites {

  /**
   * Whether a file may be written: its MIB says that it can be, and the configuration allows it.
   * Below {@code .cached} nothing may, as no system is asked there. Costs a look at the attribute
   * where nothing is allowed.
   */
  public static boolean isWritable(Node node) {
    return node instanceof AttributeFile file && refusal(file) == null;
  }

  /** Why a file may not be written; null if it may. */
  private static String refusal(AttributeFile file) {
    if (!file.attribute().writable()) {
      return "is read-only: the system does not let it be written, by its MIB";
    }
    Endpoint endpoint = file.system().endpoint();
    boolean isAllowed =
        endpoint != null
            && file.group() != null
            && endpoint.writable().match(file.group().name(), file.row(), file.name());
    if (!isAllowed) {
      return "may not be written: no pattern of 'write: {allow: […]}' in the configuration names it";
    }
    return file.view() == View.CACHED
        ? "cannot be written below .cached, where no system is asked"
        : null;
  }

  /**
   * Writes attributes of one row or one group, all of them or none.
   *
   * @param assignments at least one
   * @param closure runs with what was written, or with the failure that says why nothing was, or
   *     that it may have been
   */
  public <C> Request write(
      Author author,
      Requester requester,
      List<Assignment> assignments,
      Closure<Written, C> closure,
      C context) {
    for (Assignment assignment : assignments) {
      Failure<Written> refusal = refusal(assignment.file());
      if (refusal != null) {
        closure.run(context, refusal, false);
        return Request.IMMEDIATE;
      }
    }
    closure.run(context, new Failure<>(Reason.NOT_WRITABLE, "nothing can be written yet"), false);
    return Request.IMMEDIATE;
  }

  private static Failure<Written> refusal(Node node) {
    if (node.isDirectory()) {
      return new Failure<>(Reason.IS_DIRECTORY, "is a directory");
    }
    if (!(node instanceof AttributeFile file)) {
      return new Failure<>(Reason.NOT_WRITABLE, node.name() + " is no attribute of a system");
    }
    String why = refusal(file);
    return why == null ? null : new Failure<>(Reason.NOT_WRITABLE, file.name() + " " + why);
  }
}
