package org.aeiou.daemon.tree;

import java.util.List;
import org.aeiou.closures.Outcome;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;

/** {@code /core1/interfaces}: a table. Its rows are found by walking the columns that name them. */
final class TableDirectory extends NodeBelow<SystemDirectory> implements Directory {
  private final AttributeGroup.Table table;

  TableDirectory(SystemDirectory parent, AttributeGroup.Table table) {
    super(parent, table.name());
    this.table = table;
  }

  @Override
  Object key() {
    return table;
  }

  AttributeGroup.Table table() {
    return table;
  }

  @Override
  public String name() {
    return table.name();
  }

  TableDirectory in(View view) {
    return new TableDirectory(parent().in(view), table);
  }

  Question.Walk walk() {
    return new Question.Walk(table.walk());
  }

  /** The rows as walked, or null if nothing was found out. */
  RowNames names(Outcome<Value> walked) {
    Endpoint endpoint = system().endpoint();
    return endpoint == null ? null : endpoint.names(table, walked);
  }

  @Override
  public List<Question> toFind(String name) {
    return List.of(walk());
  }

  @Override
  public List<Question> toList() {
    return List.of(walk());
  }

  @Override
  public Node find(String name, Answers answers) {
    RowNames names = names(answers.to(walk()));
    return names == null || names.row(name) == null ? null : new RowDirectory(this, name);
  }

  @Override
  public List<Named> list(Answers answers) {
    RowNames names = names(answers.to(walk()));
    return names == null
        ? List.of()
        : names.rows().stream()
            .map(row -> new Named(row.name(), new RowDirectory(this, row.name())))
            .toList();
  }
}
