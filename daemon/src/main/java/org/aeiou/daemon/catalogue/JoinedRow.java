package org.aeiou.daemon.catalogue;

import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.catalogue.AttributeGroup.Instance;

/**
 * Where the joined columns of a row are. There may be a hundred thousand of these, so that a row
 * has the indices it leads to and no more; the rest is worked out when it is asked for.
 */
final class JoinedRow implements AttributeGroup.Joined {
  private final DefinedTable table;
  private final Value.Row walked;

  /** Where each of the table's joined columns is in its own; null where the row leads nowhere. */
  private final Oid[] indices;

  JoinedRow(DefinedTable table, Value.Row walked, Oid[] indices) {
    this.table = table;
    this.walked = walked;
    this.indices = indices;
  }

  @Override
  public Instance instance(AttributeGroup.NamedRow row, Attribute column) {
    Join join = table.joins.get(column.name());
    if (join == null) {
      return null;
    }
    Oid index = indices[table.joined.indexOf(column.name())];
    if (index == null) {
      return Instance.NOWHERE;
    }
    Oid oid = column.oid().append(index);
    Attribute leading = row.guard() == null ? leading(join) : null;
    return leading == null
        ? new Instance(oid, row.guard(), row.label())
        : new Instance(
            oid,
            leading.oid().append(row.index()),
            walked.columns().get(table.walked.get(leading.name())));
  }

  /** The column of this table at which the way to another table begins; null if at the index. */
  private Attribute leading(Join join) {
    for (Join.Key key : join.keys()) {
      if (key instanceof Join.ValueOf value) {
        Join further = table.joins.get(value.column());
        Attribute leading = further == null ? table.attribute(value.column()) : leading(further);
        if (leading != null) {
          return leading;
        }
      }
    }
    return null;
  }
}
