package org.aeiou.daemon.catalogue;

import java.nio.charset.Charset;
import java.util.List;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.syntax.Syntax;

/** A directory of a system: a group of scalar objects, or a table. Immutable. */
public sealed interface AttributeGroup {

  /** The directory's name: {@code system}, {@code interfaces}. */
  String name();

  /** A system has this group if there is anything below this. */
  Oid probe();

  /**
   * The systems that are probed for it, by what their {@link Catalogue#KIND} begins with; empty if
   * all are.
   */
  List<Oid> systems();

  /** Whether systems are probed for it that say to be of this kind. */
  default boolean isOn(Oid kind) {
    for (Oid prefix : systems()) {
      if (kind.startsWith(prefix)) {
        return true;
      }
    }
    return systems().isEmpty();
  }

  /** The attributes in the order they are listed. Names are unique within the group. */
  List<Attribute> attributes();

  /** The attribute of that name, or null. */
  Attribute attribute(String name);

  /** Whether an attribute lies in a table with another index, where other rows may have it too. */
  default boolean isJoined(Attribute attribute) {
    return false;
  }

  /**
   * An attribute, as all systems have it.
   *
   * @param name the object's name in its MIB: {@code ifOperStatus}
   * @param oid for a scalar its instance, ending in 0; for a column the column, without index
   * @param units as the MIB says them, or null
   * @param description one sentence, or null
   */
  record Attribute(
      String name,
      Oid oid,
      Syntax syntax,
      String units,
      TtlClass ttl,
      boolean writable,
      String description) {}

  /** The rate of that name, which is found and not listed; null if there is none. */
  default RateAttribute rate(String name) {
    return null;
  }

  /**
   * What is worked out from a counter.
   *
   * @param attribute its name, units and lifetime; of the first of the counters
   * @param counters the first that a system has is meant
   * @param discontinuity says when the counters last jumped; or null
   * @param speeds say how fast the counters can count, the best first; may be empty
   */
  record RateAttribute(
      Attribute attribute,
      List<Attribute> counters,
      Attribute discontinuity,
      List<Attribute> speeds,
      Question.CounterMeaning meaning) {}

  /** A group of scalars. */
  non-sealed interface Scalars extends AttributeGroup {

    /** The attribute that tells whether a system has another one: often that itself. */
    Attribute witness(Attribute attribute);
  }

  /** A table, or several that share an index, joined. */
  non-sealed interface Table extends AttributeGroup {

    /** The columns to walk for the names of the rows. */
    List<Oid> walk();

    /** The columns that name a row if it has them, the best first. */
    List<Attribute> labels();

    /** The objects of the table's INDEX clause, in its order. */
    List<IndexObject> index();

    /** The values of those objects, as an index says them; null if it says no such. */
    List<Value> indexValues(Oid index);

    /** Whether it is what the table's INDEX clause makes, all of it. */
    boolean isIndex(Oid index);

    /** Whether the first of them is enough where it has another text in each row. */
    boolean isNamedByFirst();

    /** The scalar, without its index, that says how many rows there are; null if there is none. */
    Oid count();

    /** How many rows it may have to be walked. */
    int most();

    /**
     * Names the rows. Names are valid file names of at most 255 bytes of UTF-8, and unique:
     * duplicates get a further label or {@code ~index} behind them. The order is the table's.
     *
     * @param rows what a walk of {@link #walk} found
     * @param charset what text that is not UTF-8 is written in, on the system that answered
     */
    List<NamedRow> rows(Value.Rows rows, Charset charset);
  }

  /** An object of an INDEX clause, and how its values read. */
  record IndexObject(String name, Syntax syntax) {}

  /**
   * A row of a table.
   *
   * @param name its directory's name
   * @param index where its columns are at the moment
   * @param guard the instance that gave the name by its value, or null if the index did
   * @param label the guard's value when the name was given; while it is the same, the index still
   *     means this row. Null with a null guard
   * @param joined where the columns are that lie in tables with another index
   */
  record NamedRow(String name, Oid index, Oid guard, Value label, Joined joined) {

    /** Where a column of this row is at the moment. */
    public Instance instance(Attribute column) {
      Instance elsewhere = joined.instance(this, column);
      return elsewhere != null ? elsewhere : new Instance(column.oid().append(index), guard, label);
    }
  }

  /** Where the columns of a row are that lie in tables with another index. */
  interface Joined {
    /** Of a table that has no such columns. */
    Joined NONE = (row, column) -> null;

    /** Where a column is; null if it has the index of the row. */
    Instance instance(NamedRow row, Attribute column);
  }

  /**
   * Where an attribute of a row is.
   *
   * @param oid null if nothing says where, so that the row has none
   * @param guard what is read with it to prove that it still belongs to the row, or null
   * @param label what the guard must read
   */
  record Instance(Oid oid, Oid guard, Value label) {
    static final Instance NOWHERE = new Instance(null, null, null);
  }
}
