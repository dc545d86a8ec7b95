package org.aeiou.daemon.tree;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.Outcome;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.TtlClass;
import org.aeiou.daemon.endpoint.Lifetimes;
import org.aeiou.daemon.endpoint.RowNames;

/** A file that holds an attribute's value. */
public interface AttributeFile extends AnsweredFile {

  @Override
  default String name() {
    return attribute().name();
  }

  AttributeGroup.Attribute attribute();

  @Override
  default Freshness freshness(Lifetimes lifetimes) {
    return lifetimes.of(attribute());
  }

  @Override
  AttributeFile in(View view, TtlClass only);

  @Override
  default List<AnsweredFile> sharing() {
    List<AnsweredFile> all = new ArrayList<>();
    for (View view : View.values()) {
      all.add(in(view, null));
      if (system().isShownByClass()) {
        all.add(in(view, attribute().ttl()));
      }
    }
    return all;
  }

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
   * The slot of what reads it; null if it was not asked.
   *
   * @param question as {@link #place} says
   */
  default Slot slot(ReadingCache cache, Question question) {
    return cache.find(question);
  }

  /** The directory of its group, or of its table; null for an object that is in none. */
  default Directory group() {
    return null;
  }

  /** The directory that lists it; null for an object that is in none. */
  default Directory directory() {
    return group();
  }

  /**
   * Whether files of another name, or in another directory, may hold what the same question
   * answers: those that are not in the cache are not told when it is answered.
   */
  default boolean isShared() {
    return false;
  }

  /**
   * Whether its value is worked out from several answers, so that one may not be enough to read it.
   */
  default boolean isDerived() {
    return false;
  }

  /** The name of its row; empty outside of tables. */
  default String row() {
    return "";
  }

  /**
   * The attributes of its group, or the columns of its table that any row may have, in the order
   * they are listed.
   */
  default List<AttributeGroup.Attribute> attributes() {
    return List.of(attribute());
  }

  /**
   * The file of another row of its table, or of another attribute.
   *
   * @param row as {@link #row} says; need not exist
   * @param attribute one of {@link #attributes}
   */
  default AttributeFile beside(String row, AttributeGroup.Attribute attribute) {
    return this;
  }

  /**
   * The rows of its table.
   *
   * @param located the outcome of {@link #locator}
   * @return null outside of tables, and if the walk failed
   */
  default RowNames rows(Outcome<Value> located) {
    return null;
  }

  /**
   * Takes note that the attribute was found to be there or absent, which it was not before.
   *
   * @param isFirst whether nothing was known of it
   * @return the directory that lists other names now; null if none does
   */
  default Directory noteAbsence(boolean isFirst, boolean isAbsent) {
    return null;
  }

  /**
   * Where an attribute is.
   *
   * @param question what reads it; null if the row has none
   * @param label what the question's guard must answer, or the row has moved; null without a guard
   */
  record Place(Question.Guarded question, Value label) {
    /** Of a column that lies in another table, to which this row does not lead. */
    static final Place NONE = new Place(null, null);
  }
}
