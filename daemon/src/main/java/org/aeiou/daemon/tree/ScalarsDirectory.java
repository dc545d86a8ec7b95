package org.aeiou.daemon.tree;

import java.util.List;
import org.aeiou.closures.Outcome;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;

/** {@code /core1/system}: a group of scalars. */
record ScalarsDirectory(SystemDirectory parent, AttributeGroup.Scalars group)
    implements InSystemDirectory, Directory {

  @Override
  public String name() {
    return group.name();
  }

  ScalarsDirectory in(View view) {
    return new ScalarsDirectory(parent.in(view), group);
  }

  @Override
  public Node find(String name, Answers answers) {
    AttributeGroup.Attribute attribute = group.attribute(name);
    return attribute == null ? null : new ScalarFile(this, attribute);
  }

  @Override
  public List<Named> list(Answers answers) {
    return group.attributes().stream()
        .map(attribute -> new Named(attribute.name(), new ScalarFile(this, attribute)))
        .toList();
  }

  /** {@code /core1/system/sysLocation}. */
  record ScalarFile(ScalarsDirectory parent, AttributeGroup.Attribute attribute)
      implements InSystemDirectory, AttributeFile {
    @Override
    public Question.Walk locator() {
      return null;
    }

    @Override
    public AttributeFile in(View view) {
      return new ScalarFile(parent.in(view), attribute);
    }

    @Override
    public Place place(Outcome<Value> located) {
      return new Place(new Question.Get(attribute.oid()), null);
    }
  }
}
