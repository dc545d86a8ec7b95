package org.aeiou.daemon.service.write;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Ticker;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Consumer;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.syntax.NoValueException;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.metrics.Event;
import org.aeiou.daemon.metrics.Events;
import org.aeiou.daemon.service.fetch.CachedFetch;
import org.aeiou.daemon.tree.AttributeFile;
import org.aeiou.daemon.tree.Node;
import org.aeiou.daemon.tree.View;

/** Writes attributes. Any thread may call any method; none waits. */
public final class AttributeWrites {
  /** More do not fit into a message, or into a sentence about them. */
  private static final int MOST = 64;

  private final CachedFetch fetch;
  private final Ticker ticker;
  private final WriteCounters counters;
  private final Consumer<Event> events;

  /**
   * Writes.
   *
   * @param metrics where it is counted what became of them
   * @param events is told of each that was tried
   */
  public AttributeWrites(
      CachedFetch fetch, Ticker ticker, MetricSet metrics, Consumer<Event> events) {
    this.fetch = fetch;
    this.ticker = ticker;
    this.events = events;
    this.counters = new WriteCounters(metrics);
  }

  /**
   * Whether a file may be written: its MIB says that it can be, and the configuration allows it.
   * Below {@code .cached} nothing may, as no system is asked there. Costs a look at the attribute
   * where nothing is allowed.
   */
  public static boolean isWritable(Node node) {
    return node instanceof AttributeFile file && reason(file) == null;
  }

  /** Why a file may not be written; null if it may. */
  private static String reason(AttributeFile file) {
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
    List<WriteRequest.Checked> checked = new ArrayList<>(assignments.size());
    for (Assignment assignment : assignments) {
      Outcome<WriteRequest.Checked> each = check(assignment);
      if (each instanceof Failure<WriteRequest.Checked> refusal) {
        return refuse(refusal, closure, context);
      }
      checked.add(((Reading<WriteRequest.Checked>) each).value());
    }
    Failure<WriteRequest.Checked> apart = apart(checked);
    if (apart != null) {
      return refuse(apart, closure, context);
    }
    return new WriteRequest<>(
            fetch,
            ticker,
            checked,
            requester,
            (outcome, sent) -> ended(author, checked, outcome, sent),
            closure,
            context)
        .start();
  }

  private <C> Request refuse(
      Failure<WriteRequest.Checked> why, Closure<Written, C> closure, C context) {
    counters.refusedByCheck();
    closure.run(context, Failure.as(why), false);
    return Request.IMMEDIATE;
  }

  /** What would be written, or why it cannot be. */
  private static Outcome<WriteRequest.Checked> check(Assignment assignment) {
    Failure<WriteRequest.Checked> refusal = refusal(assignment.file());
    if (refusal != null) {
      return refusal;
    }
    AttributeFile file = (AttributeFile) assignment.file();
    String text = assignment.text();
    if (text == null) {
      return new Failure<>(Reason.BAD_REQUEST, file.name() + ": is not text in UTF-8");
    }
    try {
      Value.Single value = file.attribute().syntax().parse(text, file.system().charset());
      return new Reading<>(
          new WriteRequest.Checked(
              file, text.endsWith("\n") ? text.substring(0, text.length() - 1) : text, value),
          0,
          0,
          0);
    } catch (NoValueException e) {
      return new Failure<>(
          e.isOutOfRange() ? Reason.OUT_OF_RANGE : Reason.BAD_REQUEST,
          file.name() + ": " + e.getMessage());
    }
  }

  /** Why they cannot be written together; null if they can. */
  private static Failure<WriteRequest.Checked> apart(List<WriteRequest.Checked> checked) {
    if (checked.isEmpty() || checked.size() > MOST) {
      return new Failure<>(
          Reason.BAD_REQUEST,
          checked.size() + " attributes to be written together; expected 1 to " + MOST);
    }
    AttributeFile first = checked.get(0).file();
    Set<String> names = new HashSet<>();
    for (WriteRequest.Checked each : checked) {
      AttributeFile file = each.file();
      if (!file.group().equals(first.group()) || !file.row().equals(first.row())) {
        return new Failure<>(
            Reason.BAD_REQUEST,
            "%s and %s are not of one row, or of one group: they cannot be written together"
                .formatted(first, file));
      }
      if (!names.add(file.name())) {
        return new Failure<>(Reason.BAD_REQUEST, file.name() + " is to be written twice at once");
      }
    }
    return null;
  }

  private void ended(
      Author author, List<WriteRequest.Checked> checked, Outcome<Written> outcome, boolean sent) {
    String system = checked.get(0).file().system().name();
    List<Written.Change> read =
        outcome instanceof Reading<Written> written ? written.value().changes() : List.of();
    List<Map<String, Object>> changes = new ArrayList<>(checked.size());
    StringJoiner sentence = new StringJoiner(", ");
    for (int i = 0; i < checked.size(); i++) {
      Written.Change change = read.isEmpty() ? null : read.get(i);
      changes.add(fields(checked.get(i), change));
      sentence.add(sentence(checked.get(i), change));
    }
    Boolean done = true;
    String reason = null;
    String what = author + " wrote " + sentence;
    if (outcome instanceof Failure<Written> failure) {
      counters.failed(failure, sent);
      boolean mayHave = sent && Failure.mayHaveHappened(failure.reason());
      done = mayHave ? null : false;
      reason = failure.reason().name().toLowerCase(Locale.ROOT);
      what =
          author
              + (mayHave ? " may have written " : " did not write ")
              + sentence
              + ": "
              + failure.message();
    } else {
      counters.done();
    }
    events.accept(Events.write(system, what, done, reason, author.uid(), author.pid(), changes));
  }

  /** A change as programs read it: in {@code after} what is read now, null if that is not known. */
  private static Map<String, Object> fields(WriteRequest.Checked checked, Written.Change change) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("attribute", path(checked.file()));
    fields.put("written", checked.text());
    if (change != null) {
      fields.put("before", change.before());
      fields.put("after", change.after());
    }
    return fields;
  }

  private String sentence(WriteRequest.Checked checked, Written.Change change) {
    String what = path(checked.file()) + ": ";
    String text = quoted(checked.text());
    if (change == null) {
      return what + text;
    }
    String before = change.before() == null ? "nothing" : quoted(change.before());
    String now = "";
    if (change.after() == null) {
      now = ", not read back";
    } else if (!change.after().equals(rendered(checked))) {
      counters.readOtherwise();
      now = ", reads " + quoted(change.after());
    }
    return what + before + " → " + text + now;
  }

  /** How the value reads that was written, in other words perhaps. */
  private static String rendered(WriteRequest.Checked checked) {
    AttributeFile file = checked.file();
    return new String(
        file.attribute().syntax().render(checked.value(), file.system().charset()), UTF_8);
  }

  private static String path(AttributeFile file) {
    return file.group().name() + "/" + (file.row().isEmpty() ? "" : file.row() + "/") + file.name();
  }

  private static String quoted(String text) {
    return "'" + text + "'";
  }

  static <T> Failure<T> refusal(Node node) {
    if (node.isDirectory()) {
      return new Failure<>(Reason.IS_DIRECTORY, "is a directory");
    }
    if (!(node instanceof AttributeFile file)) {
      return new Failure<>(Reason.NOT_WRITABLE, node.name() + " is no attribute of a system");
    }
    String why = reason(file);
    return why == null ? null : new Failure<>(Reason.NOT_WRITABLE, file.name() + " " + why);
  }
}
