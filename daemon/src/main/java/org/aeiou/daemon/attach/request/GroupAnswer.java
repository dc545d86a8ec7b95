package org.aeiou.daemon.attach.request;

import java.util.List;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Reading;
import org.aeiou.closures.shared.CompletionDescriptor;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.closures.shared.GroupDescriptor;
import org.aeiou.closures.shared.GroupWriter;
import org.aeiou.closures.shared.Kind;
import org.aeiou.closures.shared.Reasons;
import org.aeiou.daemon.attach.completion.AnswersInTurns;
import org.aeiou.daemon.service.group.GroupReading;

/** The outcome of a group read, written a few rows after the other. For one thread at a time. */
final class GroupAnswer implements AnswersInTurns.Sliced, GroupReading.Visitor {
  private final ClientRequest request;
  private final boolean isOneColumn;
  private final Reading<GroupReading> reading;
  private GroupWriter writer;
  private int rows;
  private int next;

  GroupAnswer(ClientRequest request, boolean isOneColumn, Reading<GroupReading> reading) {
    this.request = request;
    this.isOneColumn = isOneColumn;
    this.reading = reading;
  }

  ClientRequest request() {
    return request;
  }

  @Override
  public long attributes() {
    return reading.value().attributes();
  }

  @Override
  public void refuse(String why) {
    request.fail(Failure.Reason.OVERLOADED, why);
  }

  @Override
  public void fault(Throwable cause) {
    request.client.fault(request, cause);
  }

  @Override
  public boolean write(int most, long nowNanos) {
    GroupReading found = reading.value();
    if (writer == null && !begin(found)) {
      return false;
    }
    int end = writer.written() + most;
    while (next < rows && writer.written() < end) {
      found.tell(next++, this);
      if (!fits(writer.bytes())) {
        return false;
      }
    }
    if (next < rows) {
      return !request.isDone();
    }
    request.end(
        new Completion(
            Kind.READING,
            0,
            writer.value(),
            writer.takenMillis(),
            found.changedMillis(),
            nowNanos + found.freshNanos(),
            nowNanos + found.usableNanos()));
    return false;
  }

  private boolean begin(GroupReading found) {
    List<String> columns = found.columns();
    List<String> names = found.rows();
    rows = names.size();
    long attributes = (long) rows * columns.size();
    if (!fits(GroupDescriptor.bytes(attributes))) {
      return false;
    }
    int form = found.isTable() ? GroupDescriptor.TABLE : GroupDescriptor.ATTRIBUTES;
    writer = new GroupWriter(isOneColumn ? GroupDescriptor.COLUMN : form, columns, names);
    return true;
  }

  /** Ends the request if a value that is at least so long fits no place that its client has. */
  private boolean fits(long bytes) {
    Geometry geometry = request.client.geometry;
    int most =
        Math.max(geometry.arenaBytes(), geometry.outcomeBytes() - CompletionDescriptor.VALUE);
    if (bytes > most) {
      request.fail(
          Failure.Reason.OVERLOADED,
          "it takes more than " + bytes + " bytes; attach with an arena for that");
    }
    return bytes <= most;
  }

  @Override
  public void reading(byte[] text, int length, long takenMillis) {
    writer.reading(text, length, takenMillis);
  }

  @Override
  public void absent(long takenMillis) {
    writer.absent(takenMillis);
  }

  @Override
  public void failure(Failure<?> failure) {
    writer.failure(Reasons.number(failure.reason()), failure.message());
  }
}
