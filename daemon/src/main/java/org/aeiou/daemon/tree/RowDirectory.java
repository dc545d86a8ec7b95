package org.aeiou.daemon.tree;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.Outcome;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.TtlClass;
import org.aeiou.daemon.endpoint.ColumnPresence;
import org.aeiou.daemon.endpoint.RowNames;

/** {@code /core1/interfaces/eth0}: a row, by its name; where it is in the table may change. */
final class RowDirectory extends NodeBelow<TableDirectory> implements GroupDirectory {
  private final String name;
  private final int order;

  /** A row; {@code order} is 0 for one that no listing shows. */
  RowDirectory(TableDirectory parent, String name, int order) {
    super(parent, name);
    this.name = name;
    this.order = order;
  }

  @Override
  public int order() {
    return order;
  }

  @Override
  Object key() {
    return name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public AttributeGroup group() {
    return parent().table();
  }

  @Override
  public RowDirectory in(View view, TtlClass only) {
    return new RowDirectory(parent().in(view, only), name, order);
  }

  @Override
  public Node find(String name, Answers answers) {
    AttributeGroup.Attribute column = parent().table().attribute(name);
    if (column == null) {
      return RateFile.of(this, name);
    }
    return shows(column) ? new ColumnFile(this, column) : null;
  }

  @Override
  public List<Question> toExist() {
    return List.of(parent().walk());
  }

  private ColumnPresence presence() {
    return parent().presence();
  }

  @Override
  public boolean isComplete(Answers known, long nowNanos) {
    RowNames names = parent().names(known.to(parent().walk()));
    ColumnPresence presence = presence();
    return names != null && presence != null && presence.isKnown(names, nowNanos);
  }

  @Override
  public List<Named> list(Answers answers) {
    RowNames names = parent().names(answers.to(parent().walk()));
    AttributeGroup.NamedRow row = names == null ? null : names.row(name);
    ColumnPresence presence = presence();
    List<Named> listed = new ArrayList<>();
    for (AttributeGroup.Attribute column : parent().shown()) {
      if (row == null || presence == null || !presence.lacks(names, row, column, answers::to)) {
        listed.add(new Named(column.name(), new ColumnFile(this, column)));
      }
    }
    return listed;
  }

  /** {@code /core1/interfaces/eth0/ifInOctets}. */
  static final class ColumnFile extends NodeBelow<RowDirectory> implements AttributeFile {
    private final AttributeGroup.Attribute attribute;

    ColumnFile(RowDirectory parent, AttributeGroup.Attribute attribute) {
      super(parent, attribute.name());
      this.attribute = attribute;
    }

    @Override
    Object key() {
      return attribute;
    }

    @Override
    public AttributeGroup.Attribute attribute() {
      return attribute;
    }

    @Override
    public List<Question> toExist() {
      return parent().toExist();
    }

    @Override
    public Question.Walk locator() {
      return parent().parent().walk();
    }

    @Override
    public int order() {
      return 1 + parent().parent().table().attributes().indexOf(attribute);
    }

    @Override
    public AttributeFile in(View view, TtlClass only) {
      return new ColumnFile(parent().in(view, only), attribute);
    }

    @Override
    public Directory group() {
      return parent().parent();
    }

    @Override
    public Directory directory() {
      return parent();
    }

    @Override
    public boolean isShared() {
      TableDirectory in = parent().parent();
      return in.table().isJoined(attribute) || in.parent().catalogue().isShared(attribute.oid());
    }

    @Override
    public String row() {
      return parent().name();
    }

    @Override
    public List<AttributeGroup.Attribute> attributes() {
      ColumnPresence presence = parent().presence();
      List<AttributeGroup.Attribute> shown = parent().parent().shown();
      return presence == null
          ? shown
          : shown.stream().filter(column -> !presence.isNowhere(column)).toList();
    }

    @Override
    public AttributeFile beside(String row, AttributeGroup.Attribute column) {
      RowDirectory its = row.equals(row()) ? parent() : parent().parent().row(row);
      return new ColumnFile(its, column);
    }

    @Override
    public RowNames rows(Outcome<Value> located) {
      return parent().parent().names(located);
    }

    @Override
    public Place place(Outcome<Value> located) {
      RowNames names = parent().parent().names(located);
      AttributeGroup.NamedRow row = names == null ? null : names.row(parent().name());
      if (row == null) {
        return null;
      }
      AttributeGroup.Instance at = row.instance(attribute);
      return at.oid() == null
          ? Place.NONE
          : new Place(new Question.Get(at.oid(), at.guard()), at.label());
    }

    @Override
    public Directory noteAbsence(boolean isFirst, boolean isAbsent) {
      ColumnPresence presence = parent().presence();
      return presence != null && presence.note(attribute, isAbsent) ? parent() : null;
    }
  }
}
