package org.aeiou.daemon.simulator.objects;

import java.util.Arrays;
import org.aeiou.daemon.backend.Value;

/** The objects of a generated agent: nothing is stored, everything is computed when asked for. */
final class GeneratedView implements ObjectView {
  private final Profile profile;
  private final Moment moment;

  GeneratedView(Profile profile, Moment moment) {
    this.profile = profile;
    this.moment = moment;
  }

  @Override
  public Value get(int[] name) {
    Profile.Column column = columnOf(name);
    if (column == null) {
      return null;
    }
    TableRows rows = rows(column);
    int position = rows.find(name, column.oid().length);
    return position < 0 ? null : column.cell().at(moment, rows.number(position));
  }

  @Override
  public boolean knows(int[] name) {
    return columnOf(name) != null;
  }

  @Override
  public Binding next(int[] name) {
    int at = profile.atOrBefore(name);
    if (at >= 0 && profile.column(at).holds(name)) {
      Profile.Column column = profile.column(at);
      Binding entry = first(column, rows(column).after(name, column.oid().length));
      if (entry != null) {
        return entry;
      }
    }
    for (int i = at + 1; i < profile.size(); i++) {
      Binding entry = first(profile.column(i), 0);
      if (entry != null) {
        return entry;
      }
    }
    return null;
  }

  private Binding first(Profile.Column column, int from) {
    TableRows rows = rows(column);
    for (int i = from; i < rows.size(); i++) {
      Value value = column.cell().at(moment, rows.number(i));
      if (value != null) {
        return new Binding(join(column.oid(), rows.index(i)), value);
      }
    }
    return null;
  }

  private Profile.Column columnOf(int[] name) {
    int at = profile.atOrBefore(name);
    return at >= 0 && profile.column(at).holds(name) ? profile.column(at) : null;
  }

  private TableRows rows(Profile.Column column) {
    return moment.rows().get(column.kind());
  }

  private static int[] join(int[] oid, int[] index) {
    int[] name = Arrays.copyOf(oid, oid.length + index.length);
    System.arraycopy(index, 0, name, oid.length, index.length);
    return name;
  }
}
