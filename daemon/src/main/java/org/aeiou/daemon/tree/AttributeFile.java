package org.aeiou.daemon.tree;

import org.aeiou.closures.Outcome;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;

/** A file that holds an attribute's value. */
public interface AttributeFile extends SystemNode {

  @Override
  default boolean isDirectory() {
    return false;
  }

  @Override
  default String name() {
    return attribute().name();
  }

  AttributeGroup.Attribute attribute();

  /** The same attribute in another view. */
  AttributeFile in(View view);

  /** The walk that finds where the attribute is; null if it is always in the same place. */
  Question.Walk locator();

  /**
   * Where the attribute is now.
   *
   * @param located the outcome of {@link #locator}; null without one
   * @return null if there is no such row any more
   */
  Place place(Outcome<Value> located);

  /**
   * Where an attribute is.
   *
   * @param question what reads it; null if the row has none
   * @param label what the question's guard must answer, or the row has moved; null without a guard
   */
  record Place(Question.Get question, Value label) {
    /** Of a column that lies in another table, to which this row does not lead. */
    static final Place NONE = new Place(null, null);
  }
}
