package org.aeiou.daemon.tree;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Outcome;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.TtlClass;

/** {@code /core1/system}: a group of scalars. */
final class ScalarsDirectory extends NodeBelow<SystemDirectory> implements GroupDirectory {
  private final AttributeGroup.Scalars group;

  ScalarsDirectory(SystemDirectory parent, AttributeGroup.Scalars group) {
    super(parent, group.name());
    this.group = group;
  }

  @Override
  Object key() {
    return group;
  }

  @Override
  public String name() {
    return group.name();
  }

  @Override
  public int order() {
    return 1 + parent().catalogue().groups().indexOf(group);
  }

  @Override
  public AttributeGroup group() {
    return group;
  }

  @Override
  public ScalarsDirectory in(View view, TtlClass only) {
    return new ScalarsDirectory(parent().in(view, only), group);
  }

  @Override
  public Node find(String name, Answers answers) {
    AttributeGroup.Attribute attribute = group.attribute(name);
    if (attribute == null) {
      Node whole = whole(name);
      return whole == null ? RateFile.of(this, name) : whole;
    }
    return shows(attribute) ? new ScalarFile(this, attribute) : null;
  }

  /** The values of the witnesses, beside probes: a program that lists to read needs them anyway. */
  List<Unknown> unknown(Answers known) {
    List<Unknown> unknown = new ArrayList<>();
    for (AttributeGroup.Attribute attribute : group.attributes()) {
      Question question = Question.Get.withProbes(attribute.oid());
      if (group.witness(attribute).equals(attribute) && known.to(question) == null) {
        unknown.add(new Unknown(question, new ScalarFile(this, attribute)));
      }
    }
    return unknown;
  }

  @Override
  public boolean isComplete(Answers known, long nowNanos) {
    return unknown(known).isEmpty();
  }

  @Override
  public List<Named> list(Answers answers) {
    List<Named> listed = new ArrayList<>();
    for (AttributeGroup.Attribute attribute : shown()) {
      Outcome<Value> own = answers.to(new Question.Get(attribute.oid()));
      Oid witness = group.witness(attribute).oid();
      Outcome<Value> told = own == null ? answers.to(new Question.Get(witness)) : own;
      if (!(told instanceof Absent)) {
        listed.add(new Named(attribute.name(), new ScalarFile(this, attribute)));
      }
    }
    return listed;
  }

  /** {@code /core1/system/sysLocation}. */
  static final class ScalarFile extends NodeBelow<ScalarsDirectory> implements AttributeFile {
    private final AttributeGroup.Attribute attribute;

    /** Made when it is first asked for; a race makes an equal one. */
    private Place place;

    /** The one found last; it is looked for again when it has left its cache. */
    private Slot slot;

    ScalarFile(ScalarsDirectory parent, AttributeGroup.Attribute attribute) {
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
    public int order() {
      return 1 + parent().group.attributes().indexOf(attribute);
    }

    @Override
    public boolean isShared() {
      return parent().parent().catalogue().isShared(attribute.oid());
    }

    @Override
    public Question.Walk locator() {
      return null;
    }

    @Override
    public AttributeFile in(View view, TtlClass only) {
      return new ScalarFile(parent().in(view, only), attribute);
    }

    @Override
    public Directory group() {
      return parent();
    }

    @Override
    public List<AttributeGroup.Attribute> attributes() {
      return parent().shown();
    }

    @Override
    public AttributeFile beside(String row, AttributeGroup.Attribute other) {
      return new ScalarFile(parent(), other);
    }

    @Override
    public Slot slot(ReadingCache cache, Question question) {
      Slot known = slot;
      if (known == null || !known.isIn(cache)) {
        known = cache.find(question);
        slot = known;
      }
      return known;
    }

    @Override
    public Place place(Outcome<Value> located) {
      Place known = place;
      if (known == null) {
        known = new Place(new Question.Get(attribute.oid()), null);
        place = known;
      }
      return known;
    }

    @Override
    public Directory noteAbsence(boolean isFirst, boolean isAbsent) {
      // What was listed while nothing was known is not believed for long.
      return isFirst ? null : parent();
    }
  }
}
