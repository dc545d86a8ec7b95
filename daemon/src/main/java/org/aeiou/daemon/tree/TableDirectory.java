package org.aeiou.daemon.tree;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.Outcome;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.TtlClass;
import org.aeiou.daemon.endpoint.ColumnPresence;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.endpoint.RowNames;

/** {@code /core1/interfaces}: a table. Its rows are found by walking the columns that name them. */
public final class TableDirectory extends NodeBelow<SystemDirectory> implements GroupDirectory {
  private static final String OWN = ".";

  private final AttributeGroup.Table table;

  TableDirectory(SystemDirectory parent, AttributeGroup.Table table) {
    super(parent, table.name());
    this.table = table;
  }

  @Override
  Object key() {
    return table;
  }

  public AttributeGroup.Table table() {
    return table;
  }

  @Override
  public String name() {
    return table.name();
  }

  @Override
  public int order() {
    return 1 + parent().catalogue().groups().indexOf(table);
  }

  @Override
  public AttributeGroup group() {
    return table;
  }

  @Override
  public TableDirectory in(View view, TtlClass only) {
    return new TableDirectory(parent().in(view, only), table);
  }

  /** What must be known to name its rows. */
  public Question.Walk walk() {
    return new Question.Walk(table.walk(), table.isNamedByFirst(), table.count(), table.most());
  }

  /** A column of a row. */
  private Node file(AttributeGroup.NamedRow row, AttributeGroup.Attribute column) {
    return new RowDirectory.ColumnFile(row(row.name()), column);
  }

  /** The rows as walked, or null if nothing was found out. */
  RowNames names(Outcome<Value> walked) {
    Endpoint endpoint = system().endpoint();
    return endpoint == null ? null : endpoint.names(table, walked);
  }

  /** The rows by a walk of {@link #walk}; null if nothing was found out. */
  public List<AttributeGroup.NamedRow> rows(Outcome<Value> walked) {
    RowNames names = names(walked);
    return names == null ? null : names.rows();
  }

  /** The directory of a row that was walked. */
  public GroupDirectory row(AttributeGroup.NamedRow row) {
    return row(row.name());
  }

  /** The directory of a row that need not be there, in no order. */
  RowDirectory row(String name) {
    return new RowDirectory(this, name, 0);
  }

  /** The names of rows begin with no dot, so that no walk tells of one that does. */
  @Override
  public List<Question> toFind(String name) {
    return name.startsWith(OWN) ? List.of() : List.of(walk());
  }

  @Override
  public List<Question> toList() {
    return List.of(walk());
  }

  /** Null if the system was taken out of the configuration. */
  ColumnPresence presence() {
    Endpoint endpoint = system().endpoint();
    return endpoint == null ? null : endpoint.presence(table);
  }

  @Override
  public List<Unknown> toOmit(Answers known, long nowNanos) {
    Endpoint endpoint = system().endpoint();
    if (endpoint == null || !endpoint.omitsAbsent() || view() == View.CACHED) {
      return List.of();
    }
    RowNames names = names(known.to(walk()));
    long ttlNanos = endpoint.lifetimes().ofDirectories().ttlNanos();
    List<Unknown> unknown = new ArrayList<>();
    endpoint
        .presence(table)
        .findOut(
            names,
            new ColumnPresence.Source() {
              @Override
              public Outcome<Value> known(Question question) {
                return known.to(question);
              }

              @Override
              public void ask(
                  Question question, AttributeGroup.NamedRow row, AttributeGroup.Attribute column) {
                unknown.add(new Unknown(question, row == null ? null : file(row, column)));
              }
            },
            nowNanos,
            ttlNanos);
    return unknown;
  }

  @Override
  public Node find(String name, Answers answers) {
    if (name.startsWith(OWN)) {
      return whole(name);
    }
    RowNames names = names(answers.to(walk()));
    return names == null || names.row(name) == null
        ? null
        : new RowDirectory(this, name, names.order(name));
  }

  @Override
  public List<Named> list(Answers answers) {
    RowNames names = names(answers.to(walk()));
    return names == null
        ? List.of()
        : names.rows().stream()
            .map(
                row ->
                    new Named(
                        row.name(), new RowDirectory(this, row.name(), names.order(row.name()))))
            .toList();
  }
}
