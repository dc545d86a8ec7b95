package org.aeiou.daemon.tree;

import java.util.List;
import org.aeiou.closures.Outcome;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.catalogue.Group;
import org.aeiou.daemon.catalogue.TtlClass;

/** {@code /core1/.oid}: any object at all by its identifier; lists nothing. */
record OidDirectory(SystemDirectory parent) implements Inner, Directory {
  /** An object that no catalogue describes: it may be anything, so it ages as states do. */
  private static final Group.Attribute UNDESCRIBED =
      new Group.Attribute(
          "object", Oid.EMPTY, Catalogue.undefined(), null, TtlClass.STATE, false, null);

  @Override
  public String name() {
    return SystemDirectory.OID;
  }

  @Override
  public Node find(String name, Answers answers) {
    Oid oid;
    try {
      oid = Oid.parse(name);
    } catch (IllegalArgumentException e) {
      return null;
    }
    // One spelling only, or one object would have many inodes; and SNMP cannot ask for less than
    // two sub-identifiers.
    if (oid.length() < 2 || !oid.toString().equals(name)) {
      return null;
    }
    Group.Attribute described = parent.catalogue().describe(oid);
    return new OidFile(this, oid, described == null ? UNDESCRIBED : described);
  }

  @Override
  public List<Named> list(Answers answers) {
    return List.of();
  }

  /** {@code /core1/.oid/1.3.6.1.2.1.1.6.0}. */
  record OidFile(OidDirectory parent, Oid oid, Group.Attribute attribute)
      implements Inner, AttributeFile {
    @Override
    public String name() {
      return oid.toString();
    }

    @Override
    public AttributeFile in(View view) {
      return new OidFile(new OidDirectory(parent.parent.in(view)), oid, attribute);
    }

    @Override
    public Question.Walk locator() {
      return null;
    }

    @Override
    public Place place(Outcome<Value> located) {
      return new Place(new Question.Get(oid), null);
    }
  }
}
