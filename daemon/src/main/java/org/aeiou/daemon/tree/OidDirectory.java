package org.aeiou.daemon.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.catalogue.TtlClass;

/**
 * {@code /core1/.oid}: any object at all by its identifier, or by its name in a MIB; lists nothing.
 * What is above objects is a directory of those below it.
 */
public final class OidDirectory extends NodeBelow<SystemDirectory> implements Directory {
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

  private Catalogue catalogue() {
    return parent().catalogue();
  }

  @Override
  public Node find(String name, Answers answers) {
    Oid oid = oid(name);
    if (oid == null) {
      return null;
    }
    return switch (place(oid)) {
      case INSTANCE -> file(oid);
      case PREFIX -> new Subtree(this, oid);
      case UNKNOWN -> {
        if (view() != View.CACHED && answers.to(new Question.Probe(oid)) instanceof Reading) {
          yield new Subtree(this, oid);
        }
        // A reader of what is not there is told so by reading it, as of any attribute.
        yield file(oid);
      }
    };
  }

  /** Where an identifier is. One that ends in 0 is an object without an index (RFC 2578, 7.1). */
  private Catalogue.Place place(Oid oid) {
    Catalogue.Place defined = catalogue().place(oid);
    boolean isScalar = oid.length() > 0 && oid.get(oid.length() - 1) == 0;
    return defined == Catalogue.Place.UNKNOWN && isScalar ? Catalogue.Place.INSTANCE : defined;
  }

  private OidFile file(Oid oid) {
    return new OidFile(this, this, oid, oid.toString());
  }

  /** What is known of an object. */
  AttributeGroup.Attribute attribute(Oid oid) {
    AttributeGroup.Attribute described = catalogue().describe(oid);
    return described == null ? UNDESCRIBED : described;
  }

  OidDirectory in(View view, TtlClass only) {
    return parent().in(view, only).objects();
  }

  /**
   * An identifier that no file defines may be an object or be above some: both are asked at once,
   * so that it takes no longer to read it. Where every look is a fetch the value is not asked for,
   * as reading it does that.
   */
  @Override
  public List<Question> toFind(String name) {
    Oid oid = oid(name);
    if (oid == null || place(oid) != Catalogue.Place.UNKNOWN) {
      return List.of();
    }
    return switch (view()) {
      case NORMAL -> List.of(new Question.Get(oid), new Question.Probe(oid));
      case CACHED -> List.of(new Question.Get(oid));
      case UNCACHED -> List.of(new Question.Probe(oid));
    };
  }

  /** A value is no name. */
  @Override
  public boolean isMadeOfAnswers() {
    return false;
  }

  /** Where every look is a fetch, one to find the file and one to read it would be one too many. */
  @Override
  public List<Question> toProve(String name) {
    Oid oid = view() == View.UNCACHED ? null : oid(name);
    if (oid == null) {
      return List.of();
    }
    return switch (place(oid)) {
      case INSTANCE -> List.of(new Question.Get(oid));
      case PREFIX -> view() == View.CACHED ? List.of() : List.of(new Question.Probe(oid));
      case UNKNOWN -> toFind(name);
    };
  }

  /**
   * The object of that name, or null. Two spellings of a number, with a dot at the beginning and
   * without, mean the same file, and so does a name in a MIB. What cannot be asked for names
   * nothing.
   */
  private Oid oid(String name) {
    if (name.isEmpty() || Character.isLetter(name.charAt(0))) {
      Oid named = catalogue().named(name);
      return named == null || !named.isEncodable() ? null : named;
    }
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

  /**
   * {@code /core1/.oid/1.3.6.1.4.1.318}: all objects below an identifier, each by the rest of its
   * number. One walk finds them, and their values with them.
   */
  public static final class Subtree extends NodeBelow<OidDirectory> implements Directory {
    private final Oid oid;

    Subtree(OidDirectory parent, Oid oid) {
      super(parent, oid.toString());
      this.oid = oid;
    }

    @Override
    Object key() {
      return oid;
    }

    @Override
    public String name() {
      return oid.toString();
    }

    private Question.Walk walk() {
      return new Question.Walk(List.of(oid));
    }

    private OidFile file(Oid object) {
      return new OidFile(this, parent(), object, object.suffix(oid.length()).toString());
    }

    /** What can be asked for without a walk is not walked for. */
    @Override
    public List<Question> toProve(String name) {
      Oid object = view() == View.UNCACHED ? null : object(name);
      return object == null ? List.of() : List.of(new Question.Get(object));
    }

    @Override
    public List<Question> toList() {
      return List.of(walk());
    }

    @Override
    public Node find(String name, Answers answers) {
      Oid object = object(name);
      return object == null ? null : file(object);
    }

    /** The object of a name; null if it names none. */
    private Oid object(String name) {
      try {
        Oid rest = Oid.parse(name);
        Oid object = rest.toString().equals(name) ? oid.append(rest) : null;
        return object != null && object.isEncodable() ? object : null;
      } catch (IllegalArgumentException e) {
        return null;
      }
    }

    @Override
    public List<Named> list(Answers answers) {
      List<Named> names = new ArrayList<>();
      for (Value.Row row : rows(answers.to(walk()))) {
        OidFile file = file(oid.append(row.index()));
        names.add(new Named(file.name(), file));
      }
      return names;
    }

    private static List<Value.Row> rows(Outcome<Value> walked) {
      return walked instanceof Reading<Value> reading && reading.value() instanceof Value.Rows rows
          ? rows.rows()
          : List.of();
    }

    /** Gives each file of a walk with what the walk says that is in it. */
    public void values(Answers answers, BiConsumer<AttributeFile, Outcome<Value>> take) {
      if (answers.to(walk()) instanceof Reading<Value> walked) {
        for (Value.Row row : rows(walked)) {
          take.accept(
              file(oid.append(row.index())),
              new Reading<>(
                  row.columns().get(0),
                  walked.takenNanos(),
                  walked.takenMillis(),
                  walked.takenMillis()));
        }
      }
    }
  }

  /** {@code /core1/.oid/1.3.6.1.2.1.1.6.0}, also by a part of its number in a directory below. */
  static final class OidFile extends NodeBelow<Directory> implements AttributeFile {
    private final OidDirectory objects;
    private final Oid oid;
    private final String name;
    private final AttributeGroup.Attribute attribute;

    /** Made when it is first asked for; a race makes an equal one. */
    private Place place;

    /** The one found last; it is looked for again when it has left its cache. */
    private Slot slot;

    OidFile(Directory parent, OidDirectory objects, Oid oid, String name) {
      super(parent, name);
      this.objects = objects;
      this.oid = oid;
      this.name = name;
      this.attribute = objects.attribute(oid);
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
      return name;
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
      OidDirectory there = objects.in(view, only);
      return parent() instanceof Subtree subtree
          ? new Subtree(there, subtree.oid).file(oid)
          : there.file(oid);
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
