package org.aeiou.daemon.tree;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.Outcome;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.TtlClass;

/**
 * {@code /core1/interfaces/eth0/ifInOctets.rate} and {@code ifInUtilization}: what is worked out
 * from a counter of its row or group. It is found and not listed: reading all that is listed would
 * take other packets for it, and wait for second samples.
 */
final class RateFile extends NodeBelow<GroupDirectory> implements AttributeFile {
  private final AttributeGroup.RateAttribute rate;
  private final AttributeFile counter;

  /** Made for the walk that located it last; a race makes an equal one. */
  private Known known;

  private record Known(Outcome<Value> located, Place place) {}

  private RateFile(GroupDirectory parent, AttributeGroup.RateAttribute rate) {
    super(parent, rate.attribute().name());
    this.rate = rate;
    this.counter =
        (AttributeFile) parent.find(rate.counters().get(0).name(), Directory.Answers.NONE);
  }

  /** The file of that name; null if the group has no such counter, or the tree does not show it. */
  static RateFile of(GroupDirectory parent, String name) {
    AttributeGroup.RateAttribute rate = parent.group().rate(name);
    return rate == null || !parent.shows(rate.attribute()) ? null : new RateFile(parent, rate);
  }

  @Override
  Object key() {
    return rate.attribute();
  }

  @Override
  public AttributeGroup.Attribute attribute() {
    return rate.attribute();
  }

  @Override
  public AttributeFile in(View view, TtlClass only) {
    return new RateFile(parent().in(view, only), rate);
  }

  @Override
  public List<Question> toExist() {
    return counter.toExist();
  }

  @Override
  public Question.Walk locator() {
    return counter.locator();
  }

  @Override
  public Directory directory() {
    return parent();
  }

  @Override
  public boolean isDerived() {
    return true;
  }

  @Override
  public String row() {
    return counter.row();
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // another walk is another object
  public Place place(Outcome<Value> located) {
    Known last = known;
    if (last == null || last.located != located) {
      last = new Known(located, placed(located));
      known = last;
    }
    return last.place;
  }

  private Place placed(Outcome<Value> located) {
    Place first = counter.place(located);
    if (first == null || first.question() == null) {
      return first;
    }
    Question.Sample question =
        new Question.Sample(
            oids(rate.counters(), located),
            first.question().guard(),
            oid(rate.discontinuity(), located),
            oids(rate.speeds(), located),
            rate.meaning());
    return new Place(question, first.label());
  }

  private List<Oid> oids(List<AttributeGroup.Attribute> attributes, Outcome<Value> located) {
    List<Oid> oids = new ArrayList<>();
    for (AttributeGroup.Attribute attribute : attributes) {
      oids.add(oid(attribute, located));
    }
    return oids;
  }

  private Oid oid(AttributeGroup.Attribute attribute, Outcome<Value> located) {
    return attribute == null
        ? null
        : counter.beside(counter.row(), attribute).place(located).question().oid();
  }
}
