package org.aeiou.daemon.tree;

import java.util.List;
import org.aeiou.closures.Outcome;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.catalogue.TtlClass;

/** {@code /core1/.oid}: any object at all by its identifier; lists nothing. */
final class OidDirectory extends NodeBelow<SystemDirectory> implements Directory {
  /** An object that no catalogue describes: it may be anything, so it ages as states do. */
  private static final AttributeGroup.Attribute UNDESCRIBED =
      new AttributeGroup.Attribute(
          "object", Oid.EMPTY, Catalogue.undefined(), null, TtlClass.STATE, false, null);

  OidDirectory(SystemDirectory parent) {
    super(parent, SystemDirectory.OID);
  }

  @Override
  Object key() {
    return SystemDirectory.OID;
  }

  @Override
  public String name() {
    return SystemDirectory.OID;
  }

  @Override
  public Node find(String name, Answers answers) {
    Oid oid = oid(name);
    if (oid == null) {
      return null;
    }
    AttributeGroup.Attribute described = parent().catalogue().describe(oid);
    return new OidFile(this, oid, described == null ? UNDESCRIBED : described);
  }

  /** Where every look is a fetch, one to find the file and one to read it would be one too many. */
  @Override
  public List<Question> toProve(String name) {
    Oid oid = view() == View.UNCACHED ? null : oid(name);
    return oid == null ? List.of() : List.of(new Question.Get(oid));
  }

  /**
   * The object of that name, or null. Two spellings, with a dot at the beginning and without, mean
   * the same file. What cannot be asked for names nothing.
   */
  private static Oid oid(String name) {
    try {
      Oid oid = Oid.parse(name);
      String canonical = oid.toString();
      boolean isSpelt = name.equals(canonical) || name.equals("." + canonical);
      return isSpelt && oid.isEncodable() ? oid : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  public List<Named> list(Answers answers) {
    return List.of();
  }

  /** {@code /core1/.oid/1.3.6.1.2.1.1.6.0}. */
  static final class OidFile extends NodeBelow<OidDirectory> implements AttributeFile {
    private final Oid oid;
    private final AttributeGroup.Attribute attribute;

    /** Made when it is first asked for; a race makes an equal one. */
    private Place place;

    /** The one found last; it is looked for again when it has left its cache. */
    private Slot slot;

    OidFile(OidDirectory parent, Oid oid, AttributeGroup.Attribute attribute) {
      super(parent, oid.toString());
      this.oid = oid;
      this.attribute = attribute;
    }

    @Override
    Object key() {
      return oid;
    }

    @Override
    public AttributeGroup.Attribute attribute() {
      return attribute;
    }

    @Override
    public String name() {
      return oid.toString();
    }

    @Override
    public boolean isShared() {
      return true;
    }

    @Override
    public Question.Walk locator() {
      return null;
    }

    @Override
    public AttributeFile in(View view, TtlClass only) {
      return new OidFile(parent().parent().in(view, only).objects(), oid, attribute);
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
        known = new Place(new Question.Get(oid), null);
        place = known;
      }
      return known;
    }
  }
}
